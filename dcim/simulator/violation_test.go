package simulator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

const (
	api   = "3"
	mine  = "metalease:shop/service-1 "
	other = "metalease:shop/service-2 "
)

// claimed is a desk on which server 1 is claimed for service 1.
func claimed(t *testing.T) *desk {
	d := newDesk(t, simulator.Config{Servers: 2})
	d.save("1", api, mine+"claimed")
	return d
}

func (d *desk) address(server string, main bool) string {
	d.t.Helper()
	for _, a := range d.server(server).Addresses {
		if a.Main == main {
			return a.ID
		}
	}
	d.t.Fatalf("server %s has no such address", server)
	return ""
}

// build brings a claimed server to its customer, as this product does.
func (d *desk) build(customer string) {
	d.t.Helper()
	d.must("server.poweron", "elid", "1")
	d.must("iplist.edit", "plid", "1", "sok", "ok", "domain", "a.example.com", "iptype", "public", "ip", "", "family", "ipv6")
	d.must("iplist.edit", "plid", "1", "sok", "ok", "elid", d.address("1", true), "domain", "a.example.com")
	d.save("1", api, mine+"installing 1 was="+template)
	require.Empty(d.t, refusalOf(d.installOS("1")))
	d.save("1", customer, mine+"active")
}

// The life of a server with marks raises nothing, however often it is sold.
func TestACleanLifeIsNoViolation(t *testing.T) {
	d := claimed(t)
	a, b := d.customer("a"), d.customer("b")
	for _, customer := range []string{a, b, a} {
		if d.server("1").Owner == "" {
			d.save("1", api, mine+"claimed")
		}
		d.build(customer)
		d.must("server.disable", "elid", "1")
		d.save("1", api, mine+"releasing")
		d.must("server.poweroff", "elid", "1")
		d.must("iplist.delete", "plid", "1", "elid", d.address("1", false))
		d.must("iplist.edit", "plid", "1", "sok", "ok", "elid", d.address("1", true), "domain", "free.ds")
		d.must("server.enable", "elid", "1")
		d.save("1", "no_owner", "")
		require.Empty(t, d.panel.Violations())
		require.Equal(t, simulator.Tenancy{}, d.server("1").Tenancy)
	}
	require.Equal(t, mine+"installing 1 was="+template, d.panel.State().Installs[2].Mark)
}

func TestOtherCleanPaths(t *testing.T) {
	for name, path := range map[string]func(d *desk, customer string){
		"a claim given back, though the server was on and named": func(d *desk, _ string) {
			d.administer("1", `{"power":"on","hostname":"left.example.com"}`)
			d.save("1", "no_owner", "")
		},
		"a failed server in quarantine, cleared by staff, sold again": func(d *desk, customer string) {
			d.save("1", api, mine+"quarantine 2026-01-02 install failed")
			d.must("server.disable", "elid", "1")
			d.administer("1", `{"owner":"","notes":"","disabled":false}`)
			d.save("1", api, other+"claimed")
		},
		"a second install, announced": func(d *desk, _ string) {
			d.save("1", api, mine+"installing 1")
			d.installOS("1")
			d.save("1", api, mine+"installing 2")
			d.installOS("1")
		},
		"a release undone": func(d *desk, customer string) {
			d.build(customer)
			d.save("1", api, mine+"releasing")
			d.save("1", customer, mine+"active")
		},
		"detached, other people's notes kept": func(d *desk, customer string) {
			d.build(customer)
			d.save("1", customer, mine+"active\nring 5 before work")
			d.save("1", customer, "ring 5 before work")
		},
		"staff give a server from one customer to another": func(d *desk, customer string) {
			d.build(customer)
			d.administer("1", `{"owner":"b"}`)
		},
		"a customer installs and renames": func(d *desk, customer string) {
			d.build(customer)
			own := d.as("authinfo", "a:pw-a")
			require.Empty(d.t, refusalOf(own.installOS("1")))
			require.Empty(d.t, refusalOf(own.installOS("1")))
			own.must("server.edit", "elid", "1", "sok", "ok", "notes", "my box")
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := claimed(t)
			customer := d.customer("a")
			d.customer("b")
			path(d, customer)
			require.Empty(t, d.panel.Violations())
		})
	}
}

