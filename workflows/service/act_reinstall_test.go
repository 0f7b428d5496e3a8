package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
)

// TestACustomerReinstalls: the same operation as the first install, with the next number.
func TestACustomerReinstalls(t *testing.T) {
	w := newWorld(t)
	o := order()
	o.Recipe = "lamp"
	var before api.Status
	w.look(hour-time.Second, func(s api.Status) { before = s })
	w.wants(hour, reinstallOf("e1"))
	w.wants(hour+time.Second, reinstallOf("e2"))
	w.wants(hour+time.Minute, reinstallOf("e3")) // it is watched by now
	w.wants(hour+time.Minute, power("e4", "off"))
	w.look(hour+2*time.Minute, func(s api.Status) {
		for _, id := range []string{"e1", "e2", "e3"} {
			require.Equal(t, api.OutcomeApplied, became(t, s, id).Outcome, id)
		}
		require.Equal(t, api.OutcomeIgnored, became(t, s, "e4").Outcome)
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, "reinstall with "+debian13, s.Action.What)
		require.Equal(t, s.Install.AcceptedAt.Add(12*time.Minute), s.Install.Deadline)
		require.True(t, s.Install.FinishedAt.IsZero())
		require.Equal(t, 1, w.count("KeepRootPassword"))
	})
	w.look(2*hour, func(s api.Status) {
		require.False(t, s.Install.FinishedAt.IsZero())
		require.Equal(t, debian13, s.Order.OSTemplate)
		require.Empty(t, s.Order.Recipe)
		require.Empty(t, s.Action.Problem)
		require.Equal(t, before.Server, s.Server)
		require.Equal(t, before.Account, s.Account)
		require.Nil(t, s.Attention)
		tells(t, s, "reinstall with "+debian13+", asked for by client jane@example.com: applied, finished after 3m0s")
	})
	w.live(o, 3*hour)
	require.Len(t, w.reinstalls, 1)
	require.Equal(t, 2, w.reinstalls[0].Number)
	require.Equal(t, debian13, w.reinstalls[0].OSTemplate)
	require.True(t, w.reinstalls[0].AsCustomer)
	require.Equal(t, 1, w.count("StartInstall"))
	require.Zero(t, w.count("Activate")-1, "no second welcome mail")
}

// TestALateReinstallIsWithdrawnByItself: it ends well after all.
func TestALateReinstallIsWithdrawnByItself(t *testing.T) {
	w := newWorld(t)
	w.when = map[string]func(){"StartReinstall": func() { w.takes = 20 * time.Minute }}
	w.wants(hour, reinstallOf("e1"))
	w.look(hour+13*time.Minute, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, api.CodeInstallLate, s.Attention.Code)
		require.Equal(t, []string{api.SignalRetry, api.SignalAccept, api.SignalTerminate}, s.Attention.Actions)
	})
	w.look(hour+25*time.Minute, func(s api.Status) {
		require.Nil(t, s.Attention)
		require.Empty(t, s.Action.Problem)
	})
	w.live(order(), 2*hour)
	require.Equal(t, 1, w.count("StartReinstall"))
}

// TestARetryGivesALateReinstallTheSameTimeAgain: nothing is installed.
func TestARetryGivesALateReinstallTheSameTimeAgain(t *testing.T) {
	w := newWorld(t)
	w.when = map[string]func(){"StartReinstall": func() { w.takes = hour }}
	w.wants(hour, reinstallOf("e1"))
	w.at(hour+15*time.Minute, api.SignalRetry, api.Event{EventID: "r1"})
	w.look(hour+16*time.Minute, func(s api.Status) {
		require.Nil(t, s.Attention)
		require.Equal(t, api.OutcomeApplied, became(t, s, "r1").Outcome)
	})
	w.look(hour+28*time.Minute, func(s api.Status) { require.Equal(t, api.CodeInstallLate, s.Attention.Code) })
	w.live(order(), 3*hour)
	require.Equal(t, 1, w.count("StartReinstall"))
}

