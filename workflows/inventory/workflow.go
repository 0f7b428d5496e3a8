// Package inventory is the allocator of one panel: it alone turns free servers into claimed
// ones, in the order of payment. It looks at the panel once for all who wait (a cycle), matches
// them with candidates, claims, and tells each lifecycle.
package inventory

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// Inventory is the allocator of one panel.
func Inventory(ctx workflow.Context, in State) error {
	in.StateVersion = entity.CheckVersion(in.StateVersion, stateVersion)
	a := &allocator{in: &in}
	a.run = entity.New(ctx, entity.Options{Notices: &in.Notices, Signals: a.signals(), Reset: a.reset})
	if err := a.answerQueries(); err != nil {
		return err
	}
	if workflow.GetInfo(ctx).ContinuedExecutionRunID == "" {
		a.succeed()
	}
	for {
		a.run.Take()
		switch {
		case a.run.Full():
			return a.run.ContinueAsNew(api.TypeInventory, &in)
		case a.wasReset:
			a.wasReset = false
			a.succeed()
		case a.in.Woken:
			a.in.Woken = false
			a.cycle()
		default:
			a.sleep()
		}
	}
}

// allocator is one run of Inventory.
type allocator struct {
	run *entity.Run
	in  *State

	// taken are candidates that were not to be had in this burst of cycles.
	taken []string
	// unreliable are candidates that failed lately; they are offered last.
	unreliable []string
	// claiming are the services whose claim runs.
	claiming []int
	// deferred are withdrawals of those: the end of the claim decides the answer.
	deferred []message.Withdrawal
	// wasReset is true until an allocator that was reset has become the successor of itself.
	wasReset bool
	// sight is what the last look showed; nil where nothing that was seen counts any more. ends counts what ended one, for
	// that may come while the panel is looked at.
	sight *sight
	ends  int
	// lookedAt is when the last cycle ended.
	lookedAt time.Time
	// trouble is why the panel could not be looked at.
	trouble string
}

func (a *allocator) now() time.Time { return workflow.Now(a.run.Ctx) }

// signals are the words that an allocator understands.
func (a *allocator) signals() []entity.Signal {
	return []entity.Signal{
		{Name: fleet.SignalReserve, Description: "An order has started and will ask for a server.", Take: entity.As(a.reserve)},
		{Name: message.SignalRequest, Description: "A lifecycle asks for a server.", Take: entity.As(a.request)},
		{Name: message.SignalHold, Description: "A cart wants stock to be held, or its hold changed.", Take: entity.As(a.holdStock)},
		{Name: message.SignalFree, Description: "The holds of a cart, named by its id, are over.", Take: entity.As(a.freeStock)},
		{Name: message.SignalWithdraw, Description: "A lifecycle takes its request back.", Take: entity.As(a.withdraw)},
		{Name: message.SignalReleased, Description: "A server, named by its id, was given back.", Take: entity.As(a.released)},
		{Name: fleet.SignalRefresh, Description: "Look at the panel now.", Take: func(entity.Input) error {
			a.in.Woken, a.in.Aside = true, nil
			a.endSight()
			return nil
		}},
	}
}

// Pauses while nothing comes.
const (
	// probeEvery is how often an order is looked after that holds a later one up.
	probeEvery = 5 * time.Second
	// missingFor is how long a package must be missing from the panel before its order is refused.
	missingFor = 10 * time.Second
	// lookAgain is the pause after a look that failed.
	lookAgain = 15 * time.Second
)

// sleep waits for the next signal and, while somebody waits for a server, for the slow timer: a
// server may become free without our doing.
func (a *allocator) sleep() {
	a.taken, a.unreliable = nil, nil
	a.forgetLost()
	a.expireHolds()
	a.probe()
	a.run.Details(a.details())
	done := func() bool { return a.in.Woken || a.run.Full() }
	next, look := a.nextLook()
	if next.IsZero() {
		a.run.Await(done)
		return
	}
	if !a.run.AwaitUntil(next, "look for free servers again", done) && !a.now().Before(look) {
		a.in.Woken = true
	}
}

// nextLook is when the allocator does something by itself, and when it looks at the panel; zero
// is never.
func (a *allocator) nextLook() (next, look time.Time) {
	if len(a.in.Queue) == 0 && len(a.in.Returns) == 0 && !a.undecided() {
		return a.firstExpiry(), a.firstExpiry().Add(time.Hour) // there is nothing to look for
	}
	pause := time.Duration(a.in.Settings.WithDefaults().Repeat)
	if a.trouble != "" {
		pause = a.quick(lookAgain)
	}
	if slices.ContainsFunc(a.in.Queue, func(w waiter) bool { return !w.MissingSince.IsZero() }) {
		pause = a.quick(missingFor)
	}
	look = a.lookedAt.Add(pause)
	if len(a.in.Reservations) > 0 && a.firstLost().Before(look) {
		look = a.firstLost()
	}
	if ends := a.firstExpiry(); !ends.IsZero() && ends.Before(look) {
		look = ends
	}
	if a.now().After(look) {
		look = a.now()
	}
	if probe := a.now().Add(a.quick(probeEvery)); a.heldUp() && probe.Before(look) {
		return probe, look
	}
	return look, look
}
