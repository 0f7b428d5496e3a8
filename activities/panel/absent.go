package panel

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"metalease/dcim"
)

// Lists of a panel are incomplete at times. What a list lacks is not gone: a list that is empty
// or much shorter than before is no answer, and a server that is missing from one is asked for
// by its record before anything is decided.

// shortAccepted is how long a list must stay short before it counts: the panel has lost that much
// indeed.
const shortAccepted = 10 * time.Minute

// length remembers how long a list of the panel was.
type length struct {
	known int
	short time.Time
}

// plausible refuses a list that is empty, or less than half of the last one.
func (l *length) plausible(count int, what, panel string, now time.Time) error {
	if count == 0 || 2*count < l.known {
		if l.short.IsZero() {
			l.short = now
		}
		if now.Sub(l.short) < shortAccepted {
			return incomplete(panel, "the list has %d %s, and had %d before: it is read again", count, what, l.known)
		}
	}
	l.known, l.short = count, time.Time{}
	return nil
}

func incomplete(panel, format string, args ...any) error {
	return &dcim.Error{Function: "list", Panel: panel, Kind: dcim.KindNotAPanel, Message: fmt.Sprintf(format, args...)}
}

const (
	// absentAsked is how many missing servers are asked for. Where more are missing, these
	// stand for all.
	absentAsked = 10
	// absentAge is how long the answer about a missing server is believed.
	absentAge = time.Minute
)

// absent finds the servers that a list lacks though the panel has them. Lists are compared one
// after the other, by one goroutine at a time.
type absent struct {
	// record reads a server's record; nil asks nobody.
	record func(context.Context, string) (dcim.Record, error)
	// last are the servers of the last list, and those that it lacked.
	last map[string]dcim.Server
	// seen is when a missing server was last found by its record.
	seen map[string]time.Time
	// since is when lists began to lack more servers than are asked for.
	since time.Time
}

// of returns the servers that are missing from a list. An error is a panel that cannot say, or a
// list that lacks many which the panel has: none of it counts.
func (a *absent) of(ctx context.Context, list []dcim.Server, panel string, now time.Time) ([]dcim.Server, error) {
	if a.record == nil {
		return nil, nil
	}
	there := make(map[string]dcim.Server, len(list))
	for _, server := range list {
		there[server.ID] = server
	}
	var missing []string
	for id := range a.last {
		if _, listed := there[id]; !listed {
			missing = append(missing, id)
		}
	}
	slices.Sort(missing)
	var found []dcim.Server
	for _, id := range missing[:min(len(missing), absentAsked)] {
		has, err := a.has(ctx, id, now)
		switch {
		case err != nil:
			return nil, err
		case has:
			found = append(found, a.last[id])
		}
	}
	if many := len(missing) > absentAsked && len(found) > 0; !many {
		a.since = time.Time{}
	} else if a.since.IsZero() || now.Sub(a.since) < shortAccepted {
		if a.since.IsZero() {
			a.since = now
		}
		return nil, incomplete(panel, "the list lacks %d servers of before, and the panel has server %s: it is read again", len(missing), found[0].ID)
	}
	for _, server := range found {
		there[server.ID] = server
	}
	a.last = there
	maps.DeleteFunc(a.seen, func(id string, _ time.Time) bool {
		return !slices.ContainsFunc(found, func(s dcim.Server) bool { return s.ID == id })
	})
	return found, nil
}

// has asks the panel for a server by its record. One that cannot be read is there.
func (a *absent) has(ctx context.Context, id string, now time.Time) (bool, error) {
	if seen, known := a.seen[id]; known && now.Sub(seen) < absentAge {
		return true, nil
	}
	record, err := a.record(ctx, id)
	switch {
	case errors.Is(err, dcim.ErrMissed), err == nil && record.ID != id:
		return false, nil
	case err != nil && !dcim.AboutOne(err):
		return false, err
	}
	if a.seen == nil {
		a.seen = map[string]time.Time{}
	}
	a.seen[id] = now
	return true, nil
}
