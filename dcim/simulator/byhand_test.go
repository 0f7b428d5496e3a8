package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

// A customer switches and installs in the panel itself: the panel does as ever, and it is no
// client's doing.
func TestACustomerAtWork(t *testing.T) {
	d := tenanted(t, simulator.Config{InstallTime: time.Minute, PowerTime: 10 * time.Second, FlagDelay: time.Second})
	for command, want := range map[string]simulator.Power{"on": simulator.PowerOn, "off": simulator.PowerOff, "reboot": simulator.PowerOn} {
		code, text := d.control(http.MethodPost, "/_sim/servers/1", `{"power_command":"`+command+`"}`)
		require.Equal(t, http.StatusOK, code, text)
		d.clock.advance(11 * time.Second)
		require.Equal(t, want, d.server("1").Power, command)
	}
	code, text := d.control(http.MethodPost, "/_sim/servers/1", `{"install":"`+template+`"}`)
	require.Equal(t, http.StatusOK, code, text)
	require.False(t, d.row("1").has("install_in_progress"), "the flag follows")
	d.clock.advance(time.Second)
	require.True(t, d.row("1").has("install_in_progress"))
	d.clock.advance(time.Minute)
	require.Equal(t, template, d.server("1").Template)
	installs := d.panel.State().Installs
	require.Len(t, installs, 1)
	require.Equal(t, "a", installs[0].By)

	d.administer("2", `{"install":"`+template+`","by":"whmcsapi"}`)
	require.Equal(t, "whmcsapi", d.panel.State().Installs[1].By)
	require.Empty(t, d.kinds())
}

// What the panel refuses somebody at work is refused whole.
func TestWhatTheirWorkIsRefused(t *testing.T) {
	d := tenanted(t, simulator.Config{InstallTime: time.Minute})
	for change, says := range map[string]string{
		`{"power_command":"sideways"}`:                      "sideways",
		`{"install":"no__such"}`:                            "no such template",
		`{"power_command":"on","by":"b","notes":"changed"}`: "Insufficient privileges",
		`{"install":"` + template + `","by":"nobody"}`:      "nobody",
		`{"power_command":"on","install":"no__such"}`:       "no such template",
	} {
		_, err := d.panel.Administer("1", []byte(change))
		require.ErrorContains(t, err, says, change)
	}
	_, err := d.panel.Administer("3", []byte(`{"power_command":"on"}`))
	require.ErrorContains(t, err, "say by whom")
	_, err = d.panel.Administer("1", []byte(`{"disabled":true,"power_command":"on"}`))
	require.ErrorContains(t, err, "disabled", "a customer is kept off while it is disabled")
	require.Equal(t, simulator.PowerOff, d.server("1").Power)
	require.Empty(t, d.server("1").Notes)
	require.False(t, d.server("1").Disabled)
	require.Empty(t, d.panel.State().Installs)
}

// A rule may take one port, or one address, and leave the others alone.
func TestAFaultOfOnePort(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 2})
	port := func(server string) string {
		return d.must("server.connection", "elid", server).rows(func(n tree) bool { return n.get("type") == "Switch" })[0].get("id")
	}
	d.fault(simulator.Rule{Function: "server.connection.off", Effect: simulator.Error, Type: "client", Element: port("1")},
		simulator.Rule{Function: "server.connection.on", Effect: simulator.Ignore, Element: port("2")})
	d.refused("client", "server.connection.off", "plid", "1", "elid", port("1"))
	require.True(t, d.server("1").Connections[0].On)
	d.must("server.connection.off", "plid", "2", "elid", port("2"))
	require.False(t, d.server("2").Connections[0].On)
	d.must("server.connection.on", "plid", "2", "elid", port("2"))
	require.False(t, d.server("2").Connections[0].On, "the panel says ok, and does nothing")
}
