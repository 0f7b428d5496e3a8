package panel

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

// StartInstall asks the panel for the OS install and returns when the panel
// shows it. The mark says "installing N" before the request, so an attempt that
// finds N or more there may have been heard already: it looks, and asks a second time only where the
// panel proves that nothing has begun (docs/decisions/0006-an-install-asked-for-once-more.md). Errors: NotPending,
// UnexpectedStatus, ClientDiffers, PanelRefused, InstallUnknown.
func (p *Panel) StartInstall(ctx context.Context, b Build) (Started, error) {
	started, err := p.startInstall(ctx, b, false)
	if errors.Is(err, errNotBegun) {
		started, err = p.startInstall(ctx, b, true)
	}
	if errors.Is(err, errNotBegun) {
		return started, p.lostReply(b)
	}
	return started, err
}

// startInstall is StartInstall; with again an install that has not begun is asked for once more.
func (p *Panel) startInstall(ctx context.Context, b Build, again bool) (Started, error) {
	service, err := p.WHMCS.Service(ctx, b.ServiceID)
	if err != nil {
		return Started{}, err
	}
	if service.Status != whmcs.StatusPending {
		code, why := billing.NotPending(service)
		return Started{}, edge.NonRetryable(code, "%s", why)
	}
	if err := sameClient(service, b); err != nil {
		return Started{}, err
	}
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return Started{}, err
	}
	have, err := p.verifyOwner(ctx, b.Target, api)
	if err != nil {
		return Started{}, err
	}
	template, err := p.backend.InstalledTemplate(ctx, b.ServerID)
	if err != nil {
		return Started{}, err
	}
	server, err := p.cached(ctx, b.ServerID)
	if err != nil {
		return Started{}, err
	}
	if err := p.untouched(ctx, server, b); err != nil {
		return Started{}, err
	}
	asked, number := askedInstall(have.mark)
	again = again && number == b.Install && !asked.accepted && !asked.again
	if number >= b.Install && !again && !unsentBefore(ctx, number) { // also that of a run which has counted further and was reset
		started, err := p.seeInstall(ctx, b, asked, time.Now())
		started.Number = number
		return started, err
	}
	if server.Installing {
		return Started{}, edge.NonRetryable(edge.ErrInstallUnknown, "server %s is being installed already, not by this order: wait or cancel it in the panel, then retry", b.ServerID)
	}
	state := seen{template: template, failed: server.OperationFailed, again: asked.again && number == b.Install || again}
	return p.askInstall(ctx, b, api, state, service.Password.Reveal())
}

// askInstall announces the install in the mark, asks for it and sees it begin.
func (p *Panel) askInstall(ctx context.Context, b Build, api holding.Account, state seen, password string) (Started, error) {
	if err := p.announce(ctx, b.Target, api, installingState(b.Install, state)); err != nil {
		keepUnsent(ctx, b.Install)
		return Started{}, err
	}
	err := p.write(ctx, b.Target, func() error {
		return p.backend.Install(ctx, b.ServerID, dcim.Install{Template: b.OSTemplate, Recipe: b.Recipe, Password: password, ClearDisks: p.ClearDisks})
	})
	accepted := time.Now()
	edge.Forget(ctx, idleKey)
	if err == nil {
		// Should this worker die now, the next one need not guess. A save that fails
		// leaves it to guess, no more.
		state.accepted = true
		_ = p.save(ctx, b.Target, api, installingState(b.Install, state))
		return p.seeInstall(ctx, b, state, accepted)
	}
	if dcim.Uncertain(err) {
		return p.seeInstall(ctx, b, state, accepted)
	}
	// The panel said no, or nothing was sent: take the announcement back, so that the next
	// attempt asks. Where that fails too, the next attempt still knows it.
	if p.save(ctx, b.Target, api, holding.StateClaimed) != nil {
		keepUnsent(ctx, b.Install)
	}
	return Started{}, err
}

