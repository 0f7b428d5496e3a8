package panel

import (
	"slices"
	"sync"
	"time"
)

// An install takes minutes, and each look at it reads the whole list. Where the template's last installs on
// this panel took about as long as each other, looks are rare before the earliest end that can be
// expected: no pause is longer than an eighth of what the install has taken already, nor than
// slowestTicks. From then on, and where nobody can tell, each tick brings one: the end shows within one.
//
// Pauses are a tick, doubled some times, and all watchers look at the same times: a list serves
// whoever has a look due by then.
const (
	patienceShare = 8
	slowestTicks  = 16
	// keptTimes are how many installs of a template are remembered.
	keptTimes = 8
	// spreadShare is how far the times of a template may lie apart, as a share of the longest.
	spreadShare = 8
	// marginShare is how much earlier than any before an install is expected to end.
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

// earliest is when an install of the template is expected to end, at the earliest; false when nobody can tell.
func (i *installTimes) earliest(template string) (from time.Duration, known bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	times := i.known[template]
	if len(times) == 0 {
		return 0, false
	}
	shortest, longest := slices.Min(times), slices.Max(times)
	return shortest - shortest/marginShare, longest-shortest <= longest/spreadShare
}

// nextLook is when to look again at an install that has run since then.
func (i *installTimes) nextLook(now, since time.Time, tick time.Duration, template string) time.Time {
	elapsed := now.Sub(since)
	from, known := i.earliest(template)
	if !known || elapsed >= from {
		return now.Add(tick)
	}
	due := aligned(now, pause(elapsed, tick))
	if opens := since.Add(from); due.After(opens) {
		return opens
	}
	return due
}

// pause is the longest of the pauses that is allowed after waiting so long.
func pause(waited, tick time.Duration) time.Duration {
	longest := min(waited/patienceShare, slowestTicks*tick)
	step := tick
	for step > 0 && 2*step <= longest {
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
