package simulator_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

// Every asynchronous flag comes and goes at its time (docs/dcimanager.md 4.6).
func TestFlagsFollowTheirTimes(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 1, InstallTime: time.Minute, PowerTime: 10 * time.Second, FlagDelay: 2 * time.Second})
	flags := func() []string {
		set := []string{}
		row := d.row("1")
		for _, name := range []string{"poweron", "poweroff", "powererror", "disabled", "blocked", "install_in_progress", "operation_failed"} {
			if row.has(name) {
				set = append(set, name)
			}
		}
		if d.must("server.connection", "elid", "1").rows(nil)[0].has("func_in_progress") {
			set = append(set, "busy")
		}
		return set
	}
	// after asks for something, then lists flags and how long after the last look they must be there.
	type look struct {
		wait  time.Duration
		flags []string
	}
	for _, step := range []struct {
		name  string
		ask   func()
		looks []look
	}{
		{"power on", func() { d.must("server.poweron", "elid", "1") },
			[]look{{0, []string{"poweroff"}}, {11 * time.Second, []string{"poweroff"}}, {time.Second, []string{"poweron"}}}},
		{"disable", func() { d.must("server.disable", "elid", "1") },
			[]look{{0, []string{"poweron", "busy"}}, {2 * time.Second, []string{"poweron", "disabled", "blocked", "busy"}}, {2 * time.Second, []string{"poweron", "disabled", "blocked"}}}},
		{"enable", func() { d.must("server.enable", "elid", "1") },
			[]look{{0, []string{"poweron", "disabled", "blocked", "busy"}}, {2 * time.Second, []string{"poweron", "busy"}}, {2 * time.Second, []string{"poweron"}}}},
		{"disable, then enable at once", func() { d.must("server.disable", "elid", "1"); d.must("server.enable", "elid", "1") },
			[]look{{4 * time.Second, []string{"poweron"}}}},
		{"install that fails", func() { d.administer("1", `{"fail_installs":1}`); d.installOS("1") },
			[]look{{0, []string{"poweron"}}, {2 * time.Second, []string{"poweron", "install_in_progress"}}, {time.Minute, []string{"poweron", "operation_failed"}}}},
		{"install that works", func() { d.installOS("1") },
			[]look{{0, []string{"poweron", "operation_failed"}}, {2 * time.Second, []string{"poweron", "install_in_progress"}}, {time.Minute, []string{"poweron"}}}},
		{"install that is cancelled", func() { d.installOS("1"); d.clock.advance(2 * time.Second); d.must("server.opercancel", "elid", "1") },
			[]look{{0, []string{"poweron", "install_in_progress"}}, {2 * time.Second, []string{"poweron"}}, {time.Hour, []string{"poweron"}}}},
		{"cancelled before its flag", func() { d.installOS("1"); d.must("server.opercancel", "elid", "1") },
			[]look{{time.Hour, []string{"poweron"}}}},
		{"power error", func() { d.administer("1", `{"fail_power":1}`); d.must("server.poweroff", "elid", "1") },
			[]look{{12 * time.Second, []string{"powererror"}}}},
		{"power off", func() { d.must("server.poweroff", "elid", "1") },
			[]look{{12 * time.Second, []string{"poweroff"}}}},
		{"reboot", func() { d.must("server.reboot", "elid", "1") },
			[]look{{12 * time.Second, []string{"poweron"}}}},
		{"off and on again: the newest command counts", func() { d.must("server.poweroff", "elid", "1"); d.must("server.poweron", "elid", "1") },
			[]look{{12 * time.Second, []string{"poweron"}}}},
	} {
		step.ask()
		for _, l := range step.looks {
			d.clock.advance(l.wait)
			require.Equal(t, l.flags, flags(), "%s, %s later", step.name, l.wait)
		}
	}
	require.Equal(t, template, d.must("server.operations", "elid", "1").get("ostemplate"))
}

func TestWhatAnInstallRefuses(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 1, InstallTime: time.Minute, MinPassword: 3})
	with := func(name, value string) []string {
		return []string{"sok", "ok", "elid", "1", "operation", "ostemplate", "ostemplate", template, "passwd", "root-pw", "confirm", "root-pw", name, value}
	}
	for want, params := range map[string][]string{
		"missed ostemplate": with("ostemplate", ""),
		"value ostemplate":  with("ostemplate", "ISPsystem__BeOS"),
		"value passwd":      with("passwd", "x"),
		"value confirm":     with("confirm", "y"),
		"value checkpasswd": with("checkpasswd", "z"),
		"value recipe":      with("recipe", ""),
		"value operation":   with("operation", "fly"),
		"missed elid":       with("elid", "9"),
	} {
		d.refused(want, "server.operations", params...)
	}
	require.Empty(t, d.panel.State().Installs)
	require.Empty(t, refusalOf(d.installOS("1")))
	require.Equal(t, "value operation", refusalOf(d.installOS("1"))[:15], "one runs already")
	d.administer("1", `{"delete_ip":"198.18.0.1","install_in_progress":false}`)
	d.refused("missed ip", "server.operations", with("", "")...)
}

