// Package brakes is the entity that permits what destroys on one panel: limits of an hour, and
// a person's pause.
package brakes

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/internal/clean"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/entity"
)

// stateVersion is the version of State that this build writes.
const stateVersion = 1

// State is the state of the brakes of a panel. It starts as an engine.BrakesStart.
type State struct {
	StateVersion int    `json:"state_version"`
	Panel        string `json:"panel"`
	// Paused is set by the signal pause and cleared by resume.
	Paused *fleet.Pause `json:"paused,omitempty"`
	// Released and Blocked are the permits of the last hour, one for a service. A permit adds one;
	// those that are older go with the next permit.
	Released []spent `json:"released,omitempty"`
	Blocked  []spent `json:"blocked,omitempty"`
	// Notices are what people should see.
	Notices []entity.Notice `json:"notices,omitempty"`
}

// spent is one permit that counts.
type spent struct {
	ServiceID int       `json:"service_id"`
	At        time.Time `json:"at"`
}

const (
	// window is the hour of the limits.
	window = time.Hour
	// keepSpent bounds the permits that are remembered, those of people among them.
	keepSpent = 5000
	// textLimit bounds a person's words.
	textLimit = 500
)

// Brakes counts what destroys on one panel and holds a person's pause. It is asked by
// updates; what it refuses leaves no event.
//
// A cancel request changes nothing: brakes that are gone would stop nobody.
func Brakes(ctx workflow.Context, in State) error {
	in.StateVersion = entity.CheckVersion(in.StateVersion, stateVersion)
	b := &brakes{in: &in}
	b.run = entity.New(ctx, entity.Options{Notices: &in.Notices, Signals: []entity.Signal{
		{Name: fleet.SignalPause, Description: "Stop everything that destroys on this panel.", Take: entity.As(b.pause)},
		{Name: fleet.SignalResume, Description: "End the pause.", Take: b.resume},
	}})
	err := workflow.SetUpdateHandlerWithOptions(ctx, engine.UpdatePermit, b.permit, workflow.UpdateHandlerOptions{
		Validator:   b.refuse,
		Description: "May this be destroyed now?",
	})
	if err != nil {
		return err
	}
	err = workflow.SetQueryHandlerWithOptions(ctx, fleet.QueryBrakes, func() (fleet.BrakesView, error) { return b.view(workflow.Now(ctx)), nil },
		workflow.QueryHandlerOptions{Description: "Whether the panel is paused, and what the last hour destroyed."})
	if err != nil {
		return err
	}
	b.run.Details(b.details())
	b.run.Await(func() bool { return b.run.Full() && workflow.AllHandlersFinished(ctx) })
	return b.run.ContinueAsNew(engine.TypeBrakes, &in)
}

// brakes is one run of Brakes.
type brakes struct {
	run *entity.Run
	in  *State
}

func (b *brakes) pause(p fleet.Pause) error {
	if p.Since.IsZero() {
		p.Since = workflow.Now(b.run.Ctx)
	}
	p.Reason, p.By = clean.CutJSON(p.Reason, textLimit), clean.CutJSON(p.By, textLimit)
	b.in.Paused = &p
	b.run.Details(b.details())
	return nil
}

func (b *brakes) resume(entity.Input) error {
	b.in.Paused = nil
	b.run.Details(b.details())
	return nil
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

// refuse is the validator: nil is a permit. It changes nothing. A person's word that has arrived
// may not be read yet: the engine runs updates first.
func (b *brakes) refuse(ctx workflow.Context, p engine.Permit) error {
	if b.run.Pending() > 0 {
		return temporal.NewApplicationError("the brakes of panel "+b.in.Panel+" are just being changed", edge.ErrBrakesTurning)
	}
	if pause := b.in.Paused; pause != nil {
		return temporal.NewApplicationError(fmt.Sprintf("panel %s is paused since %s: %s; it goes on after `starter resume --panel %s`",
			b.in.Panel, pause.Since.UTC().Format(time.RFC3339), cmp.Or(pause.Reason, "no reason was given"), b.in.Panel), edge.ErrPaused)
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
		*list = entity.Last(append(*list, spent{p.ServiceID, workflow.Now(ctx)}), keepSpent)
	}
	return nil
}

func within(list []spent, now time.Time) []spent {
	return slices.DeleteFunc(slices.Clone(list), func(s spent) bool { return now.Sub(s.At) >= window })
}

func spentBy(list []spent, service int) bool {
	return slices.ContainsFunc(list, func(s spent) bool { return s.ServiceID == service })
}

func (b *brakes) view(now time.Time) fleet.BrakesView {
	return fleet.BrakesView{Panel: b.in.Panel, Paused: b.in.Paused, Releases: len(within(b.in.Released, now)), Blocks: len(within(b.in.Blocked, now))}
}

func (b *brakes) details() string {
	if b.in.Paused == nil {
		return "Panel " + b.in.Panel + " is not paused."
	}
	return "**Paused**: " + clean.Markdown(cmp.Or(b.in.Paused.Reason, "no reason was given"), textLimit) + ". Nothing is blocked or released on panel " + b.in.Panel +
		" until it is resumed; unblocking goes on."
}
