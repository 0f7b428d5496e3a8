// Command worker runs the workflows and activities of metalease.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"metalease/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the program whatever it does
	code := cli.Worker(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
