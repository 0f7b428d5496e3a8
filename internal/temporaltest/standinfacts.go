package temporaltest

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/tenant"
	"metalease/workflows/api/fleet"
)

// P95 is what the stand-in for panel fra1 has counted for each server, in Mbit/s; it knows no volumes.
const P95 = 12.5

// told answers what is asked about servers of panel fra1.
func (s Server) told() worker.Worker {
	w := worker.New(s.Client, fleet.WatchQueue("fra1"), worker.Options{DisableWorkflowWorker: true})
	w.RegisterActivityWithOptions(facts, activity.RegisterOptions{Name: "Facts"})
	w.RegisterActivityWithOptions(usage, activity.RegisterOptions{Name: "Usage"})
	return w
}

// inquiry has the stand-in for a panel answer.
func inquiry(ctx workflow.Context, in fleet.InquiryInput) (json.RawMessage, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{TaskQueue: fleet.WatchQueue(in.Panel), StartToCloseTimeout: time.Minute})
	var answer json.RawMessage
	err := workflow.ExecuteActivity(ctx, in.Activity, in.Input).Get(ctx, &answer)
	return answer, err
}

func facts(_ context.Context, in tenant.Server) (tenant.Facts, error) {
	if in.Account.ID != "70" || in.Account.Name != "c7" {
		return tenant.Facts{}, edge.NonRetryable(edge.ErrOwnership, "server %s belongs to account 70, not to %q", in.ServerID, in.Account.ID)
	}
	return tenant.Facts{
		Label: "srv-" + in.ServerID, MAC: "52:54:00:12:34:56", Power: "on", IPMIIP: "192.0.2.205",
		Ports: []tenant.Port{{Switch: "sw1", Port: "ge-0/0/5", State: "on"}}, AsOf: time.Now().UTC(),
	}, nil
}

func usage(_ context.Context, in tenant.Servers) (tenant.Usage, error) {
	counted := map[string]tenant.Traffic{}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(in.IDs))) {
		counted[id] = tenant.Traffic{P95Mbit: new(P95)}
	}
	return tenant.Usage{Servers: counted, AsOf: time.Now().UTC()}, nil
}
