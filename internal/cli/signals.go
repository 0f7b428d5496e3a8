package cli

import (
	"cmp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"metalease/internal/duration"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// signalTexts tell more about a signal than its line in [api.SignalTable], and how it is typed. A signal without a row has a
// command all the same.
var signalTexts = map[string]struct{ text, example string }{
	api.SignalExpire: {"A service that is not renewed within the grace period is released.",
		"starter expire 101 --due 2026-01-31 --grace 3d"},
	api.SignalRenew: {"A suspension by a person stays: a payment does not lift it.",
		"starter renew 101 --expires-at 2026-02-28"},
	api.SignalSuspend: {"Each reason stands until unsuspend. A service that is being built is blocked before the customer has it.",
		`starter suspend 101 --reason "abuse: port scans"`},
	api.SignalUnsuspend: {"The server is unblocked when nothing else blocks it, such as an unpaid bill.",
		"starter unsuspend 101"},
	api.SignalHold: {"What a person asks for is done all the same. It lasts until unhold.",
		`starter hold 101 --reason "legal case 4711"`},
	api.SignalTerminate: {"The customer is cut off at once, extra addresses are deleted, and the server goes back into stock. On a terminal it asks before, unless --yes; elsewhere --yes is needed.",
		"starter terminate 101 --reason \"asked for in ticket 4711\"\nstarter terminate 101 --yes"},
	api.SignalRetry: {"The server is looked at first: an install that has ended well is taken, one that runs is awaited, and only a failed one is done again. With --replace the server goes into quarantine and another one is built. --set corrects fields of the order, named as in the gateway's JSON.",
		"starter retry 101 --attention 2\nstarter retry 101 --replace\nstarter retry 101 --set os_template=ISPsystem__Debian-13-x86_64"},
	api.SignalPower: {"Done on the panel, and awaited: the answer comes when the server shows it. Refused, with the reason, while the service is blocked, built or given back. What is not begun within five minutes is not done any more.",
		"starter power 101 reboot\nstarter power 101 off --reason \"ticket 4711\""},
	api.SignalReinstall: {"Everything on the server is lost; owner, addresses and host name stay. --confirm repeats the host name, so that a mistyped number meets no other server. The root password is the one that WHMCS has for the service. On a terminal it asks before, unless --yes; elsewhere --yes is needed. It takes as long as the first install: starter status shows how far it is.",
		"starter reinstall 101 --os ISPsystem__Debian-12-x86_64 --confirm s101.example.com\nstarter reinstall 101 --os ISPsystem__Debian-12-x86_64 --recipe lamp --confirm s101.example.com --yes"},
	api.SignalNetwork: {"The customer keeps the server and is cut off, or is let on again. It is no suspension: nothing in WHMCS follows, and the power stays. On is refused while the service is blocked.",
		"starter network 101 off --reason \"attacked\"\nstarter network 101 on"},
	api.SignalAddresses: {"What is not given stays as it is. Fewer than there are takes none away: it becomes attention that names them, and accept takes them. WHMCS shows the new ones.",
		"starter addresses 101 --ipv4 4\nstarter addresses 101 --name 192.0.2.7=mail.example.com --name 192.0.2.8=www.example.com"},
	api.SignalAccept: {"The service goes on to hand-over with the server as it is.",
		"starter accept 101 --attention 2\nstarter accept 101 --server 12"},
}

// fieldFlags are the flags of the fields that signals have. Of a signal that a person types, "at" is now.
var fieldFlags = map[string]func(*cobra.Command, *signalFlags){
	"at": func(*cobra.Command, *signalFlags) {},
	// Whoever types it is the actor, and action and state are words of the command.
	"actor":  func(*cobra.Command, *signalFlags) {},
	"action": func(*cobra.Command, *signalFlags) {},
	"state":  func(*cobra.Command, *signalFlags) {},
	"os_template": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().StringVar(&given.event.OSTemplate, "os", "", "`TEMPLATE` of the panel to install, as ISPsystem__Debian-12-x86_64")
	},
	"recipe": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().StringVar(&given.event.Recipe, "recipe", "", "`RECIPE` of the panel that runs after the install")
	},
	"confirm": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().StringVar(&given.event.Confirm, "confirm", "", "`HOSTNAME` of the server whose data is given up")
	},
	"ipv4": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().Var(&countFlag{&given.event.IPv4}, "ipv4", "`NUMBER` of IPv4 addresses beyond the main one")
	},
	"ipv6": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().Var(&countFlag{&given.event.IPv6}, "ipv6", "`NUMBER` of IPv6 addresses beyond the main one")
	},
	"domains": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().Var((*namesFlag)(&given.event.Domains), "name", "name of one address, as `IP=HOST`; may be repeated")
	},
	"due": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().StringVar(&given.due, "due", "", "the `DAY` that was not paid, as 2026-01-31")
	},
	"grace": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().Var(&given.grace, "grace", "grace period (default: the order's)")
	},
	"expires_at": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().StringVar(&given.expires, "expires-at", "", "the `DAY` until which it is paid, as 2026-01-31")
	},
	"attention": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().IntVar(&given.event.Attention, "attention", 0, "`NUMBER` of the attention that this answers, as status shows it (default: the open one)")
	},
	"replace": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().BoolVar(&given.event.Replace, "replace", false, "quarantine the server and take another one")
	},
	"server_id": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().StringVar(&given.server, "server", "", "`ID` of the one server that this is about")
	},
	"order": func(cmd *cobra.Command, given *signalFlags) {
		cmd.Flags().StringArrayVar(&given.corrected, "set", nil, "correct a field of the order, `FIELD=VALUE` as in the gateway's JSON; may be repeated")
		must(cmd.RegisterFlagCompletionFunc("set", completeField))
	},
}

