// Package brakes is the entity that permits what destroys on one panel: limits of an hour, and
// a person's pause.
package brakes

import (
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/workflows/api"
	"metalease/workflows/internal/message"
)

// BrakesInput is the state of the brakes of a panel. Fields are only ever added.
type State struct {
	Panel    string     `json:"panel"`
	Paused   *api.Pause `json:"paused,omitempty"`
	Released []spent    `json:"released,omitempty"`
	Blocked  []spent    `json:"blocked,omitempty"`
}

// spent is one permit that counts.
type spent struct {
	ServiceID int       `json:"service_id"`
	At        time.Time `json:"at"`
}

// brakeWindow is the hour of the limits.
const brakeWindow = time.Hour

// Brakes counts what destroys on one panel and holds a person's pause. It is asked by
// updates; what it refuses leaves no event.
//
// A cancel request changes nothing: brakes that are gone would stop nobody.
func Brakes(ctx workflow.Context, in State) error {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	b := &brakes{in: &in, pauses: workflow.GetSignalChannel(ctx, api.SignalPause), resumes: workflow.GetSignalChannel(ctx, api.SignalResume)}
	err := workflow.SetUpdateHandlerWithOptions(ctx, engine.UpdatePermit, b.permit, workflow.UpdateHandlerOptions{
		Validator:   b.refuse,
		Description: "May this be destroyed now?",
	})
	if err != nil {
		return err
	}
	err = workflow.SetQueryHandlerWithOptions(ctx, api.QueryBrakes, func() (api.BrakesView, error) { return b.view(workflow.Now(ctx)), nil },
		workflow.QueryHandlerOptions{Description: "Whether the panel is paused, and what the last hour destroyed."})
	if err != nil {
		return err
	}
	for {
		b.drain(ctx)
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() && workflow.AllHandlersFinished(ctx) {
			return workflow.NewContinueAsNewError(ctx, engine.TypeBrakes, in)
		}
		workflow.SetCurrentDetails(ctx, b.details())
		_ = workflow.Await(ctx, func() bool {
			return b.turning() || workflow.GetInfo(ctx).GetContinueAsNewSuggested() && workflow.AllHandlersFinished(ctx)
		})
	}
}

type brakes struct {
	in              *State
	pauses, resumes workflow.ReceiveChannel
}

// turning tells whether a person's word has arrived that was not read yet: the engine runs
// updates first.
func (b *brakes) turning() bool { return b.pauses.Len() > 0 || b.resumes.Len() > 0 }

func (b *brakes) drain(ctx workflow.Context) {
	var pause api.Pause
	for b.pauses.ReceiveAsync(&pause) {
		if pause.Since.IsZero() {
			pause.Since = workflow.Now(ctx)
		}
		kept := pause
		b.in.Paused, pause = &kept, api.Pause{}
	}
	for b.resumes.ReceiveAsync(nil) {
		b.in.Paused = nil
	}
}

// list is where permits of a kind count; nil for those that do not.
func (b *brakes) list(kind engine.Destruction) *[]spent {
	switch kind {
	case engine.DestroyRelease:
		return &b.in.Released
	case engine.DestroyBlock:
		return &b.in.Blocked
	case engine.DestroyStep: // of a release that was counted when it began
	}
	return nil
}

// refuse is the validator: nil is a permit. It changes nothing.
func (b *brakes) refuse(ctx workflow.Context, p engine.Permit) error {
	if b.turning() {
		return temporal.NewApplicationError("the brakes of panel "+b.in.Panel+" are just being changed", edge.ErrBrakesTurning)
	}
	if pause := b.in.Paused; pause != nil {
		return temporal.NewApplicationError(fmt.Sprintf("panel %s is paused since %s: %s; it goes on after `starter resume --panel %s`",
			b.in.Panel, pause.Since.UTC().Format(time.RFC3339), message.OrElse(pause.Reason, "no reason was given"), b.in.Panel), edge.ErrPaused)
	}
	list := b.list(p.Kind)
	if list == nil || p.Approved {
		return nil
	}
	recent := within(*list, workflow.Now(ctx))
	if spentBy(recent, p.ServiceID) || len(recent) < p.Limit {
		return nil
	}
	return temporal.NewNonRetryableApplicationError(fmt.Sprintf(
		"panel %s has had %d %ss within an hour, and its limit is %d: a person must say that this one is meant (retry)",
		b.in.Panel, len(recent), p.Kind, p.Limit), edge.ErrLimit, nil)
}

// permit counts what refuse has let through. Several are let through one after another,
// never two at once.
func (b *brakes) permit(ctx workflow.Context, p engine.Permit) error {
	if err := b.refuse(ctx, p); err != nil {
		return err
	}
	list := b.list(p.Kind)
	if list == nil {
		return nil
	}
	*list = within(*list, workflow.Now(ctx))
	if !spentBy(*list, p.ServiceID) {
		*list = append(*list, spent{p.ServiceID, workflow.Now(ctx)})
	}
	return nil
}

func within(list []spent, now time.Time) []spent {
	return slices.DeleteFunc(slices.Clone(list), func(s spent) bool { return now.Sub(s.At) >= brakeWindow })
}

func spentBy(list []spent, service int) bool {
	return slices.ContainsFunc(list, func(s spent) bool { return s.ServiceID == service })
}

func (b *brakes) view(now time.Time) api.BrakesView {
	return api.BrakesView{Panel: b.in.Panel, Paused: b.in.Paused, Releases: len(within(b.in.Released, now)), Blocks: len(within(b.in.Blocked, now))}
}

func (b *brakes) details() string {
	if b.in.Paused == nil {
		return "Panel " + b.in.Panel + " is not paused."
	}
	return "**Paused**: " + message.OrElse(b.in.Paused.Reason, "no reason was given") + ". Nothing is blocked or released on panel " + b.in.Panel +
		" until it is resumed; unblocking goes on."
}
