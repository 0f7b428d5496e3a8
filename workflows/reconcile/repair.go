package reconcile

import (
	"errors"
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
	found, gone, err := r.recheck()
	if gone || err != nil {
		return nothingDone(gone), err
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

// recheck looks whether the difference is still there, and as the person has agreed to repair it.
func (r *repair) recheck() (found *drift.Drift, gone bool, err error) {
	if err := workflow.ExecuteActivity(r.urgent("look at "+r.in.Drift.ID+" again"), call.Reconciler.Recheck, r.in.Drift).Get(r.ctx, &found); err != nil {
		return nil, false, err
	}
	switch {
	case found == nil:
		return nil, true, nil
	case found.Remedy != r.in.Drift.Remedy:
		return nil, false, temporal.NewNonRetryableApplicationError("it is not as it was any more: "+found.What, fleet.ErrByHand, nil)
	}
	return found, false, nil
}

// nothingDone is the result of a repair of what does not hold any more.
func nothingDone(gone bool) fleet.RepairResult {
	if !gone {
		return fleet.RepairResult{}
	}
	return fleet.RepairResult{What: "it does not hold any more; nothing was done"}
}

// errGone ends a repair of what does not hold any more.
var errGone = errors.New("it does not hold any more")

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
	g.again = func() error {
		found, gone, err := r.recheck()
		switch {
		case err != nil:
			return err
		case gone || found.ServiceID != t.ServiceID || found.ServerID != t.ServerID:
			return errGone
		}
		return nil
	}
	setAside, err := g.giveBack(t)
	switch {
	case errors.Is(err, errGone):
		return nothingDone(true), nil
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
