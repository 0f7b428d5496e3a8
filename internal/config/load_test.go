package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/secret"
)

const least = `
installation: main
whmcs: {url: https://billing.example.com/, identifier: id, secret: s3cret}
panels:
  - {name: fra1, url: "https://dci.example.com:1500/dcimgr", user: api, password: hunter2}
gateway: {secret: 0123456789abcdef}
`

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "metalease.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// faults loads the text and returns its faults without the folder, one string each.
func faults(t *testing.T, text string, role Role) []string {
	t.Helper()
	path := write(t, text)
	_, err := Load(path, role)
	if err == nil {
		return nil
	}
	var all *Faults
	require.ErrorAs(t, err, &all)
	var list []string
	for _, fault := range all.List {
		list = append(list, strings.ReplaceAll(fault.String(), filepath.Dir(path)+"/", ""))
	}
	return list
}

func TestLeastFileGetsEveryDefault(t *testing.T) {
	for _, role := range []Role{ForWorker, ForGateway, ForCommandLine} {
		config, err := Load(write(t, least), role)
		require.NoError(t, err)

		want := &Config{}
		want.setDefaults()
		want.Installation = "main"
		want.WHMCS.URL, want.WHMCS.Identifier, want.WHMCS.Secret = "https://billing.example.com/", "id", secret.New("s3cret")
		want.Gateway.Secret = secret.New("0123456789abcdef")
		var panel Panel
		panel.setDefaults()
		panel.Name, panel.URL, panel.User, panel.Password = "fra1", "https://dci.example.com:1500/dcimgr", "api", secret.New("hunter2")
		want.Panels = []Panel{panel}
		require.Equal(t, want, config)
	}
}

func TestEveryKeyIsRead(t *testing.T) {
	config, err := Load(write(t, `
installation: staging-2
whmcs:
  url: http://127.0.0.1:8085/
  identifier: id
  secret: s
  access_key: k
  fingerprint: "`+strings.Repeat("AB:", 31)+`AB"
  timeout: 1s
  module_timeout: 2m
  rate: 0.5
  concurrency: 3
  modules: [metalease]
  notify: ticket
  ticket_department: 4
panels:
  - {name: ams1, url: https://a/dcimgr, user: 007, password: 0123, timeout: 5s, rate: 2, concurrency: 4, urgent_share: 0.5, whmcs_servers: [A, B],
     mode: observe, max_releases_per_hour: 0, max_blocks_per_hour: 7, resale: hold, resale_hold: 2d, wipe: on-install, reconcile_every: 5m}
  - {name: fra1, url: https://b/dcimgr, user: u, password: "p"}
gateway: {listen: ":9000", secret: 0123456789abcdef, web_ui: "https://temporal.example.com"}
defaults: {install_timeout: 12s, install_attempts: 3, grace: 1d12h}
timing: {tick: 50ms, power_timeout: 1s, repeat: 2s, follow_delay: 0s, install_settle: 3s, release_timeout: 4s, retry_cap: 5s, heartbeat: 6s}
worker: {metrics_listen: "127.0.0.1:0", build_slots: 1, urgent_slots: 2, watch_slots: 3, stop_timeout: 0s, versioning: true, build_id: 1.2.3-rc1}
log: {format: console, level: debug}
`), ForWorker)
	require.NoError(t, err)
	require.Equal(t, WHMCS{
		URL: "http://127.0.0.1:8085/", Identifier: "id", Secret: secret.New("s"), AccessKey: secret.New("k"), Fingerprint: strings.Repeat("ab", 32),
		Timeout: time.Second, ModuleTimeout: 2 * time.Minute, Rate: 0.5, Concurrency: 3, Modules: []string{"metalease"},
		Notify: NotifyTicket, TicketDept: 4,
	}, config.WHMCS)
	require.Equal(t, Panel{
		Name: "ams1", URL: "https://a/dcimgr", User: "007", Password: secret.New("0123"),
		Timeout: 5 * time.Second, Rate: 2, Concurrency: 4, UrgentShare: 0.5, WHMCSServers: []string{"A", "B"},
		Mode: ModeObserve, MaxBlocksPerHour: 7, Resale: ResaleHold, ResaleHold: 48 * time.Hour, Wipe: WipeOnInstall, ReconcileEvery: 5 * time.Minute,
	}, config.Panels[0])
	require.Equal(t, ":9000", config.Gateway.Listen)
	require.Equal(t, "https://temporal.example.com", config.Gateway.WebUI)
	require.Equal(t, Defaults{12 * time.Second, 3, 36 * time.Hour}, config.Defaults)
	require.Equal(t, Timing{50 * time.Millisecond, time.Second, 2 * time.Second, 0, 3 * time.Second, 4 * time.Second, 5 * time.Second, 6 * time.Second}, config.Timing)
	require.Equal(t, Worker{"127.0.0.1:0", 1, 2, 3, 0, true, "1.2.3-rc1"}, config.Worker)
	require.Equal(t, Log{Format: "console", Level: "debug"}, config.Log)

	panel, found := config.Panel("fra1")
	require.True(t, found)
	require.Equal(t, "https://b/dcimgr", panel.URL)
	_, found = config.Panel("nowhere")
	require.False(t, found)
	require.Equal(t, []string{"ams1", "fra1"}, config.PanelNames())
}

