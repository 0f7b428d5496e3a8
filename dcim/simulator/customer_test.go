package simulator_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

// enter is the desk of a session that a key of the API account opened for a user.
func (d *desk) enter(user string) *desk {
	d.t.Helper()
	d.must("session.newkey", "username", user, "key", key)
	return d.as("auth", d.as("none", "").must("auth", "username", user, "key", key).get("auth"))
}

// tenanted is a desk whose server 1 belongs to the customer a, and 2 to b.
func tenanted(t *testing.T, config simulator.Config) *desk {
	config.Servers = 3
	d := newDesk(t, config)
	d.customer("a")
	d.customer("b")
	d.administer("1", `{"owner":"a"}`)
	d.administer("2", `{"owner":"b"}`)
	return d
}

// What a session of ours tries on somebody else's server is refused, and told; a look is not, and
// what the customers do themselves is theirs.
func TestASessionOnSomebodyElsesServer(t *testing.T) {
	d := tenanted(t, simulator.Config{})
	ours, own := d.enter("a"), d.as("authinfo", "a:pw-a")
	install := []string{"sok", "ok", "operation", "ostemplate", "ostemplate", template, "passwd", "root-pw"}
	for _, call := range [][]string{
		{"server.poweron", "elid", "2"}, {"server.poweroff", "elid", "3"}, {"server.reboot", "elid", "1, 2"}, {"server.opercancel", "elid", "2"},
		append([]string{"server.operations", "elid", "2"}, install...), {"iplist.edit", "plid", "2", "elid", d.address("2", true), "sok", "ok", "domain", "x"},
		{"ipmiredirect", "elid", "2", "value", "IPMI S2"}, {"server.edit", "elid", "2", "sok", "ok", "notes", "x"},
	} {
		before := len(d.kinds())
		own.refused("access server", call[0], call[1:]...)
		require.Len(t, d.kinds(), before, "%v", call)
		ours.refused("access server", call[0], call[1:]...)
		require.Equal(t, simulator.SessionForeign, d.kinds()[before], "%v", call)
		require.Len(t, d.kinds(), before+1)
	}
	before := len(d.kinds())
	for _, function := range []string{"server.edit", "server.operations", "iplist", "server.connection"} {
		ours.refused("access server", function, "elid", "2")
	}
	for _, function := range []string{"user", "server.enable", "server.disable", "session.newkey", "server.connection.off", "server.connection.on", "iplist.delete", "switch", "rack"} {
		ours.refused("access "+function, function, "elid", "1", "plid", "1")
	}
	ours.must("server.poweron", "elid", "1")
	require.Empty(t, refusalOf(ours.ask("server.operations", append([]string{"elid", "1"}, install...)...)))
	require.Len(t, d.kinds(), before)
	require.Equal(t, "a", d.panel.State().Installs[0].By)
}

// A customer's install through us is asked for once for each mark that announces one; staff may
// install a customer's server anew under such a mark, and not without.
func TestReinstallsThatNobodyAskedFor(t *testing.T) {
	d := claimed(t)
	d.build(d.customer("a"))
	ours := d.enter("a")
	again := func(d *desk) { d.clock.advance(time.Minute); require.Empty(t, refusalOf(d.installOS("1"))) }
	again(ours)
	again(ours)
	require.Empty(t, d.kinds(), "marked active: the customer may have asked in the panel")
	d.save("1", d.server("1").Owner, mine+"active installing 2")
	again(ours)
	require.Empty(t, d.kinds())
	again(ours)
	require.Equal(t, []string{simulator.InstallUnasked}, d.kinds())
	again(d.as("authinfo", "a:pw-a"))
	require.Len(t, d.kinds(), 1, "the customer does as he likes")

	d.save("1", d.server("1").Owner, mine+"active installing 3")
	again(d)
	require.Len(t, d.kinds(), 1, "staff, announced")
	d.save("1", d.server("1").Owner, mine+"active")
	again(d)
	require.Equal(t, []string{simulator.InstallForeign, simulator.InstallUnasked}, d.kinds()[1:])
}

