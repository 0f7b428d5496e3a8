package panel

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

// looks counts how often an install of that length is looked at, and how late its end is seen.
func looks(times *installTimes, took time.Duration) (count int, late time.Duration) {
	const tick = 2 * time.Second
	since := time.Date(2026, 11, 26, 3, 7, 13, 0, time.UTC)
	now := since
	for now.Sub(since) < took {
		due := times.nextLook(now, since, tick, "debian")
		if earliest := now.Add(tick); due.Before(earliest) { // lists come a tick apart at least
			due = earliest
		}
		now = due
		count++
	}
	return count, now.Sub(since) - took
}

// TestAnInstallOfUnknownLengthIsLookedAtWithEachTick: its end shows within one.
func TestAnInstallOfUnknownLengthIsLookedAtWithEachTick(t *testing.T) {
	for took := 10 * time.Second; took <= time.Hour; took += 7 * time.Second {
		_, late := looks(&installTimes{}, took)
		require.LessOrEqual(t, late, 2*time.Second, "an install of %s", took)
	}
}

// TestALongInstallIsLookedAtRarely until the earliest end that can be expected, and with each tick from then on.
func TestALongInstallIsLookedAtRarely(t *testing.T) {
	times := &installTimes{}
	for _, took := range []time.Duration{20 * time.Minute, 21 * time.Minute, 20*time.Minute + 30*time.Second} {
		times.remember("debian", took)
	}
	for took := 20*time.Minute - 30*time.Second; took <= 40*time.Minute; took += time.Second {
		_, late := looks(times, took)
		require.LessOrEqual(t, late, 2*time.Second, "an install of %s", took)
	}
	count, _ := looks(times, 20*time.Minute)
	require.Less(t, count, 100, "600 with each tick")
	_, late := looks(times, 3*time.Minute)
	require.LessOrEqual(t, late, 32*time.Second, "one that ends before all others, as a failed one does")

	times.remember("debian", 5*time.Minute) // they differ too much to tell anything
	_, late = looks(times, 20*time.Minute)
	require.LessOrEqual(t, late, 2*time.Second)
	for range keptTimes {
		times.remember("debian", 5*time.Minute)
	}
	_, late = looks(times, 5*time.Minute)
	require.LessOrEqual(t, late, 2*time.Second, "what was long ago is forgotten")
}

func TestWatchersLookAtTheSameTimes(t *testing.T) {
	times := &installTimes{}
	times.remember("debian", time.Hour)
	now := time.Date(2026, 11, 26, 3, 30, 0, 0, time.UTC)
	due := map[time.Time]bool{}
	for i := range 100 {
		since := now.Add(-10*time.Minute - time.Duration(i)*time.Second)
		due[times.nextLook(now, since, 2*time.Second, "debian")] = true
	}
	require.Len(t, due, 1, "a hundred installs cost one list")
}

// TestALookIsServedByWhateverListComes: others' lists count, an old one does not, and without any one is asked for when it is due.
func TestALookIsServedByWhateverListComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		list := &serverList{tick: time.Second, fetch: func(context.Context) ([]dcim.Server, error) { requests++; return []dcim.Server{{ID: "5"}}, nil }}
		_, err := list.fresh(t.Context(), true)
		require.NoError(t, err)

		asked := time.Now()
		listing, err := list.later(t.Context(), asked.Add(time.Minute), nil)
		require.NoError(t, err)
		require.Equal(t, time.Minute, listing.Began.Sub(asked))
		require.Equal(t, 2, requests)

		time.AfterFunc(10*time.Second, func() { _, _ = list.fresh(t.Context(), true) })
		asked = time.Now()
		listing, err = list.later(t.Context(), asked.Add(time.Minute), nil)
		require.NoError(t, err)
		require.Equal(t, 10*time.Second, listing.Began.Sub(asked))
		require.Equal(t, 3, requests)

		stop := make(chan struct{})
		time.AfterFunc(time.Second, func() { close(stop) })
		asked = time.Now()
		listing, err = list.later(t.Context(), asked.Add(time.Minute), stop)
		require.NoError(t, err)
		require.Nil(t, listing)
		require.Equal(t, time.Second, time.Since(asked), "a worker that stops does not wait for the look")
	})
}
