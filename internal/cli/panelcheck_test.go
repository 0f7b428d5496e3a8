package cli

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	panelsim "metalease/dcim/simulator"
	billingsim "metalease/whmcs/simulator"
)

// stand is a panel and a configuration that names it.
type stand struct {
	t      *testing.T
	env    []string
	dir    string
	panels atomic.Pointer[panelsim.Panel]
}

func newStand(t *testing.T, mode string) *stand {
	t.Helper()
	t.Parallel()
	s := &stand{t: t, dir: t.TempDir()}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.panels.Load().ServeHTTP(w, r) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	ca := filepath.Join(s.dir, "ca.pem")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	file := filepath.Join(s.dir, "metalease.yaml")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `installation: main
whmcs: {url: "https://billing.example.com/", identifier: "${NOT_SET_HERE}", secret: x}
panels: [{name: fra1, url: %q, user: whmcsapi, password: secret, ca: %q, timeout: 2s, rate: 1000, mode: %s, profile: fra1.profile.yaml}]
`, server.URL+"/dcimgr", ca, mode), 0o600))
	s.env = []string{"METALEASE_CONFIG=" + file, "TEMPORAL_ADDRESS=127.0.0.1:1"}
	return s
}

// becomes has another panel answer at the same address.
func (s *stand) becomes(change func(*panelsim.Config)) {
	s.t.Helper()
	config := panelsim.Config{
		Users: []panelsim.User{{Name: "customer-name", Password: "secret-of-them", Level: 16}},
		Fleet: []panelsim.Server{{ID: "11", Name: "rack-label-11", Owner: "customer-name", Hostname: "host-of-a-customer.example.com", Notes: "what staff wrote", Power: panelsim.PowerOn}, {ID: "12", Name: "rack-label-12"}},
	}
	change(&config)
	panel, err := panelsim.New(config)
	require.NoError(s.t, err)
	s.t.Cleanup(panel.Close)
	s.panels.Store(panel)
}

func (s *stand) run(args ...string) ended {
	s.t.Helper()
	return run(s.t, s.env, "", args...)
}

// TestAPanelIsCheckedByReads: in observe mode, without Temporal, and nothing of anybody is printed.
func TestAPanelIsCheckedByReads(t *testing.T) {
	s := newStand(t, "observe")
	s.becomes(func(c *panelsim.Config) { c.OwnerAsName, c.EmptyFlags = true, true })
	before := s.panels.Load().State()
	text, asJSON := s.run("panel", "check", "fra1"), s.run("panel", "check", "fra1", "--json")
	require.Equal(t, exitDone, text.code, text.errOut)
	require.Equal(t, exitDone, asJSON.code, asJSON.errOut)
	require.Regexp(t, `an owner in the list of servers +id +name \(differs\) +the owner's name`, text.out)
	require.Regexp(t, `a blocked server is powered off +yes +- +needs the drill`, text.out)
	require.Contains(t, text.out, "2 servers: 1 free, 1 owned")
	var answer struct {
		Facts []struct{ Fact, Seen string }
	}
	require.NoError(t, json.Unmarshal([]byte(asJSON.out), &answer))
	require.Greater(t, len(answer.Facts), 40)
	for _, secret := range []string{"customer-name", "host-of-a", "rack-label", "staff wrote", "198.18.", "127.0.0.1", "whmcsapi", "secret-of"} {
		require.NotContains(t, text.out+asJSON.out, secret, "it is sent to others")
	}
	after := s.panels.Load().State()
	require.Equal(t, before.Servers, after.Servers)
	kept, err := os.ReadFile(filepath.Join(s.dir, "fra1.profile.yaml"))
	require.NoError(t, err)
	require.Contains(t, string(kept), "owner-in-list:\n    value: name")

	s.becomes(func(*panelsim.Config) {})
	r := s.run("panel", "check", "fra1")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.errOut, `owner-in-list was "name" and is "id"`)
	require.Contains(t, r.errOut, "--renew")
	require.Equal(t, exitDone, s.run("panel", "check", "fra1", "--renew").code)
	require.Equal(t, exitDone, s.run("panel", "check", "fra1").code)
	require.Equal(t, exitNotFound, s.run("panel", "check", "ams1").code)
}

