package cli

import (
	"encoding/json"
	"fmt"
	"slices"

	"metalease/internal/clean"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/workflows/api"
)

// view shows one status after the other.
type view interface {
	show(control.Status) error
	// missing tells that nobody answers, which passes.
	missing(error)
	close()
}

// view fits the output: redrawn in place on a terminal, a line a change elsewhere.
func (c *commandLine) view() view {
	_, _, live := c.terminal()
	switch {
	case c.asJSON:
		return &changes{c: c}
	case live:
		return &screen{c: c}
	}
	return &news{c: c}
}

// changes prints each new status as a line of JSON.
type changes struct {
	c    *commandLine
	last string
}

func (v *changes) show(s control.Status) error {
	text, err := json.Marshal(s)
	if err != nil || string(text) == v.last {
		return err
	}
	v.last = string(text)
	return v.c.say("%s", text)
}

func (v *changes) missing(err error) { _, _ = fmt.Fprintln(v.c.Err, err) }
func (v *changes) close()            {}

// news prints what is new in the timeline, and calls that begin to fail.
type news struct {
	c      *commandLine
	told   []api.Entry
	failed string
}

func (v *news) show(s control.Status) error {
	for _, entry := range s.Timeline { // it forgets its oldest entries, so places in it say nothing
		same := func(e api.Entry) bool { return e.At.Equal(entry.At) && e.What == entry.What }
		if slices.ContainsFunc(v.told, same) {
			continue
		}
		if err := v.c.say("%s", statusview.Entry(s.Phase, entry)); err != nil {
			return err
		}
	}
	v.told = s.Timeline
	v.notify(func(say func(string)) {
		for _, t := range s.Trouble {
			say(t.Where + ": " + t.LastError)
		}
	})
	return nil
}

func (v *news) missing(err error) { v.notify(func(say func(string)) { say(err.Error()) }) }

// notify says what fails once, and again when it is something else.
func (v *news) notify(each func(say func(string))) {
	now := ""
	each(func(text string) { now += "  " + clean.Visible(text) + "\n" })
	if now != v.failed {
		_, _ = fmt.Fprint(v.c.Err, now)
	}
	v.failed = now
}

func (v *news) close() {}
