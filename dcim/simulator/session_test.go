package simulator_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

const key = "abcdefghijklmnopqrstuvwxyz012345"

func TestLogins(t *testing.T) {
	d := newDesk(t, simulator.Config{Password: "with:colon"})
	d.as("authinfo", "whmcsapi:with:colon").must("user") // split at the first colon
	for _, wrong := range []string{"", "whmcsapi", "whmcsapi:with", "nobody:with:colon"} {
		d.as("authinfo", wrong).refused("auth badpassword", "user")
	}
	d.as("auth", "invented").refused("auth session", "user")
	d.as("none", "").refused("auth badpassword", "auth", "username", "whmcsapi", "password", "wrong")

	login := d.as("none", "").must("auth", "username", "whmcsapi", "password", "with:colon").child("auth")
	require.Equal(t, login.Text, login.attr("id"))
	require.Equal(t, "29", login.attr("level"))

	d = newDesk(t, simulator.Config{AuthErrorType: "access"})
	d.as("authinfo", "whmcsapi:wrong").refused("access badpassword", "user")
}

func TestASessionEndsAnHourAfterItsLastUse(t *testing.T) {
	d := newDesk(t, simulator.Config{})
	s := d.as("auth", d.must("auth", "username", "whmcsapi", "password", "secret").get("auth"))
	for range 3 {
		d.clock.advance(59 * time.Minute)
		s.must("user")
	}
	d.clock.advance(61 * time.Minute)
	s.refused("auth session", "user")
}

func TestKeyLogin(t *testing.T) {
	d := newDesk(t, simulator.Config{})
	d.customer("cust42")
	d.refused("value key", "session.newkey", "username", "cust42", "key", "short")
	d.refused("missed username", "session.newkey", "username", "nobody", "key", key)
	d.must("session.newkey", "username", "cust42", "key", key)
	d.refused("exists key", "session.newkey", "username", "cust42", "key", key)

	anyone := d.as("none", "")
	anyone.refused("auth badkey", "auth", "username", "whmcsapi", "key", key)
	login := anyone.must("auth", "username", "cust42", "key", key).child("auth")
	require.Equal(t, "16", login.attr("level"))
	d.as("auth", login.Text).must("server")
	anyone.refused("auth badkey", "auth", "username", "cust42", "key", key) // single use

	d.must("session.newkey", "username", "cust42", "key", key)
	d.clock.advance(time.Hour)
	anyone.refused("auth badkey", "auth", "username", "cust42", "key", key)

	d = newDesk(t, simulator.Config{ReusableKeys: true})
	d.must("session.newkey", "username", "whmcsapi", "key", key)
	for range 2 {
		d.as("none", "").must("auth", "username", "whmcsapi", "key", key)
	}
}

// A customer sees and touches the own servers only.
func TestCustomersSeeTheirServersOnly(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 3})
	a := d.customer("a")
	d.administer("2", `{"owner":"a"}`)
	own := d.as("authinfo", "a:pw-a")

	rows := own.must("server").rows(nil)
	require.Len(t, rows, 1)
	require.Equal(t, "2", rows[0].get("id"))
	for _, function := range []string{"server.poweron", "server.poweroff", "server.reboot"} {
		own.must(function, "elid", "2")
		own.refused("access server", function, "elid", "1")
	}
	own.refused("access server", "server.poweroff", "elid", "2, 1")
	require.Equal(t, simulator.PowerOn, d.server("2").Power, "all are checked before any is changed")
	for _, function := range []string{"server.edit", "server.operations", "iplist", "server.connection", "ipmiredirect", "currentdetails"} {
		own.must(function, "elid", "2", "value", "IPMI S2")
		own.refused("access server", function, "elid", "1", "value", "IPMI S1")
	}
	for _, function := range []string{"user", "server.enable", "server.disable", "rack", "iplist.delete", "session.newkey", "server.connection.off"} {
		own.refused("access "+function, function, "elid", "2")
	}
	own.refused("access iplist.edit", "iplist.edit", "plid", "2", "sok", "ok", "domain", "x", "iptype", "public", "family", "ipv4")
	own.must("iplist.edit", "plid", "2", "elid", d.address("2", true), "sok", "ok", "domain", "mine.example.com")
	require.Equal(t, "mine.example.com", d.row("2").get("hostname"))

	own.refused("access owner", "server.edit", "elid", "2", "sok", "ok", "owner", "no_owner")
	before := d.must("server.edit", "elid", "2")
	own.must("server.edit", "elid", "2", "sok", "ok", "notes", "mine", "name", "hacked")
	after := d.must("server.edit", "elid", "2")
	require.Equal(t, []string{before.get("name"), before.get("mac"), a, "mine"}, []string{after.get("name"), after.get("mac"), after.get("owner"), after.get("notes")})
	require.Len(t, own.must("trafficburstable").child("reportdata").child("traff").rows(nil), 1)
}

func TestUsers(t *testing.T) {
	d := newDesk(t, simulator.Config{MinPassword: 8, Servers: 1})
	create := func(name, password, level string) []string {
		return []string{"sok", "ok", "level", level, "name", name, "passwd", password}
	}
	d.refused("value passwd", "user.edit", create("a", "short", "lvUser")...)
	d.refused("value passwd", "user.edit", create("a", "", "lvUser")...)
	d.refused("value level", "user.edit", create("a", "long enough", "16")...)
	d.refused("value name", "user.edit", create("", "long enough", "lvUser")...)
	d.refused("value name", "user.edit", create("with:colon", "long enough", "lvUser")...)
	made := d.must("user.edit", create("a", "long enough", "lvUser")...).get("id")
	require.NotEmpty(t, made)
	d.refused("exists user", "user.edit", create("a", "long enough", "lvUser")...)
	d.refused("missed elid", "user.edit", "elid", "99")
	require.Equal(t, "a", d.must("user.edit", "elid", made).get("name"))

	d.refused("value passwd", "user.edit", "elid", made, "sok", "ok", "passwd", "short")
	d.must("user.edit", "elid", made, "sok", "ok", "passwd", "another one")
	d.as("authinfo", "a:another one").must("server")

	d.administer("1", `{"owner":"a"}`)
	d.refused("access user", "user.delete", "elid", made)
	d.administer("1", `{"owner":""}`)
	d.must("user.delete", "elid", made)
	d.as("authinfo", "a:another one").refused("auth badpassword", "server")
	d.refused("access user", "user.delete", "elid", "3")
}
