package service

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/workflows/api"
	"metalease/workflows/internal/message"
)

// lastRelease is the line of the timeline that says why the server was released last.
func lastRelease(s api.Status) string {
	line := ""
	for _, e := range s.Timeline {
		if strings.HasPrefix(e.What, "release begins") {
			line = e.What
		}
	}
	return line
}

const endOfTest = "release begins: end of test"

// TestAWordAboutAServerGoesWithIt: it was said of server 9, which the order did not get.
func TestAWordAboutAServerGoesWithIt(t *testing.T) {
	w := newWorld(t)
	w.refuse = &message.Reply{Code: "no_such_package", Why: "nothing like it"}
	w.RegisterDelayedCallback(func() {
		w.refuse = &message.Reply{Code: api.CodeServerNotFree, Why: "server 9 was named for this order, but cannot be had"}
	}, hour-time.Second)
	w.at(hour, api.SignalAccept, api.Event{ServerID: "9"}) // installed by hand
	w.look(2*hour, func(s api.Status) { require.Equal(t, api.CodeServerNotFree, s.Attention.Code) })
	w.at(3*hour, api.SignalRetry, api.Event{})
	w.look(5*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, "5", s.Server.ID, "one from stock, which nobody has installed")
	})
	w.live(order(), 6*hour)
	require.Equal(t, 1, w.count("StartInstall"), "handed over as the last customer left it: %v", w.done())
}

// TestAServerThatAPersonInstalledIsNotInstalledAgain: the other side of the rule.
func TestAServerThatAPersonInstalledIsNotInstalledAgain(t *testing.T) {
	w := newWorld(t)
	w.servers = []string{"9"}
	w.refuse = &message.Reply{Code: "no_such_package", Why: "nothing like it"}
	w.at(hour, api.SignalAccept, api.Event{ServerID: "9"})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, "9", s.Server.ID)
	})
	w.live(order(), 3*hour)
	require.Zero(t, w.count("StartInstall"))
}

// TestASecondAcceptChangesNothing: a double click, or a colleague who acknowledges too.
func TestASecondAcceptChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(hour)})
	w.look(3*hour, func(s api.Status) { require.Equal(t, api.CodeLimit, s.Attention.Code) })
	w.at(4*hour, api.SignalAccept, api.Event{EventID: "a1"})
	w.look(4*hour+time.Minute, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		w.limited = nil
	})
	w.at(5*hour, api.SignalAccept, api.Event{EventID: "a2"})
	end := w.live(order(), 7*hour)
	require.Equal(t, endOfTest, lastRelease(end), "the kept server was taken from the customer")
}

// TestAcknowledgingARefusedReleaseReleasesNothing: only retry asks for it again.
func TestAcknowledgingARefusedReleaseReleasesNothing(t *testing.T) {
	w := newWorld(t)
	w.expiry = billing.ExpiryView{Why: "WHMCS has a suspension override for the service"}
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(hour)})
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.CodeReleaseRefused, s.Attention.Code)
		require.NotContains(t, s.Attention.Actions, api.SignalAccept)
		w.expiry.Release = true
	})
	w.at(4*hour, api.SignalAccept, api.Event{})
	end := w.live(order(), 7*hour)
	require.Equal(t, endOfTest, lastRelease(end))
}

// TestAHoldStopsAReleaseThatHasNotTouchedAnything: a pause holds it up, and it goes on only
// when a person says so.
func TestAHoldStopsAReleaseThatHasNotTouchedAnything(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"CutOff": 10 * hour}
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(hour)})
	w.at(4*hour, api.SignalHold, api.Event{EventID: "h1", Reason: "legal case"})
	w.look(5*hour, func(s api.Status) {
		require.Equal(t, api.EventRecord{EventID: "h1", Kind: api.SignalHold, Outcome: api.OutcomeApplied}, s.Events[len(s.Events)-1])
		require.Equal(t, "legal case", s.Held)
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, api.CodeHeld, s.Attention.Code)
		w.delays = nil
	})
	w.at(3*day, api.SignalUnhold, nil)
	w.look(3*day+hour, func(s api.Status) { require.Equal(t, api.CodeReleaseRefused, s.Attention.Code) })
	end := w.live(order(), 4*day)
	require.Equal(t, endOfTest, lastRelease(end), "the held server was released: %v", w.done())
}

