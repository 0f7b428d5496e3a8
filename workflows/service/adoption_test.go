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
)

// adoption is a service that comes from the old module, as WHMCS shows it.
func (w *world) adoption(status, reason string) api.Start {
	return api.NewAdoption(panel.Adoption{
		ServiceID: 101, ClientID: 7, Server: panel.Server{ID: "9", Hostname: "101.domain"}, Package: "E3-16G",
		Account: holding.Account{ID: "18", Name: "cust42"}, Status: status, Reason: reason,
	}, "fra1", w.Now(), api.Duration(day), api.Settings{})
}

// adopt runs an adopted service until it is terminated.
func (w *world) adopt(in api.Start, until time.Duration) api.Status {
	w.t.Helper()
	w.at(until, api.SignalTerminate, api.Event{Reason: "end of test"})
	w.ExecuteWorkflow(api.TypeServiceLifecycle, in)
	require.True(w.t, w.IsWorkflowCompleted())
	require.NoError(w.t, w.GetWorkflowError())
	var status api.Status
	require.NoError(w.t, w.GetWorkflowResult(&status))
	return status
}

func TestAnAdoptedServiceIsActiveAndUntouched(t *testing.T) {
	w := newWorld(t)
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.True(t, s.Ready)
		require.Equal(t, "9", s.Server.ID)
		require.Equal(t, "cust42", s.Account)
		require.Nil(t, s.Attention)
		require.Equal(t, []string{"Adopt"}, w.done(), "no install, no power, no addresses, no word to WHMCS")
	})
	w.at(2*hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.WithinDuration(t, w.Now().Add(23*hour), *s.GraceEndsAt, time.Minute)
	})
	end := w.adopt(w.adoption("Active", ""), 4*hour)
	require.Equal(t, api.PhaseReleased, end.Phase)
}

func TestAnUnpaidServiceIsAdoptedWithAWholeGracePeriod(t *testing.T) {
	w := newWorld(t)
	w.blockedByHand = true // blocked before we came
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, "expired", s.Blocks[0].Reason)
		require.WithinDuration(t, w.Now().Add(23*hour), *s.GraceEndsAt, time.Minute)
	})
	w.at(2*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-02-28")})
	w.look(3*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.adopt(w.adoption("Suspended", "Overdue on Payment"), 4*hour)
}

func TestAnAdoptedSuspensionHasNoGracePeriod(t *testing.T) {
	w := newWorld(t)
	w.blockedByHand = true
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.Block{Reason: "abuse", Source: api.SourceWHMCS, Since: s.Blocks[0].Since}, s.Blocks[0])
		require.Nil(t, s.GraceEndsAt)
	})
	w.adopt(w.adoption("Suspended", "abuse"), 2*hour)
}

func TestWhatPanelAndWHMCSSayDifferentlyIsAttention(t *testing.T) {
	for status, blocked := range map[string]bool{"Active": true, "Suspended": false} {
		w := newWorld(t)
		w.blockedByHand = blocked
		w.look(hour, func(s api.Status) {
			require.Equal(t, api.CodeAdoptMismatch, s.Attention.Code)
			require.Equal(t, blocked, s.Phase == api.PhaseBlocked, "as the panel has it")
			require.Zero(t, w.count("Block")+w.count("Unblock"))
		})
		w.adopt(w.adoption(status, ""), 2*hour)
	}
}

