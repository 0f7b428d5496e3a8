package simulator_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

// officialModule makes the calls of ISPsystem's WHMCS module, in its order
// (docs/dcimanager.md 8), and evaluates what its XPaths evaluate.
type officialModule struct {
	*desk
	pkg, domain string
}

func (m officialModule) users(where func(tree) bool) []tree { return m.must("user").rows(where) }

// pick is the first server that R1 and R2 find; empty when there is none.
func (m officialModule) pick() string {
	m.t.Helper()
	free := m.must("server").rows(func(n tree) bool {
		return n.get("owner") == "" && (n.get("chassis_templ") == m.pkg || n.get("type") == m.pkg) &&
			n.get("hostname") == "free.ds" && !n.has("blocked") && !n.has("hwproblem") && !n.has("diag_in_progress")
	})
	if len(free) == 0 {
		return ""
	}
	return free[0].get("id")
}

func (m officialModule) setOwner(server, owner string) {
	m.t.Helper()
	form := m.must("server.edit", "elid", server)
	m.must("server.edit", "elid", server, "sok", "ok", "mac", form.get("mac"), "name", form.get("name"),
		"notes", form.get("notes"), "type", form.get("type"), "owner", owner)
}

func (m officialModule) setDomain(server, domain string) {
	m.t.Helper()
	for _, address := range m.must("iplist", "elid", server).rows(func(n tree) bool { return n.get("type") != "group" }) {
		m.must("iplist.edit", "elid", address.get("id"), "sok", "ok", "plid", server, "domain", domain)
	}
}

// waitFor looks every step until the row is as wanted; it returns the looks.
func (m officialModule) waitFor(server string, step time.Duration, done func(tree) bool) int {
	m.t.Helper()
	for looks := 1; looks <= 40; looks++ {
		if done(m.row(server)) {
			return looks
		}
		m.clock.advance(step)
	}
	m.t.Fatalf("server %s never was as wanted", server)
	return 0
}

func (m officialModule) create(api, customer string, extra int) string {
	m.t.Helper()
	server := m.pick()
	require.NotEmpty(m.t, server)
	m.setOwner(server, api)
	require.Equal(m.t, api, m.row(server).get("owner"))
	m.must("server.enable", "elid", server)
	m.must("server.poweron", "elid", server)
	m.clock.advance(30 * time.Second)
	m.waitFor(server, 30*time.Second, func(n tree) bool { return n.has("poweron") })
	m.setDomain(server, m.domain)
	for range extra {
		added := m.must("iplist.edit", "plid", server, "sok", "ok", "domain", m.domain, "iptype", "public", "ip", "", "family", "ipv4")
		require.NotEmpty(m.t, added.get("ip"))
	}
	require.Empty(m.t, refusalOf(m.installOS(server)))
	m.must("server.edit", "elid", server)
	for _, c := range m.must("server.connection", "elid", server).rows(nil) {
		view := m.must("server.connection.edit", "plid", server, "elid", c.get("id"))
		switch c.get("type") {
		case "Switch":
			require.NotEmpty(m.t, view.get("port"))
		case "IPMI":
			require.NotEmpty(m.t, view.get("ip"))
		}
	}
	return server
}

func (m officialModule) terminate(server string) {
	m.t.Helper()
	m.must("server.enable", "elid", server)
	m.waitFor(server, 5*time.Second, func(n tree) bool { return !n.has("disabled") })
	for len(m.must("server.connection", "elid", server).rows(func(n tree) bool { return n.has("func_in_progress") })) > 0 {
		m.clock.advance(5 * time.Second)
	}
	m.must("server.poweroff", "elid", server)
	m.waitFor(server, 5*time.Second, func(n tree) bool { return n.has("poweroff") || n.has("powererror") })
	main := m.row(server).get("ip")
	for _, a := range m.must("iplist", "elid", server).rows(func(n tree) bool { return n.get("type") != "group" && n.get("ip") != main }) {
		m.must("iplist.delete", "elid", a.get("id"), "plid", server)
	}
	m.setOwner(server, "no_owner")
	m.setDomain(server, "free.ds")
}

var realTimes = simulator.Config{
	Servers: 2, Packages: []string{"E3-16G"}, InstallTime: 10 * time.Minute, PowerTime: 40 * time.Second, FlagDelay: 3 * time.Second, PoolSize: 3,
}

