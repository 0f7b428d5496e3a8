package reconcile

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"
	"metalease/workflows/internal/operation"
)

// giver gives one server back to stock for a person: one that no lifecycle looks after.
type giver struct {
	ctx      workflow.Context
	panel    string
	settings api.Settings
	// rests is until when the server is kept out of stock; zero while it does not rest.
	rests time.Time
	// again asks, after each wait before the server is cut off, whether that is still wanted; nil:
	// nobody is asked. An error ends the way.
	again func() error
}

// newGiver makes the rest of the server known: it may take days, and a person waits for its end.
func newGiver(ctx workflow.Context, panelName string, settings api.Settings) (*giver, error) {
	g := &giver{ctx: ctx, panel: panelName, settings: settings}
	return g, workflow.SetQueryHandlerWithOptions(ctx, fleet.QueryRest, func() (time.Time, error) { return g.rests, nil },
		workflow.QueryHandlerOptions{Description: "Until when the server is kept out of stock; zero while it does not rest."})
}

// giveBack takes the server through the release. Each step requires that the API account owns
// it under the mark of this service. The answer is why it was set aside; empty when it is free.
func (g *giver) giveBack(t panel.Target) (setAside string, err error) {
	var release operation.Release
	for pause := firstPause; ; {
		asks := g.again != nil && release.Stage == operation.StageBegun
		outcome, err := release.Advance(g.doing(asks), t, workflow.Now(g.ctx))
		if asks && worthAnother(err) { // a pause or an outage: what was agreed to may be gone when it ends
			if err := g.wait(pause); err != nil {
				return "", err
			}
			if err := g.again(); err != nil {
				return "", err
			}
			pause = min(2*pause, longestPause)
			continue
		}
		switch {
		case edge.TypeOf(err) == edge.ErrDiagnostics: // nobody waits here who could start the test by hand
			return g.quarantine(t, call.ProblemOf(err).Message)
		case err != nil:
			return "", err
		case outcome.SetAside != "":
			return g.quarantine(t, outcome.SetAside)
		case outcome.Rest:
			summary := "server " + t.ServerID + " rests before it is sold again"
			timer := workflow.NewTimerWithOptions(g.ctx, release.RestUntil.Sub(workflow.Now(g.ctx)), workflow.TimerOptions{Summary: summary})
			g.rests = release.RestUntil
			if err := timer.Get(g.ctx, nil); err != nil {
				return "", err
			}
			g.rests = time.Time{}
			release.Rested()
		case outcome.Done:
			g.tellAllocator(t.ServerID)
			return "", nil
		}
	}
}

// Pauses between tries at the cut-off. A pause of the brakes may last for days.
const (
	firstPause   = 10 * time.Second
	longestPause = 15 * time.Minute
)

// worthAnother tells whether an attempt may go better later.
func worthAnother(err error) bool {
	var app *temporal.ApplicationError
	return err != nil && !temporal.IsCanceledError(err) && !(errors.As(err, &app) && app.NonRetryable())
}

func (g *giver) wait(pause time.Duration) error {
	timer := workflow.NewTimerWithOptions(g.ctx, pause, workflow.TimerOptions{Summary: "the server cannot be cut off now; look again"})
	return timer.Get(g.ctx, nil)
}

// quarantine sets a server aside that cannot go back into stock.
func (g *giver) quarantine(t panel.Target, why string) (string, error) {
	if err := operation.Quarantine(g.do, panel.QuarantineInput{Target: t, Reason: why}); err != nil {
		return "", err
	}
	g.tellAllocator(t.ServerID)
	return why, nil
}

// do runs a step on the queue that it wants.
func (g *giver) do(step operation.Step, answer any) error { return g.doing(false)(step, answer) }

// doing is do; once is a single attempt.
func (g *giver) doing(once bool) operation.Do {
	return func(step operation.Step, answer any) error { return g.run(step, answer, once) }
}

func (g *giver) run(step operation.Step, answer any, once bool) error {
	queue, limit := fleet.UrgentQueue(g.panel), call.SomeTime
	switch step.Queue {
	case operation.Watch:
		queue, limit = fleet.WatchQueue(g.panel), call.LongTime
	case operation.Build:
		queue = fleet.PanelQueue(g.panel)
	case operation.Unblock:
		queue = fleet.UnblockQueue(g.panel)
	case operation.Urgent:
	}
	options := call.Write(g.settings, queue, limit, step.Summary)
	if once {
		options.RetryPolicy = &temporal.RetryPolicy{MaximumAttempts: 1}
	}
	ctx := workflow.WithActivityOptions(g.ctx, options)
	return workflow.ExecuteActivity(ctx, step.Activity, step.Input).Get(g.ctx, answer)
}

// tellAllocator wakes those who wait for a server. A lost word is made good by the
// allocator's slow timer.
func (g *giver) tellAllocator(serverID string) {
	ctx := workflow.WithActivityOptions(g.ctx, call.Options(g.settings, api.QueueWorkflows, call.OneCall, "tell the allocator that server "+serverID+" was given back"))
	_ = workflow.ExecuteActivity(ctx, call.Messenger.Tell, engine.Message{
		WorkflowID: fleet.InventoryWorkflowID(g.panel), WorkflowType: api.TypeInventory, TaskQueue: api.QueueWorkflows,
		Signal: message.SignalReleased, Input: serverID,
		Start:   fleet.Start{Panel: g.panel, Settings: g.settings},
		Summary: "the servers of panel " + g.panel,
	}).Get(g.ctx, nil)
}
