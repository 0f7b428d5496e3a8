package service

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/message"
)

const hour = time.Hour

func TestAPaidOrderBecomesActiveAndIsReleased(t *testing.T) {
	w := newWorld(t)
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.True(t, s.Ready)
		require.Equal(t, "5", s.Server.ID)
		require.Equal(t, "s101.example.com", s.Server.Hostname)
		require.Equal(t, "u101", s.Account)
		require.Len(t, s.Steps, 6)
		require.Nil(t, s.Attention)
	})
	end := w.live(order(), 2*hour)
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Equal(t, api.OutcomeApplied, end.Events[0].Outcome)
	w.requireOrder("CheckOrder", "FindServer", "Tell request", "AssignAddresses", "PowerUp", "StartInstall", "AwaitInstall",
		"HandOver", "Activate", "CutOff", "PowerDown", "ClearAddresses", "ReturnToStock", "Tell released", "Follow Terminated")
	require.Contains(t, w.notes[len(w.notes)-1].Record, "server 5 A1-05, 192.0.2.5")
}

func TestALateInstallIsShownAndGoesOnByItself(t *testing.T) {
	w := newWorld(t)
	w.takes = 20 * time.Minute
	w.look(12*time.Minute+time.Second, func(s api.Status) {
		require.Equal(t, api.PhaseAttention, s.Phase)
		require.Equal(t, api.CodeInstallLate, s.Attention.Code)
		require.Equal(t, "5", s.Server.ID, "the server stays claimed")
	})
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Nil(t, s.Attention)
	})
	w.live(order(), 2*hour)
	require.Equal(t, 1, w.count("StartInstall"))
	require.Contains(t, w.notes[0].Problem, "has not finished within 12m0s")
	require.Equal(t, billing.NoteInput{ServiceRef: billing.ServiceRef{ServiceID: 101, ClientID: 7}}, w.notes[1], "the error is taken back")
}

func TestAFailedInstallGoesToTheNextServer(t *testing.T) {
	w := newWorld(t)
	w.install = func(b panel.Build) (panel.Watched, error) {
		if b.ServerID == "5" {
			return panel.Watched{Progress: panel.InstallFailed, Words: "no boot device"}, nil
		}
		return panel.Watched{Progress: panel.InstallFinished, FinishedAt: w.Now()}, nil
	}
	o := order()
	o.InstallAttempts = 2
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, "6", s.Server.ID)
	})
	w.live(o, 2*hour)
	require.Equal(t, 1, w.count("Quarantine"))
}

func TestAFailedInstallWaitsForAPersonWhoRetries(t *testing.T) {
	w := newWorld(t)
	failed := true
	w.install = func(panel.Build) (panel.Watched, error) {
		if failed {
			failed = false
			return panel.Watched{Progress: panel.InstallFailed, Words: "no boot device"}, nil
		}
		return panel.Watched{Progress: panel.InstallFinished, FinishedAt: w.Now()}, nil
	}
	w.look(10*time.Minute, func(s api.Status) {
		require.Equal(t, api.CodeInstallFailed, s.Attention.Code)
		require.Contains(t, s.Attention.Message, "no boot device")
	})
	w.at(20*time.Minute, api.SignalRetry, api.Event{EventID: "r1"})
	w.look(hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.live(order(), 2*hour)
	require.Equal(t, 2, w.count("StartInstall"))
	require.Equal(t, 1, w.count("InspectInstall"), "retry reads the server first")
}

func TestAcceptSkipsTheInstall(t *testing.T) {
	w := newWorld(t)
	w.install = func(panel.Build) (panel.Watched, error) {
		return panel.Watched{Progress: panel.InstallFailed}, nil
	}
	w.at(20*time.Minute, api.SignalAccept, nil)
	w.look(hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.live(order(), 2*hour)
	require.Equal(t, 1, w.count("StartInstall"))
}

func TestDontWaitIsActiveAtOnceAndWatchesOn(t *testing.T) {
	w := newWorld(t)
	w.install = func(panel.Build) (panel.Watched, error) {
		return panel.Watched{Progress: panel.InstallFailed, Words: "disk"}, nil
	}
	o := order()
	o.DontWait = true
	w.look(time.Minute, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Nil(t, s.Attention)
	})
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, api.CodeInstallFailed, s.Attention.Code)
	})
	w.live(o, 2*hour)
	require.Equal(t, 1, w.count("StartInstall"), "never an automatic reinstall")
}

func TestNoFreeServerWaitsAndGoesOn(t *testing.T) {
	w := newWorld(t)
	w.servers = nil
	w.look(30*time.Second, func(s api.Status) {
		require.Equal(t, api.PhaseWaiting, s.Phase)
		require.Equal(t, 3, s.Position)
	})
	w.RegisterDelayedCallback(func() {
		w.SignalWorkflow(message.SignalGranted, message.Reply{Ask: 1, Server: panel.Server{ID: "9", IP: "192.0.2.9"}})
	}, hour)
	w.look(2*hour, func(s api.Status) { require.Equal(t, "9", s.Server.ID) })
	w.live(order(), 3*hour)
	require.Contains(t, w.notes[0].Problem, "no free server")
	require.Greater(t, w.count("Tell request"), 5, "the request is repeated, ever more slowly")
}

