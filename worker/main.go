// Command worker runs the workflows and activities of metalease.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"

	"metalease/internal/config"
)

const usage = `worker runs the workflows and activities of metalease.

Panels and WHMCS come from the configuration file, the connection to Temporal
from the TEMPORAL_* variables and profiles that the temporal command line uses.

Usage:
  worker [--config FILE] [--check]

Flags:
`

func main() {
	flags := pflag.NewFlagSet("worker", pflag.ContinueOnError)
	path := flags.String("config", "", "configuration file; else $METALEASE_CONFIG, ./metalease.yaml, /etc/metalease/metalease.yaml")
	check := flags.Bool("check", false, "check the configuration, contact nobody, and end")
	flags.Usage = func() { fmt.Fprint(os.Stderr, usage, flags.FlagUsages()) }
	switch err := flags.Parse(os.Args[1:]); {
	case errors.Is(err, pflag.ErrHelp):
		return
	case err != nil || flags.NArg() > 0:
		fmt.Fprintf(os.Stderr, "worker: %v\nTry worker --help.\n", usageError(err, flags.Args()))
		os.Exit(2)
	}
	cfg, err := config.Load(*path, config.ForWorker)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if *check {
		fmt.Println("the configuration is complete")
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, cfg); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
}

func usageError(err error, rest []string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("unexpected argument %q", rest[0])
}
