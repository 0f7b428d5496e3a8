package main

import (
	"context"
	"fmt"
	"os/user"
	"time"

	"metalease/internal/control"
	"metalease/internal/statusview"
)

// pause stops everything that destroys on a panel.
func (c *commandLine) pause(ctx context.Context, args []string) error {
	reason := c.flags.String("reason", "", "why, in `WORDS`; everybody who looks will read it")
	return c.brake(ctx, args, func(ctl *control.Control, panel string) error {
		if err := ctl.Pause(ctx, panel, *reason, whoami()); err != nil {
			return err
		}
		return c.say("panel %s is paused: nothing is blocked or released on it; unblocking goes on. An act that has begun ends.", panel)
	})
}

// resume ends a pause.
func (c *commandLine) resume(ctx context.Context, args []string) error {
	return c.brake(ctx, args, func(ctl *control.Control, panel string) error {
		if err := ctl.Resume(ctx, panel); err != nil {
			return err
		}
		return c.say("panel %s goes on; what waited is tried again within a minute", panel)
	})
}

func (c *commandLine) brake(ctx context.Context, args []string, pull func(*control.Control, string) error) error {
	panel := c.flags.String("panel", "", "the panel, by `NAME`; needed when the configuration has several")
	c.configurable()
	if _, err := c.parse(args, 0, "no argument"); err != nil {
		return err
	}
	ctl, name, done, err := c.openPanel(ctx, *panel)
	if err != nil {
		return err
	}
	defer done()
	return aboutPanel(name, pull(ctl, name))
}

// whoami is the name under which a pause is shown.
func whoami() string {
	if me, err := user.Current(); err == nil {
		return me.Username
	}
	return ""
}

// warnPaused tells of a pause in one line.
func (c *commandLine) warnPaused(ctx context.Context, ctl *control.Control, panel string) error {
	view, err := ctl.Brakes(ctx, panel)
	if err != nil || view.Paused == nil {
		return nil // the table tells that nobody answers
	}
	return c.say("panel %s is %s", panel, statusview.Pause(*view.Paused, time.Now()))
}

// aboutPanel names the panel in an error.
func aboutPanel(panel string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("panel %s: %w", panel, err)
}
