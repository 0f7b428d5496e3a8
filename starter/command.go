package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.uber.org/zap"
	"golang.org/x/term"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/internal/temporalclient"
	"metalease/workflows"
)

// commandLine is one call of the program.
type commandLine struct {
	in          io.Reader
	out, errOut io.Writer
	flags       *pflag.FlagSet
	configFile  string
	asJSON      bool
}

// command is one word of the command line.
type command struct {
	name, args, summary, example string
	run                          func(*commandLine, context.Context, []string) error
}

var commands []command

func init() {
	commands = []command{
		{"start", "[--file FILE | FLAGS]", "start a paid order", "starter start --service 101 --client 7 --panel fra1 --package E3-16G --os ISPsystem__Debian-12-x86_64 --domain s101.example.com", (*commandLine).start},
		{"status", "SERVICE [--watch]", "show where a service is, and what to do", "starter status 101 --watch", (*commandLine).status},
		{"list", "[--phase P] [--attention] ...", "list services", "starter list --attention", (*commandLine).list},
		{"stock", "[--panel P] [--refresh]", "show what panels could sell", "starter stock --refresh", (*commandLine).stock},
	}
	for _, signal := range workflows.Signals {
		commands = append(commands, command{signal, "SERVICE [--reason TEXT] ...", signalHelp[signal], "starter " + signal + " 101", sending(signal)})
	}
	commands = append(commands, command{"serve", "", "run the gateway", "starter serve --config /etc/metalease/metalease.yaml", (*commandLine).serve})
}

var signalHelp = map[string]string{
	workflows.SignalExpire:    "the paid time is over: block, and start the grace period",
	workflows.SignalRenew:     "it was paid: end the grace period, unblock if nothing else blocks",
	workflows.SignalSuspend:   "block for a reason, without a grace period",
	workflows.SignalUnsuspend: "lift suspensions",
	workflows.SignalHold:      "nothing is blocked or released by itself (VIP, legal case)",
	workflows.SignalUnhold:    "end the hold",
	workflows.SignalTerminate: "release the server now; the customer loses it, and no payment undoes that",
	workflows.SignalRetry:     "from attention: try again; --replace takes another server",
	workflows.SignalAccept:    "from attention: a technician did it by hand, skip the install",
	workflows.SignalDetach:    "end the lifecycle and touch nothing but our mark",
}

func (c *commandLine) dispatch(ctx context.Context, args []string) error {
	if len(args) == 0 {
		c.help()
		return wrongUsage("no command given")
	}
	name, rest := args[0], args[1:]
	if name == "help" || name == "--help" || name == "-h" {
		if len(rest) == 0 {
			c.help()
			return nil
		}
		name, rest = rest[0], []string{"--help"}
	}
	i := slices.IndexFunc(commands, func(x command) bool { return x.name == name })
	if i < 0 {
		return wrongUsage("there is no command %q", name)
	}
	cmd := commands[i]
	c.flags = pflag.NewFlagSet("starter "+name, pflag.ContinueOnError)
	c.flags.SetOutput(c.errOut)
	c.flags.StringVar(&c.configFile, "config", "", "configuration file; else $METALEASE_CONFIG, ./metalease.yaml, /etc/metalease/metalease.yaml")
	c.flags.Usage = func() {
		_, _ = fmt.Fprintf(c.out, "starter %s: %s\n\nUsage:\n  starter %s %s\n\nExample:\n  %s\n\nFlags:\n%s", cmd.name, cmd.summary, cmd.name, cmd.args, cmd.example, c.flags.FlagUsages())
	}
	err := cmd.run(c, ctx, rest)
	if errors.Is(err, pflag.ErrHelp) {
		return nil
	}
	return err
}

func (c *commandLine) help() {
	_, _ = fmt.Fprint(c.out, `starter is the gateway and the command line of metalease.

Commands:
`)
	for _, cmd := range commands {
		_, _ = fmt.Fprintf(c.out, "  %-10s %s\n", cmd.name, cmd.summary)
	}
	_, _ = fmt.Fprint(c.out, `
starter help COMMAND tells more. The connection to Temporal comes from the
TEMPORAL_* variables and profiles that the temporal program uses.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found.
`)
}

// parse reads the flags and wants so many arguments.
func (c *commandLine) parse(args []string, want int, what string) ([]string, error) {
	if err := c.flags.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return nil, err
		}
		return nil, wrongUsage("%s", err)
	}
	if c.flags.NArg() != want {
		return nil, wrongUsage("%s needs %s", c.flags.Name(), what)
	}
	return c.flags.Args(), nil
}

// service reads flags and the one argument that most commands have.
func (c *commandLine) service(args []string) (int, error) {
	rest, err := c.parse(args, 1, "one service id")
	if err != nil {
		return 0, err
	}
	id, err := strconv.Atoi(strings.TrimPrefix(rest[0], "service-"))
	if err != nil || id <= 0 {
		return 0, wrongUsage("%q is no service id", rest[0])
	}
	return id, nil
}

// open connects to Temporal.
func (c *commandLine) open(ctx context.Context) (*control.Control, func(), error) {
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil {
		return nil, nil, exitError{err, exitUsage}
	}
	options, err := temporalclient.Options()
	if err != nil {
		return nil, nil, err
	}
	temporal, err := temporalclient.Dial(ctx, zap.NewNop(), "starter", func(o *client.Options) { o.Logger = sdklog.NewStructuredLogger(discard) })
	if err != nil {
		return nil, nil, err
	}
	return control.New(temporal, options.Namespace, cfg), temporal.Close, nil
}

// explain gives a failure its exit code and names the service.
func explain(id int, err error) error {
	switch {
	case errors.Is(err, control.ErrUnknownService):
		return exitError{fmt.Errorf("service %d: %w", id, err), exitNotFound}
	case err != nil:
		return fmt.Errorf("service %d: %w", id, err)
	}
	return nil
}

func (c *commandLine) print(value any) error {
	encoder := json.NewEncoder(c.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// style fits the terminal; a file gets neither colour nor a width.
func (c *commandLine) style() statusview.Style {
	file, ok := c.out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return statusview.Style{Width: 100}
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		width = 80
	}
	return statusview.Style{Width: width, Colour: os.Getenv("NO_COLOR") == ""}
}