// TestAFailedReinstallWaitsForStaff: it is never repeated by itself.
func TestAFailedReinstallWaitsForStaff(t *testing.T) {
	broken := func(t *testing.T) *world {
		w := newWorld(t)
		w.reinstallFails = "no DHCP answer"
		w.wants(hour, reinstallOf("e1"))
		w.look(2*hour, func(s api.Status) {
			require.Equal(t, api.CodeInstallFailed, s.Attention.Code)
			require.Contains(t, s.Attention.Message, "no DHCP answer")
			require.Contains(t, s.Action.Problem, "no DHCP answer")
			require.Equal(t, api.PhaseActive, s.Phase)
			require.Equal(t, 1, w.count("StartReinstall"))
			w.reinstallFails = ""
		})
		return w
	}
	t.Run("retry", func(t *testing.T) {
		w := broken(t)
		w.at(3*hour, api.SignalRetry, api.Event{EventID: "r1"})
		w.look(4*hour, func(s api.Status) {
			require.Nil(t, s.Attention)
			require.Empty(t, s.Action.Problem)
			require.Equal(t, api.OutcomeApplied, became(t, s, "r1").Outcome)
		})
		w.live(order(), 5*hour)
		require.Len(t, w.reinstalls, 2)
		require.Equal(t, 3, w.reinstalls[1].Number)
		require.Equal(t, debian13, w.reinstalls[1].OSTemplate)
	})
	t.Run("retry finds that it has ended well", func(t *testing.T) {
		w := broken(t)
		w.inspected = panel.InstallFinished
		w.at(3*hour, api.SignalRetry, nil)
		w.look(4*hour, func(s api.Status) { require.Nil(t, s.Attention) })
		w.live(order(), 5*hour)
		require.Equal(t, 1, w.count("StartReinstall"))
	})
	t.Run("retry while it is blocked", func(t *testing.T) {
		w := broken(t)
		w.at(3*hour, api.SignalSuspend, api.Event{Reason: "abuse"})
		w.at(4*hour, api.SignalRetry, api.Event{EventID: "r1"})
		w.look(5*hour, func(s api.Status) {
			require.Equal(t, api.OutcomeIgnored, became(t, s, "r1").Outcome)
			require.Equal(t, api.CodeInstallFailed, s.Attention.Code)
		})
		w.live(order(), 6*hour)
		require.Equal(t, 1, w.count("StartReinstall"))
	})
	t.Run("accept", func(t *testing.T) {
		w := broken(t)
		w.at(3*hour, api.SignalAccept, nil)
		w.look(4*hour, func(s api.Status) {
			require.Nil(t, s.Attention)
			require.Empty(t, s.Action.Problem, "its customer read of it for ever")
			require.False(t, s.Action.EndedAt.IsZero())
		})
		w.live(order(), 5*hour)
		require.Equal(t, 1, w.count("StartReinstall"))
	})
	t.Run("replace takes no other server", func(t *testing.T) {
		w := broken(t)
		w.at(3*hour, api.SignalRetry, api.Event{EventID: "r1", Replace: true})
		w.look(4*hour, func(s api.Status) {
			require.Equal(t, api.OutcomeIgnored, became(t, s, "r1").Outcome)
			require.NotNil(t, s.Attention)
		})
		w.live(order(), 5*hour)
		require.Zero(t, w.count("Quarantine"))
	})
	t.Run("a new wish of the customer", func(t *testing.T) {
		w := broken(t)
		w.wants(3*hour, reinstallOf("e2"))
		w.look(4*hour, func(s api.Status) { require.Nil(t, s.Attention) })
		w.live(order(), 5*hour)
		require.Equal(t, 3, w.reinstalls[1].Number)
	})
}

// TestAReinstallOfWhichNobodyKnowsIsForStaff: the reply was lost.
func TestAReinstallOfWhichNobodyKnowsIsForStaff(t *testing.T) {
	w := newWorld(t)
	w.fail["StartReinstall"] = final(edge.ErrInstallUnknown, "the reply was lost")
	w.wants(hour, reinstallOf("e1"))
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.CodeInstallUnknown, s.Attention.Code)
		require.Equal(t, api.OutcomeFailed, became(t, s, "e1").Outcome)
		delete(w.fail, "StartReinstall")
	})
	w.at(3*hour, api.SignalRetry, nil)
	w.look(4*hour, func(s api.Status) { require.Nil(t, s.Attention) })
	w.live(order(), 5*hour)
	require.Equal(t, 3, w.reinstalls[1].Number, "what was announced under number 2 is another one")
}