func TestTheFileIsFound(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv(Variable, "")
	other := write(t, strings.Replace(least, "main", "other", 1))

	_, err := Load("", ForCommandLine)
	require.EqualError(t, err, "configuration: ./metalease.yaml or /etc/metalease/metalease.yaml: not found; name the file with --config or METALEASE_CONFIG")

	require.NoError(t, os.WriteFile("metalease.yaml", []byte(least), 0o600))
	config, err := Load("", ForCommandLine)
	require.NoError(t, err)
	require.Equal(t, "main", config.Installation)

	t.Setenv(Variable, other)
	config, err = Load("", ForCommandLine)
	require.NoError(t, err)
	require.Equal(t, "other", config.Installation, "the variable goes before the folder")

	config, err = Load("metalease.yaml", ForCommandLine)
	require.NoError(t, err)
	require.Equal(t, "main", config.Installation, "the flag goes before the variable")

	_, err = Load("missing.yaml", ForCommandLine)
	require.EqualError(t, err, "configuration: missing.yaml: cannot be read: no such file or directory")
}

func TestEnvironmentFillsValues(t *testing.T) {
	t.Setenv("DCI_PASSWORD", "pa${ss: word")
	t.Setenv("RATE", "7")
	t.Setenv("NOTHING", "")
	text := strings.NewReplacer(
		"hunter2", `"${DCI_PASSWORD}!$${literal}", rate: "${RATE}", ca: "${NOTHING}"`).Replace(least)
	config, err := Load(write(t, text), ForWorker)
	require.NoError(t, err)
	require.Equal(t, "pa${ss: word!${literal}", config.Panels[0].Password.Reveal(), "a value is never expanded again")
	require.EqualValues(t, 7, config.Panels[0].Rate)
	require.Empty(t, config.Panels[0].CA)
}

func TestOnlyTheRoleThatNeedsAVariableMissesIt(t *testing.T) {
	text := strings.NewReplacer("hunter2", `"${UNSET_A}-${UNSET_B}"`, "s3cret", `"${UNSET_C}"`, "0123456789abcdef", `"${UNSET_D}"`).Replace(least)
	require.Equal(t, []string{
		"metalease.yaml:3: whmcs.secret: the environment variable UNSET_C is not set",
		"metalease.yaml:5: panels[0].password: the environment variable UNSET_A is not set",
		"metalease.yaml:5: panels[0].password: the environment variable UNSET_B is not set",
	}, faults(t, text, ForWorker))
	require.Equal(t, []string{
		"metalease.yaml:6: gateway.secret: the environment variable UNSET_D is not set",
	}, faults(t, text, ForGateway))
	require.Empty(t, faults(t, text, ForCommandLine))
}

func TestTheCommandLineNeedsOnlyNames(t *testing.T) {
	require.Empty(t, faults(t, "installation: main\npanels: [{name: fra1}]\n", ForCommandLine))
}

// TestAProfileStandsBesideTheConfiguration, and is read by whoever asks a panel about itself: its
// credentials are needed then, and those of WHMCS are not.
func TestAProfileStandsBesideTheConfiguration(t *testing.T) {
	t.Setenv("OF_THE_PANEL", "word")
	file := write(t, `installation: main
whmcs: {url: "https://billing.example.com/", identifier: "${NOT_SET_HERE}", secret: "${NOT_SET_HERE}"}
panels:
  - {name: fra1, url: "https://dci.example.com/dcimgr", user: m, password: "${OF_THE_PANEL}", profile: fra1.profile.yaml}
  - {name: ams1, url: "https://dci2.example.com/dcimgr", user: m, password: "${OF_THE_PANEL}", profile: /etc/metalease/ams1.profile.yaml}
`)
	config, err := Load(file, ForPanel)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(filepath.Dir(file), "fra1.profile.yaml"), config.Panels[0].Profile)
	require.Equal(t, "/etc/metalease/ams1.profile.yaml", config.Panels[1].Profile)
	require.Equal(t, "word", config.Panels[0].Password.Reveal())
	_, err = Load(file, ForWHMCS)
	require.ErrorContains(t, err, "NOT_SET_HERE")
}

// The example is what a newcomer starts from: it must load, and its commented lines must be the real defaults.
func TestExampleLoads(t *testing.T) {
	text, err := os.ReadFile("../../config.example.yaml")
	require.NoError(t, err)
	for _, match := range regexp.MustCompile(`\$\{([A-Z0-9_]+)\}`).FindAllStringSubmatch(string(text), -1) {
		t.Setenv(match[1], "value-of-"+strings.ToLower(match[1]))
	}
	var loaded *Config
	for _, role := range []Role{ForWorker, ForGateway, ForCommandLine} {
		loaded, err = Load("../../config.example.yaml", role)
		require.NoError(t, err)
	}

	open := regexp.MustCompile(`(?m)^( *)# ?( *(- )?[a-z_]+:( |$))`).ReplaceAllString(string(text), "$1$2")
	open = regexp.MustCompile(`(?m)^ *(access_key|public_url|ca|fingerprint|tls_cert|tls_key|whmcs_servers|profile|ticket_department|web_ui|codec_token|audit_file|previous_secret):.*\n`).ReplaceAllString(open, "")
	require.Contains(t, open, "\n  retry_cap: 60s", "the comments were taken off")
	opened, err := Load(write(t, open), ForWorker)
	require.NoError(t, err)
	var shop Shop
	shop.setDefaults()
	shop.Name, shop.Webhook.URL, shop.Webhook.Secret = "webshop", "https://shop.example.com/webhooks/metalease", opened.Shops[0].Webhook.Secret
	shop.Secret, shop.PreviousSecret = opened.Shops[0].Secret, opened.Shops[0].PreviousSecret
	require.Equal(t, []Shop{shop}, opened.Shops)
	require.Equal(t, "e3-64g", opened.Products[0].SKU)
	opened.Shops, opened.Products, opened.Catalogue.Origins = nil, nil, nil
	require.Equal(t, loaded, opened)
}
