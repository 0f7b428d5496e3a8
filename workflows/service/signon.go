package service

import (
	"cmp"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/tenant"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/api/running"
	"metalease/workflows/internal/call"
)

// signOnLasts is how long a sign-on is tried: who has clicked waits.
const signOnLasts = 20 * time.Second

// longestKey is of the key that an answer is sealed to, in bytes.
const longestKey = 256

// takeSignOns answers updates by which somebody wants into the panel or to the console. What is refused
// leaves nothing in the history.
func (l *lifecycle) takeSignOns(ctx workflow.Context) error {
	return workflow.SetUpdateHandlerWithOptions(ctx, running.UpdateSignOn, l.signOn, workflow.UpdateHandlerOptions{
		Validator:   func(in running.SignOn) error { return l.s.refusesSignOn(in) },
		Description: "Makes a way into the panel or to the console of the server, sealed to the key of the call.",
	})
}

// refusesSignOn is why nobody is let in: as with all that is done with a running server, staff have their own
// way into the panel.
func (s *State) refusesSignOn(in running.SignOn) error {
	why := s.notNow()
	switch {
	case in.Target != running.SignOnPanel && in.Target != running.SignOnConsole:
		return edge.NonRetryable(edge.ErrBadOrder, "target must be panel or console")
	case len(in.Key) == 0 || len(in.Key) > longestKey:
		return edge.NonRetryable(edge.ErrBadOrder, "key must be the public key of this call")
	case why == "" && s.Life.Unseen:
		why = "whose the server is has to be found out first: ask again in a moment"
	}
	if why != "" {
		return edge.NonRetryable(edge.ErrNotNow, "%s", why)
	}
	return nil
}

// signOn has the panel make the door. Only the sealed text passes through here.
func (l *lifecycle) signOn(ctx workflow.Context, in running.SignOn) (running.Sealed, error) {
	if err := l.s.refusesSignOn(in); err != nil { // it may have changed since the update was taken
		return running.Sealed{}, err
	}
	in.Actor.Name = clean.Line(in.Actor.Name, api.LimitID)
	options := call.Write(l.s.Settings, fleet.WatchQueue(l.s.Order.Panel), signOnLasts, fmt.Sprintf("let %s into the %s", in.Actor, in.Target))
	options.ScheduleToCloseTimeout = signOnLasts
	wanted := &Action{Action: api.Action{By: in.Actor}, Wish: Wish{At: l.now()}}
	input := tenant.SignOn{Server: l.tenant(wanted), Console: in.Target == running.SignOnConsole, Key: in.Key}
	input.Until = l.now().Add(signOnLasts)
	var sealed []byte
	err := workflow.ExecuteActivity(workflow.WithActivityOptions(l.ctx, options), call.Panel.SignOn, input).Get(ctx, &sealed)
	if err == nil {
		err = l.s.refusesSignOn(in) // nobody is let in who was blocked meanwhile
	}
	if err != nil {
		l.note(fmt.Sprintf("%s was not let into the %s: %s", in.Actor, in.Target, call.WordsOf(err)))
		return running.Sealed{}, temporal.NewNonRetryableApplicationError(call.WordsOf(err), cmp.Or(edge.TypeOf(err), edge.ErrPanelUnavailable), nil)
	}
	l.note(fmt.Sprintf("%s was let into the %s", in.Actor, in.Target))
	return running.Sealed{Text: sealed}, nil
}
