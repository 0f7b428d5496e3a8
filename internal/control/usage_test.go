package control_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/internal/temporaltest"
)

func month(t *testing.T, text string) control.Month {
	t.Helper()
	m, is := control.MonthOf(text, time.Now())
	require.True(t, is)
	return m
}

func TestAMonthIsOneThatHasBegun(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]bool{"": true, "2026-11": true, "2026-10": true, "2026-12": false, "2026-13": false, "November": false, "2026-1": false, "2026-11-01": false} {
		_, is := control.MonthOf(text, now)
		require.Equal(t, want, is, text)
	}
}

// TestUsageIsThatOfThisClientAlone: a panel counts by server, and tells one figure for the running month.
func TestUsageIsThatOfThisClientAlone(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	now := time.Now().UTC()
	begin := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	s.start(order(101)) // held since long
	since := order(102)
	since.PaidAt = now.Add(-time.Second)
	s.start(since)

	var long control.Usage
	s.eventually(func() bool {
		var err error
		long, err = s.Usage(t.Context(), 101, month(t, ""))
		return err == nil
	})
	require.Equal(t, begin, long.From)
	require.WithinDuration(t, now, long.To, timeout)
	require.Equal(t, temporaltest.P95, *long.P95Mbit)
	require.Nil(t, long.InBytes, "not zero")
	require.True(t, long.Complete)

	var short control.Usage
	s.eventually(func() bool {
		var err error
		short, err = s.Usage(t.Context(), 102, month(t, ""))
		return err == nil
	})
	require.Equal(t, since.PaidAt.Truncate(time.Second), short.From)
	require.Nil(t, short.P95Mbit, "the former holder's is in it")
	require.False(t, short.Complete)

	past, err := s.Usage(t.Context(), 101, month(t, "2026-01"))
	require.NoError(t, err)
	require.Equal(t, "2026-01-05 2026-02-01", past.From.Format(time.DateOnly)+" "+past.To.Format(time.DateOnly))
	require.Nil(t, past.P95Mbit, "the panel tells nothing of it any more")
	require.False(t, past.Complete)
	before, err := s.Usage(t.Context(), 101, month(t, "2025-12"))
	require.NoError(t, err)
	require.Equal(t, before.To, before.From, "the client had no server then")

	waits := order(103)
	waits.Recipe = temporaltest.RecipeWaiting
	s.start(waits)
	_, err = s.Usage(t.Context(), 103, month(t, ""))
	var notNow *control.NotNow
	require.ErrorAs(t, err, &notNow)
	_, err = s.Usage(t.Context(), 424242, month(t, ""))
	require.ErrorIs(t, err, control.ErrUnknownService)
}

func TestTheUsageOfAPanelIsOneQuestion(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	none, err := s.PanelUsage(t.Context(), "fra1", month(t, ""))
	require.NoError(t, err)
	require.Empty(t, none)
	_, err = s.PanelUsage(t.Context(), "nowhere", month(t, ""))
	require.ErrorIs(t, err, control.ErrUnknownPanel)

	s.start(order(101))
	late := order(102)
	late.PaidAt = time.Now()
	s.start(late)
	waits := order(103)
	waits.Recipe = temporaltest.RecipeWaiting
	s.start(waits)
	s.start(order(104))
	s.end(104)
	var all []control.ServiceUsage
	s.eventually(func() bool {
		all, err = s.PanelUsage(t.Context(), "fra1", month(t, ""))
		return err == nil && len(all) == 2 && slices.ContainsFunc(all, func(u control.ServiceUsage) bool { return u.Complete })
	})
	require.Equal(t, []int{101, 102}, []int{all[0].ServiceID, all[1].ServiceID})
	require.Equal(t, temporaltest.P95, *all[0].P95Mbit)
	require.Nil(t, all[1].P95Mbit)
	require.Equal(t, "5", all[1].ServerID)
}
