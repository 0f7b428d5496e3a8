package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/workflows/api"
)

// defaultWait is as long as the gateway waits.
const defaultWait = 5 * time.Second

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

// sending returns the command that sends one signal.
func sending(name string) func(*commandLine, context.Context, []string) error {
	if name == api.SignalDetach {
		return (*commandLine).detach
	}
	return func(c *commandLine, ctx context.Context, args []string) error { return c.send(ctx, name, args) }
}

func (c *commandLine) send(ctx context.Context, name string, args []string) error {
	given := c.signalFlags(name)
	id, err := c.service(args)
	if err != nil {
		return err
	}
	event, err := given.complete()
	if err != nil {
		return err
	}
	if name == api.SignalTerminate && !given.yes && !c.asks() {
		return wrongUsage("terminate needs --yes when nobody can be asked")
	}
	ctl, done, err := c.open(ctx, &config.Config{})
	if err != nil {
		return err
	}
	defer done()
	if name == api.SignalTerminate && !given.yes {
		if err := c.confirm(ctx, ctl, id); err != nil {
			return err
		}
	}
	result, err := ctl.Signal(ctx, id, name, event, time.Duration(given.wait))
	if err != nil {
		return about(id, err)
	}
	return c.report(id, name, result, time.Duration(given.wait))
}

// signalFlags declares the flags that the signal has.
func (c *commandLine) signalFlags(name string) *signalFlags {
	f := &signalFlags{event: api.Event{Source: "cli"}, wait: duration(defaultWait)}
	c.flags.StringVar(&f.event.Reason, "reason", "", "why; people will read it")
	switch name {
	case api.SignalExpire:
		c.flags.StringVar(&f.due, "due", "", "the `DAY` that was not paid, as 2026-01-31")
		c.flags.Var(&f.grace, "grace", "grace period (default: the order's)")
	case api.SignalRenew:
		c.flags.StringVar(&f.expires, "expires-at", "", "the `DAY` until which it is paid, as 2026-01-31")
	case api.SignalRetry:
		c.flags.BoolVar(&f.event.Replace, "replace", false, "quarantine the server and take another one")
		c.flags.StringVar(&f.server, "server", "", "`ID` of the one server to take")
		c.flags.StringArrayVar(&f.corrected, "set", nil, "correct a field of the order, `FIELD=VALUE` as in the gateway's JSON; may be repeated")
	case api.SignalAccept:
		c.flags.StringVar(&f.server, "server", "", "`ID` of the server that the technician made ready")
	case api.SignalTerminate:
		c.flags.BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	}
	c.flags.Var(&f.wait, "wait", "how long to wait for the effect; the signal is safe in any case")
	c.flags.StringVar(&f.event.EventID, "event-id", "", "`ID` of this decision: sent twice, it counts once")
	return f
}

// complete puts the texts of the flags into the event.
func (f *signalFlags) complete() (api.Event, error) {
	e := f.event
	e.Grace, e.ServerID = api.Duration(f.grace), api.ID(f.server)
	for _, day := range []struct {
		flag, text string
		into       *api.Moment
	}{{"--due", f.due, &e.Due}, {"--expires-at", f.expires, &e.ExpiresAt}} {
		text, err := json.Marshal(day.text)
		if err == nil {
			err = day.into.UnmarshalJSON(text)
		}
		if err != nil {
			return e, wrongUsage("%s: %s", day.flag, err)
		}
	}
	var err error
	e.Order, err = corrections(f.corrected)
	return e, err
}

// corrections makes JSON of --set: a value is taken as JSON where the field takes it so,
// else as a text.
func corrections(settings []string) (json.RawMessage, error) {
	if len(settings) == 0 {
		return nil, nil
	}
	object := map[string]json.RawMessage{}
	for _, setting := range settings {
		name, value, found := strings.Cut(setting, "=")
		if !found {
			return nil, wrongUsage("--set %q is not FIELD=VALUE", setting)
		}
		object[name] = json.RawMessage(value)
		if !json.Valid(object[name]) || !control.FieldTakes(name, object[name]) {
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			object[name] = text
		}
		if !control.FieldTakes(name, object[name]) {
			return nil, wrongUsage("--set %s=%s: the order has no such field, or it cannot have this value", name, value)
		}
	}
	if fixed := slices.DeleteFunc([]string{"service_id", "client_id", "order_id", "paid_at", "panel", "restart"},
		func(name string) bool { return object[name] == nil }); len(fixed) > 0 {
		return nil, wrongUsage("--set: %s of a running order cannot be changed", strings.Join(fixed, ", "))
	}
	return json.Marshal(object)
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

// asks tells whether there is somebody to ask.
func (c *commandLine) asks() bool {
	file, ok := c.in.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// confirm says what a terminate will do and wants a yes.
func (c *commandLine) confirm(ctx context.Context, ctl *control.Control, id int) error {
	status, err := ctl.Status(ctx, id)
	switch {
	case errors.Is(err, control.ErrWorkerUnavailable):
		_, _ = fmt.Fprintf(c.errOut, "No worker can say what service %d holds right now.\n", id)
	case err != nil:
		return about(id, err)
	default:
		_, _ = fmt.Fprintln(c.errOut, statusview.Line(status, time.Now(), statusview.Style{Width: pipeWidth}))
	}
	return c.agree(ctx)
}

// agree says what a release means and asks for a yes.
func (c *commandLine) agree(ctx context.Context) error {
	_, _ = fmt.Fprint(c.errOut, "The customer loses the server now. It is powered off, extra addresses are deleted, and it goes back\n"+
		"into stock. No payment undoes that. Release it? [y/N] ")
	return c.yes(ctx)
}

// yes waits for a yes. Ctrl-C is a no: the read itself would not notice it.
func (c *commandLine) yes(ctx context.Context) error {
	answers := make(chan string, 1)
	go func() {
		answer, _ := bufio.NewReader(c.in).ReadString('\n') // what ended before the line did is no yes
		answers <- answer
	}()
	select {
	case answer := <-answers:
		if slices.Contains([]string{"y\n", "yes\n"}, strings.ToLower(answer)) {
			return nil
		}
	case <-ctx.Done():
	}
	return errors.New("nothing done")
}
