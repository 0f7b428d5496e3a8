package panel

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
	"metalease/internal/duration"
)

// calls counts the panel's calls of a function.
func (w *world) calls(function string) int { return w.Panel.State().Functions[function].Requests }

// ignore has the panel accept a function and do nothing.
func (w *world) ignore(function string) {
	w.T.Helper()
	require.NoError(w.T, w.Panel.Fault(panelsim.Rule{Function: function, Effect: panelsim.Ignore}))
}

// TestEveryWaitEnds: a panel that accepts an operation and does not do it is asked again, and is
// then a person's business.
func TestEveryWaitEnds(t *testing.T) {
	for name, c := range map[string]struct {
		function string
		prepare  func(w *world, b Build)
		act      func(w *world) any
		kind     string
	}{
		"block":   {"server.disable", func(*world, Build) {}, func(w *world) any { return w.p.Block }, edge.ErrNotDone},
		"cut off": {"server.disable", func(*world, Build) {}, func(w *world) any { return w.p.CutOff }, edge.ErrNotDone},
		"unblock": {"server.enable", func(w *world, b Build) { require.NoError(w.T, simulated.Do(w, w.p.Block, b.Target)) },
			func(w *world) any { return w.p.Unblock }, edge.ErrNotDone},
		"power off": {"server.poweroff", func(w *world, b Build) { require.NoError(w.T, simulated.Do(w, w.p.CutOff, b.Target)) },
			func(w *world) any { return w.p.PowerDown }, edge.ErrNotOff},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.p.ReleaseTimeout = 300 * time.Millisecond
			b := w.handOver(w.Order(7))
			c.prepare(w, b)
			w.ignore(c.function)
			before := w.calls(c.function)
			var shown []string
			w.Env.SetOnActivityHeartbeatListener(func(_ *activity.Info, details converter.EncodedValues) {
				var kept map[string]any
				if details.HasValues() && details.Get(&kept) == nil && kept[edge.Waiting] != nil {
					shown = append(shown, kept[edge.Waiting].(string))
				}
			})
			simulated.RequireType(t, simulated.Do(w, c.act(w), b.Target), c.kind, false)
			require.Equal(t, sends, w.calls(c.function)-before, "it is asked again on the way")
			require.NotEmpty(t, shown, "and nobody has to guess")
			require.Regexp(t, "^panel fra1 did not .* server 1 within .*, though it was asked once$", shown[0])
			w.RequireClean()
		})
	}
}

// TestAnOperationThatIsNotCancelledEnds the wait as well.
func TestAnOperationThatIsNotCancelledEnds(t *testing.T) {
	w := newWorld(t)
	w.p.ReleaseTimeout = 300 * time.Millisecond
	b := w.build(w.Order(7), Target{})
	b.Target = w.claim(w.Billing.State().Services[0])
	w.Administer("1", map[string]any{"install_in_progress": true})
	w.ignore("server.opercancel")
	simulated.RequireType(t, simulated.Do(w, w.p.CancelOperation, b.Target), edge.ErrNotDone, false)
	require.Equal(t, sends, w.calls("server.opercancel"))
}

// TestARefusalMaySayThatItIsSo: what is reached is reached.
func TestARefusalMaySayThatItIsSo(t *testing.T) {
	t.Run("the install ends between the look and the cancel", func(t *testing.T) {
		w := newWorld(t, func(c *panelsim.Config) { c.InstallTime, c.CancelNeedsOperation = 100*time.Millisecond, true })
		service := w.Order(7)
		b := w.build(service, w.claim(service))
		_, err := simulated.Run[Started](w, w.p.StartInstall, b)
		require.NoError(t, err)
		slow := panelsim.Rule{Function: "server.edit", Effect: panelsim.Slow, Count: 1, Delay: duration.Duration(300 * time.Millisecond)}
		require.NoError(t, w.Panel.Fault(slow))
		require.NoError(t, simulated.Do(w, w.p.CancelOperation, b.Target))
		require.Equal(t, 1, w.calls("server.opercancel"), "it was refused")
		w.RequireClean()
	})
	t.Run("block", func(t *testing.T) {
		w := newWorld(t)
		b := w.handOver(w.Order(7))
		w.Administer("1", map[string]any{"disabled": true})
		require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "server.disable", Effect: panelsim.Error, Type: "value"}))
		require.NoError(t, simulated.Do(w, w.p.Block, b.Target))
		w.Administer("1", map[string]any{"disabled": false})
		simulated.RequireType(t, simulated.Do(w, w.p.Block, b.Target), edge.ErrPanelRefused, false)
	})
	t.Run("power off", func(t *testing.T) {
		w := newWorld(t)
		b := w.handOver(w.Order(7))
		require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
		w.Administer("1", map[string]any{"power": "off"})
		require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "server.poweroff", Effect: panelsim.Error, Type: "value"}))
		require.NoError(t, simulated.Do(w, w.p.PowerDown, b.Target))
	})
}