// A customer's whole life with the official module: sold, blocked, unblocked,
// released, sold again. Nothing of it is a violation.
func TestTheOfficialModuleRunsUnchanged(t *testing.T) {
	d := newDesk(t, realTimes)
	m := officialModule{d, "E3-16G", "web.example.com"}

	admin := m.users(func(n tree) bool { return n.get("name") == "whmcsapi" })
	require.Len(t, admin, 1)
	require.Equal(t, "29", admin[0].get("level"))
	api := admin[0].get("id")
	require.Empty(t, m.users(func(n tree) bool { return n.get("level") == "16" && n.get("name") == "cust42" }))
	customer := d.customer("cust42")
	require.Equal(t, customer, m.users(func(n tree) bool { return n.get("level") == "16" && n.get("name") == "cust42" })[0].get("id"))

	server := m.create(api, customer, 2)
	row := d.row(server)
	require.False(t, row.has("install_in_progress"), "the flag comes late")
	d.clock.advance(3 * time.Second)
	require.True(t, d.row(server).has("install_in_progress"))
	require.Equal(t, "Installing "+template+": 0 %", d.must("server", "elid", server, "clickstat", "title", "hint_field", "install_in_progress").get("value"))
	looks := m.waitFor(server, 30*time.Second, func(n tree) bool { return !n.has("install_in_progress") && !n.has("operation_failed") })
	require.Greater(t, looks, 10)
	m.setOwner(server, customer)
	m.setDomain(server, m.domain)

	row = d.row(server)
	require.Equal(t, []string{"web.example.com", customer}, []string{row.get("hostname"), row.get("owner")})
	require.True(t, row.has("poweron"))
	require.Len(t, d.server(server).Addresses, 3)
	require.NotEqual(t, server, m.pick())

	d.must("server.disable", "elid", server)
	require.False(t, d.row(server).has("disabled"), "the flag comes late")
	require.True(t, d.must("server.connection", "elid", server).rows(nil)[0].has("func_in_progress"))
	d.clock.advance(3 * time.Second)
	require.True(t, d.row(server).has("disabled"))
	require.True(t, d.row(server).has("blocked"))
	require.Equal(t, "on", d.must("server.edit", "elid", server).get("disabled"))
	require.True(t, d.row(server).has("poweron"), "a block cuts no power")

	m.terminate(server)
	row = d.row(server)
	require.Equal(t, "free.ds", row.get("hostname"))
	require.False(t, row.has("owner"))
	require.Equal(t, server, m.pick(), "it can be sold again")
	require.Empty(t, d.panel.Violations())

	state := d.panel.State()
	require.Len(t, state.Installs, 1)
	require.Equal(t, "whmcsapi", state.Installs[0].By)
	require.Equal(t, "root-pw", state.Installs[0].Password)
	require.Equal(t, 3, state.Pool.FreeIPv4)
	require.Equal(t, 1, state.Functions["server.operations"].Requests)
	require.Positive(t, state.Functions["server"].Bytes)
}

// The race of docs/dcimanager.md 7.1: two orders at once take the same server.
func TestTheOfficialModulesRaceIsSeen(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 2, InstallWhileInstalling: true, InstallTime: time.Minute})
	a, b := d.customer("a"), d.customer("b")
	m := officialModule{d, "E3-16G", "x.example.com"}
	first, second := m.pick(), m.pick()
	require.Equal(t, first, second)
	m.setOwner(first, "3")
	require.Empty(t, d.kinds())
	m.setOwner(second, "3")
	require.Equal(t, []string{simulator.TwoHolders}, d.kinds())
	d.installOS(first)
	d.installOS(second)
	require.Equal(t, simulator.InstallUnasked, d.kinds()[1])
	m.setOwner(first, a)
	m.setOwner(second, b)
	require.Equal(t, []string{simulator.TwoHolders, simulator.InstallUnasked, simulator.OwnerChanged}, d.kinds())
}

// docs/dcimanager.md 7.8: create after terminate seizes a server that another customer has.
func TestASeizedServerIsSeen(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 1})
	a := d.customer("a")
	m := officialModule{d, "E3-16G", "x.example.com"}
	m.setOwner("1", "3")
	m.setOwner("1", a)
	m.setOwner("1", "3")
	require.Equal(t, []string{simulator.TwoHolders}, d.kinds())
}
