package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.uber.org/zap"
	"golang.org/x/term"

	"metalease/internal/config"
	"metalease/internal/control"
	durations "metalease/internal/duration"
	"metalease/internal/statusview"
	"metalease/internal/temporalclient"
)

// command is one word of the command line.
type command struct {
	name, args, summary, example string
	run                          func(*commandLine, context.Context, []string) error
}

// commandLine is one call of the program.
type commandLine struct {
	in          io.Reader
	out, errOut io.Writer
	flags       *pflag.FlagSet
	configFile  string
	asJSON      bool
}

// run finds the command and runs it.
func (c *commandLine) run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		c.help(c.errOut)
		return wrongUsage("no command given")
	}
	name, rest := args[0], args[1:]
	if name == "help" || name == "--help" || name == "-h" {
		if len(rest) == 0 {
			c.help(c.out)
			return nil
		}
		name, rest = rest[0], []string{"--help"}
	}
	i := slices.IndexFunc(commands, func(x command) bool { return x.name == name })
	if i < 0 {
		return wrongUsage("there is no command %q", name)
	}
	cmd := commands[i]
	c.flags = pflag.NewFlagSet(cmd.name, pflag.ContinueOnError)
	c.flags.SortFlags = false
	c.flags.Usage = func() { c.usage(cmd) }
	err := cmd.run(c, ctx, rest)
	if errors.Is(err, pflag.ErrHelp) {
		return nil
	}
	return err
}

// configurable adds the flag of commands that need panels or defaults. The others need
// nothing but Temporal, so that they work from anywhere.
func (c *commandLine) configurable() {
	c.flags.StringVar(&c.configFile, "config", "", "configuration `FILE`; else $METALEASE_CONFIG, ./metalease.yaml, /etc/metalease/metalease.yaml")
}

// parse reads the flags and wants so many arguments.
func (c *commandLine) parse(args []string, want int, what string) ([]string, error) {
	err := c.flags.Parse(args)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return nil, err
	case err != nil:
		return nil, wrongUsage("%s", err)
	case c.flags.NArg() != want:
		return nil, wrongUsage("%s takes %s", c.flags.Name(), what)
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
		return 0, wrongUsage("%q is no service id: it is a number, as in WHMCS", rest[0])
	}
	return id, nil
}

// open connects to Temporal.
func (c *commandLine) open(ctx context.Context, cfg *config.Config) (*control.Control, func(), error) {
	options, err := temporalclient.Options()
	if err != nil {
		return nil, nil, wrongUsage("%s", err)
	}
	quiet := func(o *client.Options) { o.Logger = sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)) }
	temporal, err := temporalclient.Dial(ctx, zap.NewNop(), "starter", quiet)
	if err != nil {
		return nil, nil, err
	}
	return control.New(temporal, options.Namespace, cfg), temporal.Close, nil
}

// about names the service in an error.
func about(id int, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("service %d: %w", id, err)
}

func (c *commandLine) say(format string, args ...any) error {
	_, err := fmt.Fprintf(c.out, format+"\n", args...)
	return err
}

func (c *commandLine) print(value any) error {
	encoder := json.NewEncoder(c.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// pipeWidth is for readers of a file, which has no width.
const pipeWidth = 100

// terminal tells whether the output is one, and how to draw on it.
func (c *commandLine) terminal() (style statusview.Style, height int, live bool) {
	file, ok := c.out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return statusview.Style{Width: pipeWidth}, 0, false
	}
	style.Colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if width, rows, err := term.GetSize(int(file.Fd())); err == nil {
		style.Width, height = width, rows
	}
	return style, height, true
}

// duration is a flag that takes days as well.
type duration time.Duration

// String implements pflag.Value.
func (d *duration) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

// Set implements pflag.Value.
func (d *duration) Set(text string) error {
	parsed, err := durations.Parse(text)
	if err != nil {
		return err
	}
	*d = duration(parsed)
	return nil
}

// Type implements pflag.Value.
func (d *duration) Type() string { return "DURATION" }
