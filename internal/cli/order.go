package cli

import (
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// orderFlags is an order as it was given: by flags, or as a file.
type orderFlags struct {
	order      api.Order
	file, paid string
}

// orderFlags declares the flags that make an order.
func (c *commandLine) orderFlags(cmd *cobra.Command) *orderFlags {
	g := &orderFlags{}
	o, f := &g.order, cmd.Flags()
	f.StringVar(&g.file, "file", "", "read the order as JSON from `FILE`; - is standard input. No other flag but --restart goes with it")
	f.IntVar(&o.ServiceID, "service", 0, "WHMCS service id")
	f.IntVar(&o.ClientID, "client", 0, "WHMCS client id")
	f.IntVar(&o.OrderID, "order", 0, "WHMCS order id")
	f.StringVar(&g.paid, "paid-at", "", "when it was paid, `TIME` as 2026-01-31T12:00:00Z; who paid first is served first (default now)")
	f.StringVar(&o.Panel, "panel", "", "panel, by its configured `NAME`")
	f.StringVar(&o.Package, "package", "", "the panel's Configuration or Server Type")
	f.StringVar(&o.OSTemplate, "os", "", "OS `TEMPLATE` of the panel")
	f.StringVar(&o.Recipe, "recipe", "", "recipe to run after the install")
	f.StringVar(&o.Domain, "domain", "", "host `NAME` of the server")
	f.IntVar(&o.IPv4, "ipv4", 0, "extra IPv4 addresses")
	f.IntVar(&o.IPv6, "ipv6", 0, "extra IPv6 addresses")
	f.StringVar(&o.AddressGroup, "group", "", "address group of the panel")
	f.BoolVar(&o.DontWait, "dont-wait", false, "Active as soon as the panel has accepted the install")
	f.Var(&o.InstallTimeout, "install-timeout", "time for the install (default: the configuration's)")
	f.IntVar(&o.InstallAttempts, "install-attempts", 0, "servers to try (default: the configuration's)")
	f.Var(&o.Grace, "grace", "from the block of an expired service to its release (default: the configuration's)")
	f.StringVar((*string)(&o.ServerID), "server", "", "`ID` of the one server that it may have")
	must(cmd.MarkFlagFilename("file", "json"))
	must(cmd.RegisterFlagCompletionFunc("panel", c.completePanel))
	return g
}

// read returns the order, from the flags or from the file. It is one that a service can have.
func (g *orderFlags) read(cmd *cobra.Command, in io.Reader, panels []string) (api.Order, error) {
	if g.file != "" {
		return g.readFile(cmd, in, panels)
	}
	var err error
	if g.order.PaidAt, err = paidAt(g.paid); err != nil {
		return g.order, err
	}
	return g.order, control.CheckOrder(g.order, panels)
}

func paidAt(text string) (time.Time, error) {
	if text == "" {
		return time.Now().UTC().Truncate(time.Second), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, wrongUsage("--paid-at %q is no time such as 2026-01-31T12:00:00Z", text)
	}
	return at.UTC(), nil
}

// readFile reads an order from a file, or from standard input.
func (g *orderFlags) readFile(cmd *cobra.Command, in io.Reader, panels []string) (api.Order, error) {
	if mixed := given(cmd, "file", "restart", "config", "json"); len(mixed) > 0 {
		return api.Order{}, wrongUsage("--file holds the whole order; it does not go with %s", strings.Join(mixed, ", "))
	}
	read := func() ([]byte, error) { return os.ReadFile(g.file) }
	if g.file == "-" {
		read = func() ([]byte, error) { return io.ReadAll(in) }
	}
	text, err := read()
	if err != nil {
		return api.Order{}, wrongUsage("--file: %s", err)
	}
	order, err := control.ReadOrder(text, panels)
	if errors.Is(err, control.ErrNotJSON) {
		return order, wrongUsage("--file %s: %s", g.file, err)
	}
	return order, err
}