// TestAWatchOutlivesABadAnswer: what was waited for until then is not thrown away.
func TestAWatchOutlivesABadAnswer(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime = 100 * time.Millisecond })
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	_, err := simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	w.Lose(panelsim.HTTP500, "server", failedLooks-1)
	watched, err := simulated.Run[Watched](w, w.p.AwaitInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallFinished, watched.Progress)
}

// TestSomebodyElsesInstallIsNotOurs: finished means the ordered template.
func TestSomebodyElsesInstallIsNotOurs(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime = time.Minute })
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	w.Administer("1", map[string]any{"install_in_progress": true}) // a technician's
	_, err := simulated.Run[Watched](w, w.p.InspectInstall, b)
	simulated.RequireType(t, err, edge.ErrInstallUnknown, false)

	w.Administer("1", map[string]any{"install_in_progress": false})
	_, err = w.p.fresh(t.Context(), "1")
	require.NoError(t, err)
	_, err = simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	watched, err := simulated.Run[Watched](w, w.p.InspectInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallRunning, watched.Progress)
	w.Administer("1", map[string]any{"install_in_progress": false, "template": "ISPsystem__AlmaLinux-9-x86_64"}) // in place of ours
	_, err = simulated.Run[Watched](w, w.p.AwaitInstall, b)
	simulated.RequireType(t, err, edge.ErrInstallUnknown, false)
	watched, err = simulated.Run[Watched](w, w.p.InspectInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallFailed, watched.Progress, "so a person's retry installs")
	require.Contains(t, watched.Words, "AlmaLinux")
}

// TestAListIsNotBelievedBlindly: a server that the list lacks is asked for, and a list that is
// suddenly empty or much shorter is no answer.
func TestAListIsNotBelievedBlindly(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.Order(7))
	backend := &shortList{Backend: w.Backend}
	w.p.Reader = NewReader(backend, time.Millisecond)
	require.NoError(t, simulated.Do(w, w.p.Block, b.Target))

	backend.without = func(s dcim.Server) bool { return s.ID == "1" }
	_, err := w.p.fresh(t.Context(), "1")
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
	_, err = w.p.fresh(t.Context(), "99")
	simulated.RequireType(t, err, edge.ErrOwnership, false)

	for _, without := range []func(dcim.Server) bool{
		func(dcim.Server) bool { return true },
		func(s dcim.Server) bool { return s.ID != "1" },
	} {
		backend.without = without
		_, err = w.p.Reader.Fresh(t.Context(), true)
		require.ErrorIs(t, err, dcim.ErrNotAPanel)
		_, err = simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: b.ServiceID, Accounts: []string{b.Account.Name}, Thorough: true})
		simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
	}
	backend.without = nil
	_, err = w.p.Reader.Fresh(t.Context(), true)
	require.NoError(t, err)
	require.Equal(t, w.p.mark(b.ServiceID, servedState("", true)).String(), w.Server("1").Notes)
}

// TestAShortListCountsAfterAWhile: a panel may lose most of its servers indeed.
func TestAShortListCountsAfterAWhile(t *testing.T) {
	list, now := &length{}, time.Now()
	plausible := func(count int, at time.Time) error { return list.plausible(count, "servers", "fra1", at) }
	require.NoError(t, plausible(100, now))
	require.NoError(t, plausible(50, now))
	require.NoError(t, plausible(100, now))
	require.Error(t, plausible(49, now))
	require.Error(t, plausible(0, now.Add(shortAccepted-1)))
	require.NoError(t, plausible(49, now.Add(shortAccepted)))
	require.NoError(t, plausible(48, now.Add(shortAccepted)))

	list = &length{} // a worker that has just started
	require.Error(t, plausible(0, now), "an empty list is no answer, also the first")
	require.NoError(t, plausible(0, now.Add(shortAccepted)), "a panel may have none")
	require.NoError(t, plausible(1, now.Add(shortAccepted)))
}

// shortList is a panel whose list lacks servers.
type shortList struct {
	dcim.Backend
	without func(dcim.Server) bool
}

func (s *shortList) Servers(ctx context.Context) ([]dcim.Server, error) {
	servers, err := s.Backend.Servers(ctx)
	if s.without != nil {
		servers = slices.DeleteFunc(servers, s.without)
	}
	return servers, err
}

// ServersWhere is the same: the panel ignores filters.
func (s *shortList) ServersWhere(ctx context.Context, _ dcim.Where) ([]dcim.Server, error) {
	return s.Servers(ctx)
}
