package simulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

func (d *desk) control(method, path, text string) (int, string) {
	d.t.Helper()
	req, err := http.NewRequest(method, d.url+path, strings.NewReader(text))
	require.NoError(d.t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(d.t, err)
	return resp.StatusCode, body(d.t, resp)
}

func TestControl(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 2})
	code, text := d.control(http.MethodPost, "/_sim/faults", `[{"function":"rack","effect":"error","count":1,"type":"limit"},{"effect":"slow","delay":"1ms","server":"1"}]`)
	require.Equal(t, http.StatusCreated, code, text)
	d.refused("limit", "rack")
	code, _ = d.control(http.MethodPost, "/_sim/faults", `{"effect":"hang","probability":0.1}`)
	require.Equal(t, http.StatusCreated, code)

	code, text = d.control(http.MethodGet, "/_sim/state", "")
	require.Equal(t, http.StatusOK, code)
	var state simulator.State
	require.NoError(t, json.Unmarshal([]byte(text), &state))
	require.Len(t, state.Servers, 2)
	require.Len(t, state.Faults, 3)
	require.Equal(t, simulator.Counter{Requests: 1, Errors: 1, Bytes: state.Functions["rack"].Bytes}, state.Functions["rack"])
	require.Equal(t, "3", state.APIAccount)
	require.Contains(t, text, `"violations": []`)

	code, _ = d.control(http.MethodDelete, "/_sim/faults", "")
	require.Equal(t, http.StatusOK, code)
	require.Empty(t, d.panel.State().Faults)

	for _, bad := range []string{`{"effect":"explode"}`, `{"effect":"hang","what":1}`, `{"effect":"slow","delay":"soon"}`, `{`, ``, `{"effect":"hang"}{}`} {
		code, text = d.control(http.MethodPost, "/_sim/faults", bad)
		require.Equal(t, http.StatusBadRequest, code, bad)
		require.Contains(t, text, `"error"`)
	}
	code, _ = d.control(http.MethodGet, "/_sim/other", "")
	require.Equal(t, http.StatusNotFound, code)
}

func TestAnAdministratorAtWork(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 2})
	d.customer("cust42")
	code, text := d.control(http.MethodPost, "/_sim/servers/1", `{"owner":"cust42","notes":"n","hostname":"h.example.com","blocked":true,"hwproblem":true,
		"diag_in_progress":true,"power":"error","operation_failed":true,"fail_installs":2,"type":"X","chassis_templ":"Y","add_ip":"ipv6","template":"T","disabled":true,"name":"L","mac":"M"}`)
	require.Equal(t, http.StatusOK, code, text)
	row := d.row("1")
	for _, flag := range []string{"blocked", "disabled", "hwproblem", "diag_in_progress", "powererror", "operation_failed"} {
		require.True(t, row.has(flag), flag)
	}
	require.Equal(t, []string{"h.example.com", "X", "Y", "L"}, []string{row.get("hostname"), row.get("type"), row.get("chassis_templ"), row.get("name")})
	s := d.server("1")
	require.Equal(t, []string{"cust42", "n", "T", "M"}, []string{s.OwnerName, s.Notes, s.Template, s.MAC})
	require.Equal(t, "2001:db8::1", s.Addresses[1].IP)
	d.administer("1", `{"owner":"no_owner","delete_ip":"2001:db8::1"}`)
	require.Empty(t, d.server("1").OwnerName)
	require.Len(t, d.server("1").Addresses, 1)

	before := d.server("1")
	for change, want := range map[string]string{
		`{"colour":"red"}`:                     "colour",
		`{"owner":"nobody"}`:                   "nobody",
		`{"power":"maybe","notes":"no"}`:       "power",
		`{"delete_ip":"192.0.2.1"}`:            "192.0.2.1",
		`{"add_ip":"nonsense"}`:                "no address",
		`{"hostname":"x","add_ip":"nonsense"}`: "no address",
	} {
		code, text = d.control(http.MethodPost, "/_sim/servers/1", change)
		require.Equal(t, http.StatusBadRequest, code, change)
		require.Contains(t, text, want)
	}
	require.Equal(t, before, d.server("1"), "a bad change changes nothing")
	code, _ = d.control(http.MethodPost, "/_sim/servers/9", `{}`)
	require.Equal(t, http.StatusNotFound, code)
	require.Empty(t, d.panel.Violations(), "staff may do what they like")
}

func TestControlIsForThisMachineOnly(t *testing.T) {
	d := newDesk(t, simulator.Config{})
	for remote, want := range map[string]int{"203.0.113.9:1000": http.StatusForbidden, "": http.StatusForbidden, "[::1]:1000": http.StatusOK, "127.0.0.1:1": http.StatusOK} {
		req := httptest.NewRequest(http.MethodGet, "/_sim/state", nil)
		req.RemoteAddr = remote
		answer := httptest.NewRecorder()
		d.panel.ServeHTTP(answer, req)
		require.Equal(t, want, answer.Code, remote)
	}
}

