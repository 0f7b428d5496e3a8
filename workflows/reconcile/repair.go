package reconcile

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/drift"
	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"
	"metalease/workflows/service"
)

// Repair does what repairs one difference, after a look that it is still there. Nothing
// starts it but a person.
func Repair(ctx workflow.Context, in api.RepairInput) (api.RepairResult, error) {
	r := &repair{ctx: ctx, in: in}
	var found *drift.Drift
	if err := workflow.ExecuteActivity(r.urgent("look at "+in.Drift.ID+" again"), call.Reconciler.Recheck, in.Drift).Get(ctx, &found); err != nil {
		return api.RepairResult{}, err
	}
	switch {
	case found == nil:
		return api.RepairResult{What: "it does not hold any more; nothing was done"}, nil
	case found.Remedy != in.Drift.Remedy: // the person agreed to something else
		return api.RepairResult{}, temporal.NewNonRetryableApplicationError("it is not as it was any more: "+found.What, api.ErrByHand, nil)
	}
	switch found.Remedy {
	case drift.RemedyGiveBack:
		return r.giveBack(panel.Target{ServiceID: found.ServiceID, ServerID: found.ServerID})
	case drift.RemedySuspend:
		return r.signal(api.SignalSuspend, *found, service.SourceWHMCS) // so that WHMCS can lift it
	case drift.RemedyTerminate:
		return r.signal(api.SignalTerminate, *found, "drift")
	}
	return api.RepairResult{}, temporal.NewNonRetryableApplicationError("only a person can repair this: "+found.Advice, api.ErrByHand, nil)
}

// repair is one run of a repair.
type repair struct {
	ctx workflow.Context
	in  api.RepairInput
}

func (r *repair) urgent(summary string) workflow.Context {
	options := call.ReconcileOptions(r.in.Settings, api.UrgentQueue(r.in.Panel), summary)
	options.WaitForCancellation = true // running writes are never abandoned
	return workflow.WithActivityOptions(r.ctx, options)
}

// giveBack returns a server that no customer has had to stock, by the steps of a release
// (docs/architecture.md, rule 8). Each proves that the API account owns the server under the
// mark of this service.
func (r *repair) giveBack(t panel.Target) (api.RepairResult, error) {
	err := r.takeBack(t)
	switch call.TypeOf(err) {
	case edge.ErrNotOff, edge.ErrDiagnostics, edge.ErrHardware:
		return r.quarantine(t, call.ProblemOf(err).Message)
	}
	if err != nil {
		return api.RepairResult{}, err
	}
	r.tellAllocator(t.ServerID)
	return api.RepairResult{Done: true, What: fmt.Sprintf("server %s is free", t.ServerID)}, nil
}

func (r *repair) takeBack(t panel.Target) error {
	var resale panel.Resale
	if err := r.step("block server "+t.ServerID, call.Panel.CutOff, t, nil); err != nil {
		return err
	}
	if err := r.step("power off server "+t.ServerID, call.Panel.PowerDown, t, nil); err != nil {
		return err
	}
	if err := r.step("delete the extra addresses of server "+t.ServerID, call.Panel.ClearAddresses, t, &resale); err != nil {
		return err
	}
	if resale.Hold > 0 {
		timer := workflow.NewTimerWithOptions(r.ctx, resale.Hold, workflow.TimerOptions{Summary: "server " + t.ServerID + " rests before it is sold again"})
		if err := timer.Get(r.ctx, nil); err != nil {
			return err
		}
	}
	if resale.Diagnose {
		if err := r.step("test the hardware of server "+t.ServerID, call.Panel.Diagnose, t, nil); err != nil {
			return err
		}
	}
	return r.step("return server "+t.ServerID+" to stock", call.Panel.ReturnToStock, t, nil)
}

func (r *repair) step(summary string, activity any, t panel.Target, answer any) error {
	return workflow.ExecuteActivity(r.urgent(summary), activity, t).Get(r.ctx, answer)
}

// quarantine sets a server aside that cannot go back into stock.
func (r *repair) quarantine(t panel.Target, why string) (api.RepairResult, error) {
	err := workflow.ExecuteActivity(r.urgent("quarantine server "+t.ServerID), call.Panel.Quarantine,
		panel.QuarantineInput{Target: t, Reason: why}).Get(r.ctx, nil)
	if err != nil {
		return api.RepairResult{}, err
	}
	r.tellAllocator(t.ServerID)
	return api.RepairResult{Done: true, What: fmt.Sprintf("server %s is in quarantine, still blocked: %s", t.ServerID, why)}, nil
}

// tellAllocator wakes those who wait for a server. A lost word is made good by the
// allocator's slow timer.
func (r *repair) tellAllocator(serverID string) {
	ctx := workflow.WithActivityOptions(r.ctx, call.ReconcileOptions(r.in.Settings, api.QueueWorkflows, "tell the allocator that server "+serverID+" was given back"))
	_ = workflow.ExecuteActivity(ctx, call.Messenger.Tell, engine.Message{
		WorkflowID: api.InventoryWorkflowID(r.in.Panel), WorkflowType: api.TypeInventory, TaskQueue: api.QueueWorkflows,
		Signal: message.SignalReleased, Input: serverID,
		Start:   api.EntityStart{Panel: r.in.Panel, Settings: r.in.Settings},
		Summary: "the servers of panel " + r.in.Panel,
	}).Get(r.ctx, nil)
}

// signal tells the lifecycle what it does not know; it does the rest, in its own order.
func (r *repair) signal(name string, d drift.Drift, source string) (api.RepairResult, error) {
	event := api.Event{
		EventID: "repair-" + workflow.GetInfo(r.ctx).WorkflowExecution.RunID,
		At:      api.Moment{Time: workflow.Now(r.ctx)}, Reason: d.Reason, Source: source,
	}
	err := workflow.SignalExternalWorkflow(r.ctx, api.ServiceWorkflowID(d.ServiceID), "", name, event).Get(r.ctx, nil)
	if err != nil {
		return api.RepairResult{}, err
	}
	return api.RepairResult{Done: true, What: fmt.Sprintf("service %d was sent %s; follow it with: starter status %d --watch", d.ServiceID, name, d.ServiceID)}, nil
}
