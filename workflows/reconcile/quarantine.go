package reconcile

import (
	"go.temporal.io/sdk/workflow"

	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"
)

// QuarantineClear returns a server in quarantine to stock, by the steps of a release (docs/architecture.md,
// rule 8): marked as releasing, off and still blocked, extra addresses deleted,
// named free.ds, enabled, and last without owner and mark. A step that fails for good puts it
// back into quarantine, with that as the reason.
func QuarantineClear(ctx workflow.Context, in api.QuarantineClearInput) error {
	workflow.SetCurrentDetails(ctx, "Server "+in.ServerID+" of panel "+in.Panel+" leaves quarantine: "+message.OrElse(in.Reason, "no reason was given"))
	r := &repair{ctx: ctx, in: api.RepairInput{Panel: in.Panel, Settings: in.Settings}}
	var target panel.Target
	err := workflow.ExecuteActivity(r.urgent("look at server "+in.ServerID), call.Panel.InspectQuarantine, in.ServerID).Get(ctx, &target)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		summary  string
		activity any
	}{
		{"announce the release of server " + in.ServerID, call.Panel.CutOff},
		{"power off server " + in.ServerID, call.Panel.PowerDown},
		{"delete the extra addresses of server " + in.ServerID, call.Panel.ClearAddresses},
		{"return server " + in.ServerID + " to stock", call.Panel.ReturnToStock},
	} {
		if err := r.step(step.summary, step.activity, target, nil); err != nil {
			// What the ownership check refuses, the quarantine refuses too: it writes nothing.
			_, _ = r.quarantine(target, call.ProblemOf(err).Message)
			return err
		}
	}
	r.tellAllocator(in.ServerID)
	return nil
}