// TestAPersonEndsTheMismatch: each of the three actions that the attention offers ends it.
func TestAPersonEndsTheMismatch(t *testing.T) {
	for name, c := range map[string]struct {
		status  string
		blocked bool
		signal  string
		phase   api.Phase
		follow  int // how often WHMCS is made to show what is true
	}{
		"open again":       {"Active", true, api.SignalUnsuspend, api.PhaseActive, 1},
		"stays blocked":    {"Active", true, api.SignalSuspend, api.PhaseBlocked, 1},
		"blocked as it is": {"Active", true, api.SignalAccept, api.PhaseBlocked, 0},
		"blocked now":      {"Suspended", false, api.SignalSuspend, api.PhaseBlocked, 1},
		"stays open":       {"Suspended", false, api.SignalUnsuspend, api.PhaseActive, 1},
		"open as it is":    {"Suspended", false, api.SignalAccept, api.PhaseActive, 0},
		"unpaid":           {"Suspended", false, api.SignalExpire, api.PhaseBlocked, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.blockedByHand = c.blocked
			w.look(hour, func(s api.Status) { require.Equal(t, api.CodeAdoptMismatch, s.Attention.Code) })
			w.at(2*hour, c.signal, api.Event{Reason: "a person said so"})
			w.look(3*hour, func(s api.Status) {
				require.Nil(t, s.Attention)
				require.Equal(t, c.phase, s.Phase)
				shown := map[api.Phase]string{api.PhaseActive: "Active", api.PhaseBlocked: "Suspended"}[c.phase]
				require.Equal(t, c.follow, w.count("Follow "+shown))
			})
			w.adopt(w.adoption(c.status, ""), 4*hour)
		})
	}
}

func TestAServerThatIsAnotherOnesIsNotAdopted(t *testing.T) {
	w := newWorld(t)
	w.fail["Adopt"] = final(edge.ErrNotAdoptable, "server 9 belongs to somebody else")
	w.look(hour, func(s api.Status) {
		require.Equal(t, "not_adoptable", s.Attention.Code)
		delete(w.fail, "Adopt")
	})
	w.at(2*hour, api.SignalRetry, api.Event{})
	w.look(3*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.adopt(w.adoption("Active", ""), 4*hour)

	w = newWorld(t)
	w.fail["Adopt"] = final(edge.ErrNotAdoptable, "server 9 belongs to somebody else")
	end := w.adopt(w.adoption("Active", ""), hour)
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Zero(t, w.count("CutOff"), "nothing was held")
}

// TestAnUnpaidReleaseIsTakenUp: where the lifecycle that began it is lost, the release goes on while WHMCS shows that nobody paid, and
// the customer has the server again when somebody has.
func TestAnUnpaidReleaseIsTakenUp(t *testing.T) {
	releasing := panel.Found{Server: &panel.Server{ID: "9", IP: "192.0.2.9"}, State: holding.StateReleasing, Blocked: true}
	unpaid := billing.OrderView{Status: "Suspended", Reason: "Overdue on Payment", Overdue: true, NotPending: "service 101 is Suspended in WHMCS, not Pending", ClientID: 7, Username: "cust42"}
	look := func(w *world) api.Start {
		in := w.adoption("Suspended", "Overdue on Payment")
		in.Adopt.Look = true
		w.view, w.found = &unpaid, &releasing
		return in
	}
	t.Run("unpaid", func(t *testing.T) {
		w := newWorld(t)
		end := w.adopt(look(w), hour)
		require.Equal(t, api.PhaseReleased, end.Phase)
		require.Equal(t, 1, w.count("ReturnToStock"))
		require.Zero(t, w.count("Adopt"))
	})
	t.Run("paid since", func(t *testing.T) {
		w := newWorld(t)
		w.undue = "WHMCS shows it as Active"
		w.look(hour, func(s api.Status) {
			require.Equal(t, api.PhaseBlocked, s.Phase)
			require.Equal(t, "cust42", s.Account)
			require.Equal(t, 1, w.count("Restore"))
			require.Zero(t, w.count("ClearAddresses"))
		})
		w.adopt(look(w), 2*hour)
	})
	t.Run("ended", func(t *testing.T) {
		w := newWorld(t)
		in := look(w)
		w.view = &billing.OrderView{Status: "Terminated", Ended: true, NotPending: "service 101 is Terminated in WHMCS", ClientID: 7}
		end := w.adopt(in, hour)
		require.Equal(t, api.PhaseReleased, end.Phase)
		require.Equal(t, 1, w.count("ReturnToStock"))
	})
}
