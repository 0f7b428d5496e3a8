package panel

import (
	"testing"
	"time"

	"metalease/activities/holding"
	"metalease/activities/internal/simulated"

	"github.com/stretchr/testify/require"
)

func TestFailuresStandInTheNotes(t *testing.T) {
	day := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	notes := withFailure("rack door sticks", "main", day)
	require.Equal(t, "rack door sticks\nmetalease-failed:main 2026-03-01", notes)
	require.False(t, unreliable(notes, "main", day))
	require.Empty(t, holding.ParseMarks(notes), "it is no mark: the server may be sold")

	notes = withFailure(notes, "main", day.AddDate(0, 0, 20))
	require.Equal(t, "rack door sticks\nmetalease-failed:main 2026-03-01 2026-03-21", notes)
	require.True(t, unreliable(notes, "main", day.AddDate(0, 0, 21)))
	require.False(t, unreliable(notes, "main", day.AddDate(0, 0, 40)), "the first one is forgiven")
	require.False(t, unreliable(notes, "other", day.AddDate(0, 0, 21)), "another simulated.Installation has its own")

	other := withFailure(notes, "other", day)
	require.Len(t, failures(other, "main"), 2)
	for i := range 20 {
		notes = withFailure(notes, "main", day.AddDate(0, 1, i))
	}
	require.Len(t, failures(notes, "main"), keepFailures)
	require.Empty(t, failures("metalease-failed:main yesterday", "main"))
	require.Equal(t, "metalease-failed:main 2026-03-01", withFailure("", "main", day))
}

// TestAServerThatFailedTwiceIsOfferedLast goes the whole way: two failed installs, each
// cleared by staff, then a claim.
func TestAServerThatFailedTwiceIsOfferedLast(t *testing.T) {
	w := newWorld(t)
	look := func() {
		_, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{}) // as the allocator does before each claim
		require.NoError(t, err)
	}
	for range 2 {
		look()
		target := w.claim(w.Order(7))
		require.NoError(t, simulated.Do(w, w.p.Quarantine, QuarantineInput{Target: target, Reason: "install failed", FreeAddresses: true, Failed: true}))
		// Staff put it back by hand: without the mark, but with what the notes remember.
		notes := holding.WithoutMark(w.Server("1").Notes, w.p.mark(target.ServiceID, ""))
		w.Administer("1", map[string]any{"owner": "", "notes": notes, "blocked": false, "disabled": false})
	}
	look()
	service := w.Order(7)
	in := ClaimRequest{ServerID: "1", ServiceID: service.ID, ClientID: 7, Package: "E3-16G"}
	result, err := simulated.Run[ClaimResult](w, w.p.Claim, in)
	require.NoError(t, err)
	require.Equal(t, ClaimUnreliable, result.Outcome, result.Why)
	require.Contains(t, result.Why, "failed")

	in.LastResort = true
	result, err = simulated.Run[ClaimResult](w, w.p.Claim, in)
	require.NoError(t, err)
	require.Equal(t, ClaimGranted, result.Outcome, result.Why)
	require.Contains(t, w.Server("1").Notes, "metalease-failed:main")
	w.RequireClean()
}
