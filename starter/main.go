// Command starter is the gateway (starter serve) and the command line of metalease.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes of the command line.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitNotFound = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// usageError is a command that was typed wrongly.
type usageError struct{ text string }

func (u usageError) Error() string { return u.text }

func wrongUsage(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// run does one command and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	c := &commandLine{in: in, out: out, errOut: errOut}
	err := c.dispatch(ctx, args)
	var usage usageError
	var coded exitError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		_, _ = fmt.Fprintf(errOut, "starter: %s\nTry starter help.\n", usage.text)
		return exitUsage
	case errors.As(err, &coded):
		_, _ = fmt.Fprintf(errOut, "starter: %s\n", coded.err)
		return coded.code
	}
	_, _ = fmt.Fprintf(errOut, "starter: %s\n", err)
	return exitFailed
}

// exitError is a failure with an exit code of its own.
type exitError struct {
	err  error
	code int
}

func (e exitError) Error() string { return e.err.Error() }
