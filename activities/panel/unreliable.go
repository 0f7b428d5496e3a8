package panel

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// A server that failed is set aside, and staff put it back. That it failed before must
// outlive that, so it stands in the server's notes, in a line beside the mark: the days on
// which an install failed.

var failureLine = regexp.MustCompile(`^metalease-failed:([a-z0-9-]+) ([0-9 -]+)$`)

const (
	// unreliableWithin and unreliableAfter make a server one that is offered last.
	unreliableWithin = 30 * 24 * time.Hour
	unreliableAfter  = 2
	// keepFailures bounds the line.
	keepFailures = 6
)

// failures are the days in the notes on which an install of this installation failed.
func failures(notes, installation string) []time.Time {
	var days []time.Time
	for line := range strings.Lines(notes) {
		match := failureLine.FindStringSubmatch(strings.TrimSpace(line))
		if match == nil || match[1] != installation {
			continue
		}
		for _, word := range strings.Fields(match[2]) {
			if day, err := time.Parse(time.DateOnly, word); err == nil {
				days = append(days, day)
			}
		}
	}
	return days
}

// unreliable tells whether a server has failed so often lately that others are offered first.
func unreliable(notes, installation string, now time.Time) bool {
	recent := slices.DeleteFunc(failures(notes, installation), func(day time.Time) bool { return now.Sub(day) > unreliableWithin })
	return len(recent) >= unreliableAfter
}

// withFailure returns the notes with one more day of failure.
func withFailure(notes, installation string, now time.Time) string {
	days := append(failures(notes, installation), now.UTC())
	words := make([]string, 0, keepFailures)
	for _, day := range days[max(0, len(days)-keepFailures):] {
		words = append(words, day.Format(time.DateOnly))
	}
	var lines []string
	for line := range strings.Lines(notes) {
		line = strings.TrimRight(line, "\r\n")
		if match := failureLine.FindStringSubmatch(strings.TrimSpace(line)); match == nil || match[1] != installation {
			lines = append(lines, line)
		}
	}
	lines = append(lines, "metalease-failed:"+installation+" "+strings.Join(words, " "))
	return strings.TrimLeft(strings.Join(lines, "\n"), "\n")
}