// TestAnExpiryAfterAChargeback: WHMCS moved the Next Due Date back.
func TestAnExpiryAfterAChargeback(t *testing.T) {
	w := newWorld(t)
	w.at(hour, api.SignalRenew, api.Event{ExpiresAt: date("2027-01-01"), Source: api.SourceWHMCS})
	w.at(10*day, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-05"), Source: api.SourceWHMCS})
	w.at(11*day, api.SignalExpire, api.Event{Due: date("2026-01-05"), Source: api.SourceWHMCS})
	w.look(12*day, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase, "unpaid since 2026-01-05 and still served: %+v", s.Events)
	})
	w.live(order(), 13*day)
}

// TestATimeInTheFutureLocksNobodyOut: one suspend of 2036 must not outvote every unsuspend.
func TestATimeInTheFutureLocksNobodyOut(t *testing.T) {
	w := newWorld(t)
	w.at(hour, api.SignalSuspend, api.Event{Reason: "abuse", At: api.Moment{Time: time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)}})
	w.at(2*hour, api.SignalUnsuspend, nil)
	w.at(3*hour, api.SignalUnsuspend, api.Event{Source: "cli", At: api.Moment{Time: time.Date(2026, 1, 1, 15, 0, 0, 0, time.UTC)}})
	w.look(4*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase, "%+v", s.Events) })
	w.live(order(), 5*hour)
}

// TestAWaitingOrderCanBeCorrected: nothing but the typing error keeps it in the queue.
func TestAWaitingOrderCanBeCorrected(t *testing.T) {
	w := newWorld(t)
	servers := w.servers
	w.servers = nil
	o := order()
	o.Package = "E3-16GB"
	w.RegisterDelayedCallback(func() { w.servers = servers }, 2*hour-time.Minute)
	w.at(2*hour, api.SignalRetry, map[string]any{"order": map[string]any{"package": "E3-16G"}})
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, "E3-16G", s.Order.Package, "%+v", s.Events)
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, api.OutcomeApplied, s.Events[0].Outcome)
	})
	w.live(o, 5*hour)
}

// TestAConfirmationFromASlowClock: WHMCS's own word about a block that is there.
func TestAConfirmationFromASlowClock(t *testing.T) {
	w := newWorld(t)
	w.at(hour, api.SignalSuspend, api.Event{EventID: "s1", Reason: "abuse", Source: "cli", At: api.Moment{Time: w.Now().Add(hour)}})
	w.at(hour+20*time.Second, api.SignalSuspend, api.Event{EventID: "s2", Reason: "abuse", Source: api.SourceWHMCS, At: api.Moment{Time: w.Now().Add(hour - 10*time.Second)}})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.OutcomeApplied, s.Events[1].Outcome, "%+v", s.Events[1])
	})
	w.live(order(), 3*hour)
}

// TestAnApprovalEndsWithTheBlockThatItWasFor: a payment gives the approved block up.
func TestAnApprovalEndsWithTheBlockThatItWasFor(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"Block": true}
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.look(2*hour, func(s api.Status) { require.Equal(t, api.CodeLimit, s.Attention.Code) })
	w.when = map[string]func(){"Block": func() { w.SignalWorkflow(api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")}) }}
	w.fail["Block"] = final(edge.ErrPanelRefused, "the panel answered nonsense")
	w.at(3*hour, api.SignalRetry, api.Event{})
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Empty(t, s.Blocks)
		w.when, w.fail = nil, map[string]error{}
	})
	w.at(40*day, api.SignalExpire, api.Event{Due: date("2026-01-31")})
	w.look(41*day, func(s api.Status) {
		require.NotNil(t, s.Attention, "blocked over the limit, by the approval of last month: %v", w.done())
	})
	w.live(order(), 42*day)
}
