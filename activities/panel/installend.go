package panel

import (
	"context"
	"slices"
	"time"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
)

// awaitEnd watches an install that the panel was seen to run, until it ends. A panel that is down is
// waited for. Errors: InstallUnknown for the end of another install.
func (p *Panel) awaitEnd(ctx context.Context, in install) (Watched, error) {
	var watched Watched
	since, settling := edge.Since(ctx, watchedKey), false
	p.carryTimes(ctx, in.template)
	next := func(now time.Time) time.Time {
		if settling {
			return time.Time{}
		}
		return p.times.nextLook(now, since, p.Reader.list.tick, in.template)
	}
	err := p.watchAt(ctx, in.ServerID, next, func(s dcim.Server) (bool, error) {
		if settling = !s.Installing; s.Installing {
			edge.Forget(ctx, idleKey)
			p.carryTimes(ctx, in.template)
			return false, nil
		}
		settled := edge.LastsFor(ctx, idleKey, p.Settle)
		progress, err := p.endOf(ctx, in, s)
		if otherInstall(err) && !settled {
			return false, nil // the panel may show the new template late
		}
		watched = Watched{Progress: progress, FinishedAt: time.Now().UTC()}
		return err == nil, err
	})
	switch {
	case err != nil:
	case watched.Progress == InstallFailed:
		watched.Words = p.words(ctx, in.ServerID)
	default:
		p.times.remember(in.template, watched.FinishedAt.Sub(since))
	}
	return watched, err
}

// timesKey is the key of how long the template's installs took lately.
const timesKey = "times"

// carryTimes has the watch carry what is known of the template: a worker that goes on with it, when this one has
// ended, knows it too. What was carried here counts where nothing is known.
func (p *Panel) carryTimes(ctx context.Context, template string) {
	carried, _ := edge.Recall[[]time.Duration](ctx, timesKey)
	p.times.learn(template, carried)
	if known := p.times.of(template); !slices.Equal(known, carried) {
		edge.Keep(ctx, timesKey, known)
	}
}

// endOf is how the install of a server that runs none has ended. Finished means the wanted
// template: whoever installs something else meanwhile does not end this install. A panel that
// names no template proves nothing. Errors: InstallUnknown.
func (p *Panel) endOf(ctx context.Context, in install, s dcim.Server) (Progress, error) {
	if s.OperationFailed {
		return InstallFailed, nil
	}
	installed, err := p.backend.InstalledTemplate(ctx, in.ServerID)
	if err != nil {
		return "", err
	}
	if installed != "" && in.template != "" && installed != in.template {
		return "", edge.NonRetryable(edge.ErrInstallUnknown, "an install has ended on server %s, but it has %s now and not %s: somebody else's; retry installs, accept takes it as it is",
			in.ServerID, installed, in.template)
	}
	return InstallFinished, nil
}

func otherInstall(err error) bool { return edge.TypeOf(err) == edge.ErrInstallUnknown }

// words is the panel's text about the last operation, best effort: the failure
// itself is known already.
func (p *Panel) words(ctx context.Context, serverID string) string {
	text, err := p.backend.Progress(ctx, serverID)
	if err != nil {
		return ""
	}
	return holding.OneLine(text)
}

// findEnd tells what became of an install. What runs is this one when the mark announces its
// number, or when it is certain. A server with another OS than the wanted one counts as failed.
// Errors: InstallUnknown while an install runs that nobody here has asked for.
func (p *Panel) findEnd(ctx context.Context, in install, have holder, certain bool) (Watched, error) {
	server, err := p.fresh(ctx, in.ServerID)
	if err != nil {
		return Watched{}, err
	}
	if server.Installing {
		if _, number := askedInstall(have.mark); number < max(in.number, 1) && !certain {
			return Watched{}, in.busy()
		}
		return Watched{Progress: InstallRunning}, nil
	}
	progress, err := p.endOf(ctx, in, server)
	if otherInstall(err) {
		return Watched{Progress: InstallFailed, FinishedAt: time.Now().UTC(), Words: holding.OneLine(err.Error())}, nil
	}
	if err != nil {
		return Watched{}, err
	}
	return Watched{Progress: progress, FinishedAt: time.Now().UTC()}, nil
}
