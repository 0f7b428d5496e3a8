package workflows

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities"
)

// RepairInput is one difference that a person wants repaired. Fields are only ever added.
type RepairInput struct {
	Panel    string           `json:"panel"`
	Drift    activities.Drift `json:"drift"`
	Settings Settings         `json:"settings,omitzero"`
}

// RepairResult is what became of a repair.
type RepairResult struct {
	// Done is false when there was nothing left to repair.
	Done bool   `json:"done"`
	What string `json:"what"`
}

// RepairWorkflowID is the id of the repair of one difference: two people who ask for it
// share one.
func RepairWorkflowID(panel, drift string) string { return "repair-" + panel + "-" + drift }

// ErrByHand is the type of the failure of a repair that only a person can make.
const ErrByHand = "RepairByHand"

// Repair does what repairs one difference, after a look that it is still there. Nothing
// starts it but a person.
func Repair(ctx workflow.Context, in RepairInput) (RepairResult, error) {
	r := &repair{ctx: ctx, in: in}
	var found *activities.Drift
	if err := workflow.ExecuteActivity(r.urgent("look at "+in.Drift.ID+" again"), reconciler.Recheck, in.Drift).Get(ctx, &found); err != nil {
		return RepairResult{}, err
	}
	switch {
	case found == nil:
		return RepairResult{What: "it does not hold any more; nothing was done"}, nil
	case found.Remedy != in.Drift.Remedy: // the person agreed to something else
		return RepairResult{}, temporal.NewNonRetryableApplicationError("it is not as it was any more: "+found.What, ErrByHand, nil)
	}
	switch found.Remedy {
	case activities.RemedyGiveBack:
		return r.giveBack(activities.Target{ServiceID: found.ServiceID, ServerID: found.ServerID})
	case activities.RemedySuspend:
		return r.signal(SignalSuspend, *found, SourceWHMCS) // so that WHMCS can lift it
	case activities.RemedyTerminate:
		return r.signal(SignalTerminate, *found, "drift")
	}
	return RepairResult{}, temporal.NewNonRetryableApplicationError("only a person can repair this: "+found.Advice, ErrByHand, nil)
}

// repair is one run of a repair.
type repair struct {
	ctx workflow.Context
	in  RepairInput
}

func (r *repair) urgent(summary string) workflow.Context {
	options := reconcileOptions(r.in.Settings, UrgentQueue(r.in.Panel), summary)
	options.WaitForCancellation = true // running writes are never abandoned
	return workflow.WithActivityOptions(r.ctx, options)
}

// giveBack returns a server that no customer has had to stock, by the steps of a release
// (DESIGN section 3, rule 8). Each proves that the API account owns the server under the
// mark of this service.
func (r *repair) giveBack(t activities.Target) (RepairResult, error) {
	err := r.takeBack(t)
	switch typeOf(err) {
	case activities.ErrNotOff, activities.ErrDiagnostics, activities.ErrHardware:
		return r.quarantine(t, problemOf(err).message)
	}
	if err != nil {
		return RepairResult{}, err
	}
	r.tellAllocator(t.ServerID)
	return RepairResult{Done: true, What: fmt.Sprintf("server %s is free", t.ServerID)}, nil
}

func (r *repair) takeBack(t activities.Target) error {
	var resale activities.Resale
	if err := r.step("block server "+t.ServerID, onPanel.CutOff, t, nil); err != nil {
		return err
	}
	if err := r.step("power off server "+t.ServerID, onPanel.PowerDown, t, nil); err != nil {
		return err
	}
	if err := r.step("delete the extra addresses of server "+t.ServerID, onPanel.ClearAddresses, t, &resale); err != nil {
		return err
	}
	if resale.Hold > 0 {
		timer := workflow.NewTimerWithOptions(r.ctx, resale.Hold, workflow.TimerOptions{Summary: "server " + t.ServerID + " rests before it is sold again"})
		if err := timer.Get(r.ctx, nil); err != nil {
			return err
		}
	}
	if resale.Diagnose {
		if err := r.step("test the hardware of server "+t.ServerID, onPanel.Diagnose, t, nil); err != nil {
			return err
		}
	}
	return r.step("return server "+t.ServerID+" to stock", onPanel.ReturnToStock, t, nil)
}

func (r *repair) step(summary string, activity any, t activities.Target, answer any) error {
	return workflow.ExecuteActivity(r.urgent(summary), activity, t).Get(r.ctx, answer)
}

// quarantine sets a server aside that cannot go back into stock.
func (r *repair) quarantine(t activities.Target, why string) (RepairResult, error) {
	err := workflow.ExecuteActivity(r.urgent("quarantine server "+t.ServerID), onPanel.Quarantine,
		activities.QuarantineInput{Target: t, Reason: why}).Get(r.ctx, nil)
	if err != nil {
		return RepairResult{}, err
	}
	r.tellAllocator(t.ServerID)
	return RepairResult{Done: true, What: fmt.Sprintf("server %s is in quarantine, still blocked: %s", t.ServerID, why)}, nil
}

// tellAllocator wakes those who wait for a server. A lost word is made good by the
// allocator's slow timer.
func (r *repair) tellAllocator(serverID string) {
	ctx := workflow.WithActivityOptions(r.ctx, reconcileOptions(r.in.Settings, QueueWorkflows, "tell the allocator that server "+serverID+" was given back"))
	_ = workflow.ExecuteActivity(ctx, messenger.Tell, activities.Message{
		WorkflowID: InventoryWorkflowID(r.in.Panel), WorkflowType: TypeInventory, TaskQueue: QueueWorkflows,
		Signal: signalReleased, Input: serverID,
		Start:   InventoryInput{Panel: r.in.Panel, Settings: r.in.Settings},
		Summary: "the servers of panel " + r.in.Panel,
	}).Get(r.ctx, nil)
}

// signal tells the lifecycle what it does not know; it does the rest, in its own order.
func (r *repair) signal(name string, d activities.Drift, source string) (RepairResult, error) {
	event := Event{
		EventID: "repair-" + workflow.GetInfo(r.ctx).WorkflowExecution.RunID,
		At:      Moment{workflow.Now(r.ctx)}, Reason: d.Reason, Source: source,
	}
	err := workflow.SignalExternalWorkflow(r.ctx, ServiceWorkflowID(d.ServiceID), "", name, event).Get(r.ctx, nil)
	if err != nil {
		return RepairResult{}, err
	}
	return RepairResult{Done: true, What: fmt.Sprintf("service %d was sent %s; follow it with: starter status %d --watch", d.ServiceID, name, d.ServiceID)}, nil
}
