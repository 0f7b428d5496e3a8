package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/operation"
)

// TestARunTakesUpWhatItFinds: what WHMCS and the panel show decides where a run begins, whatever it
// was started for.
func TestARunTakesUpWhatItFinds(t *testing.T) {
	theirs := func(blocked bool) *panel.Found {
		return &panel.Found{Server: &panel.Server{ID: "9", IP: "192.0.2.9", Hostname: "s101.example.com"}, State: holding.StateActive,
			HandedOver: true, Account: holding.Account{ID: "18", Name: "u101"}, Blocked: blocked}
	}
	for name, c := range map[string]struct {
		view  billing.OrderView
		found *panel.Found
		check func(*world, api.Status)
	}{
		"active": {billing.OrderView{Status: "Active"}, theirs(false), func(w *world, s api.Status) { w.takenUp(s, api.PhaseActive, "") }},
		"expired": {billing.OrderView{Status: "Suspended", Reason: "Overdue on Payment", Overdue: true}, theirs(true), func(w *world, s api.Status) {
			w.takenUp(s, api.PhaseBlocked, "expired")
			require.NotNil(w.t, s.GraceEndsAt)
		}},
		"suspended":       {billing.OrderView{Status: "Suspended", Reason: "abuse"}, theirs(true), func(w *world, s api.Status) { w.takenUp(s, api.PhaseBlocked, "abuse"); require.Nil(w.t, s.GraceEndsAt) }},
		"blocked by hand": {billing.OrderView{Status: "Active"}, theirs(true), func(w *world, s api.Status) { require.Equal(w.t, api.CodeAdoptMismatch, s.Attention.Code) }},
		"not blocked":     {billing.OrderView{Status: "Suspended", Reason: "abuse"}, theirs(false), func(w *world, s api.Status) { require.Equal(w.t, api.CodeAdoptMismatch, s.Attention.Code) }},
		"handed over": {billing.OrderView{Status: "Pending"}, theirs(false), func(w *world, s api.Status) {
			require.Equal(w.t, api.PhaseActive, s.Phase)
			require.Zero(w.t, w.count("StartInstall")+w.count("PowerUp"))
			require.Equal(w.t, 1, w.count("Activate"))
		}},
		"ended, and theirs": {billing.OrderView{Status: "Cancelled", NotPending: "service 101 is Cancelled in WHMCS", Ended: true}, theirs(false), func(w *world, s api.Status) {
			require.Equal(w.t, "not_pending", s.Attention.Code)
			require.Zero(w.t, w.count("CutOff"), "a customer's server is not taken without a word")
		}},
		"active without a server": {billing.OrderView{Status: "Active", NotPending: "service 101 is Active in WHMCS, not Pending"}, nil, func(w *world, s api.Status) {
			require.Equal(w.t, "not_pending", s.Attention.Code)
			require.Zero(w.t, w.count("Tell request"), "nothing is built a second time")
		}},
		"half released, and paid": {billing.OrderView{Status: "Active", NotPending: "service 101 is Active in WHMCS, not Pending"}, &panel.Found{Server: &panel.Server{ID: "9"}, State: holding.StateReleasing}, func(w *world, s api.Status) {
			require.Equal(w.t, "not_pending", s.Attention.Code)
			require.Zero(w.t, w.count("CutOff"))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.view.ClientID, c.view.Username = 7, "u101"
			w.view, w.found = &c.view, c.found
			w.look(hour, func(s api.Status) { c.check(w, s) })
			w.RegisterDelayedCallback(func() { w.view, w.found = nil, nil }, 90*time.Minute)
			w.live(order(), 2*hour)
			require.Zero(t, w.count("Quarantine"))
		})
	}
}

// takenUp is a service that is as it was found, and untouched.
func (w *world) takenUp(s api.Status, phase api.Phase, reason string) {
	w.t.Helper()
	require.Equal(w.t, phase, s.Phase)
	require.True(w.t, s.Ready)
	require.Equal(w.t, "9", s.Server.ID)
	require.Equal(w.t, "u101", s.Account)
	require.Nil(w.t, s.Attention)
	if reason == "" {
		require.Empty(w.t, s.Blocks)
	} else {
		require.Len(w.t, s.Blocks, 1)
		require.Equal(w.t, reason, s.Blocks[0].Reason)
	}
	require.Equal(w.t, []string{"CheckOrder", "FindServer", "Tell withdraw"}, append(w.done()[:2], "Tell withdraw"), "nothing but looks")
	for _, touched := range []string{"AssignAddresses", "PowerUp", "StartInstall", "HandOver", "Block", "Unblock", "CutOff", "Activate"} {
		require.Zero(w.t, w.count(touched), touched)
	}
}

