package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/operation"
)

// begun is what a run remembers in whose middle an action is.
func begun(w *world, wish wish) *State {
	s := remembered(api.PhaseActive)
	s.Server.Hostname, s.Server.Install = "s101.example.com", operation.Install{State: operation.InstallFinished, Number: 1}
	wish.event.At.Time = w.Now()
	s.Journal.record(api.EventRecord{EventID: wish.event.EventID, Kind: wish.kind, Outcome: api.OutcomePending})
	s.Acting.Now = newAction(wish.kind, wish.event, w.Now())
	s.Acting.Now.Begun = true
	w.view, w.found = &billing.OrderView{Status: "Active", ClientID: 7}, customers(false)
	w.found.Server.Hostname = "s101.example.com"
	return s
}

// TestAResetRepeatsNothingThatMayHaveBeenDone: a second reboot is nobody's wish, and paid addresses are.
func TestAResetRepeatsNothingThatMayHaveBeenDone(t *testing.T) {
	for _, wish := range []wish{power("e1", "reboot"), network("e1", "on")} {
		w := newWorld(t)
		s := begun(w, wish)
		w.look(hour, func(s api.Status) {
			require.Equal(t, api.OutcomeFailed, became(t, s, "e1").Outcome)
			require.Contains(t, became(t, s, "e1").Reason, "whether it was done is not known")
		})
		w.again(s, 2*hour)
		require.Zero(t, len(w.powered)+w.count("SwitchNetwork"))
	}
	w := newWorld(t)
	w.changed = extra
	s := begun(w, addresses("e1", 2))
	w.look(hour, func(s api.Status) { require.Equal(t, api.OutcomeApplied, became(t, s, "e1").Outcome) })
	w.again(s, 2*hour)
	require.Equal(t, 1, w.count("ChangeAddresses"))
}

// TestAResetGoesOnWithAReinstall: by its number, whatever the run remembers of it.
func TestAResetGoesOnWithAReinstall(t *testing.T) {
	t.Run("it was being asked for", func(t *testing.T) {
		w := newWorld(t)
		s := begun(w, reinstallOf("e1"))
		s.Server.Install = operation.Install{State: operation.InstallRequested, Number: 2, Anew: true}
		w.look(hour, func(s api.Status) {
			require.Equal(t, api.OutcomeApplied, became(t, s, "e1").Outcome)
			require.Empty(t, s.Action.Problem)
			require.Equal(t, debian13, s.Order.OSTemplate)
		})
		w.again(s, 2*hour)
		require.Len(t, w.reinstalls, 1)
		require.Equal(t, 2, w.reinstalls[0].Number, "the same one, which is only looked at")
	})
	t.Run("it was watched", func(t *testing.T) {
		w := newWorld(t)
		s := begun(w, reinstallOf("e1"))
		s.Server.Install = operation.Install{State: operation.InstallRunning, Number: 2, Anew: true, AcceptedAt: w.Now(), Deadline: w.Now().Add(hour)}
		s.Acting.Now.Watched = true
		w.look(hour, func(s api.Status) {
			require.False(t, s.Install.FinishedAt.IsZero())
			require.Empty(t, s.Action.Problem)
		})
		w.again(s, 2*hour)
		require.Zero(t, len(w.reinstalls))
		require.Equal(t, 1, w.count("AwaitReinstall"))
	})
	for progress, outcome := range map[panel.Progress]string{
		panel.InstallRunning: "", panel.InstallFinished: "", panel.InstallFailed: api.CodeInstallFailed,
	} {
		t.Run("only the mark tells of it, "+string(progress), func(t *testing.T) {
			w := newWorld(t)
			s := begun(w, power("e1", "reboot"))
			s.Acting, s.Journal = Acting{}, Journal{}
			w.found.State, w.inspected = "active installing 2 accepted was=ISPsystem__Debian-12-x86_64", progress
			w.look(hour, func(s api.Status) {
				require.Equal(t, api.PhaseActive, s.Phase)
				require.NotNil(t, s.Action)
				require.Equal(t, "reinstall", s.Action.What)
				if outcome == "" {
					require.Nil(t, s.Attention)
					require.False(t, s.Install.FinishedAt.IsZero())
					require.Equal(t, 1, w.count("KeepRootPassword"))
				} else {
					require.Equal(t, outcome, s.Attention.Code)
				}
			})
			w.again(s, 2*hour)
			require.Zero(t, len(w.reinstalls), "it is never asked for")
		})
	}
}

