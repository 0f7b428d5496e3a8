package dci5_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
)

// TestRequests holds each function to the parameters of docs/dcimanager.md, section 3.
func TestRequests(t *testing.T) {
	none := func(err error) (any, error) { return nil, err }
	for name, c := range map[string]struct {
		call   func(context.Context, *dci5.Client) (any, error)
		sends  url.Values // besides out and authinfo
		answer string
		want   any
	}{
		"self": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return c.Self(ctx) },
			sends:  url.Values{"func": {"user"}},
			answer: `<doc><elem><id>3</id><name>whmcsapi</name><level>29</level></elem></doc>`,
			want:   dcim.Account{ID: "3", Name: "whmcsapi"},
		},
		"accounts": {
			call:  func(ctx context.Context, c *dci5.Client) (any, error) { return c.Accounts(ctx) },
			sends: url.Values{"func": {"user"}},
			answer: `<doc><elem><id>3</id><name>whmcsapi</name><level>29</level></elem>
     <elem><id>17</id><name>cust42</name><level>16</level></elem><elem><id>18</id><name>odd</name><level>?</level></elem></doc>`,
			want: []dcim.Account{{ID: "17", Name: "cust42"}},
		},
		"servers by id": {
			call: func(ctx context.Context, c *dci5.Client) (any, error) {
				return c.ServersWhere(ctx, dcim.Where{ID: "5"})
			},
			sends:  url.Values{"func": {"server"}, "filter": {"on"}, "id": {"5"}},
			answer: `<doc><elem><id>5</id><poweron/></elem><elem><id>15</id></elem></doc>`,
			want:   []dcim.Server{{ID: "5", PowerOn: true}, {ID: "15"}},
		},
		"servers by owner": {
			call: func(ctx context.Context, c *dci5.Client) (any, error) {
				return c.ServersWhere(ctx, dcim.Where{Owner: "cust42"})
			},
			sends:  url.Values{"func": {"server"}, "filter": {"on"}, "owner": {"cust42"}},
			answer: `<doc/>`,
			want:   []dcim.Server(nil),
		},
		"create account": {
			call: func(ctx context.Context, c *dci5.Client) (any, error) {
				return c.CreateAccount(ctx, "cust43", "pw & more")
			},
			sends:  url.Values{"func": {"user.edit"}, "sok": {"ok"}, "level": {"lvUser"}, "name": {"cust43"}, "passwd": {"pw & more"}},
			answer: `<doc><id>18</id><ok/></doc>`,
			want:   dcim.Account{ID: "18", Name: "cust43"},
		},
		"diagnose": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return none(c.Diagnose(ctx, "5")) },
			sends:  url.Values{"func": {"server.operations"}, "sok": {"ok"}, "elid": {"5"}, "operation": {"diag"}, "diag": {"ISPsystem__Diag-x86_64"}},
			answer: `<doc><ok/></doc>`,
		},
		"install on cleared disks": {
			call: func(ctx context.Context, c *dci5.Client) (any, error) {
				return none(c.Install(ctx, "5", dcim.Install{Template: debian, Password: "pw", ClearDisks: true}))
			},
			sends: url.Values{"func": {"server.operations"}, "sok": {"ok"}, "elid": {"5"}, "operation": {"ostemplate"}, "ostemplate": {debian},
				"passwd": {"pw"}, "confirm": {"pw"}, "checkpasswd": {"pw"}, "recipe": {"null"}, "clearhdd": {"on"}},
			answer: `<doc><ok/></doc>`,
		},
		"enable": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return none(c.Unblock(ctx, "5")) },
			sends:  url.Values{"func": {"server.enable"}, "elid": {"5"}},
			answer: `<doc><ok/></doc>`,
		},
		"disable": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return none(c.Block(ctx, "5")) },
			sends:  url.Values{"func": {"server.disable"}, "elid": {"5"}},
			answer: `<doc><ok/></doc>`,
		},
		"power on": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return none(c.Power(ctx, "5", dcim.PowerOn)) },
			sends:  url.Values{"func": {"server.poweron"}, "elid": {"5"}},
			answer: `<doc><ok/></doc>`,
		},
		"power off": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return none(c.Power(ctx, "5", dcim.PowerOff)) },
			sends:  url.Values{"func": {"server.poweroff"}, "elid": {"5"}},
			answer: `<doc/>`,
		},
		"reboot": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return none(c.Power(ctx, "5", dcim.Reboot)) },
			sends:  url.Values{"func": {"server.reboot"}, "elid": {"5"}},
			answer: `<doc><ok/></doc>`,
		},
		"cancel": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return none(c.CancelOperation(ctx, "5")) },
			sends:  url.Values{"func": {"server.opercancel"}, "elid": {"5"}},
			answer: `<doc><ok/></doc>`,
		},
		"install": {
			call: func(ctx context.Context, c *dci5.Client) (any, error) {
				return none(c.Install(ctx, "5", dcim.Install{Template: "ISPsystem__Debian-12-x86_64", Password: "root+pw"}))
			},
			sends: url.Values{"func": {"server.operations"}, "sok": {"ok"}, "elid": {"5"}, "operation": {"ostemplate"}, "ostemplate": {"ISPsystem__Debian-12-x86_64"},
				"passwd": {"root+pw"}, "confirm": {"root+pw"}, "checkpasswd": {"root+pw"}, "recipe": {"null"}},
			answer: `<doc><ok/></doc>`,
		},
		"current template": {
			call: func(ctx context.Context, c *dci5.Client) (any, error) {
				current, choices, err := c.InstallChoices(ctx, "5")
				return append([]dcim.Template{{ID: current}}, choices...), err
			},
			sends: url.Values{"func": {"server.operations"}, "elid": {"5"}},
			answer: `<doc><elid>5</elid><ostemplate>A__one</ostemplate><slist name="recipe"><val key="null">-</val></slist>
				<slist name="ostemplate"><msg>x</msg><val key="A__one">One</val><val key="B__two">Two</val></slist></doc>`,
			want: []dcim.Template{{ID: "A__one"}, {ID: "A__one", Title: "One"}, {ID: "B__two", Title: "Two"}},
		},
		"progress": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return c.Progress(ctx, "5") },
			sends:  url.Values{"func": {"server"}, "elid": {"5"}, "clickstat": {"title"}, "hint_field": {"install_in_progress"}},
			answer: `<doc><value><![CDATA[Copying files: 40 %]]></value></doc>`,
			want:   "Copying files: 40 %",
		},
		"addresses": {
			call:  func(ctx context.Context, c *dci5.Client) (any, error) { return c.Addresses(ctx, "5") },
			sends: url.Values{"func": {"iplist"}, "elid": {"5"}},
			answer: `<doc><elem><id>g3</id><type>group</type><ip>192.0.2.0/24</ip>
				<elem><id>11</id><ip>192.0.2.5</ip><domain>web.example.com</domain></elem></elem>
				<net><elem><id>12</id><type>other</type><ip>192.0.2.77</ip></elem></net></doc>`,
			want: []dcim.Address{{ID: "11", IP: "192.0.2.5", Domain: "web.example.com"}, {ID: "12", IP: "192.0.2.77"}},
		},
		"add address": {
			call: func(ctx context.Context, c *dci5.Client) (any, error) {
				return c.AddAddress(ctx, "5", dcim.NewAddress{Domain: "web.example.com", Group: "public", Family: "ipv6"})
			},
			sends:  url.Values{"func": {"iplist.edit"}, "plid": {"5"}, "sok": {"ok"}, "domain": {"web.example.com"}, "iptype": {"public"}, "ip": {""}, "family": {"ipv6"}},
			answer: `<doc><id>13</id><ip>2001:db8::1</ip><ok/></doc>`,
			want:   dcim.Address{ID: "13", IP: "2001:db8::1", Domain: "web.example.com"},
		},
		"name address": {
			call: func(ctx context.Context, c *dci5.Client) (any, error) {
				return none(c.NameAddress(ctx, "5", "11", "free.ds"))
			},
			sends:  url.Values{"func": {"iplist.edit"}, "elid": {"11"}, "sok": {"ok"}, "plid": {"5"}, "domain": {"free.ds"}},
			answer: `<doc><ok/></doc>`,
		},
		"delete address": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return none(c.DeleteAddress(ctx, "5", "12")) },
			sends:  url.Values{"func": {"iplist.delete"}, "elid": {"12"}, "plid": {"5"}},
			answer: `<doc><ok/></doc>`,
		},
		"connections": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return c.Ports(ctx, "5") },
			sends:  url.Values{"func": {"server.connection"}, "elid": {"5"}},
			answer: `<doc><elem><id>71</id><type>Switch</type></elem><elem><id>72</id><type>IPMI</type><func_in_progress/></elem></doc>`,
			want:   []dcim.Port{{ID: "71", Type: "Switch"}, {ID: "72", Type: "IPMI", Busy: true}},
		},
		"connection on": {
			call: func(ctx context.Context, c *dci5.Client) (any, error) {
				return none(c.SwitchPort(ctx, "5", "71", true))
			},
			sends:  url.Values{"func": {"server.connection.on"}, "plid": {"5"}, "elid": {"71"}},
			answer: `<doc><ok/></doc>`,
		},
		"connection off": {
			call: func(ctx context.Context, c *dci5.Client) (any, error) {
				return none(c.SwitchPort(ctx, "5", "71", false))
			},
			sends:  url.Values{"func": {"server.connection.off"}, "plid": {"5"}, "elid": {"71"}},
			answer: `<doc><ok/></doc>`,
		},
		"templates": {
			call:   func(ctx context.Context, c *dci5.Client) (any, error) { return c.Templates(ctx) },
			sends:  url.Values{"func": {"osmgr"}},
			answer: `<doc><elem><id>A__one</id><name>One</name></elem><elem><name>B__two</name></elem></doc>`,
			want:   []dcim.Template{{ID: "A__one", Title: "One"}, {ID: "B__two", Title: "B__two"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			panel := says(t, c.answer)
			got, err := c.call(t.Context(), panel.client(t))
			require.NoError(t, err)
			require.Equal(t, c.want, got)

			c.sends.Set("out", "xml")
			if c.sends.Get("func") != "auth" {
				c.sends.Set("authinfo", apiUser+":"+apiPassword)
			}
			asked := panel.last(t)
			require.Equal(t, c.sends, asked.Form)
			require.Equal(t, http.MethodPost, asked.Method)
			require.Equal(t, "/dcimgr", asked.RequestURI, "nothing may stand in the URL")
			require.NotContains(t, asked.Header, "Idempotency-Key")
		})
	}
}