// unsent is what an attempt leaves that has announced an install, or may have, and has not asked for it.
type unsent struct {
	Install int `json:"install"`
	// Attempt is the one that leaves it. It holds for the very next only: what that one has sent, a
	// third could not know.
	Attempt int32 `json:"attempt"`
}

// Keys of what an attempt at an install keeps for the next.
const (
	unsentKey = "unsent"
	// idleKey is since when nothing runs.
	idleKey = "idle"
	// watchedKey is since when an install is watched.
	watchedKey = "watched"
)

func keepUnsent(ctx context.Context, number int) {
	edge.Keep(ctx, unsentKey, unsent{number, activity.GetInfo(ctx).Attempt})
}

func unsentBefore(ctx context.Context, number int) bool {
	left, kept := edge.Recall[unsent](ctx, unsentKey)
	return kept && left.Install == number && left.Attempt+1 == activity.GetInfo(ctx).Attempt
}

// errNotBegun: the reply to the request was lost, and nothing that the panel shows has changed since.
var errNotBegun = errors.New("the install has not begun")

func (p *Panel) lostReply(b Build) error {
	return edge.NonRetryable(edge.ErrInstallUnknown, "the panel's reply to the install of server %s was lost and it shows no install: look at the server, then accept it or retry", b.ServerID)
}

// announce saves the mark before what it announces. When the reply is lost it reads at once: this
// attempt still knows that it has asked for nothing, which the next one could not tell.
func (p *Panel) announce(ctx context.Context, t Target, api holding.Account, state string) error {
	const tries = 3
	var err error
	for range tries {
		err = p.save(ctx, t, api, state) // reads first, and writes nothing when the mark is there
		if !errors.Is(err, dcim.ErrMayHaveHappened) && !errors.Is(err, dcim.ErrNotAPanel) {
			return err
		}
	}
	return err
}

// seeInstall waits until the panel shows the install, which it may do late
// (docs/dcimanager.md 7.3). What it shows nowhere may never have begun: errNotBegun where the
// panel proves that. How long nothing was shown outlives the attempt.
func (p *Panel) seeInstall(ctx context.Context, b Build, before seen, accepted time.Time) (Started, error) {
	started := Started{AcceptedAt: accepted.UTC()}
	err := p.watch(ctx, b.ServerID, func(s dcim.Server) (bool, error) {
		switch {
		case s.Installing:
			started.Progress = InstallRunning
		case s.OperationFailed && !before.failed:
			started.Progress = InstallFailed
		case !edge.LastsFor(ctx, idleKey, p.Settle):
		case before.accepted:
			// It began and ended while nobody looked.
			var err error
			if started.Progress, err = p.endOf(ctx, b, s); err != nil {
				return false, err
			}
		default:
			now, err := p.backend.InstalledTemplate(ctx, b.ServerID)
			switch {
			case err != nil:
				return false, err
			case before.template == b.OSTemplate || before.failed:
				return false, p.lostReply(b) // one that has ended would look the same
			case now == before.template:
				return false, errNotBegun
			case now != b.OSTemplate:
				return false, p.lostReply(b)
			}
			started.Progress = InstallFinished
		}
		return started.Progress != "", nil
	})
	return started, err
}

// AwaitInstall watches an install that the panel was seen to run, until it ends.
// A panel that is down is waited for. Errors: InstallUnknown for the end of another install.
func (p *Panel) AwaitInstall(ctx context.Context, b Build) (Watched, error) {
	var watched Watched
	since, settling := edge.Since(ctx, watchedKey), false
	next := func(now time.Time) time.Time {
		if settling {
			return time.Time{}
		}
		return p.times.nextLook(now, since, p.Reader.list.tick, b.OSTemplate)
	}
	err := p.watchAt(ctx, b.ServerID, next, func(s dcim.Server) (bool, error) {
		if settling = !s.Installing; s.Installing {
			edge.Forget(ctx, idleKey)
			return false, nil
		}
		settled := edge.LastsFor(ctx, idleKey, p.Settle)
		progress, err := p.endOf(ctx, b, s)
		if otherInstall(err) && !settled {
			return false, nil // the panel may show the new template late
		}
		watched = Watched{Progress: progress, FinishedAt: time.Now().UTC()}
		return err == nil, err
	})
	switch {
	case err != nil:
	case watched.Progress == InstallFailed:
		watched.Words = p.words(ctx, b.ServerID)
	default:
		p.times.remember(b.OSTemplate, watched.FinishedAt.Sub(since))
	}
	return watched, err
}

