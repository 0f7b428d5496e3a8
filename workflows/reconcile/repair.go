package reconcile

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/drift"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/call"
)

// Repair does what repairs one difference, after a look that it is still there. Nothing
// starts it but a person.
func Repair(ctx workflow.Context, in fleet.RepairInput) (fleet.RepairResult, error) {
	r := &repair{ctx: ctx, in: in}
	var found *drift.Drift
	if err := workflow.ExecuteActivity(r.urgent("look at "+in.Drift.ID+" again"), call.Reconciler.Recheck, in.Drift).Get(ctx, &found); err != nil {
		return fleet.RepairResult{}, err
	}
	switch {
	case found == nil:
		return fleet.RepairResult{What: "it does not hold any more; nothing was done"}, nil
	case found.Remedy != in.Drift.Remedy: // the person agreed to something else
		return fleet.RepairResult{}, temporal.NewNonRetryableApplicationError("it is not as it was any more: "+found.What, fleet.ErrByHand, nil)
	}
	switch found.Remedy {
	case drift.RemedyGiveBack:
		return r.giveBack(panel.Target{ServiceID: found.ServiceID, ServerID: found.ServerID})
	case drift.RemedySuspend:
		if found.Reason == api.ReasonOverdue { // an unpaid service has its grace period
			return r.signal(api.SignalExpire, *found, api.SourceWHMCS)
		}
		return r.signal(api.SignalSuspend, *found, api.SourceWHMCS) // so that WHMCS can lift it
	case drift.RemedyTerminate:
		return r.signal(api.SignalTerminate, *found, "drift")
	case drift.RemedyShow:
		return r.show(*found)
	default: // none; and a start or restart is a new order, which starter sends
		return fleet.RepairResult{}, temporal.NewNonRetryableApplicationError("only a person can repair this: "+found.Advice, fleet.ErrByHand, nil)
	}
}

// repair is one run of a repair.
type repair struct {
	ctx workflow.Context
	in  fleet.RepairInput
}

func (r *repair) urgent(summary string) workflow.Context {
	return workflow.WithActivityOptions(r.ctx, call.Options(r.in.Settings, fleet.UrgentQueue(r.in.Panel), call.SomeTime, summary))
}

// giveBack returns a server that no customer has had to stock.
func (r *repair) giveBack(t panel.Target) (fleet.RepairResult, error) {
	g, err := newGiver(r.ctx, r.in.Panel, r.in.Settings)
	if err != nil {
		return fleet.RepairResult{}, err
	}
	setAside, err := g.giveBack(t)
	switch {
	case err != nil:
		return fleet.RepairResult{}, err
	case setAside != "":
		return fleet.RepairResult{Done: true, What: fmt.Sprintf("server %s is in quarantine, still blocked: %s", t.ServerID, setAside)}, nil
	}
	return fleet.RepairResult{Done: true, What: fmt.Sprintf("server %s is free", t.ServerID)}, nil
}

// show has WHMCS show what is true of a service that it takes for one that is not set up.
func (r *repair) show(d drift.Drift) (fleet.RepairResult, error) {
	ctx := workflow.WithActivityOptions(r.ctx, call.Write(r.in.Settings, api.QueueWHMCS, call.OneCall, "have WHMCS show "+string(d.Show)))
	var did string
	err := workflow.ExecuteActivity(ctx, call.Billing.ShowDelivered, billing.ShowInput{ServiceID: d.ServiceID, Status: d.Show, Reason: d.Reason}).Get(ctx, &did)
	return fleet.RepairResult{Done: err == nil, What: did}, err
}

// signal tells the lifecycle what it does not know; it does the rest, in its own order.
func (r *repair) signal(name string, d drift.Drift, source string) (fleet.RepairResult, error) {
	event := api.Event{
		EventID: "repair-" + workflow.GetInfo(r.ctx).WorkflowExecution.RunID,
		At:      api.Moment{Time: workflow.Now(r.ctx)}, Reason: d.Reason, Source: source,
	}
	err := workflow.SignalExternalWorkflow(r.ctx, api.ServiceWorkflowID(d.ServiceID), "", name, event).Get(r.ctx, nil)
	if err != nil {
		return fleet.RepairResult{}, err
	}
	return fleet.RepairResult{Done: true, What: fmt.Sprintf("service %d was sent %s; follow it with: starter status %d --watch", d.ServiceID, name, d.ServiceID)}, nil
}