// reset is a run that goes on after a reset with what it remembers.
func (w *world) again(s *State, until time.Duration) api.Status {
	w.t.Helper()
	s.Life.Reset, s.Life.Unseen, s.Life.Settled = "another-run", true, w.Now().Add(20*time.Second)
	w.at(until, api.SignalTerminate, api.Event{Reason: "end of test"})
	w.ExecuteWorkflow(api.TypeServiceLifecycle, Input{Start: api.NewStart(s.Order, s.Settings), State: s})
	require.True(w.t, w.IsWorkflowCompleted())
	require.NoError(w.t, w.GetWorkflowError())
	var status api.Status
	require.NoError(w.t, w.GetWorkflowResult(&status))
	return status
}

// remembered is what a run remembers that held a server in a phase.
func remembered(phase api.Phase) *State {
	s := newState(api.NewStart(order(), api.Settings{}))
	s.Life.Phase, s.Life.Checked = phase, true
	s.Account = holding.Account{ID: "18", Name: "u101"}
	s.Server = newServer(panel.Server{ID: "9", IP: "192.0.2.9"})
	return s
}

// TestAResetRunDoesNotBelieveItself: each memory meets a world that has gone on.
func TestAResetRunDoesNotBelieveItself(t *testing.T) {
	customers := panel.Found{Server: &panel.Server{ID: "9", IP: "192.0.2.9"}, State: holding.StateActive, HandedOver: true, Account: holding.Account{ID: "18", Name: "u101"}}
	blocked := customers
	blocked.Blocked = true
	releasing := panel.Found{Server: &panel.Server{ID: "9", IP: "192.0.2.9"}, State: holding.StateReleasing, Cleared: true}

	t.Run("it was building", func(t *testing.T) {
		w, s := newWorld(t), remembered(api.PhaseAttention)
		s.Life.Step, s.Attention = api.StepInstall, &api.Attention{Number: 1, Code: api.CodeInstallLate, Actions: []string{api.SignalRetry}}
		w.view, w.found = &billing.OrderView{Status: "Active", ClientID: 7}, &customers
		w.at(time.Second, api.SignalRetry, api.Event{Replace: true, Attention: 1}) // pressed before it has looked
		w.look(hour, func(s api.Status) {
			require.Equal(t, api.PhaseActive, s.Phase)
			require.Nil(t, s.Attention)
			require.Zero(t, w.count("Quarantine")+w.count("StartInstall")+w.count("Tell request"))
			require.Equal(t, "9", w.asked.Remembered)
			require.True(t, w.asked.Thorough)
		})
		w.again(s, 2*hour)
	})
	t.Run("unsuspend is done when the panel shows it", func(t *testing.T) {
		w, s := newWorld(t), remembered(api.PhaseActive) // it remembers nothing of the block
		w.view, w.found = &billing.OrderView{Status: "Suspended", Reason: "abuse", ClientID: 7}, &blocked
		w.at(time.Second, api.SignalUnsuspend, api.Event{EventID: "u1"})
		w.look(2*time.Second, func(s api.Status) {
			require.Equal(t, api.OutcomePending, s.Events[0].Outcome, "nobody has read the panel yet")
		})
		w.look(hour, func(s api.Status) {
			require.Equal(t, api.OutcomeApplied, s.Events[0].Outcome)
			require.Equal(t, api.PhaseActive, s.Phase)
			require.Equal(t, 1, w.count("Unblock"))
		})
		w.again(s, 2*hour)
	})
	t.Run("it was blocked, and was paid since", func(t *testing.T) {
		w, s := newWorld(t), remembered(api.PhaseBlocked)
		s.Server.Blocked = true
		s.Blocks.Expiry = &Expiry{Since: w.Now(), Grace: api.Duration(time.Minute)}
		s.Blocks.startGrace(w.Now())
		w.view, w.found = &billing.OrderView{Status: "Active", ClientID: 7}, &customers
		w.look(hour, func(s api.Status) {
			require.Equal(t, api.PhaseActive, s.Phase)
			require.Empty(t, s.Blocks)
			require.Zero(t, w.count("CutOff")+w.count("Block"))
		})
		w.again(s, 2*hour)
	})
	t.Run("it was active, and is being released", func(t *testing.T) {
		w, s := newWorld(t), remembered(api.PhaseActive)
		w.view, w.found = &billing.OrderView{Status: "Terminated", Ended: true, NotPending: "service 101 is Terminated in WHMCS", ClientID: 7}, &releasing
		end := w.again(s, 2*hour)
		require.Equal(t, api.PhaseReleased, end.Phase)
		require.Equal(t, 1, w.count("ReturnToStock"))
	})
	t.Run("it was releasing, and the server is another one's by now", func(t *testing.T) {
		w, s := newWorld(t), remembered(api.PhaseReleasing)
		s.Release = Release{Why: "ended", Release: operation.Release{Stage: operation.StageOff}}
		w.view = &billing.OrderView{Status: "Terminated", Ended: true, ClientID: 7}
		end := w.again(s, 2*hour)
		require.Equal(t, api.PhaseReleased, end.Phase)
		require.Zero(t, w.count("ClearAddresses")+w.count("PowerDown")+w.count("CutOff"))
	})
	t.Run("it was active, and nothing is there", func(t *testing.T) {
		w, s := newWorld(t), remembered(api.PhaseActive)
		w.view = &billing.OrderView{Status: "Active", NotPending: "service 101 is Active in WHMCS", ClientID: 7}
		w.look(hour, func(s api.Status) {
			require.Equal(t, "ownership_lost", s.Attention.Code)
			require.Nil(t, s.Server)
		})
		end := w.again(s, 2*hour)
		require.Equal(t, api.PhaseReleased, end.Phase)
		require.Zero(t, w.count("CutOff"))
	})
	t.Run("it was active, and the release that comes after was done by the run before", func(t *testing.T) {
		w, s := newWorld(t), remembered(api.PhaseActive)
		w.view = &billing.OrderView{Status: "Active", NotPending: "service 101 is Active in WHMCS", ClientID: 7}
		end := w.again(s, time.Second)
		require.Equal(t, api.PhaseReleased, end.Phase)
		require.Len(t, w.notes, 1)
		require.Contains(t, w.notes[0].Record, "(end of test): server 9", "WHMCS keeps which server it had")
		require.Zero(t, w.count("CutOff"))
	})
	t.Run("it was active, nothing is there, and WHMCS has ended it when somebody retries", func(t *testing.T) {
		w, s := newWorld(t), remembered(api.PhaseActive)
		w.view = &billing.OrderView{Status: "Active", NotPending: "service 101 is Active in WHMCS", ClientID: 7}
		w.look(hour, func(s api.Status) {
			require.Equal(t, "ownership_lost", s.Attention.Code)
			w.view = &billing.OrderView{Status: "Terminated", Ended: true, NotPending: "service 101 is Terminated in WHMCS", ClientID: 7}
		})
		w.at(2*hour, api.SignalRetry, api.Event{})
		w.look(3*hour, func(s api.Status) { require.Equal(t, api.PhaseReleased, s.Phase) })
		require.Equal(t, api.PhaseReleased, w.again(s, 4*hour).Phase)
	})
	t.Run("it had a server that was given back, and the order waits", func(t *testing.T) {
		w, s := newWorld(t), remembered(api.PhasePending)
		s.Life.Step, s.Request.Number = api.StepPower, 1
		w.look(hour, func(s api.Status) {
			require.Equal(t, api.PhaseActive, s.Phase)
			require.Equal(t, "5", s.Server.ID, "asked for anew")
		})
		w.again(s, 2*hour)
	})
}