// TestAPasswordThatWHMCSDoesNotKeepIsTold: the page would show one that opens nothing.
func TestAPasswordThatWHMCSDoesNotKeepIsTold(t *testing.T) {
	w := newWorld(t)
	w.fail["KeepRootPassword"] = edge.Retryable(edge.ErrWHMCSUnavailable, "down")
	w.wants(hour, reinstallOf("e1"))
	w.look(hour+2*time.Minute, func(s api.Status) {
		require.Nil(t, s.Attention, "an outage is waited for")
		w.fail["KeepRootPassword"] = final(edge.ErrWHMCSRefused, "no such service")
	})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, "whmcs_refused", s.Attention.Code)
		require.Contains(t, s.Attention.Message, "root password")
		require.Equal(t, 1, s.Attention.Number, "once")
		delete(w.fail, "KeepRootPassword") // somebody has corrected it in WHMCS
	})
	w.look(2*hour+20*time.Minute, func(s api.Status) {
		require.Nil(t, s.Attention, "it is kept, and withdrawn by itself")
		tells(t, s, "the new root password is the service's in WHMCS")
	})
	w.live(order(), 3*hour)
}

// TestAnAnswerTriesThePasswordAgain: at once, and tells it again where WHMCS still does not keep it.
func TestAnAnswerTriesThePasswordAgain(t *testing.T) {
	w := newWorld(t)
	w.fail["KeepRootPassword"] = final(edge.ErrWHMCSRefused, "no such service")
	w.wants(hour, reinstallOf("e1"))
	w.at(hour+5*time.Minute, api.SignalRetry, api.Event{EventID: "r1"})
	w.look(hour+6*time.Minute, func(s api.Status) {
		require.Equal(t, 2, s.Attention.Number)
		delete(w.fail, "KeepRootPassword")
	})
	w.at(hour+7*time.Minute, api.SignalRetry, api.Event{EventID: "r2"})
	w.look(hour+8*time.Minute, func(s api.Status) { require.Nil(t, s.Attention) })
	w.live(order(), 3*hour)
	require.Equal(t, 3, w.count("KeepRootPassword"))
}

// TestAnUndoneReleaseTellsOfTheReinstallThatItCancelled: the server has half a system.
func TestAnUndoneReleaseTellsOfTheReinstallThatItCancelled(t *testing.T) {
	w := newWorld(t)
	w.takes = 3 * time.Minute
	w.when = map[string]func(){"StartReinstall": func() { w.takes = 9 * hour }}
	w.delays = map[string]time.Duration{"PowerDown": 2 * hour}
	w.at(30*time.Minute, api.SignalHold, nil)
	w.at(40*time.Minute, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(time.Hour)})
	w.wants(hour, reinstallOf("e1"))
	w.at(hour+time.Minute, api.SignalUnhold, nil)
	w.at(3*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.look(6*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase, "%v", s.Timeline)
		require.Equal(t, 1, w.count("Restore"))
		require.NotNil(t, s.Attention)
		require.Equal(t, api.CodeInstallFailed, s.Attention.Code)
	})
	w.live(order(), 7*hour)
}

// TestADetachThatFailsLeavesTheReinstallWatched: nobody else would tell its end.
func TestADetachThatFailsLeavesTheReinstallWatched(t *testing.T) {
	w := newWorld(t)
	w.when = map[string]func(){"StartReinstall": func() { w.takes = 10 * time.Minute }}
	w.fail["Detach"] = final(edge.ErrPanelRefused, "no")
	w.wants(hour, reinstallOf("e1"))
	w.at(hour+time.Minute, api.SignalDetach, nil)
	w.look(2*hour, func(s api.Status) {
		require.False(t, s.Install.FinishedAt.IsZero())
		require.Empty(t, s.Action.Problem)
	})
	w.wants(2*hour, power("e2", "on"))
	w.look(3*hour, func(s api.Status) { require.Equal(t, api.OutcomeApplied, became(t, s, "e2").Outcome) })
	w.live(order(), 4*hour)
}
