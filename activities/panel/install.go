package panel

import (
	"context"
	"errors"
	"time"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
)

// install is one install of a server: the first one of an order (firstinstall.go), or one anew of a
// customer's server (reinstall.go). How the panel is asked, and what it shows of it, is the same.
type install struct {
	Target
	template string
	// number is that of the install, from 1. It stands in the mark.
	number int
	// owner has the server meanwhile.
	owner holding.Account
	// check is the ownership check of its record.
	check func(record dcim.Record) (holder, error)
	// look reads the server before the install is asked for.
	look func(ctx context.Context, serverID string) (dcim.Server, error)
	// may tells whether it may be asked for, and the password that root gets.
	may func(ctx context.Context, server dcim.Server) (password string, err error)
	// still is may in the turn of the request, by the record alone; nil: nothing more.
	still func(have holder) error
	// busy is the error about an operation that this install has not begun.
	busy func() error
	// send makes the request.
	send func(ctx context.Context, password string) error
}

// beginInstall asks the panel for an install and returns when the panel shows it. The mark says
// "installing N" before the request, so an attempt that finds N or more there may have been heard
// already: it looks, and asks a second time only where the panel proves that nothing has begun
// (docs/decisions/0006-an-install-asked-for-once-more.md). Errors: InstallUnknown.
func (p *Panel) beginInstall(ctx context.Context, prepare func() (install, error)) (Started, error) {
	var started Started
	for _, again := range []bool{false, true} {
		in, err := prepare()
		if err != nil {
			return Started{}, err
		}
		if started, err = p.beginOnce(ctx, in, again); !errors.Is(err, errNotBegun) {
			return started, err
		}
		if again {
			return started, p.lostReply(in.ServerID)
		}
	}
	return started, nil
}

// beginOnce is beginInstall; with again an install that has not begun is asked for once more.
func (p *Panel) beginOnce(ctx context.Context, in install, again bool) (Started, error) {
	a := asking{install: in, again: again}
	carry := carryUnsent(ctx)
	var err error
	if a.was, err = p.backend.InstalledTemplate(ctx, in.ServerID); err == nil {
		a.server, err = in.look(ctx, in.ServerID)
	}
	if err == nil {
		a.password, a.refused = in.may(ctx, a.server)
		err = p.ask(ctx, &a)
	}
	switch {
	case a.heard:
		carry()
		started, err := p.seeInstall(ctx, in, a.noted, a.asked, time.Now())
		started.Number = a.noted
		return started, err
	case !a.announced: // it stands as it stood
		carry()
		return Started{}, err
	case !a.sent:
		keepUnsent(ctx, in.number)
		return Started{}, err
	}
	return p.answered(ctx, &a, err)
}

// answered goes on with what the panel has answered to the request.
func (p *Panel) answered(ctx context.Context, a *asking, err error) (Started, error) {
	accepted := time.Now()
	edge.Forget(ctx, idleKey)
	switch {
	case err == nil:
		edge.Keep(ctx, installKey, a.number)
		a.state.accepted, a.state.unsaid = true, true
		if a.state.provesNothing(a.template) {
			a.state = p.sayAccepted(ctx, a.install, a.number, a.state)
		}
		return p.seeInstall(ctx, a.install, a.number, a.state, accepted)
	case dcim.Uncertain(err):
		return p.seeInstall(ctx, a.install, a.number, a.state, accepted)
	}
	// The panel said no, or nothing was sent: take the announcement back, so that the next
	// attempt asks. Where that fails too, the next attempt still knows it.
	if p.restate(ctx, a.Target, withoutInstall, a.owner) != nil {
		keepUnsent(ctx, a.number)
	}
	return Started{}, err
}

// sayAccepted has the mark say that the panel has accepted install n: should this worker die, the
// next one need not guess. A save that fails leaves it to guess, no more.
func (p *Panel) sayAccepted(ctx context.Context, in install, n int, state seen) seen {
	state.accepted, state.unsaid = true, false
	_ = p.restate(ctx, in.Target, stillInstall(n, state), in.owner)
	return state
}

const (
	// idleKey is the key of since when nothing runs.
	idleKey = "idle"
	// installKey is that of the number of the install that the panel has accepted.
	installKey = "install"
	// watchedKey is that of since when an install is watched.
	watchedKey = "watched"
)

// errNotBegun: the reply to the request was lost, and nothing that the panel shows has changed since.
var errNotBegun = errors.New("the install has not begun")

func (p *Panel) lostReply(serverID string) error {
	return edge.NonRetryable(edge.ErrInstallUnknown, "the panel's reply to the install of server %s was lost and it shows no install: look at the server, then accept it or retry", serverID)
}

// seeInstall waits until the panel shows the install, which it may do late
// (docs/dcimanager.md 7.3). What it shows nowhere may never have begun: errNotBegun where the
// panel proves that. How long nothing was shown outlives the attempt. Number is the announced one;
// what is seen to run was accepted, and the mark says so from then on, if that can be saved.
func (p *Panel) seeInstall(ctx context.Context, in install, number int, before seen, accepted time.Time) (Started, error) {
	started := Started{AcceptedAt: accepted.UTC()}
	err := p.watch(ctx, in.ServerID, func(s dcim.Server) (bool, error) {
		switch {
		case s.Installing:
			started.Progress = InstallRunning
		case s.OperationFailed && !before.failed:
			started.Progress = InstallFailed
		case !edge.LastsFor(ctx, idleKey, p.Settle):
			if before.unsaid && edge.LastsFor(ctx, idleKey, p.Settle/2) { // it takes its time
				before = p.sayAccepted(ctx, in, number, before)
			}
		case before.accepted:
			// It began and ended while nobody looked.
			var err error
			if started.Progress, err = p.endOf(ctx, in, s); err != nil {
				return false, err
			}
		default:
			now, err := p.backend.InstalledTemplate(ctx, in.ServerID)
			switch {
			case err != nil:
				return false, err
			case before.provesNothing(in.template):
				return false, p.lostReply(in.ServerID) // one that has ended would look the same
			case word(now) == before.template:
				return false, errNotBegun
			case now != in.template:
				return false, p.lostReply(in.ServerID)
			}
			started.Progress = InstallFinished
		}
		return started.Progress != "", nil
	})
	if started.Progress == InstallRunning && (!before.accepted || before.unsaid && before.again) {
		p.sayAccepted(ctx, in, number, before)
	}
	return started, err
}