// TestALookThatFailsIsAPersonsBusiness: nothing is done before it has succeeded.
func TestALookThatFailsIsAPersonsBusiness(t *testing.T) {
	w, s := newWorld(t), remembered(api.PhaseActive)
	w.fail["CheckOrder"] = final(edge.ErrWHMCSCredentials, "refused")
	w.look(hour, func(s api.Status) {
		require.Equal(t, "whmcs_credentials", s.Attention.Code)
		require.Equal(t, api.PhaseActive, s.Phase)
	})
	w.RegisterDelayedCallback(func() {
		delete(w.fail, "CheckOrder")
		w.view = &billing.OrderView{Status: "Active", ClientID: 7}
		w.found = &panel.Found{Server: &panel.Server{ID: "9"}, State: holding.StateActive, HandedOver: true, Account: holding.Account{ID: "18", Name: "u101"}}
	}, 2*hour)
	w.at(3*hour, api.SignalRetry, api.Event{})
	w.look(4*hour, func(s api.Status) {
		require.Nil(t, s.Attention)
		require.Equal(t, 2, w.count("CheckOrder"))
	})
	w.again(s, 5*hour)
}

// TestReplaceLeavesAServerAloneThatIsNotOurs: the person may not know that the customer has it.
func TestReplaceLeavesAServerAloneThatIsNotOurs(t *testing.T) {
	w := newWorld(t)
	w.fail["StartInstall"] = final(edge.ErrInstallUnknown, "the reply was lost")
	w.fail["Quarantine"] = final(edge.ErrOwnership, "server 5 belongs to u101")
	w.look(hour, func(s api.Status) {
		require.Equal(t, "install_unknown", s.Attention.Code)
		w.view = &billing.OrderView{Status: "Active", ClientID: 7}
		w.found = &panel.Found{Server: &panel.Server{ID: "5"}, State: holding.StateActive, HandedOver: true, Account: holding.Account{ID: "18", Name: "u101"}}
	})
	w.at(2*hour, api.SignalRetry, api.Event{Replace: true})
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, "5", s.Server.ID)
		require.Equal(t, 2, w.count("Tell request"), "for the account and the first server: no second one")
	})
	w.live(order(), 4*hour)
}
