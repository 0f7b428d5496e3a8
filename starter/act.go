package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"metalease/internal/control"
	"metalease/workflows"
)

// start starts an order from flags or from a file.
func (c *commandLine) start(ctx context.Context, args []string) error {
	var o workflows.Order
	file := c.flags.String("file", "", "read the order as JSON from this file; - is standard input")
	paid := c.flags.String("paid-at", "", "when it was paid, RFC 3339; now when empty")
	server := c.flags.String("server", "", "id of the one server that it may have")
	grace := c.flags.Duration("grace", 0, "grace period; the configuration's when 0")
	limit := c.flags.Duration("install-timeout", 0, "time for the install; the configuration's when 0")
	c.flags.IntVar(&o.ServiceID, "service", 0, "WHMCS service id")
	c.flags.IntVar(&o.ClientID, "client", 0, "WHMCS client id")
	c.flags.IntVar(&o.OrderID, "order", 0, "WHMCS order id")
	c.flags.StringVar(&o.Panel, "panel", "", "panel, by its configured name")
	c.flags.StringVar(&o.Package, "package", "", "package: the panel's Configuration or Server Type")
	c.flags.StringVar(&o.OSTemplate, "os", "", "OS template of the panel")
	c.flags.StringVar(&o.Recipe, "recipe", "", "recipe to run after the install")
	c.flags.StringVar(&o.Domain, "domain", "", "host name of the server")
	c.flags.IntVar(&o.IPv4, "ipv4", 0, "extra IPv4 addresses")
	c.flags.IntVar(&o.IPv6, "ipv6", 0, "extra IPv6 addresses")
	c.flags.StringVar(&o.AddressGroup, "group", "", "address group; public when empty")
	c.flags.BoolVar(&o.DontWait, "dont-wait", false, "Active as soon as the panel has accepted the install")
	c.flags.IntVar(&o.InstallAttempts, "install-attempts", 0, "servers to try; the configuration's when 0")
	c.flags.BoolVar(&o.Restart, "restart", false, "start a released service anew")
	if _, err := c.parse(args, 0, "no argument"); err != nil {
		return err
	}
	o.Grace, o.InstallTimeout, o.ServerID = workflows.Duration(*grace), workflows.Duration(*limit), workflows.ID(*server)
	o.PaidAt = time.Now().UTC()
	if *paid != "" {
		at, err := time.Parse(time.RFC3339, *paid)
		if err != nil {
			return wrongUsage("--paid-at %q is no time such as 2026-01-31T12:00:00Z", *paid)
		}
		o.PaidAt = at
	}
	if *file != "" {
		if err := c.readOrder(*file, &o); err != nil {
			return err
		}
	}
	ctl, done, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	started, err := ctl.Start(ctx, o)
	var invalid *control.Invalid
	switch {
	case errors.As(err, &invalid):
		return wrongUsage("%s", invalid)
	case err != nil:
		return explain(o.ServiceID, err)
	case started:
		_, err = fmt.Fprintf(c.out, "service %d started; follow it with: starter status %d --watch\n", o.ServiceID, o.ServiceID)
	default:
		_, err = fmt.Fprintf(c.out, "service %d runs already with this order; nothing done\n", o.ServiceID)
	}
	return err
}

