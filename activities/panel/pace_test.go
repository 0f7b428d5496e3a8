package panel

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
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

// TestTheEndOfAnUnknownInstallShowsSoon: within a tick, for an hour. Then it is looked at less and less.
func TestTheEndOfAnUnknownInstallShowsSoon(t *testing.T) {
	for took := 2 * time.Second; took <= longWatched; took += 7 * time.Second {
		_, late := looks(&installTimes{}, took)
		require.LessOrEqual(t, late, 2*time.Second, "an install of %s", took)
	}
	count, late := looks(&installTimes{}, 24*time.Hour)
	require.LessOrEqual(t, late, slowestTicks*2*time.Second)
	require.Less(t, count, 1800+100+23*60, "a day's watch")
}

// TestALongInstallIsLookedAtRarely until the earliest end that can be expected, and with each tick from then on.
func TestALongInstallIsLookedAtRarely(t *testing.T) {
	times := &installTimes{}
	for _, took := range []time.Duration{20 * time.Minute, 20*time.Minute + 10*time.Second, 20*time.Minute + 30*time.Second} {
		times.remember("debian", took)
	}
	for took := 20*time.Minute - 30*time.Second; took <= 40*time.Minute; took += time.Second {
		_, late := looks(times, took)
		require.LessOrEqual(t, late, 2*time.Second, "an install of %s", took)
	}
	count, _ := looks(times, 20*time.Minute)
	require.Less(t, count, 50, "600 with each tick")
	_, late := looks(times, 3*time.Minute)
	require.LessOrEqual(t, late, 64*time.Second, "one that ends before all others, as a failed one does")

	times.remember("debian", 5*time.Minute) // they differ too much to tell anything
	_, _, known := times.window("debian", 2*time.Second)
	require.False(t, known)
	for range keptTimes {
		times.remember("debian", 5*time.Minute)
	}
	_, late = looks(times, 5*time.Minute)
	require.LessOrEqual(t, late, 2*time.Second, "what was long ago is forgotten")
}

// TestWhatIsKnownOfATemplateOutlivesTheWorker: the watch that runs carries it to the next one, where nothing is known.
func TestWhatIsKnownOfATemplateOutlivesTheWorker(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime, c.FlagDelay = time.Hour, 0 })
	w.Attempts()
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	require.NoError(t, simulated.Do(w, w.p.MakeReady, b))
	_, err := simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)

	known := []time.Duration{20 * time.Minute, 21 * time.Minute}
	w.p.times.learn(b.OSTemplate, known)
	watch := func() {
		w.Env.SetWorkerStopChannel(closed())
		_, err := simulated.Run[Watched](w, w.p.AwaitInstall, b)
		simulated.RequireType(t, err, edge.ErrWorkerStopping, true)
	}
	watch()
	w.p.times = installTimes{} // another process
	watch()
	require.Equal(t, known, w.p.times.of(b.OSTemplate))
	w.p.times.learn(b.OSTemplate, []time.Duration{time.Minute})
	require.Equal(t, known, w.p.times.of(b.OSTemplate), "what was seen here counts")
}

func closed() chan struct{} {
	stopped := make(chan struct{})
	close(stopped)
	return stopped
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
		listing, err := list.later(t.Context(), "5", asked.Add(time.Minute), nil)
		require.NoError(t, err)
		require.Equal(t, time.Minute, listing.Began.Sub(asked))
		require.Equal(t, 2, requests)

		time.AfterFunc(10*time.Second, func() { _, _ = list.fresh(t.Context(), true) })
		asked = time.Now()
		listing, err = list.later(t.Context(), "5", asked.Add(time.Minute), nil)
		require.NoError(t, err)
		require.Equal(t, 10*time.Second, listing.Began.Sub(asked))
		require.Equal(t, 3, requests)

		stop := make(chan struct{})
		time.AfterFunc(time.Second, func() { close(stop) })
		asked = time.Now()
		listing, err = list.later(t.Context(), "5", asked.Add(time.Minute), stop)
		require.NoError(t, err)
		require.Nil(t, listing)
		require.Equal(t, time.Second, time.Since(asked), "a worker that stops does not wait for the look")
	})
}
