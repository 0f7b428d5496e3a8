package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/workflows/api"
)

func (c *commandLine) status(ctx context.Context, args []string) error {
	watch := c.flags.Bool("watch", false, "follow it live until it has ended, or Ctrl-C")
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON; with --watch, one line a change")
	id, err := c.service(args)
	if err != nil {
		return err
	}
	ctl, done, err := c.open(ctx, &config.Config{})
	if err != nil {
		return err
	}
	defer done()
	if *watch {
		return about(id, c.follow(ctx, func() (control.Status, error) { return ctl.Status(ctx, id) }))
	}
	status, err := ctl.Status(ctx, id)
	switch {
	case err != nil:
		return about(id, err)
	case c.asJSON:
		return c.print(status)
	}
	style, _, _ := c.terminal()
	_, err = fmt.Fprint(c.out, statusview.Render(status, time.Now(), style))
	return err
}

// watchEach is how often a watched service is looked at.
const watchEach = 500 * time.Millisecond

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

// follow shows a service until it has ended. A person who has seen enough is no failure.
func (c *commandLine) follow(ctx context.Context, look func() (control.Status, error)) error {
	v := c.view()
	defer v.close()
	tick := time.NewTicker(watchEach)
	defer tick.Stop()
	for {
		status, err := look()
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, control.ErrUnknownService):
			return err
		case err != nil:
			v.missing(err)
		default:
			if err := v.show(status); err != nil || status.Closed {
				return err
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
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

func (v *changes) missing(err error) { _, _ = fmt.Fprintln(v.c.errOut, err) }
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
	v.tell(func(say func(string)) {
		for _, t := range s.Trouble {
			say(t.Where + ": " + t.LastError)
		}
	})
	return nil
}

func (v *news) missing(err error) { v.tell(func(say func(string)) { say(err.Error()) }) }

// tell says what fails once, and again when it is something else.
func (v *news) tell(each func(say func(string))) {
	now := ""
	each(func(text string) { now += "  " + statusview.Clean(text) + "\n" })
	if now != v.failed {
		_, _ = fmt.Fprint(v.c.errOut, now)
	}
	v.failed = now
}

func (v *news) close() {}
