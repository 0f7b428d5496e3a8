package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

func TestSinceWhenTheCustomerHasTheServer(t *testing.T) {
	noon := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	s := &State{Server: &Server{}}
	s.Server.ID = "5"
	s.Account.ID, s.Account.Name = "7", "c7"
	for i, at := range []struct {
		phase api.Phase
		since time.Time
	}{
		{api.PhasePending, time.Time{}},
		{api.PhaseActive, noon.Add(time.Hour)},
		{api.PhaseBlocked, noon.Add(time.Hour)},
		{api.PhaseReleasing, noon.Add(time.Hour)},
		{api.PhaseActive, noon.Add(time.Hour)},
		{api.PhaseReleased, time.Time{}},
		{api.PhasePending, time.Time{}},
		{api.PhaseBlocked, noon.Add(7 * time.Hour)},
	} {
		s.Life.Phase = at.phase
		want := running.Held{ServerID: "5", Since: at.since, AccountID: "7", AccountName: "c7"}
		if at.since.IsZero() {
			want = running.Held{}
		}
		require.Equal(t, want, s.held(noon.Add(time.Duration(i)*time.Hour)), "%d: %s", i, at.phase)
	}
}

func TestWhatIsTheSameIsToldOnce(t *testing.T) {
	noon := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	held := running.Held{ServerID: "5", Since: noon, AccountID: "7", AccountName: "c7"}
	same := held
	same.Since = noon.In(time.FixedZone("there", 3600))
	require.True(t, held.Same(same))
	for _, change := range []func(*running.Held){
		func(h *running.Held) { h.ServerID = "6" }, func(h *running.Held) { h.Since = noon.Add(1) }, func(h *running.Held) { h.AccountID = "8" }, func(h *running.Held) { h.AccountName = "" },
	} {
		other := held
		change(&other)
		require.False(t, held.Same(other))
	}
}

// TestAnotherServerIsHeldFromNowOn: what it has counted before is somebody else's.
func TestAnotherServerIsHeldFromNowOn(t *testing.T) {
	s, now := remembered(api.PhaseActive), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	before := s.held(now)
	(&lifecycle{s: s}).leaveOther("9")
	require.Equal(t, before, s.held(now.Add(hour)))
	(&lifecycle{s: s}).leaveOther("10")
	require.Equal(t, now.Add(hour), s.held(now.Add(hour)).Since)
}
