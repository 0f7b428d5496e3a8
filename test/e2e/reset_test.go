package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// TestAReset: a service that Temporal resets, whatever its state, looks where the world is and goes
// on from there. Nobody gets a second install, server or mail, and nothing of a customer is touched.
func TestAReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--install-time", "3s", "--power-time", "500ms", "--servers", "6")
	for _, c := range []struct {
		name string
		// reach brings a service into the state that is reset; after is where it must end.
		reach func(*world, int)
		after func(*world, int, api.Status)
	}{
		{"claiming", func(w *world, id int) {
			w.await(id, "at its first step", func(s api.Status) bool { return s.Step != "" })
		}, (*world).goesOn},
		{"claimed", func(w *world, id int) {
			w.await(id, "claimed", func(s api.Status) bool { return s.Server != nil })
		}, (*world).goesOn},
		{"installing", func(w *world, id int) {
			w.await(id, "installing", func(s api.Status) bool { return s.Install != nil && !s.Install.AcceptedAt.IsZero() })
		}, (*world).goesOn},
		{"active", func(w *world, id int) { w.awaitPhase(id, api.PhaseActive) }, (*world).goesOn},
		{"expired", func(w *world, id int) {
			w.awaitPhase(id, api.PhaseActive)
			w.bill(id, "overdue")
			w.blocked(id, true)
		}, func(w *world, id int, before api.Status) {
			status := w.awaitPhase(id, api.PhaseBlocked)
			require.Equal(w.t, "expired", status.Blocks[0].Reason)
			require.NotNil(w.t, status.GraceEndsAt)
			w.bill(id, "paid")
			w.blocked(id, false)
			w.goesOn(id, before)
		}},
		{"suspended", func(w *world, id int) {
			w.awaitPhase(id, api.PhaseActive)
			w.starter("suspend", fmt.Sprint(id), "--reason", "abuse", "--wait", "20s")
			w.blocked(id, true)
		}, func(w *world, id int, before api.Status) {
			status := w.awaitPhase(id, api.PhaseBlocked)
			require.Equal(w.t, "abuse", status.Blocks[0].Reason)
			require.Nil(w.t, status.GraceEndsAt)
			w.starter("unsuspend", fmt.Sprint(id), "--wait", "20s")
			w.blocked(id, false)
			w.goesOn(id, before)
		}},
		{"suspended and lifted", func(w *world, id int) {
			w.awaitPhase(id, api.PhaseActive)
			w.starter("suspend", fmt.Sprint(id), "--reason", "abuse", "--wait", "20s")
			w.blocked(id, true)
			w.starter("unsuspend", fmt.Sprint(id), "--wait", "20s")
			w.blocked(id, false)
		}, (*world).goesOn},
		{"releasing", func(w *world, id int) { // until the reset was seen, however long that takes
			w.awaitPhase(id, api.PhaseActive)
			w.fault("server.poweroff", "close-before", map[string]any{"count": 1000})
			w.send(id, "terminate")
			w.awaitPhase(id, api.PhaseReleasing)
		}, func(w *world, id int, _ api.Status) {
			w.mend()
			w.awaitPhase(id, api.PhaseReleased)
			w.requireReleased(id)
		}},
		{"released", func(w *world, id int) {
			w.awaitPhase(id, api.PhaseActive)
			w.send(id, "terminate")
			w.awaitPhase(id, api.PhaseReleased)
			w.requireReleased(id)
		}, func(w *world, id int, _ api.Status) {
			w.awaitPhase(id, api.PhaseReleased)
			w.requireReleased(id)
		}},
	} {
		for _, to := range []string{"FirstWorkflowTask", "LastWorkflowTask"} {
			t.Run(c.name+" "+to, func(t *testing.T) {
				w := w.in(t)
				installs, users := len(w.panel().Installs), len(w.panel().Users)
				id := w.order(simulator.Order{IPv4: 1})
				c.reach(w, id)
				before := w.status(id)
				w.temporal("workflow", "reset", "-w", fmt.Sprintf("service-%d", id), "--type", to, "--reason", "test")
				w.await(id, "reset", func(s api.Status) bool { return tells(s, "Temporal has reset this service") })
				c.after(w, id, before)
				require.Len(t, w.panel().Installs, installs+1, "one install")
				require.LessOrEqual(t, len(w.panel().Users), users+1)
				require.Len(t, w.whmcs().MailsOf(id), 1, "one welcome mail")
				if w.status(id).Phase == api.PhaseActive {
					w.send(id, "terminate")
					w.awaitPhase(id, api.PhaseReleased)
				}
				w.requireReleased(id)
			})
		}
	}
}

