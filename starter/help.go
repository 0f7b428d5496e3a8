package main

import (
	"fmt"
	"io"

	"metalease/workflows/api"
)

// commands in the order of the help text; init because help refers to it.
var commands []command

func init() {
	commands = []command{
		{"start", "--service N --client N --panel NAME --package TEXT --os TEMPLATE --domain NAME ... | --file order.json",
			"start an order, as WHMCS does when it is paid",
			"starter start --service 101 --client 7 --panel fra1 --package E3-16G --os ISPsystem__Debian-12-x86_64 --domain s101.example.com --ipv4 2", (*commandLine).start},
		{"status", "SERVICE [--watch] [--json]",
			"show where a service is, why, and what can be done",
			"starter status 101 --watch", (*commandLine).status},
		{"list", "[--phase PHASE] [--client N] [--panel NAME] [--ip ADDRESS] [--attention] [--json]",
			"list services, newest first",
			"starter list --attention", (*commandLine).list},
		{"stock", "[--panel NAME] [--refresh] [--json]",
			"show what each panel could sell",
			"starter stock --refresh", (*commandLine).stock},
	}
	commands = append(commands,
		command{"adopt", "--service N | --product P | --file FILE [--panel NAME] [--dry-run] [--json]",
			"take services over from ISPsystem's module, as they are: only a mark is written",
			"starter adopt --product 7 --dry-run", (*commandLine).adopt},
		command{"pause", "[--panel NAME] --reason WORDS",
			"stop everything that blocks or releases on a panel; unblocking goes on",
			`starter pause --panel fra1 --reason "billing run of tonight is broken"`, (*commandLine).pause},
		command{"resume", "[--panel NAME]",
			"end a pause",
			"starter resume --panel fra1", (*commandLine).resume},
		command{"drift", "[--panel NAME] [--now] [--json] | repair ID [--yes]",
			"show how panel, WHMCS and workflows differ; repair what you name",
			"starter drift --now; starter drift repair orphan-101-12", (*commandLine).drift})
	commands = append(commands,
		command{"panel", "NAME [--json]",
			"tell whether a panel can be used, and what is in stock",
			"starter panel fra1", (*commandLine).panel},
		command{"plan", "--service N [--json] | the flags of start, or --file order.json",
			"tell which server an order would get now, and why not the others; writes nothing",
			"starter plan --service 101", (*commandLine).plan},
		command{"find", "ADDRESS|HOSTNAME|LABEL|SERVER|CLIENT [--at DATE] [--panel NAME] [--json]",
			"tell whose is, or was, a server",
			"starter find 192.0.2.5 --at 2026-01-31", (*commandLine).find},
		command{"quarantine", "list [--panel NAME] [--json] | clear --panel NAME SERVER --reason WORDS",
			"list servers that were set aside; put one back into stock",
			`starter quarantine clear --panel fra1 12 --reason "disk replaced"`, (*commandLine).quarantine})
	for _, s := range signals {
		commands = append(commands, command{s.name, "SERVICE [flags]", s.summary, s.example, sending(s.name)})
	}
	commands = append(commands, command{"serve", "[--config FILE]",
		"run the gateway for WHMCS, until it is stopped",
		"starter serve --config /etc/metalease/metalease.yaml", (*commandLine).serve})
}

var signals = []struct{ name, summary, example string }{
	{api.SignalExpire, "the paid time is over: block, and start the grace period", "starter expire 101 --due 2026-01-31 --grace 3d"},
	{api.SignalRenew, "it was paid: end the grace period, unblock if nothing else blocks", "starter renew 101 --expires-at 2026-02-28"},
	{api.SignalSuspend, "block for a reason, without a grace period", `starter suspend 101 --reason "abuse: port scans"`},
	{api.SignalUnsuspend, "lift suspensions", "starter unsuspend 101"},
	{api.SignalHold, "nothing is blocked or released by itself (VIP, legal case)", `starter hold 101 --reason "legal case 4711"`},
	{api.SignalUnhold, "end the hold", "starter unhold 101"},
	{api.SignalTerminate, "release the server now; no payment undoes that", `starter terminate 101 --reason "asked for in ticket 4711"`},
	{api.SignalRetry, "from attention: try again, on another server or with corrected fields", "starter retry 101 --set os_template=ISPsystem__Debian-13-x86_64"},
	{api.SignalAccept, "from attention: a technician did it by hand, skip the install", "starter accept 101"},
	{api.SignalDetach, "end the lifecycle, touch nothing but our mark; --all --product P: of a whole product", `starter detach 101 --reason "moved to another system"`},
}

func (c *commandLine) help(w io.Writer) {
	_, _ = fmt.Fprint(w, "starter is the command line and the gateway of metalease.\n\nCommands:\n")
	for _, cmd := range commands {
		_, _ = fmt.Fprintf(w, "  %-10s  %s\n", cmd.name, cmd.summary)
	}
	_, _ = fmt.Fprint(w, `
starter help COMMAND tells more about one.

The connection to Temporal comes from the TEMPORAL_* variables and profiles, as
for the program temporal: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY.
start, serve and the commands about panels also read the configuration file.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found.
`)
}

func (c *commandLine) usage(cmd command) {
	_, _ = fmt.Fprintf(c.out, "starter %s: %s\n\nUsage:\n  starter %s %s\n\nExample:\n  %s\n", cmd.name, cmd.summary, cmd.name, cmd.args, cmd.example)
	if flags := c.flags.FlagUsages(); flags != "" {
		_, _ = fmt.Fprintf(c.out, "\nFlags:\n%s", flags)
	}
}
