package main

import (
	"context"
	"io"

	"metalease/dcim/simulator"
	"metalease/internal/simserver"
)

// run serves the panel until the context ends.
func run(ctx context.Context, o options, out io.Writer) error {
	o.server.Name, o.server.Path = "dcimsim", "/dcimgr"
	return simserver.Run(ctx, o.server, out, func() (simserver.Simulator, error) {
		panel, err := simulator.New(o.panel)
		return closing{panel}, err
	})
}

// closing gives the panel's Close the error that it never has.
type closing struct{ *simulator.Panel }

// Close implements simserver.Simulator.
func (c closing) Close() error {
	c.Panel.Close()
	return nil
}