func TestTerminateWhileWaitingWithdraws(t *testing.T) {
	w := newWorld(t)
	w.servers = nil
	end := w.live(order(), hour)
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Equal(t, 1, w.count("Tell withdraw"))
	require.Zero(t, w.count("CutOff"))
}

func TestTerminateDuringTheInstallReleases(t *testing.T) {
	w := newWorld(t)
	end := w.live(order(), time.Minute)
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Zero(t, w.count("HandOver"))
	w.requireOrder("StartInstall", "CutOff", "PowerDown", "ClearAddresses", "ReturnToStock")
}

func TestACancelledOrderIsGivenBack(t *testing.T) {
	w := newWorld(t)
	w.fail["Activate"] = final(edge.ErrNotPending, "service 101 is Cancelled in WHMCS")
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	w.requireOrder("HandOver", "Activate", "CutOff", "ReturnToStock")
}

func TestWrongCredentialsWaitForAPersonAndGoOn(t *testing.T) {
	w := newWorld(t)
	w.fail["AssignAddresses"] = final(edge.ErrPanelCredentials, "panel fra1 refused the login of whmcsapi")
	w.look(time.Minute, func(s api.Status) {
		require.Equal(t, "panel_credentials", s.Attention.Code)
		require.Equal(t, api.PhaseAttention, s.Phase)
	})
	w.RegisterDelayedCallback(func() { delete(w.fail, "AssignAddresses") }, hour)
	w.at(hour+time.Minute, api.SignalRetry, nil)
	w.look(2*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.live(order(), 3*hour)
	require.Equal(t, 2, w.count("AssignAddresses"), "not retried blindly")
}

func TestRetryTakesCorrectedFields(t *testing.T) {
	w := newWorld(t)
	w.fail["StartInstall"] = final(edge.ErrPanelRefused, "unknown OS template")
	w.RegisterDelayedCallback(func() { delete(w.fail, "StartInstall") }, hour)
	w.at(hour+time.Minute, api.SignalRetry, map[string]any{"order": map[string]any{"os_template": "ISPsystem__Debian-13-x86_64", "service_id": 999}})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, "ISPsystem__Debian-13-x86_64", s.Order.OSTemplate)
		require.Equal(t, 101, s.Order.ServiceID)
		require.Equal(t, api.PhaseActive, s.Phase)
	})
	w.live(order(), 3*hour)
}

func TestAnEngineCancelReleasesNothing(t *testing.T) {
	w := newWorld(t)
	w.RegisterDelayedCallback(w.CancelWorkflow, hour)
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, api.CodeCancelRequested, s.Attention.Code)
	})
	w.live(order(), 3*hour)
}

func TestDetachTouchesOnlyTheMark(t *testing.T) {
	w := newWorld(t)
	w.at(hour, api.SignalDetach, api.Event{Reason: "back to the old module"})
	end := w.run(order())
	require.Equal(t, api.PhaseActive, end.Phase)
	require.Equal(t, 1, w.count("Detach"))
	require.Zero(t, w.count("CutOff"))
}

func TestNothingIsWrittenOnAServerThatIsNotOurs(t *testing.T) {
	w := newWorld(t)
	w.fail["Block"] = final(edge.ErrOwnership, "server 5 belongs to 44")
	w.at(hour, api.SignalSuspend, "abuse")
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, "ownership_lost", s.Attention.Code)
		require.Equal(t, api.OutcomePending, s.Events[0].Outcome)
		require.Equal(t, api.PhaseActive, s.Phase)
	})
	w.RegisterDelayedCallback(func() { delete(w.fail, "Block") }, 3*hour)
	w.at(3*hour+time.Minute, api.SignalRetry, nil)
	w.look(4*hour, func(s api.Status) { require.Equal(t, api.PhaseBlocked, s.Phase) })
	w.live(order(), 5*hour)
	require.Equal(t, 2, w.count("Block"))
}

func TestTheDetailsSayWhatToDo(t *testing.T) {
	s := State{Order: order()}
	s.Life.Phase = api.PhaseAttention
	s.Attention = &api.Attention{Code: api.CodeInstallFailed, Message: "no boot device", Actions: []string{api.SignalRetry, api.SignalTerminate}}
	require.Contains(t, s.details(), "no boot device")
	require.Contains(t, s.details(), "retry, terminate")
	require.False(t, strings.Contains(s.details(), "%!"))

	// Whoever wrote a label, a reason or the panel's words writes no part of the page.
	const foreign = "<img src=x>[retry](https://evil.example)\x1b[31m\u202e"
	s.Attention.Message, s.Server = foreign, &Server{Server: api.Server{ID: "5", Label: foreign, IP: foreign}}
	s.Account.Name, s.Blocks.Hold = foreign, foreign
	require.NotRegexp(t, `[^\\][<\[\]]|://|\x1b|\x{202e}`, s.details())
}