// Each unconfirmed thing about customers, both ways.
func TestSwitchesOfCustomers(t *testing.T) {
	for name, c := range map[string]struct {
		on  func(*simulator.Config)
		see func(d *desk) bool
	}{
		"DisabledLetsCustomers": {func(c *simulator.Config) { c.DisabledLetsCustomers = true }, func(d *desk) bool {
			d.must("server.disable", "elid", "1")
			ours := d.enter("a")
			ours.must("server.edit", "elid", "1")
			allowed := !ours.ask("server.poweron", "elid", "1").has("error")
			for _, refused := range []bool{ours.installOS("1").has("error"), ours.ask("server.opercancel", "elid", "1").has("error"),
				ours.ask("ipmiredirect", "elid", "1", "value", "IPMI S1").has("error")} {
				require.Equal(d.t, !allowed, refused)
			}
			return allowed
		}},
		"RoamingSessions": {func(c *simulator.Config) { c.RoamingSessions = true }, func(d *desk) bool {
			session := d.enter("a").login.Get("auth")
			return strings.Contains(d.from("127.0.0.2", url.Values{"auth": {session}, "func": {"server"}, "out": {"xml"}}), "<elem>")
		}},
		"NoCookieCheck": {func(c *simulator.Config) { c.NoCookieCheck = true }, func(d *desk) bool {
			d.must("session.newkey", "username", "a", "key", key)
			return strings.Contains(d.from("127.0.0.2", url.Values{"func": {"auth"}, "username": {"a"}, "key": {key}}), "user=a")
		}},
		"KeyLife": {func(c *simulator.Config) { c.KeyLife = time.Hour }, func(d *desk) bool {
			d.must("session.newkey", "username", "a", "key", key)
			d.clock.advance(11 * time.Minute)
			return !d.as("none", "").ask("auth", "username", "a", "key", key).has("error")
		}},
		"SwitchNames": {func(c *simulator.Config) { c.SwitchNames = true }, func(d *desk) bool {
			port := d.must("server.connection", "elid", "1").rows(func(n tree) bool { return n.get("type") == "Switch" })[0].get("id")
			return d.must("server.connection.edit", "plid", "1", "elid", port).get("switch") == "Switch A1"
		}},
		"TrafficPlain": {func(c *simulator.Config) { c.TrafficPlain = true }, func(d *desk) bool {
			return d.figures("traffic", "1").child("rx").attr("orig") == ""
		}},
		"TrafficMissing": {func(c *simulator.Config) { c.TrafficMissing = []string{"1"} }, func(d *desk) bool {
			require.NotNil(d.t, d.figures("trafficburstable", "2"))
			missing := d.figures("trafficburstable", "1") == nil
			require.Equal(d.t, missing, d.figures("traffic", "1") == nil)
			return missing
		}},
		"LongIPv6": {func(c *simulator.Config) { c.LongIPv6 = true }, func(d *desk) bool {
			id := d.must("iplist.edit", "plid", "1", "sok", "ok", "domain", "a.example.com", "iptype", "public", "ip", "", "family", "ipv6").get("id")
			return d.must("iplist", "elid", "1").rows(func(n tree) bool { return n.get("id") == id })[0].get("ip") == "2001:0db8:0000:0000:0000:0000:0000:0001"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			require.False(t, c.see(tenanted(t, simulator.Config{})))
			var config simulator.Config
			c.on(&config)
			require.True(t, c.see(tenanted(t, config)))
		})
	}
	_, err := simulator.New(simulator.Config{Console: "sideways"})
	require.ErrorContains(t, err, "sideways")
	_, err = simulator.New(simulator.Config{KeyLife: -1})
	require.ErrorContains(t, err, "key life")
}

// from is a call from another address of this machine; what a browser sees at its end.
func (d *desk) from(address string, form url.Values) string {
	d.t.Helper()
	resp, err := (&http.Client{Transport: dialling(address), Jar: jar(d.t)}).PostForm(d.url+"/dcimgr", form)
	require.NoError(d.t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(d.t, err)
	return string(text)
}

// figures are the row of a server in a report; nil for none.
func (d *desk) figures(report, server string) *tree {
	d.t.Helper()
	rows := d.must(report, "sok", "ok", "period", "currentmonth").child("reportdata").child("traff").rows(id(server))
	if len(rows) == 0 {
		return nil
	}
	return &rows[0]
}

// Figures of the reports can be set by hand, and left out one by one.
func TestFiguresByHand(t *testing.T) {
	d := tenanted(t, simulator.Config{})
	d.administer("1", `{"burst":"12.5","rx":"none","tx":"3221225472"}`)
	require.Equal(t, "12.5", d.figures("trafficburstable", "1").get("burst"))
	row := d.figures("traffic", "1")
	require.False(t, row.has("rx"))
	require.Equal(t, []string{"3.00", "3221225472"}, []string{row.get("tx"), row.child("tx").attr("orig")})
	require.Equal(t, d.figures("traffic", "2"), d.figures("traffic", "2"), "the seed makes the others")
	d.refused("value period", "traffic", "sok", "ok", "period", "century")
}
