package workflows

import (
	"go.temporal.io/sdk/workflow"

	"metalease/activities"
)

// QuarantineClearInput is one server that a person wants back in stock. Fields are only
// ever added.
type QuarantineClearInput struct {
	Panel    string   `json:"panel"`
	ServerID string   `json:"server_id"`
	Reason   string   `json:"reason"`
	By       string   `json:"by,omitempty"`
	Settings Settings `json:"settings,omitzero"`
}

// QuarantineWorkflowID is the id of the return of one server: two people who ask for it
// share one.
func QuarantineWorkflowID(panel, server string) string { return "quarantine-" + panel + "-" + server }

// QuarantineClear returns a server in quarantine to stock, by the steps of a release (DESIGN
// section 3, rule 8): marked as releasing, off and still blocked, extra addresses deleted,
// named free.ds, enabled, and last without owner and mark. A step that fails for good puts it
// back into quarantine, with that as the reason.
func QuarantineClear(ctx workflow.Context, in QuarantineClearInput) error {
	workflow.SetCurrentDetails(ctx, "Server "+in.ServerID+" of panel "+in.Panel+" leaves quarantine: "+orElse(in.Reason, "no reason was given"))
	r := &repair{ctx: ctx, in: RepairInput{Panel: in.Panel, Settings: in.Settings}}
	var target activities.Target
	err := workflow.ExecuteActivity(r.urgent("look at server "+in.ServerID), onPanel.InspectQuarantine, in.ServerID).Get(ctx, &target)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		summary  string
		activity any
	}{
		{"announce the release of server " + in.ServerID, onPanel.CutOff},
		{"power off server " + in.ServerID, onPanel.PowerDown},
		{"delete the extra addresses of server " + in.ServerID, onPanel.ClearAddresses},
		{"return server " + in.ServerID + " to stock", onPanel.ReturnToStock},
	} {
		if err := r.step(step.summary, step.activity, target, nil); err != nil {
			// What the ownership check refuses, the quarantine refuses too: it writes nothing.
			_, _ = r.quarantine(target, problemOf(err).message)
			return err
		}
	}
	r.tellAllocator(in.ServerID)
	return nil
}