func TestTheStateFileKeepsEverything(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	cfg := simulator.Config{Servers: 2, StateFile: file, InstallTime: time.Minute, FlagDelay: time.Second}
	d := newDesk(t, cfg)
	require.FileExists(t, file)
	d.customer("a")
	d.save("1", "3", "metalease:shop/service-1 installing 1")
	d.installOS("1")
	d.installOS("2") // a violation
	d.clock.advance(2 * time.Second)
	before := d.panel.State()
	d.panel.Close()

	cfg.Servers, cfg.Password = 9, "changed"
	again := newDesk(t, cfg)
	after := again.panel.State()
	after.Now, before.Now = time.Time{}, time.Time{}
	require.Equal(t, "changed", after.Users[0].Password, "the API account is as configured")
	before.Users[0].Password = "changed"
	// The new desk's clock began anew: what was promised is kept, with its time.
	again.clock.advance(2 * time.Second)
	require.Equal(t, before, after)
	again = again.as("authinfo", "whmcsapi:changed")
	require.True(t, again.row("1").has("install_in_progress"))
	again.clock.advance(time.Minute)
	require.False(t, again.row("1").has("install_in_progress"))
	require.NotEqual(t, "a", again.customer("b"))

	entries, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	require.Len(t, entries, 1, "no temporary file is left")
}

func TestTheStateFileIsWrittenWhileThePanelRuns(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	d := newDesk(t, simulator.Config{Servers: 1, StateFile: file})
	d.customer("written-soon")
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(text), "written-soon")
	}, 10*time.Second, 20*time.Millisecond)
}

func TestFleetFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fleet.yaml")
	write := func(text string) { require.NoError(t, os.WriteFile(file, []byte(text), 0o600)) }
	write(`
users:
  - {name: cust42, password: pw}
servers:
  - {id: "7", type: E5, chassis_templ: E5-2620, ip: 192.0.2.7, owner: cust42, hostname: web.example.com, power: "on", template: T}
  - {id: "8", type: E3, notes: "two\nlines", hwproblem: true, fail_installs: -1}
`)
	d := newDesk(t, simulator.Config{FleetFile: file})
	row := d.row("7")
	require.Equal(t, []string{"E5", "E5-2620", "192.0.2.7", "web.example.com"}, []string{row.get("type"), row.get("chassis_templ"), row.get("ip"), row.get("hostname")})
	require.True(t, row.has("poweron"))
	require.Len(t, d.as("authinfo", "cust42:pw").must("server").rows(nil), 1)
	require.True(t, d.row("8").has("hwproblem"))
	require.Equal(t, "two\nlines", d.must("server.edit", "elid", "8").get("notes"))
	require.NotEqual(t, d.server("7").TypeID, d.server("8").TypeID)

	for text, want := range map[string]string{
		"servers: [{id: \"1\", colour: red}]":          "colour",
		"servers: [{id: \"1\"}, {id: \"1\"}]":          "two servers have the id 1",
		"servers: [{id: \"1\", owner: nobody}]":        "nobody",
		"servers: [{id: \"1\", ip: nonsense}]":         "nonsense",
		"servers: [{id: \"1\", power: maybe}]":         "maybe",
		"users: [{name: whmcsapi}]\nservers: [{}]":     "given twice",
		"users: [{name: a, id: \"3\"}]\nservers: [{}]": "id 3",
	} {
		write(text)
		_, err := simulator.New(simulator.Config{FleetFile: file})
		require.ErrorContains(t, err, want)
	}
}

func TestBadConfigurationsAreRefused(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "state.json")
	require.NoError(t, os.WriteFile(broken, []byte("{"), 0o600))
	for want, cfg := range map[string]simulator.Config{
		"servers is":         {Servers: 1 << 20},
		"pool size":          {PoolSize: 1 << 20},
		"colon":              {User: "a:b"},
		"error status":       {ErrorStatus: 99},
		"negative":           {InstallTime: -1},
		"no server 9":        {Servers: 1, FailInstalls: []string{"9"}},
		"fleet":              {FleetFile: "missing.yaml"},
		"remove it to start": {StateFile: broken},
		"state file":         {StateFile: filepath.Join(broken, "below", "a-file.json")},
	} {
		_, err := simulator.New(cfg)
		require.ErrorContains(t, err, want)
	}
}

func TestTheLogTellsCallsButNoSecrets(t *testing.T) {
	var log strings.Builder
	d := newDesk(t, simulator.Config{Servers: 1, Log: &log})
	d.customer("a")
	d.installOS("1")
	d.refused("missed elid", "server.edit", "elid", "9")
	d.as("authinfo", "a:wrong").refused("auth badpassword", "user")
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	require.Len(t, lines, 4)
	require.Contains(t, lines[1], ` whmcsapi server.operations! server="1" ok `)
	require.Contains(t, lines[2], ` whmcsapi server.edit server="9" missed `)
	require.Contains(t, lines[3], ` - user server="" auth `)
	for _, secret := range []string{"secret", "pw-a", "root-pw", "wrong"} {
		require.NotContains(t, log.String(), secret)
	}
}

// A big fleet costs nothing while nobody asks, and little when somebody does.
func TestAThousandServers(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 1000, Packages: []string{"A", "B", "C"}, InstallTime: time.Hour, FailInstalls: []string{"7"}})
	require.Len(t, d.must("server").rows(func(n tree) bool { return n.get("type") == "B" }), 333)
	ips := map[string]bool{}
	for _, server := range d.panel.State().Servers {
		ips[server.IP] = true
	}
	require.Len(t, ips, 1000)
	d.installOS("7")
	require.True(t, d.panel.State().Installs[0].Fails)
}
