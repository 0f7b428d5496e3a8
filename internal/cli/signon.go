package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"metalease/internal/control"
	"metalease/internal/signon"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

const signOnText = `Lets you into the panel as metalease's own account, or with --console to the console of the server.

It prints an address of this machine and waits for it to be opened. What opens the panel is made at that moment, and goes into the one page that your browser gets and posts on: it is never printed, and is in no file, no argument and no address. The printed address serves one browser, once, and nobody but this machine; after two minutes it is gone.

From another machine, have ssh bring the address there: ssh -L 8484:127.0.0.1:8484 HOST starter sso 101 --port 8484. Who was let in, and when, stands in the timeline of the service.`

// signOnLasts is how long the printed address waits to be opened.
const signOnLasts = 2 * time.Minute

func (c *commandLine) signOnCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "sso SERVICE [--console] [--port N]", Short: "Open the panel or the server's console in your browser", Long: signOnText,
		Example: "starter sso 101\nstarter sso 101 --console", Args: oneService, ValidArgsFunction: c.completeService,
	}
	console := cmd.Flags().Bool("console", false, "the console of the server, as its IPMI shows it")
	port := cmd.Flags().Uint16("port", 0, "the `PORT` of the printed address (default: any that is free)")
	cmd.RunE = onService(func(cmd *cobra.Command, id int) error {
		target := running.SignOnPanel
		if *console {
			target = running.SignOnConsole
		}
		return c.signOn(cmd.Context(), id, target, *port)
	})
	return cmd
}

func (c *commandLine) signOn(ctx context.Context, id int, target string, port uint16) error {
	ctl, done, err := c.openPlain(ctx)
	if err != nil {
		return err
	}
	defer done()
	if _, err := ctl.Status(ctx, id); err != nil { // a mistyped number is told here, and not in a browser
		return about(id, err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port))))
	if err != nil {
		return err
	}
	page := newDoorPage(listener.Addr().String(), func(ctx context.Context) (signon.Door, error) {
		return ctl.SignOn(ctx, id, running.SignOn{
			EventID: rand.Text(), Target: target, Actor: api.Actor{Kind: api.ActorStaff, Name: whoami()},
		})
	})
	if err := c.say("open this in your browser within %s; it works once:\n\n  %s\n", signOnLasts, page.address); err != nil {
		return err
	}
	waiting, cancel := context.WithTimeoutCause(ctx, signOnLasts, errNotOpened)
	defer cancel()
	if err := page.serve(waiting, listener); err != nil {
		return about(id, err)
	}
	return c.say("service %d: the browser was let in, to %s", id, map[string]string{running.SignOnPanel: "the panel", running.SignOnConsole: "the console"}[target])
}

// errNotOpened is the end of an address that nobody has opened.
var errNotOpened = errors.New("nobody has opened the address: nothing was done")

// refusedDoor is a way in that was not made.
func refusedDoor(err error) error {
	if refused, is := errors.AsType[*control.NotNow](err); is {
		return fmt.Errorf("nobody was let in: %w", refused)
	}
	return err
}
