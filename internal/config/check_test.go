package config

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// One file with something wrong nearly everywhere: every fault is named, once, with its line.
func TestAllFaultsAtOnce(t *testing.T) {
	require.Equal(t, []string{
		`metalease.yaml:1: instalation: unknown key; known here: installation, whmcs, panels, gateway, shops, products, catalogue, defaults, timing, worker, log, temporal`,
		`metalease.yaml:2: installation: "Main WHMCS" is not a name: 1 to 32 of a-z, 0-9 and -`,
		`metalease.yaml:3: whmcs.secret: is missing`,
		`metalease.yaml:4: whmcs.url: "http://billing.example.com/" is not https (plain http is only for 127.0.0.1 and for a container beside this one)`,
		`metalease.yaml:5: whmcs.identifier: is a list, not a single value`,
		`metalease.yaml:6: whmcs.timeout: "30x" is not a duration; write it like "90s", "10m", "72h", "3d" or "1d12h"`,
		`metalease.yaml:7: whmcs.modules: names no server module; at least metalease is needed`,
		`metalease.yaml:9: panels[0].password: is missing`,
		`metalease.yaml:10: panels[0].url: "http://dci/dcimgr" is not https`,
		`metalease.yaml:12: panels[0].urgent_share: 1 is out of bounds: 0 to 0.9`,
		`metalease.yaml:13: panels[0].user: is set twice`,
		`metalease.yaml:14: panels[1].name: "fra1" is already the name of panels[0]`,
		`metalease.yaml:15: panels[1].url: must not hold a user or password; they have their own keys`,
		`metalease.yaml:16: panels[1].rate: "fast" is not a number`,
		`metalease.yaml:17: panels[1].concurrency: "1.5" is not a whole number`,
		`metalease.yaml:18: panels[1].fingerprint: is not a SHA-256 fingerprint: 64 hex digits, with or without colons`,
		`metalease.yaml:19: panels[1].whmcs_servers[1]: "A" is already listed for panel fra1`,
		`metalease.yaml:22: defaults: is a list, not a set of keys`,
		`metalease.yaml:24: timing.tick: 0s is too short; the least is 10ms`,
		`metalease.yaml:25: timing.repeat: "-5s" is negative`,
		`metalease.yaml:26: worker: is a single value, not a set of keys`,
		`metalease.yaml:27: log.format: "xml" is not one of json, console`,
	}, faults(t, strings.TrimLeft(`
instalation: x
installation: Main WHMCS
whmcs:
  url: http://billing.example.com/
  identifier: [a]
  timeout: 30x
  modules: []
panels:
  - name: fra1
    url: http://dci/dcimgr
    user: api
    urgent_share: 1
    user: api
  - name: fra1
    url: https://root:hunter2@dci/dcimgr
    rate: fast
    concurrency: 1.5
    fingerprint: ab
    whmcs_servers: [A, A]
    user: u
    password: p
defaults: [1]
timing:
  tick: 0s
  repeat: -5s
worker: many
log: {format: xml}
`, "\n"), ForWorker))
}