// TestAWishThatComesBeforeTheLookWaitsForIt: and is too late when the look takes too long.
func TestAWishThatComesBeforeTheLookWaitsForIt(t *testing.T) {
	for after, outcome := range map[time.Duration]api.Outcome{time.Minute: api.OutcomeApplied, 10 * time.Minute: api.OutcomeIgnored} {
		w := newWorld(t)
		s := begun(w, power("", "reboot"))
		s.Acting, s.Journal = Acting{}, Journal{}
		w.delays = map[string]time.Duration{"CheckOrder": after}
		w.wants(time.Second, power("e1", "reboot"))
		w.look(30*time.Second, func(s api.Status) {
			require.Equal(t, api.OutcomePending, became(t, s, "e1").Outcome)
			require.Empty(t, w.powered)
		})
		w.look(6*time.Minute, func(s api.Status) { require.Equal(t, outcome, became(t, s, "e1").Outcome) })
		w.again(s, hour)
	}
}

// TestAFullRunWaitsForWhatIsBeingDone: nothing in flight is lost to the next one.
func TestAFullRunWaitsForWhatIsBeingDone(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"SwitchPower": 10 * time.Minute}
	w.wants(hour, power("e1", "reboot"))
	w.wants(hour+time.Minute, addresses("e2", 2))
	w.changed = extra
	w.RegisterDelayedCallback(func() { w.SetContinueAsNewSuggested(true) }, hour+2*time.Minute)
	w.look(hour+5*time.Minute, func(s api.Status) { require.Equal(t, api.OutcomePending, became(t, s, "e1").Outcome) })
	w.ExecuteWorkflow(api.TypeServiceLifecycle, api.NewStart(order(), api.Settings{}))
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, w.GetWorkflowError(), &again)
	var next Input
	require.NoError(t, decode(again, &next))
	require.Equal(t, api.OutcomeApplied, became(t, next.State.status(), "e1").Outcome)
	require.Equal(t, api.OutcomeApplied, became(t, next.State.status(), "e2").Outcome)
	require.Nil(t, next.State.Acting.Now)
	require.Len(t, w.powered, 1)
}

// TestWhatWaitsGoesOnInTheNextRun: paid addresses of a blocked server, and what staff are to decide on.
func TestWhatWaitsGoesOnInTheNextRun(t *testing.T) {
	w := newWorld(t)
	w.changed = extra
	s := begun(w, addresses("e1", 2))
	s.Acting.Next, s.Acting.Now = s.Acting.Now, nil
	s.Acting.Next.Begun = false
	w.look(hour, func(s api.Status) { require.Equal(t, api.OutcomeApplied, became(t, s, "e1").Outcome) })
	w.again(s, 2*hour)

	w = newWorld(t)
	s = begun(w, reinstallOf("e1"))
	s.Server.Install = operation.Install{State: operation.InstallFailed, Number: 2, Anew: true}
	s.Acting.Stopped = &Stopped{Action: *s.Acting.Now, Code: api.CodeInstallFailed, Message: "no DHCP answer"}
	s.Acting.Now = nil
	w.look(hour, func(s api.Status) { require.Equal(t, api.CodeInstallFailed, s.Attention.Code) })
	w.at(90*time.Minute, api.SignalRetry, nil)
	w.look(110*time.Minute, func(s api.Status) { require.Nil(t, s.Attention) })
	w.again(s, 2*hour)
	require.Equal(t, 3, w.reinstalls[0].Number)
}

// TestAKilledWorkerGoesOnWithTheReinstall: the worker dies while the panel is asked, and comes back.
func TestAKilledWorkerGoesOnWithTheReinstall(t *testing.T) {
	w := newWorld(t)
	w.fail["StartReinstall"] = edge.Retryable(edge.ErrWorkerStopping, "the worker stops")
	w.wants(hour, reinstallOf("e1"))
	w.RegisterDelayedCallback(func() { delete(w.fail, "StartReinstall") }, hour+2*time.Second)
	w.look(2*hour, func(s api.Status) { require.Equal(t, api.OutcomeApplied, became(t, s, "e1").Outcome) })
	w.live(order(), 3*hour)
	require.Greater(t, len(w.reinstalls), 1)
	for _, in := range w.reinstalls {
		require.Equal(t, 2, in.Number, "one install, by its number")
	}
}
