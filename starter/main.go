// Command starter is the gateway (starter serve) and the command line of metalease.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"metalease/internal/config"
	"metalease/internal/control"
)

// Exit codes of the command line (docs/architecture.md 6).
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitNotFound = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := &commandLine{in: os.Stdin, out: os.Stdout, errOut: os.Stderr}
	err := c.run(ctx, os.Args[1:])
	code := exitCode(err)
	if err != nil {
		_, _ = fmt.Fprintf(os.Stderr, "starter: %s\n", err)
	}
	stop()
	os.Exit(code)
}

// usageError is a command that was typed wrongly.
type usageError struct{ text string }

func (u usageError) Error() string { return u.text + "\nTry: starter help" }

func wrongUsage(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// exitCode is what a script learns of an error.
func exitCode(err error) int {
	_, typed := errors.AsType[usageError](err)
	_, configured := errors.AsType[*config.Faults](err)
	_, ordered := errors.AsType[*control.Invalid](err)
	switch {
	case err == nil:
		return exitDone
	case typed || configured || ordered:
		return exitUsage
	case errors.Is(err, control.ErrUnknownService), errors.Is(err, control.ErrUnknownPanel), errors.Is(err, control.ErrUnknownDrift), errors.Is(err, errNotFound):
		return exitNotFound
	}
	return exitFailed
}