func TestSingleFaults(t *testing.T) {
	cases := map[string]struct {
		role      Role
		old, new  string
		wantFault string
	}{
		"no panel":            {ForCommandLine, "  - {", "  [] #", "metalease.yaml:4: panels: names no panel; at least one is needed"},
		"no gateway secret":   {ForGateway, "0123456789abcdef", "", "metalease.yaml:6: gateway.secret: is missing"},
		"short secret":        {ForGateway, "0123456789abcdef", "short", "metalease.yaml:6: gateway.secret: has 5 characters; it needs at least 16 (try: openssl rand -hex 32)"},
		"listen":              {ForGateway, "gateway: {", "gateway: {listen: localhost, ", `metalease.yaml:6: gateway.listen: "localhost" is not an address like 127.0.0.1:8080`},
		"half a key pair":     {ForGateway, "gateway: {", "gateway: {tls_key: load_test.go, ", "metalease.yaml:6: gateway.tls_key: is set without gateway.tls_cert"},
		"no such file":        {ForWorker, "hunter2", "p, ca: /nowhere.pem", "metalease.yaml:5: panels[0].ca: open /nowhere.pem: no such file or directory"},
		"no certificate":      {ForWorker, "hunter2", "p, ca: load_test.go", `metalease.yaml:5: panels[0].ca: "load_test.go" holds no PEM certificate`},
		"not a URL":           {ForWorker, "https://dci.example.com:1500/dcimgr", "dci.example.com", `metalease.yaml:5: panels[0].url: "dci.example.com" is not a URL like https://host:port/path`},
		"query in the URL":    {ForWorker, "/dcimgr", "/dcimgr?func=logon", `metalease.yaml:5: panels[0].url: "https://dci.example.com:1500/dcimgr?func=logon" must end with its path`},
		"plain http panel":    {ForWorker, "https://dci.example.com", "http://127.0.0.1", `metalease.yaml:5: panels[0].url: "http://127.0.0.1:1500/dcimgr" is not https`},
		"not a number":        {ForWorker, "hunter2", "p, rate: .nan", `metalease.yaml:5: panels[0].rate: ".nan" is not a number`},
		"nonsense variable":   {ForWorker, "hunter2", `"a${pass word}"`, "metalease.yaml:5: panels[0].password: holds a ${...} that names no environment variable; write $${ for a literal ${"},
		"alias":               {ForWorker, "hunter2", "&a b", "metalease.yaml:5: panels[0].password: is a YAML anchor, alias or tag (not supported here), not a single value"},
		"empty file":          {ForWorker, least, "# nothing\n", "metalease.yaml: holds 0 YAML documents; one is wanted"},
		"two documents":       {ForWorker, "installation: main", "a: b\n---\nc: d", "metalease.yaml: holds 2 YAML documents; one is wanted"},
		"days beyond bounds":  {ForCommandLine, "installation: main", "installation: main\ndefaults: {grace: 99999999d}", `metalease.yaml:3: defaults.grace: "99999999d" is too long; the longest is 3650d (ten years)`},
		"no server to try":    {ForCommandLine, "installation: main", "installation: main\ndefaults: {install_attempts: 0}", "metalease.yaml:3: defaults.install_attempts: 0 is out of bounds: 1 to 10"},
		"build without a use": {ForWorker, "installation: main", "installation: main\nworker: {build_id: 1.2.3}", "metalease.yaml:3: worker.build_id: is set without worker.versioning"},
		"build of two words":  {ForWorker, "installation: main", "installation: main\nworker: {versioning: true, build_id: a b}", `metalease.yaml:3: worker.build_id: "a b" is not the name of a build: up to 64 letters, digits, dots, - and _`},
		"shop without a key":  {ForGateway, "installation: main", "installation: main\nshops: [{name: web}]", "metalease.yaml:3: shops[0].secret: is missing"},
		"webhook over http":   {ForCommandLine, "installation: main", "installation: main\nshops: [{name: web, webhook: {url: http://shop.example.com/}}]", `metalease.yaml:3: shops[0].webhook.url: "http://shop.example.com/" is not https (plain http only with private_addresses, to this machine or network)`},
		"product of no panel": {ForCommandLine, "installation: main", "installation: main\nproducts: [{product: 1, panel: ams, package: A}]", `metalease.yaml:3: products[0].panel: "ams" is no panel of this configuration`},
		"neither yes nor no":  {ForCommandLine, "installation: main", "installation: main\ncatalogue: {public: perhaps}", `metalease.yaml:3: catalogue.public: "perhaps" is neither true nor false`},
		"more than an origin": {ForCommandLine, "installation: main", "installation: main\ncatalogue: {origins: [https://a.example/x]}", `metalease.yaml:3: catalogue.origins[0]: "https://a.example/x" is more than an origin like https://shop.example.com`},
		"installation absent": {ForCommandLine, "installation: main", "", "metalease.yaml: installation: is missing"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(least, c.old, c.new, 1)
			require.NotEqual(t, least, text)
			require.Equal(t, []string{c.wantFault}, faults(t, text, c.role))
		})
	}
}

// TestAnOrderIsLookedForInTime: what WHMCS may take for a call bounds how long a lost order is looked for.
func TestAnOrderIsLookedForInTime(t *testing.T) {
	slow := strings.Replace(least, "whmcs: {", "whmcs: {timeout: 90s, ", 1)
	require.Empty(t, faults(t, slow, ForWorker), "without a shop it may")
	sold := slow + "products: [{product: 1, panel: fra1, package: A}]\n"
	found := faults(t, sold, ForWorker)
	require.Len(t, found, 1)
	require.Contains(t, found[0], "whmcs.timeout: 1m30s is too long where products are sold to shops; the most is 1m0s")
}

func TestPlainHTTPIsForNearbyHostsOnly(t *testing.T) {
	for host, allowed := range map[string]bool{
		"127.0.0.1:80": true, "[::1]:80": true, "localhost": true, "whmcssim:8085": true,
		"10.0.0.1": false, "billing.example.com": false, "[2001:db8::1]": false,
	} {
		list := faults(t, strings.Replace(least, "https://billing.example.com/", `"http://`+host+`/"`, 1), ForWorker)
		require.Equal(t, allowed, len(list) == 0, "%s: %v", host, list)
	}
}

func TestBrokenYAMLNamesTheLine(t *testing.T) {
	list := faults(t, "installation: main\nwhmcs: {url: [\n", ForWorker)
	require.Len(t, list, 1)
	require.Regexp(t, `^metalease\.yaml:2: is not YAML: `, list[0])
}

func TestCertificateFileIsAccepted(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(ca, text, 0o600))

	withCA := strings.Replace(least, "hunter2", "p, ca: "+ca, 1)
	require.Empty(t, faults(t, withCA, ForWorker))
	both := strings.Replace(withCA, "ca: ", "fingerprint: "+strings.Repeat("0f", 32)+", ca: ", 1)
	require.Equal(t, []string{"metalease.yaml:5: panels[0].fingerprint: is set beside panels[0].ca; use one of the two"}, faults(t, both, ForWorker))

	pair := strings.Replace(least, "gateway: {", "gateway: {tls_cert: "+ca+", tls_key: "+ca+", ", 1)
	list := faults(t, pair, ForGateway)
	require.Len(t, list, 1, "a certificate without its key is no key pair")
	require.Regexp(t, `^metalease.yaml:6: gateway.tls_cert: with gateway.tls_key: tls: `, list[0])
}
