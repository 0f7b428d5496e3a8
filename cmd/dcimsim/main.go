// Command dcimsim is a DCImanager 5 panel with simulated servers.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"

	"metalease/internal/version"
)

func main() {
	o, err := parse(os.Args[1:])
	switch {
	case errors.Is(err, pflag.ErrHelp):
		fmt.Print(usage())
		return
	case err != nil:
		fmt.Fprintf(os.Stderr, "dcimsim: %v\nTry dcimsim --help.\n", err)
		os.Exit(2)
	case o.version:
		fmt.Print(version.Line("dcimsim"))
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "dcimsim:", err)
		os.Exit(1)
	}
}