// Each unconfirmed thing, both ways.
func TestSwitches(t *testing.T) {
	minute := simulator.Config{Servers: 1, InstallTime: time.Minute}
	for name, c := range map[string]struct {
		on  func(*simulator.Config)
		see func(d *desk) bool
	}{
		"OwnerAsName": {func(c *simulator.Config) { c.OwnerAsName = true }, func(d *desk) bool {
			d.administer("1", `{"owner":"whmcsapi"}`)
			return d.row("1").get("owner") == "whmcsapi"
		}},
		"FormOwnerAsName": {func(c *simulator.Config) { c.FormOwnerAsName = true }, func(d *desk) bool {
			d.administer("1", `{"owner":"3"}`)
			return d.must("server.edit", "elid", "1").get("owner") == "whmcsapi"
		}},
		"EmptyFlags": {func(c *simulator.Config) { c.EmptyFlags = true }, func(d *desk) bool {
			require.True(t, d.row("1").has("poweroff"))
			return d.row("1").get("poweroff") == ""
		}},
		"DisabledFlagOnly": {func(c *simulator.Config) { c.DisabledFlagOnly = true }, func(d *desk) bool {
			d.must("server.disable", "elid", "1")
			require.True(t, d.row("1").has("disabled"))
			return !d.row("1").has("blocked")
		}},
		"DisabledRefusesPowerOn": {func(c *simulator.Config) { c.DisabledRefusesPowerOn = true }, func(d *desk) bool {
			d.must("server.disable", "elid", "1")
			return d.ask("server.poweron", "elid", "1").has("error")
		}},
		"DisabledRefusesPowerOff": {func(c *simulator.Config) { c.DisabledRefusesPowerOff = true }, func(d *desk) bool {
			d.must("server.disable", "elid", "1")
			return d.ask("server.poweroff", "elid", "1").has("error")
		}},
		"DisabledRefusesInstall": {func(c *simulator.Config) { c.DisabledRefusesInstall = true }, func(d *desk) bool {
			d.must("server.disable", "elid", "1")
			return d.installOS("1").has("error")
		}},
		"InstallWhileInstalling": {func(c *simulator.Config) { c.InstallWhileInstalling = true }, func(d *desk) bool {
			d.installOS("1")
			return !d.installOS("1").has("error")
		}},
		"TemplateOnAccept": {func(c *simulator.Config) { c.TemplateOnAccept = true }, func(d *desk) bool {
			d.installOS("1")
			return d.must("server.operations", "elid", "1").get("ostemplate") == template
		}},
		"ClearFailureOnAccept": {func(c *simulator.Config) { c.ClearFailureOnAccept, c.FlagDelay = true, time.Second }, func(d *desk) bool {
			d.administer("1", `{"operation_failed":true}`)
			d.installOS("1")
			return !d.row("1").has("operation_failed")
		}},
		"CancelMeansFailed": {func(c *simulator.Config) { c.CancelMeansFailed = true }, func(d *desk) bool {
			d.installOS("1")
			d.must("server.opercancel", "elid", "1")
			return d.row("1").has("operation_failed")
		}},
		"CancelNeedsOperation": {func(c *simulator.Config) { c.CancelNeedsOperation = true }, func(d *desk) bool {
			return d.ask("server.opercancel", "elid", "1").has("error")
		}},
		"LowerCaseDomains": {func(c *simulator.Config) { c.LowerCaseDomains = true }, func(d *desk) bool {
			id := d.must("iplist.edit", "plid", "1", "sok", "ok", "domain", "Web.Example.com", "iptype", "public", "ip", "", "family", "ipv4").get("id")
			return d.must("iplist.edit", "plid", "1", "elid", id).get("domain") == "web.example.com"
		}},
		"DiagnosticsOnRelease": {func(c *simulator.Config) { c.DiagnosticsOnRelease = time.Minute }, func(d *desk) bool {
			d.save("1", "3", "")
			d.save("1", "no_owner", "")
			running := d.row("1").has("diag_in_progress")
			d.clock.advance(time.Minute)
			require.False(t, d.row("1").has("diag_in_progress"))
			return running
		}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := minute
			if name == "ClearFailureOnAccept" {
				cfg.FlagDelay = time.Second
			}
			require.False(t, c.see(newDesk(t, cfg)))
			c.on(&cfg)
			require.True(t, c.see(newDesk(t, cfg)))
		})
	}
}