// wordsOf are those of which a signal takes one behind the service, and where it goes.
func wordsOf(s api.Signal, into *api.Event) (words []string, word *string) {
	switch {
	case slices.Contains(s.Fields, "action"):
		return []string{running.PowerOn, running.PowerOff, running.PowerReboot}, &into.Action
	case slices.Contains(s.Fields, "state"):
		return []string{running.PowerOn, running.PowerOff}, &into.State
	}
	return nil, nil
}

// serviceAnd are the arguments of a command that takes one of some words behind the service.
func serviceAnd(words []string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 2 || !slices.Contains(words, args[1]) {
			return wrongUsage("%s takes one service id and %s", cmd.Name(), strings.Join(words[:len(words)-1], ", ")+" or "+words[len(words)-1])
		}
		_, err := serviceID(args[0])
		return err
	}
}

// signalCommands are the signals of the contract, one command each. detach, which can do more, is a command of its own.
func (c *commandLine) signalCommands() []*cobra.Command {
	var all []*cobra.Command
	for _, s := range api.SignalTable {
		if s.Name != api.SignalDetach {
			all = append(all, c.signalCommand(s))
		}
	}
	return all
}

func (c *commandLine) signalCommand(s api.Signal) *cobra.Command {
	more := signalTexts[s.Name]
	effect := strings.ToUpper(s.Effect[:1]) + s.Effect[1:]
	cmd := &cobra.Command{
		Use: s.Name + " SERVICE [flags]", Short: effect, Long: strings.TrimSpace(effect + ".\n\n" + more.text),
		Example: cmp.Or(more.example, "starter "+s.Name+" 101"),
		Args:    oneService, ValidArgsFunction: c.completeService,
	}
	flags := c.signalFlags(cmd, s)
	words, take := wordsOf(s, &flags.event)
	if len(words) > 0 {
		cmd.Use = s.Name + " SERVICE " + strings.Join(words, "|") + " [flags]"
		cmd.Args, cmd.ValidArgsFunction = serviceAnd(words), c.completeServiceAnd(words)
	}
	cmd.RunE = onService(func(cmd *cobra.Command, id int) error {
		if len(words) > 0 {
			*take = cmd.Flags().Arg(1)
		}
		return c.send(cmd.Context(), s, id, flags)
	})
	return cmd
}

// signalFlags declares the flags of a signal: those of its fields, and what all have.
func (c *commandLine) signalFlags(cmd *cobra.Command, s api.Signal) *signalFlags {
	given := &signalFlags{event: api.Event{Source: "cli"}, wait: duration.Duration(defaultWait)}
	cmd.Flags().StringVar(&given.event.Reason, "reason", "", "why; people will read it")
	for _, field := range s.Fields {
		fieldFlags[field](cmd, given)
	}
	if s.Destroys {
		cmd.Flags().BoolVarP(&given.yes, "yes", "y", false, "do not ask")
	}
	cmd.Flags().Var(&given.wait, "wait", "how long to wait for the effect; the signal is safe in any case")
	cmd.Flags().StringVar(&given.event.EventID, "event-id", "", "`ID` of this decision: sent twice, it counts once")
	return given
}
