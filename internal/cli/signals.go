package cli

import (
	"encoding/json"
	"slices"

	"github.com/spf13/cobra"

	"metalease/workflows/api"
)

// signal is one signal as a command. The names of the fields are those of its input.
type signal struct {
	name, summary, text, example string
	fields                       []string
}

var signals = []signal{
	{api.SignalExpire, "The paid time is over: block, and start the grace period",
		"Said again, it moves no end of the grace period. A service that is not renewed within it is released.",
		"starter expire 101 --due 2026-01-31 --grace 3d", []string{"due", "grace"}},
	{api.SignalRenew, "It was paid: end the grace period, unblock if nothing else blocks",
		"A suspension by a person stays: a payment does not lift it.",
		"starter renew 101 --expires-at 2026-02-28", []string{"expires_at"}},
	{api.SignalSuspend, "Block for a reason, without a grace period",
		"Each reason stands for itself until unsuspend. A service that is being built is blocked before the customer has it.",
		`starter suspend 101 --reason "abuse: port scans"`, nil},
	{api.SignalUnsuspend, "Lift suspensions",
		"The server is unblocked when no reason to block it is left, such as an unpaid bill.",
		"starter unsuspend 101", nil},
	{api.SignalHold, "Nothing is blocked or released by itself (VIP, legal case)",
		"What a person asks for is done all the same. It lasts until unhold.",
		`starter hold 101 --reason "legal case 4711"`, nil},
	{api.SignalUnhold, "End the hold", "What was held back is looked at again and done.", "starter unhold 101", nil},
	{api.SignalTerminate, "Release the server now; no payment undoes that",
		"From any phase. The customer is cut off at once, extra addresses are deleted, and the server goes back into stock. On a terminal it asks before, unless --yes.",
		`starter terminate 101 --reason "asked for in ticket 4711"`, nil},
	{api.SignalRetry, "From attention: try again, on another server or with corrected fields",
		"The server is looked at first: an install that has ended well is taken, one that runs is awaited, and only a failed one is done again. With --replace the server goes into quarantine and another one is built. --set corrects fields of the order, named as in the gateway's JSON.",
		"starter retry 101\nstarter retry 101 --replace\nstarter retry 101 --set os_template=ISPsystem__Debian-13-x86_64", []string{"replace", "server_id", "order"}},
	{api.SignalAccept, "From attention: a technician did it by hand, skip the install",
		"The service goes on to hand-over with the server as it is.",
		"starter accept 101 --server 12", []string{"server_id"}},
	{api.SignalDetach, "End the lifecycle, touch nothing but our mark", "", "", nil},
}

func signalNamed(name string) signal {
	return signals[slices.IndexFunc(signals, func(s signal) bool { return s.name == name })]
}

// signalFlags declares the flags of a signal: those of its fields, and what all have.
func (c *commandLine) signalFlags(cmd *cobra.Command, s signal) *signalFlags {
	given := &signalFlags{event: api.Event{Source: "cli"}, wait: duration(defaultWait)}
	f := cmd.Flags()
	f.StringVar(&given.event.Reason, "reason", "", "why; people will read it")
	for _, field := range s.fields {
		switch field {
		case "due":
			f.StringVar(&given.due, "due", "", "the `DAY` that was not paid, as 2026-01-31")
		case "grace":
			f.Var(&given.grace, "grace", "grace period (default: the order's)")
		case "expires_at":
			f.StringVar(&given.expires, "expires-at", "", "the `DAY` until which it is paid, as 2026-01-31")
		case "replace":
			f.BoolVar(&given.event.Replace, "replace", false, "quarantine the server and take another one")
		case "server_id":
			f.StringVar(&given.server, "server", "", "`ID` of the server: the one to take, or that a technician made ready")
		case "order":
			f.StringArrayVar(&given.corrected, "set", nil, "correct a field of the order, `FIELD=VALUE` as in the gateway's JSON; may be repeated")
			must(cmd.RegisterFlagCompletionFunc("set", completeField))
		}
	}
	if s.name == api.SignalTerminate {
		f.BoolVarP(&given.yes, "yes", "y", false, "do not ask")
	}
	f.Var(&given.wait, "wait", "how long to wait for the effect; the signal is safe in any case")
	f.StringVar(&given.event.EventID, "event-id", "", "`ID` of this decision: sent twice, it counts once")
	return given
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