func TestThePoolRunsOut(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 2, PoolSize: 2})
	add := func(server, family, ip string) tree {
		return d.ask("iplist.edit", "plid", server, "sok", "ok", "domain", "a.example.com", "iptype", "public", "ip", ip, "family", family)
	}
	require.Equal(t, "198.19.0.1", add("1", "ipv4", "").get("ip"))
	second := add("2", "ipv4", "")
	require.Equal(t, "198.19.0.2", second.get("ip"))
	require.Contains(t, refusalOf(add("1", "ipv4", "")), "limit ip")
	require.Equal(t, "2001:db8::1", add("1", "ipv6", "").get("ip"), "the other family has its own")
	require.Equal(t, simulator.Pool{Size: 2, FreeIPv4: 0, FreeIPv6: 1}, d.panel.State().Pool)

	d.must("iplist.delete", "plid", "2", "elid", second.get("id"))
	require.Equal(t, "198.19.0.2", add("1", "ipv4", "").get("ip"), "a deleted address comes back")
	require.Contains(t, refusalOf(add("1", "ipv4", "198.19.0.1")), "exists ip")
	require.Equal(t, "203.0.113.7", add("1", "ipv4", "203.0.113.7").get("ip"))

	none := newDesk(t, simulator.Config{Servers: 1, PoolSize: -1, PoolErrorType: "value"})
	none.refused("value ip", "iplist.edit", "plid", "1", "sok", "ok", "domain", "a", "iptype", "public", "family", "ipv4")
}

func TestWhatAddressesRefuse(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 2})
	with := func(name, value string) []string {
		return []string{"plid", "1", "sok", "ok", "domain", "a.example.com", "iptype", "public", "family", "ipv4", name, value}
	}
	d.refused("value iptype", "iplist.edit", with("iptype", "nowhere")...)
	d.refused("value family", "iplist.edit", with("family", "ipx")...)
	d.refused("value domain", "iplist.edit", with("domain", "")...)
	d.refused("value ip", "iplist.edit", with("ip", "2001:db8::9")...)
	d.refused("missed plid", "iplist.edit", with("plid", "9")...)
	d.refused("missed elid", "iplist.edit", with("elid", d.address("2", true))...) // another server's
	d.refused("missed elid", "iplist.delete", "plid", "1", "elid", d.address("2", true))

	rows := d.must("iplist", "elid", "1").rows(nil)
	require.Equal(t, []string{"group", "198.18.0.0/24"}, []string{rows[0].get("type"), rows[0].get("ip")})
	require.Equal(t, "198.18.0.1", rows[1].get("ip"))
	d.must("iplist.delete", "plid", "1", "elid", d.address("1", true))
	require.Empty(t, d.row("1").get("hostname"), "without its main address it is never free again")
}

func TestConnections(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 1, FlagDelay: time.Second})
	port := d.must("server.connection", "elid", "1").rows(func(n tree) bool { return n.get("type") == "Switch" })[0].get("id")
	d.must("server.connection.off", "plid", "1", "elid", port)
	require.True(t, d.server("1").Connections[0].On, "it answers at once, and works later")
	require.True(t, d.must("server.connection", "elid", "1").rows(id(port))[0].has("func_in_progress"))
	d.clock.advance(time.Second)
	require.False(t, d.must("server.connection", "elid", "1").rows(id(port))[0].has("func_in_progress"))
	require.False(t, d.server("1").Connections[0].On)
	d.must("server.connection.on", "plid", "1", "elid", port)
	d.clock.advance(time.Second)
	require.True(t, d.server("1").Connections[0].On)
	d.refused("missed elid", "server.connection.edit", "plid", "1", "elid", "") // the module asks so
	require.Equal(t, "Gi0/1", d.must("server.connection.edit", "plid", "1", "elid", port).get("port"))
}

func TestTheFormRefusesUnknownOwners(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 1})
	form := d.must("server.edit", "elid", "1")
	require.Equal(t, "no_owner", form.get("owner"))
	require.NotEqual(t, d.row("1").get("type"), form.get("type"), "the form's type is not the list's")
	for _, owner := range []string{"", "whmcsapi", "99"} {
		d.refused("value owner", "server.edit", "elid", "1", "sok", "ok", "mac", "m", "name", "n", "notes", "", "type", "1", "owner", owner)
	}
	require.Equal(t, form, d.must("server.edit", "elid", "1"), "a refused save changes nothing")
}
