package panel

import (
	"slices"
	"sync"
	"time"
)

// An install takes minutes, and each look at it costs the panel a request. How rare looks may be follows from
// what is known of its end:
//
// Where the template's last installs on this panel took about as long as each other, looks are rare before the
// earliest end that can be expected, and come with each tick from then on. Where nobody can tell they come with each
// tick at once. So an end that is not far too early shows within one. An install of more than longWatched has long
// been a person's business: from then on a pause is a share of the time that it has taken since.
//
// Pauses are a tick, doubled some times, and all watchers look at the same times: a list serves
// whoever has a look due by then. None is longer than slowestTicks, whatever is known.
const (
	longWatched = time.Hour
	// lateShare is the share after longWatched, knownShare where the end is not near.
	lateShare    = 8
	knownShare   = 2
	slowestTicks = 32
	// keptTimes are how many installs of a template are remembered.
	keptTimes = 8
	// spreadShare is how far the times of a template may lie apart, as a share of the longest.
	spreadShare = 8
	// Fewer times than fewTimes say little of how far they lie apart: then an end may come
	// marginShare of them earlier or later.
	fewTimes    = 3
	marginShare = 32
)

// installTimes are how long installs took lately, by template.
type installTimes struct {
	mu    sync.Mutex
	known map[string][]time.Duration
}

func (i *installTimes) remember(template string, took time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.known == nil {
		i.known = map[string][]time.Duration{}
	}
	times := append(slices.Clone(i.known[template]), took)
	i.known[template] = times[max(0, len(times)-keptTimes):]
}

// learn takes what another worker knew of a template, where nothing is known here.
func (i *installTimes) learn(template string, times []time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.known[template]) > 0 || len(times) == 0 {
		return
	}
	if i.known == nil {
		i.known = map[string][]time.Duration{}
	}
	i.known[template] = slices.Clone(times[max(0, len(times)-keptTimes):])
}

// of are the times that are known of a template.
func (i *installTimes) of(template string) []time.Duration {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.known[template])
}

// window is between when an install of the template is expected to end; false when nobody can tell.
func (i *installTimes) window(template string, tick time.Duration) (from, to time.Duration, known bool) {
	times := i.of(template)
	if len(times) == 0 {
		return 0, 0, false
	}
	shortest, longest := slices.Min(times), slices.Max(times)
	margin := max(longest-shortest, 2*tick)
	if len(times) < fewTimes {
		margin = max(margin, longest/marginShare)
	}
	return shortest - margin, longest + margin, longest-shortest <= longest/spreadShare
}

// nextLook is when to look again at an install that has run since then.
func (i *installTimes) nextLook(now, since time.Time, tick time.Duration, template string) time.Time {
	elapsed := now.Sub(since)
	from, to, known := i.window(template, tick)
	switch long := max(to, longWatched); {
	case elapsed >= long:
		return aligned(now, pause((elapsed-long)/lateShare, tick))
	case !known || elapsed >= from:
		return now.Add(tick)
	}
	due := aligned(now, pause(elapsed/knownShare, tick))
	if opens := since.Add(from); due.After(opens) {
		return opens
	}
	return due
}

// pause is the longest of the pauses that is allowed: a tick at least.
func pause(allowed, tick time.Duration) time.Duration {
	step := tick
	for step > 0 && 2*step <= min(allowed, slowestTicks*tick) {
		step *= 2
	}
	return step
}

// aligned is the next time that is a multiple of the pause.
func aligned(now time.Time, pause time.Duration) time.Time {
	if pause <= 0 {
		return now
	}
	return now.Truncate(pause).Add(pause)
}
