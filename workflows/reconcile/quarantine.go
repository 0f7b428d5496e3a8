package reconcile

import (
	"cmp"
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/panel"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/operation"
)

// QuarantineClear returns a server in quarantine to stock, by the release that every other
// server goes through: rest and hardware test of the panel's settings included. A step that
// fails for good puts it back into quarantine, with that as the reason.
func QuarantineClear(ctx workflow.Context, in fleet.QuarantineClearInput) error {
	workflow.SetCurrentDetails(ctx, clean.Markdown("Server "+in.ServerID+" of panel "+in.Panel+" leaves quarantine: "+cmp.Or(in.Reason, "no reason was given"), api.LimitMessage))
	g, err := newGiver(ctx, in.Panel, in.Settings)
	if err != nil {
		return err
	}
	var target panel.Target
	step := operation.Step{Summary: "look at server " + in.ServerID, Queue: operation.Urgent, Activity: call.Panel.InspectQuarantine, Input: in.ServerID}
	if err := g.do(step, &target); err != nil {
		return err
	}
	setAside, err := g.giveBack(target)
	switch {
	case err != nil:
		// What the ownership check refuses, the quarantine refuses too: it writes nothing.
		_, _ = g.quarantine(target, call.ProblemOf(err).Message)
		return err
	case setAside != "":
		return temporal.NewNonRetryableApplicationError(fmt.Sprintf("server %s is in quarantine again: %s", in.ServerID, setAside), fleet.ErrSetAside, nil)
	}
	return nil
}