func TestEachViolationIsSeen(t *testing.T) {
	released := func(d *desk, customer, leave string) {
		d.build(customer)
		d.save("1", api, mine+"releasing")
		if leave != "power" {
			d.must("server.poweroff", "elid", "1")
		}
		if leave != "address" {
			d.must("iplist.delete", "plid", "1", "elid", d.address("1", false))
		}
		if leave != "hostname" {
			d.must("iplist.edit", "plid", "1", "sok", "ok", "elid", d.address("1", true), "domain", "free.ds")
		}
		if leave == "block" {
			d.must("server.disable", "elid", "1")
		}
		notes := ""
		if leave == "mark" {
			notes = mine + "releasing"
		}
		d.save("1", "no_owner", notes)
	}
	leaves := func(what string) func(*desk, string, string) {
		return func(d *desk, a, _ string) { released(d, a, what) }
	}
	for _, c := range []struct {
		name, kind, detail string
		path               func(d *desk, a, b string)
	}{
		{"another service's mark", simulator.TwoHolders, "became", func(d *desk, _, _ string) { d.save("1", api, other+"claimed") }},
		{"another installation's mark", simulator.TwoHolders, "became", func(d *desk, _, _ string) { d.save("1", api, "metalease:b/service-1 claimed") }},
		{"two marks", simulator.TwoHolders, "2 marks", func(d *desk, _, _ string) { d.save("1", api, mine+"claimed\n"+other+"claimed") }},
		{"claimed from a customer", simulator.TwoHolders, "while a owned it", func(d *desk, a, _ string) {
			d.save("1", a, mine+"active")
			d.save("1", api, mine+"claimed")
		}},
		{"claimed from one without marks", simulator.TwoHolders, "claimed twice", func(d *desk, _, _ string) {
			d.save("2", api, "")
			d.save("2", api, mine+"claimed")
		}},
		{"from customer to customer", simulator.OwnerChanged, "from a to b", func(d *desk, a, b string) {
			d.save("1", a, mine+"active")
			d.save("1", b, mine+"active")
		}},
		{"from customer to customer by way of a release that never ended", simulator.OwnerChanged, "from a to b", func(d *desk, a, b string) {
			d.save("1", a, mine+"active")
			d.save("1", api, mine+"releasing")
			d.save("1", b, mine+"active")
		}},
		{"install on nobody's server", simulator.InstallForeign, "nobody", func(d *desk, _, _ string) { d.installOS("2") }},
		{"install on a customer's server", simulator.InstallForeign, "a owns it", func(d *desk, a, _ string) {
			d.save("1", a, mine+"installing 1")
			d.installOS("1")
		}},
		{"install that its mark did not announce", simulator.InstallUnasked, "claimed", func(d *desk, _, _ string) { d.installOS("1") }},
		{"the same install twice", simulator.InstallUnasked, "second install", func(d *desk, _, _ string) {
			d.save("1", api, mine+"installing 1")
			d.installOS("1")
			d.installOS("1")
		}},
		{"two installs without marks", simulator.InstallUnasked, "since it was claimed", func(d *desk, _, _ string) {
			d.save("2", api, "")
			d.installOS("2")
			d.installOS("2")
		}},
		{"released while a customer owns it", simulator.ReleaseForeign, "while a owned it", func(d *desk, a, _ string) {
			d.save("1", a, mine+"active")
			d.must("server.poweroff", "elid", "1")
			d.save("1", "no_owner", "")
		}},
		{"released while it is installed", simulator.ReleaseForeign, "installing 1", func(d *desk, _, _ string) {
			d.save("1", api, mine+"installing 1")
			d.save("1", "no_owner", "")
		}},
		{"released with its power on", simulator.ReleaseIncomplete, "power is on", leaves("power")},
		{"released with an extra address", simulator.ReleaseIncomplete, "2001:db8::1", leaves("address")},
		{"released with its name", simulator.ReleaseIncomplete, "a.example.com", leaves("hostname")},
		{"released blocked", simulator.ReleaseIncomplete, "blocked", leaves("block")},
		{"released with its mark", simulator.ReleaseIncomplete, "mark is left", leaves("mark")},
		{"notes forgotten", simulator.FormBlanked, "notes", func(d *desk, _, _ string) {
			d.administer("2", `{"notes":"ring 5 before work"}`)
			d.must("server.edit", "sok", "ok", "elid", "2", "mac", "m", "name", "n", "type", "1", "owner", api)
		}},
		{"the mark forgotten", simulator.FormBlanked, "notes", func(d *desk, _, _ string) {
			d.must("server.edit", "sok", "ok", "elid", "1", "mac", "m", "name", "n", "type", "1", "owner", api)
		}},
		{"mac forgotten", simulator.FormBlanked, "mac", func(d *desk, _, _ string) {
			d.must("server.edit", "sok", "ok", "elid", "2", "name", "n", "type", "1", "notes", "", "owner", api)
			require.Empty(d.t, d.must("server.edit", "elid", "2").get("mac"), "the panel blanked it")
		}},
		{"a form saved that was not read", simulator.FormBlanked, "name", func(d *desk, _, _ string) {
			d.must("server.edit", "sok", "ok", "elid", "2", "mac", "m", "name", "", "type", "1", "notes", "", "owner", api)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, simulator.Config{Servers: 2, InstallWhileInstalling: true})
			d.save("1", api, mine+"claimed")
			c.path(d, d.customer("a"), d.customer("b"))
			violations := d.panel.Violations()
			require.Len(t, violations, 1)
			require.Equal(t, c.kind, violations[0].Kind)
			require.Contains(t, violations[0].Detail, c.detail)
			require.Equal(t, d.clock.time(), violations[0].At)
		})
	}
}
