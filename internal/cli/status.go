package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"metalease/internal/control"
	"metalease/internal/statusview"
)

const statusText = `Shows where a service is: phase and step, its server and addresses, why it is blocked, what waits for a person and what can be done, calls that fail and are repeated, and what happened last.

With --watch it is drawn anew as it changes, until the service has ended or you press Ctrl-C; into a file or a pipe, what is new is written line by line.`

// statusCommand shows one service.
func (c *commandLine) statusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "status SERVICE [--watch] [--json]", Short: "Show where a service is, why, and what can be done", Long: statusText,
		Example: "starter status 101\nstarter status 101 --watch\nstarter status 101 --json | jq .phase",
		Args:    oneService, ValidArgsFunction: c.completeService,
	}
	watch := cmd.Flags().Bool("watch", false, "follow it live until it has ended, or Ctrl-C")
	c.jsonFlag(cmd, "print JSON; with --watch, one line a change")
	cmd.RunE = onService(func(cmd *cobra.Command, id int) error { return c.status(cmd.Context(), id, *watch) })
	return cmd
}

func (c *commandLine) status(ctx context.Context, id int, watch bool) error {
	ctl, done, err := c.openPlain(ctx)
	if err != nil {
		return err
	}
	defer done()
	if watch {
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
	_, err = fmt.Fprint(c.Out, statusview.Render(status, time.Now(), style))
	return err
}

// watchEach is how often a watched service is looked at.
const watchEach = 500 * time.Millisecond

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
