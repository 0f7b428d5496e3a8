package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/workflows/api"
)

// defaultWait is as long as the gateway waits.
const defaultWait = 5 * time.Second

// signalCommands are the signals of the contract, one command each. detach, which can do more, is a command of its own.
func (c *commandLine) signalCommands() []*cobra.Command {
	var all []*cobra.Command
	for _, s := range signals {
		if s.name != api.SignalDetach {
			all = append(all, c.signalCommand(s))
		}
	}
	return all
}

func (c *commandLine) signalCommand(s signal) *cobra.Command {
	cmd := &cobra.Command{
		Use: s.name + " SERVICE [flags]", Short: s.summary, Long: s.summary + ".\n\n" + s.text, Example: s.example,
		Args: oneService, ValidArgsFunction: c.completeService,
	}
	flags := c.signalFlags(cmd, s)
	cmd.RunE = onService(func(cmd *cobra.Command, id int) error { return c.send(cmd.Context(), s.name, id, flags) })
	return cmd
}

// signalFlags is what one signal was given on the command line.
type signalFlags struct {
	event        api.Event
	wait         duration
	yes          bool
	due, expires string
	grace        duration
	server       string
	corrected    []string
}

func (c *commandLine) send(ctx context.Context, name string, id int, given *signalFlags) error {
	event, err := given.complete()
	if err != nil {
		return err
	}
	ask := name == api.SignalTerminate && !given.yes
	if ask && !c.canAsk() {
		return wrongUsage("%s needs --yes when nobody can be asked", name)
	}
	ctl, done, err := c.open(ctx, &config.Config{})
	if err != nil {
		return err
	}
	defer done()
	if ask {
		if err := c.confirm(ctx, ctl, id); err != nil {
			return err
		}
	}
	wait := time.Duration(given.wait)
	result, err := ctl.Signal(ctx, id, name, event, wait)
	switch {
	case err != nil:
		return about(id, unsure(ctx, err, id))
	case ctx.Err() != nil && !result.Reached:
		return about(id, fmt.Errorf("%w; %s was sent and is safe: starter status %d --watch", errInterrupted, name, id))
	}
	return c.report(id, name, result, wait)
}

func (c *commandLine) report(id int, name string, r control.Result, wait time.Duration) error {
	because := ""
	if r.Reason != "" {
		because = ": " + statusview.Clean(r.Reason)
	}
	switch {
	case !r.Reached && r.Status == nil && wait > 0:
		return c.say("service %d: %s was sent and is safe; no worker has answered within %s", id, name, wait)
	case !r.Reached:
		return c.say("service %d: %s was sent and is safe; follow it with: starter status %d --watch", id, name, id)
	case r.Outcome == api.OutcomeIgnored || r.Outcome == api.OutcomeSuperseded:
		return fmt.Errorf("service %d: %s was %s%s", id, name, r.Outcome, because)
	}
	return c.say("service %d: %s done%s", id, name, because)
}
