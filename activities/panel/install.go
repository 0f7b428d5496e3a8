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
	// verify is the ownership check.
	verify func(ctx context.Context) (holder, error)
	// look reads the server before the install is asked for.
	look func(ctx context.Context, serverID string) (dcim.Server, error)
	// may tells whether it may be asked for now, and the password that root gets. One that is
	// announced may have been asked for already; then it is only looked at.
	may func(ctx context.Context, server dcim.Server, announced bool) (password string, err error)
	// busy is the error about an operation that this install has not begun.
	busy func() error
	// send proves that the server is ours to install, and makes the request.
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
	carry := carryUnsent(ctx)
	defer func() { carry() }()
	have, err := in.verify(ctx)
	if err != nil {
		return Started{}, err
	}
	template, err := p.backend.InstalledTemplate(ctx, in.ServerID)
	if err != nil {
		return Started{}, err
	}
	server, err := in.look(ctx, in.ServerID)
	if err != nil {
		return Started{}, err
	}
	asked, number := askedInstall(have.mark)
	again = again && number == in.number && !asked.accepted && !asked.again
	announced := number >= in.number && !again && !unsentBefore(ctx, number) // also that of a run which has counted further and was reset
	password, err := in.may(ctx, server, announced)
	if err != nil {
		return Started{}, err
	}
	if announced {
		started, err := p.seeInstall(ctx, in, number, asked, time.Now())
		started.Number = number
		return started, err
	}
	if server.Installing {
		return Started{}, in.busy()
	}
	state := seen{template: word(template), failed: server.OperationFailed, again: asked.again && number == in.number || again}
	carry = func() {}
	return p.askInstall(ctx, in, state, password)
}

// askInstall announces the install in the mark, asks for it and sees it begin.
func (p *Panel) askInstall(ctx context.Context, in install, state seen, password string) (Started, error) {
	edge.Forget(ctx, unsentKey)
	announced := func(was string) string { return withInstall(was, in.number, state) }
	if err := p.announce(ctx, in.Target, in.owner, announced); err != nil {
		keepUnsent(ctx, in.number)
		return Started{}, err
	}
	err := in.send(ctx, password)
	accepted := time.Now()
	edge.Forget(ctx, idleKey)
	if err == nil {
		// Should this worker die now, the next one need not guess. A save that fails
		// leaves it to guess, no more.
		state.accepted = true
		_ = p.restate(ctx, in.Target, stillInstall(in.number, state), in.owner)
		return p.seeInstall(ctx, in, in.number, state, accepted)
	}
	if dcim.Uncertain(err) {
		return p.seeInstall(ctx, in, in.number, state, accepted)
	}
	// The panel said no, or nothing was sent: take the announcement back, so that the next
	// attempt asks. Where that fails too, the next attempt still knows it.
	if p.restate(ctx, in.Target, withoutInstall, in.owner) != nil {
		keepUnsent(ctx, in.number)
	}
	return Started{}, err
}

const (
	// idleKey is the key of since when nothing runs.
	idleKey = "idle"
	// watchedKey is that of since when an install is watched.
	watchedKey = "watched"
)

// errNotBegun: the reply to the request was lost, and nothing that the panel shows has changed since.
var errNotBegun = errors.New("the install has not begun")

func (p *Panel) lostReply(serverID string) error {
	return edge.NonRetryable(edge.ErrInstallUnknown, "the panel's reply to the install of server %s was lost and it shows no install: look at the server, then accept it or retry", serverID)
}

// announce saves the mark before what it announces. When the reply is lost it reads at once: this
// attempt still knows that it has asked for nothing, which the next one could not tell.
func (p *Panel) announce(ctx context.Context, t Target, owner holding.Account, decide func(state string) string) error {
	const tries = 3
	var err error
	for range tries {
		err = p.restate(ctx, t, decide, owner) // reads first, and writes nothing when the mark is there
		if !errors.Is(err, dcim.ErrMayHaveHappened) && !errors.Is(err, dcim.ErrNotAPanel) {
			return err
		}
	}
	return err
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
			case before.template == word(in.template) || before.failed:
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
	if started.Progress == InstallRunning && !before.accepted {
		before.accepted = true
		_ = p.restate(ctx, in.Target, stillInstall(number, before), in.owner)
	}
	return started, err
}
