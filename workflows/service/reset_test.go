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
	"metalease/workflows/internal/message"
	"metalease/workflows/internal/operation"
)

// customers is what the panel shows of a server that its customer has.
func customers(blocked bool) *panel.Found {
	return &panel.Found{Server: &panel.Server{ID: "9", IP: "192.0.2.9"}, State: holding.StateActive, HandedOver: true,
		Account: holding.Account{ID: "18", Name: "u101"}, Blocked: blocked}
}

// expired is what a run remembers of a server that it has blocked for an expiry.
func expired(w *world) *State {
	s := remembered(api.PhaseBlocked)
	s.Server.Blocked = true
	s.Blocks.Expiry = &Expiry{Since: w.Now(), Grace: api.Duration(72 * time.Hour)}
	s.Blocks.startGrace(w.Now())
	return s
}

// TestMemoryTellsWHMCSNothingBeforeTheLook: a comparison was due at the point of the reset, and the
// customer has paid since.
func TestMemoryTellsWHMCSNothingBeforeTheLook(t *testing.T) {
	w := newWorld(t)
	s := expired(w)
	due := w.Now()
	s.Billing.FollowAt = &due
	w.view, w.found = &billing.OrderView{Status: "Active", ClientID: 7}, customers(false)
	w.again(s, 2*hour)
	require.Zero(t, w.count("Follow Suspended"), "a payer is suspended: %v", w.done())
}

// TestAPaymentThatMemoryHasNotHeardOfUnblocks: WHMCS shows it as paid, the panel as blocked by us.
func TestAPaymentThatMemoryHasNotHeardOfUnblocks(t *testing.T) {
	w := newWorld(t)
	s := expired(w)
	w.view, w.found = &billing.OrderView{Status: "Active", ClientID: 7}, customers(true)
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase, "%v", s.Timeline)
		require.Empty(t, s.Blocks)
		require.Nil(t, s.Attention)
		require.Equal(t, 1, w.count("Unblock"))
	})
	w.again(s, 2*hour)
	require.Zero(t, w.count("Follow Suspended"))
}

// TestAnAbuserIsNotUnblockedByAPaymentThatWHMCSShows: the other reason stays.
func TestAnAbuserIsNotUnblockedByAPaymentThatWHMCSShows(t *testing.T) {
	w := newWorld(t)
	s := expired(w)
	s.Blocks.suspend("abuse", "signal", w.Now())
	w.view, w.found = &billing.OrderView{Status: "Active", ClientID: 7}, customers(true)
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Len(t, s.Blocks, 1)
		require.Zero(t, w.count("Unblock"))
	})
	w.again(s, 2*hour)
}

// TestAReleaseThatNobodyRemembersAsksWHMCS: the run before was undoing it, because somebody had paid.
func TestAReleaseThatNobodyRemembersAsksWHMCS(t *testing.T) {
	releasing := panel.Found{Server: &panel.Server{ID: "9", IP: "192.0.2.9"}, State: holding.StateReleasing, Blocked: true}
	w, s := newWorld(t), remembered(api.PhaseActive)
	w.view, w.found = &billing.OrderView{Status: "Active", ClientID: 7, NotPending: "service 101 is Active in WHMCS"}, &releasing
	end := w.again(s, 2*hour)
	require.Equal(t, 1, w.count("Restore"), "a payer's server is wiped: %v", end.Timeline)
	require.Equal(t, endOfTest, lastRelease(end))
}

// TestEachWordEndsABlindRelease: the look has failed in a release, and a person says what is to be done.
func TestEachWordEndsABlindRelease(t *testing.T) {
	for _, word := range []string{api.SignalDetach, api.SignalTerminate} {
		for _, holds := range []bool{true, false} {
			w, s := newWorld(t), remembered(api.PhaseReleasing)
			s.Release = Release{Why: "ended", Release: operation.Release{Stage: operation.StageOff}}
			if !holds {
				s.Server, s.Release.Stage = nil, operation.StageGivenBack
			}
			w.fail["FindServer"] = final(edge.ErrDuplicatedMark, "servers 9 and 10 both carry the mark")
			w.at(hour, word, api.Event{EventID: "x1"})
			end := w.again(s, 3*hour)
			require.Equal(t, api.PhaseReleased, end.Phase, word)
			require.NotEqual(t, api.OutcomePending, end.Events[0].Outcome, word)
		}
	}
}

// TestAReleasedRunThatFindsAServerGivesItBack: WHMCS has ended the order that it was claimed for.
func TestAReleasedRunThatFindsAServerGivesItBack(t *testing.T) {
	w, s := newWorld(t), remembered(api.PhaseReleased)
	s.Server = nil
	w.view = &billing.OrderView{Status: "Cancelled", ClientID: 7, Ended: true, NotPending: "service 101 is Cancelled in WHMCS"}
	w.found = &panel.Found{Server: &panel.Server{ID: "9"}, State: holding.StateClaimed}
	end := w.again(s, 2*hour)
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Equal(t, 1, w.count("ReturnToStock"))
}

// TestWHMCSDoesNotBillForWhatWasReleased: it shows the order as Active, and a person ends the half
// released server of it.
func TestWHMCSDoesNotBillForWhatWasReleased(t *testing.T) {
	w := newWorld(t)
	w.view = &billing.OrderView{Status: "Active", ClientID: 7, NotPending: "service 101 is Active in WHMCS"}
	w.found = &panel.Found{Server: &panel.Server{ID: "9"}, State: holding.StateReleasing}
	w.live(order(), hour)
	require.Equal(t, 1, w.count("ReturnToStock"))
	require.Equal(t, 1, w.count("Follow Terminated"), "%v", w.done())
	require.Zero(t, w.count("Follow Cancelled"))
}

// TestAnEndedOrderIsCancelled: while its server is given back, WHMCS shows nothing that is to be
// called Terminated.
func TestAnEndedOrderIsCancelled(t *testing.T) {
	w := newWorld(t)
	w.fail["StartInstall"] = final(edge.ErrInstallUnknown, "the reply was lost")
	w.live(order(), hour)
	require.Equal(t, 1, w.count("ReturnToStock"))
	require.Equal(t, 1, w.count("Follow Cancelled"), "%v", w.done())
	require.Zero(t, w.count("Follow Terminated"))
}

// TestWhatALookFindsIsBounded: the panel may show any number of addresses.
func TestWhatALookFindsIsBounded(t *testing.T) {
	s := remembered(api.PhaseActive)
	many := panel.Found{Server: &panel.Server{ID: "9", ExtraIPs: make([]string, 9000)}, HandedOver: true, State: holding.StateActive}
	(&lifecycle{s: s}).hold(many)
	require.Len(t, s.Server.ExtraIPs, keepAddresses)
}

// TestAGrantThatTheLookHasFoundIsKept: the allocator's word for the run before comes while this one looks.
func TestAGrantThatTheLookHasFoundIsKept(t *testing.T) {
	w := newWorld(t)
	w.view = &billing.OrderView{Status: "Pending", ClientID: 7, Username: "u101"}
	w.found = &panel.Found{Server: &panel.Server{ID: "9", IP: "192.0.2.9", Hostname: "free.ds"}, State: holding.StateClaimed}
	w.RegisterDelayedCallback(func() {
		w.SignalWorkflow(message.SignalGranted, message.Reply{Ask: 1, Server: panel.Server{ID: "9"}})
	}, 0)
	w.look(hour, func(s api.Status) {
		require.Zero(t, w.count("ReturnClaim"), "%v", s.Timeline)
		require.Equal(t, "9", s.Server.ID)
	})
	w.live(order(), 2*hour)
}
