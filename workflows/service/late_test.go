package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
)

// TestALateInstallThatWasCancelledCountsAsFailed: the order allows another server.
func TestALateInstallThatWasCancelledCountsAsFailed(t *testing.T) {
	w := newWorld(t)
	started := 0
	w.when = map[string]func(){"StartInstall": func() {
		w.takes = 3 * time.Minute
		if started++; started == 1 {
			w.takes = 2 * hour
		}
	}}
	o := order()
	o.InstallAttempts = 2
	w.look(20*time.Minute, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase, "%v", s.Timeline)
		require.Equal(t, "6", s.Server.ID)
	})
	w.live(o, 3*hour)
	w.requireOrder("StartInstall", "InspectInstall", "CancelOperation", "Quarantine", "StartInstall", "HandOver")
	require.Equal(t, 1, w.count("InspectInstall"), "what a cancelled install leaves may seem finished")
}

// TestALateInstallThatCannotBeCancelledIsNotGivenUp: it may still run, and end well.
func TestALateInstallThatCannotBeCancelledIsNotGivenUp(t *testing.T) {
	w := newWorld(t)
	w.takes = 20 * time.Minute
	w.fail["CancelOperation"] = final(edge.ErrNotDone, "the panel did not cancel it")
	o := order()
	o.InstallAttempts = 2
	w.look(13*time.Minute, func(s api.Status) {
		require.Equal(t, api.CodeInstallLate, s.Attention.Code)
		require.Equal(t, "5", s.Server.ID)
		require.Contains(t, s.Attention.Message, "could not be cancelled")
	})
	w.look(hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.live(o, 2*hour)
	require.Zero(t, w.count("Quarantine"))
}

// TestTheLastServerIsWaitedFor: nothing is left to try.
func TestTheLastServerIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.takes = 20 * time.Minute
	w.look(13*time.Minute, func(s api.Status) { require.Equal(t, api.CodeInstallLate, s.Attention.Code) })
	w.live(order(), 2*hour)
	require.Zero(t, w.count("CancelOperation"))
}

// TestAnInstallThatNobodySawAcceptedTookNoTime: a time that was never set is no year 1.
func TestAnInstallThatNobodySawAcceptedTookNoTime(t *testing.T) {
	for _, progress := range []panel.Progress{panel.InstallFinished, panel.InstallRunning} {
		w := newWorld(t)
		w.fail["StartInstall"] = final(edge.ErrInstallUnknown, "the reply was lost")
		w.inspected = progress
		w.at(hour, api.SignalRetry, nil)
		w.at(hour+time.Minute, api.SignalRetry, nil)
		w.look(2*hour, func(s api.Status) {
			for _, line := range s.Timeline {
				require.NotContains(t, line.What, "2562047")
			}
			if s.Install != nil && !s.Install.Deadline.IsZero() {
				require.WithinDuration(t, w.Now(), s.Install.Deadline, 3*hour)
			}
			delete(w.fail, "StartInstall")
		})
		w.live(order(), 3*hour)
	}
}