func (c *commandLine) readOrder(path string, o *workflows.Order) error {
	var text []byte
	var err error
	if path == "-" {
		text, err = io.ReadAll(c.in)
	} else {
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(o); err != nil {
		return wrongUsage("%s: %s", path, err)
	}
	return nil
}

// sending returns the command that sends one signal.
func sending(name string) func(*commandLine, context.Context, []string) error {
	return func(c *commandLine, ctx context.Context, args []string) error { return c.send(ctx, name, args) }
}

func (c *commandLine) send(ctx context.Context, name string, args []string) error {
	event := workflows.Event{Source: "cli"}
	wait := c.flags.Duration("wait", 5*time.Second, "how long to wait for the effect; the signal is safe in any case")
	yes := c.flags.BoolP("yes", "y", false, "do not ask")
	var due, expires, server string
	var grace time.Duration
	var corrections []string
	c.flags.StringVar(&event.EventID, "event-id", "", "make a repeat of this call harmless")
	c.flags.StringVar(&event.Reason, "reason", "", "why; people will read it")
	switch name {
	case workflows.SignalExpire:
		c.flags.StringVar(&due, "due", "", "the day that was not paid, YYYY-MM-DD")
		c.flags.DurationVar(&grace, "grace", 0, "grace period; the order's when 0")
	case workflows.SignalRenew:
		c.flags.StringVar(&expires, "expires-at", "", "until when it is paid, YYYY-MM-DD")
	case workflows.SignalRetry:
		c.flags.BoolVar(&event.Replace, "replace", false, "quarantine the server and take another one")
		c.flags.StringVar(&server, "server", "", "id of the one server to take")
		c.flags.StringArrayVar(&corrections, "set", nil, "correct a field of the order, such as os_template=ISPsystem__Debian-12-x86_64; may be repeated")
	case workflows.SignalAccept:
		c.flags.StringVar(&server, "server", "", "id of the server that the technician made ready")
	}
	id, err := c.service(args)
	if err != nil {
		return err
	}
	event.Grace, event.ServerID = workflows.Duration(grace), workflows.ID(server)
	for _, date := range []struct {
		text string
		into *workflows.Moment
	}{{due, &event.Due}, {expires, &event.ExpiresAt}} {
		if err := date.into.UnmarshalJSON([]byte(`"` + date.text + `"`)); err != nil {
			return wrongUsage("%s", err)
		}
	}
	if event.Order, err = corrected(corrections); err != nil {
		return err
	}
	if name == workflows.SignalTerminate && !*yes {
		if err := c.ask(fmt.Sprintf("Release the server of service %d? The customer loses it now, and no payment undoes that.", id)); err != nil {
			return err
		}
	}
	ctl, done, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	result, err := ctl.Signal(ctx, id, name, event, *wait)
	if err != nil {
		return explain(id, err)
	}
	return c.report(id, name, result, *wait)
}

// corrected turns field=value into the order fields of a retry. They are tried on
// an order, so that a typing error is told here and not in a timeline.
func corrected(settings []string) (json.RawMessage, error) {
	if len(settings) == 0 {
		return nil, nil
	}
	fields := map[string]any{}
	for _, setting := range settings {
		name, value, found := strings.Cut(setting, "=")
		if !found {
			return nil, wrongUsage("--set %q is not field=value", setting)
		}
		fields[name] = value
		if json.Valid([]byte(value)) {
			fields[name] = json.RawMessage(value) // a number, true or false
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&workflows.Order{}); err != nil {
		return nil, wrongUsage("--set: %s", err)
	}
	return text, nil
}

func (c *commandLine) report(id int, name string, r control.Result, wait time.Duration) error {
	because := ""
	if r.Reason != "" {
		because = ": " + r.Reason
	}
	var err error
	switch {
	case !r.Reached:
		_, err = fmt.Fprintf(c.out, "service %d: %s was sent and is safe; its effect is not there after %s\n", id, name, wait)
	case r.Outcome == workflows.OutcomeIgnored || r.Outcome == workflows.OutcomeSuperseded:
		return fmt.Errorf("service %d: %s %s%s", id, name, r.Outcome, because)
	default:
		_, err = fmt.Fprintf(c.out, "service %d: %s done%s\n", id, name, because)
	}
	return err
}

// ask wants a yes on a terminal; elsewhere --yes must have been given.
func (c *commandLine) ask(question string) error {
	file, ok := c.in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return wrongUsage("terminate needs --yes when nobody can be asked")
	}
	_, _ = fmt.Fprint(c.errOut, question+" [y/N] ")
	line, err := bufio.NewReader(c.in).ReadString('\n')
	if err != nil || !strings.HasPrefix(strings.ToLower(strings.TrimSpace(line)), "y") {
		return errors.New("nothing done")
	}
	return nil
}
