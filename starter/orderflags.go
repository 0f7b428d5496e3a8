package main

import (
	"metalease/workflows/api"
)

// orderFlags are the flags that make an order; file and paid are read by the caller.
func (c *commandLine) orderFlags(o *api.Order) (file, paid *string) {
	file = c.flags.String("file", "", "read the order as JSON from `FILE`; - is standard input. No other flag but --restart goes with it")
	c.flags.IntVar(&o.ServiceID, "service", 0, "WHMCS service id")
	c.flags.IntVar(&o.ClientID, "client", 0, "WHMCS client id")
	c.flags.IntVar(&o.OrderID, "order", 0, "WHMCS order id")
	paid = c.flags.String("paid-at", "", "when it was paid, `TIME` as 2026-01-31T12:00:00Z; who paid first is served first (default now)")
	c.flags.StringVar(&o.Panel, "panel", "", "panel, by its configured `NAME`")
	c.flags.StringVar(&o.Package, "package", "", "the panel's Configuration or Server Type")
	c.flags.StringVar(&o.OSTemplate, "os", "", "OS `TEMPLATE` of the panel")
	c.flags.StringVar(&o.Recipe, "recipe", "", "recipe to run after the install")
	c.flags.StringVar(&o.Domain, "domain", "", "host `NAME` of the server")
	c.flags.IntVar(&o.IPv4, "ipv4", 0, "extra IPv4 addresses")
	c.flags.IntVar(&o.IPv6, "ipv6", 0, "extra IPv6 addresses")
	c.flags.StringVar(&o.AddressGroup, "group", "", "address group of the panel")
	c.flags.BoolVar(&o.DontWait, "dont-wait", false, "Active as soon as the panel has accepted the install")
	c.flags.Var((*duration)(&o.InstallTimeout), "install-timeout", "time for the install (default: the configuration's)")
	c.flags.IntVar(&o.InstallAttempts, "install-attempts", 0, "servers to try (default: the configuration's)")
	c.flags.Var((*duration)(&o.Grace), "grace", "from the block of an expired service to its release (default: the configuration's)")
	c.flags.StringVar((*string)(&o.ServerID), "server", "", "`ID` of the one server that it may have")
	return file, paid
}