// TestNoDoubtIsHidden: an answer without the new object is no success.
func TestNoDoubtIsHidden(t *testing.T) {
	client := says(t, `<doc><ok/></doc>`).client(t)

	_, err := client.CreateAccount(t.Context(), "cust42", "pw")
	require.Equal(t, dcim.KindMayHaveHappened, dcim.KindOf(err), "%v", err)
	_, err = client.AddAddress(t.Context(), "5", dcim.NewAddress{Group: "public", Family: "ipv4"})
	require.Equal(t, dcim.KindMayHaveHappened, dcim.KindOf(err), "%v", err)
}

// TestOneObjectPerCall: the panel takes "5, 6" as two servers and a change without
// an id as a creation, so neither leaves the client.
func TestOneObjectPerCall(t *testing.T) {
	panel := says(t, `<doc><ok/></doc>`)
	client := panel.client(t)
	for _, id := range []string{"", " ", "5, 6", "5,6", "5\n"} {
		for name, err := range map[string]error{
			"disable":        client.Block(t.Context(), id),
			"install":        client.Install(t.Context(), id, dcim.Install{Template: "A__one", Password: "pw"}),
			"address name":   client.NameAddress(t.Context(), "5", id, "free.ds"),
			"address delete": client.DeleteAddress(t.Context(), "5", id),
			"address server": client.DeleteAddress(t.Context(), id, "11"),
		} {
			require.Equal(t, dcim.KindValue, dcim.KindOf(err), "%s of %q: %v", name, id, err)
		}
	}
	require.Empty(t, panel.requests())
}