// endOf is how the install of a server that runs none has ended. Finished means the ordered
// template: whoever installs something else meanwhile does not end this order. A panel that
// names no template proves nothing. Errors: InstallUnknown.
func (p *Panel) endOf(ctx context.Context, b Build, s dcim.Server) (Progress, error) {
	if s.OperationFailed {
		return InstallFailed, nil
	}
	installed, err := p.backend.InstalledTemplate(ctx, b.ServerID)
	if err != nil {
		return "", err
	}
	if installed != "" && b.OSTemplate != "" && installed != b.OSTemplate {
		return "", edge.NonRetryable(edge.ErrInstallUnknown, "an install has ended on server %s, but it has %s now and not %s: somebody else's; retry installs, accept takes it as it is",
			b.ServerID, installed, b.OSTemplate)
	}
	return InstallFinished, nil
}

func otherInstall(err error) bool {
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.Type() == edge.ErrInstallUnknown
}

// words is the panel's text about the last operation, best effort: the failure
// itself is known already.
func (p *Panel) words(ctx context.Context, serverID string) string {
	text, err := p.backend.Progress(ctx, serverID)
	if err != nil {
		return ""
	}
	return holding.OneLine(text)
}

// InspectInstall tells what became of the install of a server: what retry and
// replace read first. A server with another OS than the ordered one counts as failed. Errors:
// InstallUnknown while an install runs that this service has not asked for.
func (p *Panel) InspectInstall(ctx context.Context, b Build) (Watched, error) {
	have, err := p.verifyOwnership(ctx, b.Target)
	if err != nil {
		return Watched{}, err
	}
	server, err := p.fresh(ctx, b.ServerID)
	if err != nil {
		return Watched{}, err
	}
	if server.Installing {
		if _, number := askedInstall(have.mark); number < max(b.Install, 1) && !have.mark.Is(holding.StateActive) {
			return Watched{}, edge.NonRetryable(edge.ErrInstallUnknown, "server %s is being installed, not by this order: wait or cancel it in the panel, then retry", b.ServerID)
		}
		return Watched{Progress: InstallRunning}, nil
	}
	progress, err := p.endOf(ctx, b, server)
	if otherInstall(err) {
		return Watched{Progress: InstallFailed, FinishedAt: time.Now().UTC(), Words: holding.OneLine(err.Error())}, nil
	}
	if err != nil {
		return Watched{}, err
	}
	return Watched{Progress: progress, FinishedAt: time.Now().UTC()}, nil
}

// CancelOperation stops what runs on the server and waits until it has stopped. An operation
// that ends by itself meanwhile is stopped as well, whatever the panel answers. Errors: NotDone.
func (p *Panel) CancelOperation(ctx context.Context, t Target) error {
	server, err := p.fresh(ctx, t.ServerID)
	if err != nil || !server.Installing {
		return err
	}
	send := func() error {
		return p.writeOurs(ctx, t, func() error { return p.backend.CancelOperation(ctx, t.ServerID) })
	}
	done := func(s dcim.Server) (bool, error) { return !s.Installing, nil }
	return p.reach(ctx, t.ServerID, change{what: "cancel the operation on server", send: send, done: done, limit: p.ReleaseTimeout, settle: p.Settle})
}
