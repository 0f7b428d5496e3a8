package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/workflows/api"
)

// TestWHMCSDecidesAboutAnOlderDueDate: what we remember of payments never outvotes what it shows.
func TestWHMCSDecidesAboutAnOlderDueDate(t *testing.T) {
	for _, c := range []struct {
		standing billing.Standing
		phase    api.Phase
		outcome  api.Outcome
	}{
		{billing.Standing{Status: "Suspended", NextDue: date("2026-01-05").Time, Overdue: true}, api.PhaseBlocked, api.OutcomeApplied},
		{billing.Standing{Status: "Active", NextDue: date("2026-02-05").Time}, api.PhaseActive, api.OutcomeIgnored},
	} {
		w := newWorld(t)
		w.standing = c.standing
		w.at(hour, api.SignalRenew, api.Event{ExpiresAt: date("2027-01-01"), Source: api.SourceWHMCS})
		w.at(11*day, api.SignalExpire, api.Event{Due: date("2026-01-05"), Source: api.SourceWHMCS})
		w.look(12*day, func(s api.Status) {
			require.Equal(t, c.phase, s.Phase)
			require.Equal(t, c.outcome, s.Events[1].Outcome, s.Events[1].Reason)
		})
		w.live(order(), 13*day)
		require.Equal(t, 1, w.count("Standing"))
	}
}

// TestAPaymentDoesNotWaitForADoubt: WHMCS does not answer, and somebody pays.
func TestAPaymentDoesNotWaitForADoubt(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"Standing": 20 * day}
	w.at(hour, api.SignalRenew, api.Event{ExpiresAt: date("2027-01-01"), Source: api.SourceWHMCS})
	w.at(2*day, api.SignalExpire, api.Event{Due: date("2026-01-02"), Source: api.SourceWHMCS})
	w.at(3*day, api.SignalRenew, api.Event{ExpiresAt: date("2027-01-01"), Source: api.SourceWHMCS})
	w.look(4*day, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, api.OutcomeSuperseded, s.Events[1].Outcome)
	})
	w.live(order(), 5*day)
}

// TestAReleaseThatIsNotDueAnyMoreIsGivenUp: WHMCS was corrected while a pause held the release up.
func TestAReleaseThatIsNotDueAnyMoreIsGivenUp(t *testing.T) {
	for _, c := range []struct {
		standing billing.Standing
		phase    api.Phase
	}{
		{billing.Standing{Status: "Active", NextDue: date("2026-02-05").Time}, api.PhaseActive},
		{billing.Standing{Status: "Suspended", NextDue: date("2025-12-31").Time, Overdue: true}, api.PhaseBlocked},
	} {
		w := newWorld(t)
		w.standing = c.standing
		w.fail["CutOff"] = final(edge.ErrNotDue, "WHMCS says something else now")
		w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(hour)})
		w.look(3*hour, func(s api.Status) {
			require.Equal(t, c.phase, s.Phase, "%v", s.Timeline)
			require.Equal(t, "5", s.Server.ID)
			if c.phase == api.PhaseBlocked {
				require.Equal(t, api.CodeReleaseRefused, s.Attention.Code)
			}
			delete(w.fail, "CutOff")
		})
		end := w.live(order(), 5*hour)
		require.Equal(t, endOfTest, lastRelease(end))
	}
}
