// Package cli is the command lines of the programs starter and worker: one file per command or subject. A command reads flags, asks
// internal/control or starts internal/server, and writes what came of it; it decides nothing about services itself.
//
// [Starter] and [Worker] run one command line and return the exit code of the process.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/storefront"
)

// Exit codes of both programs. Scripts rest on them (docs/architecture.md 6).
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitNotFound = 3
)

// Streams are what a program reads and writes. On a terminal (an *os.File) it asks, uses colours and redraws.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// commandLine is one call of a program. Flags that several commands have are fields.
type commandLine struct {
	Streams
	configFile string
	asJSON     bool
}

// Starter runs the program starter. The context ends with Ctrl-C or SIGTERM.
func Starter(ctx context.Context, args []string, s Streams) int {
	return execute(ctx, starterCommand(s), args, s)
}

// Worker runs the program worker until the context ends.
func Worker(ctx context.Context, args []string, s Streams) int {
	return execute(ctx, workerCommand(s), args, s)
}

func execute(ctx context.Context, root *cobra.Command, args []string, s Streams) int {
	root.SetArgs(append([]string{}, args...)) // nil would be the arguments of the process
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	ran, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	err = explain(ctx, ran, err)
	_, _ = fmt.Fprintf(s.Err, "%s: %s\n", root.Name(), err)
	return exitCode(err)
}

// errNotFound is something that nobody holds or held, as far as is known.
var errNotFound = errors.New("nothing found")

// errInterrupted is the end of a command by Ctrl-C or SIGTERM.
var errInterrupted = errors.New("interrupted")

// exitCode is what a script learns of an error.
func exitCode(err error) int {
	_, typed := errors.AsType[*usageError](err)
	_, configured := errors.AsType[*config.Faults](err)
	_, ordered := errors.AsType[*control.Invalid](err)
	switch {
	case err == nil:
		return exitDone
	case typed || configured || ordered:
		return exitUsage
	case errors.Is(err, control.ErrUnknownService), errors.Is(err, control.ErrUnknownPanel), errors.Is(err, control.ErrUnknownDrift), errors.Is(err, control.ErrUnknownCart), errors.Is(err, storefront.ErrUnknownProduct), errors.Is(err, errNotFound):
		return exitNotFound
	}
	return exitFailed
}
