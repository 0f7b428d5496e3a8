package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"metalease/internal/clean"
	"metalease/internal/control"
	"metalease/internal/duration"
	"metalease/workflows/api"
)

// defaultWait is as long as the gateway waits.
const defaultWait = 5 * time.Second

// signalFlags is what one signal was given on the command line.
type signalFlags struct {
	event        api.Event
	wait         duration.Duration
	yes          bool
	due, expires string
	grace        duration.Duration
	server       string
	corrected    []string
}

func (c *commandLine) send(ctx context.Context, s api.Signal, id int, given *signalFlags) error {
	event, err := given.complete()
	if err != nil {
		return err
	}
	if s.Running {
		event.Actor = api.Actor{Kind: api.ActorStaff, Name: whoami()}
		if faults := event.RunningFaults(s.Name); len(faults) > 0 {
			return wrongUsage("%s: %s %s", s.Name, flagOf(faults[0].Field), faults[0].Reason)
		}
	}
	ask := s.Destroys && !given.yes
	if ask && !c.canAsk() {
		return wrongUsage("%s needs --yes when nobody can be asked", s.Name)
	}
	ctl, done, err := c.openPlain(ctx)
	if err != nil {
		return err
	}
	defer done()
	if ask {
		if err := c.confirm(ctx, ctl, id, losses[s.Name]); err != nil {
			return err
		}
	}
	wait := time.Duration(given.wait)
	result, err := ctl.Signal(ctx, id, s.Name, event, wait)
	switch {
	case err != nil:
		return about(id, unsure(ctx, err, id))
	case ctx.Err() != nil && !result.Reached:
		return about(id, fmt.Errorf("%w; %s was sent and is safe: starter status %d --watch", errInterrupted, s.Name, id))
	}
	return c.report(id, s.Name, result, wait)
}

// losses are what a person agrees to who sends what destroys.
var losses = map[string]string{
	api.SignalTerminate: "The customer loses the server now. It is powered off, extra addresses are deleted, and it goes back into stock. " +
		"No payment undoes that. Release it?",
	api.SignalReinstall: "Everything on the server is lost, and it is installed anew. Nothing undoes that. Install it?",
}

// isRunning tells whether a signal has something done with a running server.
func isRunning(name string) bool {
	signal, _ := api.SignalOf(name)
	return signal.Running
}

// flagOf is the flag by which a field of an event is given.
func flagOf(field string) string {
	name, _, _ := strings.Cut(field, ".")
	return cmp.Or(map[string]string{"os_template": "--os", "domains": "--name"}[name], "--"+name)
}

// complete puts the texts of the flags into the event.
func (f *signalFlags) complete() (api.Event, error) {
	e := f.event
	e.Grace, e.ServerID = f.grace, api.ID(f.server)
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

func (c *commandLine) report(id int, name string, r control.Result, wait time.Duration) error {
	because := ""
	if r.Reason != "" {
		because = ": " + clean.Visible(r.Reason)
	}
	switch {
	case !r.Reached && r.Status == nil && wait > 0:
		return c.say("service %d: %s was sent and is safe; no worker has answered within %s", id, name, wait)
	case !r.Reached:
		return c.say("service %d: %s was sent and is safe; follow it with: starter status %d --watch", id, name, id)
	case r.Outcome == api.OutcomeIgnored && isRunning(name):
		return fmt.Errorf("service %d: %s is not done%s", id, name, because)
	case r.Outcome == api.OutcomeFailed:
		return fmt.Errorf("service %d: %s has failed%s", id, name, because)
	case r.Outcome == api.OutcomeIgnored || r.Outcome == api.OutcomeSuperseded:
		return fmt.Errorf("service %d: %s was %s%s", id, name, r.Outcome, because)
	}
	return c.say("service %d: %s done%s", id, name, because)
}