// TestAServerIsDrilled: named by its label, in observe mode too, and as before afterwards.
func TestAServerIsDrilled(t *testing.T) {
	s := newStand(t, "observe")
	s.becomes(func(c *panelsim.Config) { c.DisabledRefusesPowerOff = true })
	for args, says := range map[string]struct {
		code int
		text string
	}{
		"panel drill fra1":                                {exitUsage, "needs --server"},
		"panel drill fra1 --server 12 --undo":             {exitUsage, "not both"},
		"panel drill fra1 --server 12":                    {exitUsage, "needs --confirm"},
		"panel drill fra1 --server 12 --confirm other":    {exitFailed, "the label of server 12 is another one"},
		"panel drill fra1 --server 11 --confirm x":        {exitFailed, "only a free server is drilled"},
		"panel drill fra1 --undo":                         {exitFailed, "nothing to undo"},
		"panel drill ams1 --server 12 --confirm x":        {exitNotFound, "there is no such panel"},
		"panel drill fra1 --server 99 --confirm whatever": {exitFailed, "lists no server 99"},
	} {
		r := s.run(strings.Fields(args)...)
		require.Equal(t, says.code, r.code, "%s: %s", args, r.errOut)
		require.Contains(t, r.errOut, says.text, args)
	}
	before := s.panels.Load().State().Servers
	r := s.run("panel", "drill", "fra1", "--server", "12", "--confirm", "rack-label-12")
	require.Equal(t, exitDone, r.code, r.errOut)
	require.Regexp(t, `a blocked server is powered off +yes +refused \(differs\)`, r.out)
	require.Contains(t, r.out, "timing.power_timeout")
	after := s.panels.Load().State().Servers
	require.Equal(t, before[0], after[0])
	require.Equal(t, before[1].Addresses, after[1].Addresses)
	require.Equal(t, before[1].Power, after[1].Power)
	require.Empty(t, after[1].Owner+after[1].Notes)
	require.Empty(t, s.panels.Load().Violations())
	require.NoFileExists(t, filepath.Join(s.dir, "metalease-drill-fra1.json"))
	requireWritten(t, filepath.Join(s.dir, "metalease-drill-fra1.audit.json"), map[string]int{
		"save owner and mark": 5, "name address": 2, "add address": 2, "delete address": 2, "block": 1, "unblock": 2, "power": 4, "cancel operation": 1})
}

// requireWritten requires a line for each change of a drill, with who made it, and what was before.
func requireWritten(t *testing.T, file string, least map[string]int) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	found, claimed, released := map[string]int{}, false, false
	for line := range strings.Lines(string(text)) {
		var deed map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &deed))
		found[deed["msg"].(string)]++
		require.Equal(t, whoami(), deed["actor"], line)
		require.Equal(t, "starter panel drill fra1", deed["why"], line)
		require.Equal(t, []any{"fra1", "12"}, []any{deed["panel"], deed["server"]}, line)
		require.NotEmpty(t, deed["outcome"], line)
		claimed = claimed || deed["owner_before"] == "" && deed["owner_after"] != ""
		released = claimed && deed["owner_before"] != "" && deed["owner_after"] == ""
	}
	require.True(t, claimed && released, "taken and given back: %s", text)
	for what, n := range least {
		require.GreaterOrEqual(t, found[what], n, "%s: %v", what, found)
	}
}

// TestAnInstallIsToldBeforeAndAfter: it takes what was on the disks.
func TestAnInstallIsToldBeforeAndAfter(t *testing.T) {
	s := newStand(t, "manage")
	s.becomes(func(c *panelsim.Config) { c.InstallTime = time.Hour })
	r := s.run("panel", "drill", "fra1", "--server", "12", "--confirm", "rack-label-12", "--install", "ISPsystem__Debian-12-x86_64")
	require.Equal(t, exitDone, r.code, r.errOut)
	require.Contains(t, r.errOut, "what is on its disks is lost: the install of ISPsystem__Debian-12-x86_64 is begun and cancelled")
	require.Contains(t, r.out, "note: what was on the disks is lost: 3 installs of ISPsystem__Debian-12-x86_64 were asked for")
	require.Contains(t, r.out, "the panel shows ")
	requireWritten(t, filepath.Join(s.dir, "metalease-drill-fra1.audit.json"), map[string]int{"install": 3, "cancel operation": 3})
	require.Empty(t, s.panels.Load().Violations())
}

// billed starts a WHMCS whose API role lacks an action, and writes the configuration that names it.
func billed(t *testing.T, denied string) string {
	t.Helper()
	billing, err := billingsim.New(billingsim.Config{Identifier: "identifier", Secret: "secret", Installation: "main", GatewaySecret: "0123456789abcdef", Denied: []string{denied}})
	require.NoError(t, err)
	server := httptest.NewServer(billing)
	t.Cleanup(server.Close)
	return configFile(t, fmt.Sprintf(`installation: main
whmcs: {url: %q, identifier: identifier, secret: secret}
panels: [{name: fra1, password: "${NOT_SET_HERE}"}]
gateway: {secret: 0123456789abcdef}
`, server.URL+"/"))
}

func TestWHMCSIsChecked(t *testing.T) {
	t.Parallel()
	for denied, code := range map[string]int{"": exitDone, "ModuleCreate": exitFailed} {
		file := billed(t, denied)
		r := run(t, []string{"METALEASE_CONFIG=" + file}, "", "whmcs", "check")
		require.Equal(t, code, r.code, r.errOut)
		require.Regexp(t, `the API role allows GetOrders +yes +yes`, r.out)
		require.Regexp(t, `the module answers at /modules/servers/metalease/orders.php +yes +yes`, r.out)
		if denied != "" {
			require.Regexp(t, `the API role allows ModuleCreate +yes +no \(differs\) +needed for`, r.out)
		}
	}
	require.Equal(t, exitUsage, run(t, nil, "", "whmcs", "chekc").code)
}