// goesOn waits until a service is its customer's, with the server that it had.
func (w *world) goesOn(id int, before api.Status) {
	w.t.Helper()
	status := w.awaitLasting(id, "active again", func(s api.Status) bool {
		return s.Phase == api.PhaseActive && (tells(s, "taken up as it is") || tells(s, "handed over"))
	})
	require.Nil(w.t, status.Attention)
	if before.Server != nil {
		require.Equal(w.t, before.Server.ID, status.Server.ID)
	}
	require.Len(w.t, status.Server.ExtraIPs, 1)
	w.requireDelivered(id, status)
}

func tells(s api.Status, words string) bool {
	for _, entry := range s.Timeline {
		if strings.Contains(entry.What, words) {
			return true
		}
	}
	return false
}

// TestAResetDoesNotTakeTheServerOfACustomer: what a person then presses changes nothing of it.
func TestAResetDoesNotTakeTheServerOfACustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick)
	id := w.order(simulator.Order{IPv4: 1})
	before := w.awaitPhase(id, api.PhaseActive)
	w.temporal("workflow", "reset", "-w", fmt.Sprintf("service-%d", id), "--type", "FirstWorkflowTask", "--reason", "test")
	w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/retry?wait=10s", id), api.Event{Replace: true})
	w.goesOn(id, before)
	for _, server := range w.panel().Servers {
		require.NotContains(t, server.Notes, "quarantine")
	}
}

// TestAClientIsMerged: WHMCS moves an order that waits, and a service that runs, to another client.
// Both go on for that one, and people find each name that they can type.
func TestAClientIsMerged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--servers", "1")
	running := w.order(simulator.Order{ClientID: 70})
	w.awaitPhase(running, api.PhaseActive)
	waiting := w.order(simulator.Order{ClientID: 71})
	w.awaitPhase(waiting, api.PhaseWaiting)
	for _, id := range []int{running, waiting} {
		require.NoError(t, w.AskWHMCS(w.ctx, http.MethodPost, fmt.Sprintf("/_sim/services/%d", id), map[string]any{"client_id": 72}, nil))
	}
	w.send(running, "look")
	w.await(running, "client 72's", func(s api.Status) bool { return s.ClientID == 72 && s.Phase == api.PhaseActive })
	listed := func() bool {
		return strings.Contains(w.temporal("workflow", "list", "--query", `ClientId = "72"`), fmt.Sprintf("service-%d", running))
	}
	require.True(t, w.eventually(listed), "lists find it under its new client")

	names := w.temporal("workflow", "metadata", "-w", fmt.Sprintf("service-%d", running))
	for _, row := range api.SignalTable {
		require.Contains(t, names, row.Name)
		require.Contains(t, names, row.Effect[:min(20, len(row.Effect))])
	}

	w.send(running, "terminate")
	status := w.awaitPhase(waiting, api.PhaseActive)
	require.Equal(t, 72, status.ClientID)
	require.Nil(t, status.Attention)

	ended := w.order(simulator.Order{ClientID: 73})
	w.awaitPhase(ended, api.PhaseWaiting)
	w.send(ended, "terminate")
	w.awaitPhase(ended, api.PhaseReleased)
	require.True(t, w.eventually(func() bool { return w.whmcs().Service(ended).Status == "Cancelled" }), "and no cron starts it again")
}
