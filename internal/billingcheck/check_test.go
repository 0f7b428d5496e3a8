package billingcheck_test

import (
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/billingcheck"
	"metalease/internal/config"
	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

const secret = "0123456789abcdef"

func check(t *testing.T, sim simulator.Config, key string) (*simulator.WHMCS, []billingcheck.Row, error) {
	t.Helper()
	return checkWith(t, sim, key, func(*config.Config) {})
}

func checkWith(t *testing.T, sim simulator.Config, key string, change func(*config.Config)) (*simulator.WHMCS, []billingcheck.Row, error) {
	t.Helper()
	sim.Identifier, sim.Secret, sim.Installation, sim.GatewaySecret = "identifier", "secret", "main", secret
	billing, err := simulator.New(sim)
	require.NoError(t, err)
	server := httptest.NewServer(billing)
	t.Cleanup(server.Close)
	client, err := whmcs.New(whmcs.Config{URL: server.URL, Identifier: "identifier", Secret: key, Installation: "main", ModuleSecret: secret, Rate: 1e4})
	require.NoError(t, err)
	cfg := &config.Config{Installation: "main", Panels: []config.Panel{{Name: "fra1"}}}
	cfg.Defaults.Grace = 72 * time.Hour
	change(cfg)
	checker := &billingcheck.Checker{Client: client, Config: cfg, Version: "1.0.0"}
	rows, err := checker.Check(t.Context())
	return billing, rows, err
}

func bad(rows []billingcheck.Row) (facts []string) {
	for _, r := range rows {
		if r.Bad {
			facts = append(facts, r.Fact)
		}
	}
	return facts
}

func TestAWHMCSThatIsReady(t *testing.T) {
	billing, rows, err := check(t, simulator.Config{}, "secret")
	require.NoError(t, err)
	require.Empty(t, bad(rows))
	state := billing.State()
	require.Empty(t, state.Services, "nothing was ordered or changed")
	require.Empty(t, state.Mails)
	require.Empty(t, state.Tickets)
}

// TestEachRightThatIsMissingIsNamed, and no other one.
func TestEachRightThatIsMissingIsNamed(t *testing.T) {
	for _, r := range whmcs.Rights() {
		if r.Shops || r.Action == "WhmcsDetails" || r.Action == "GetProducts" {
			continue
		}
		_, rows, err := check(t, simulator.Config{Denied: []string{r.Action}}, "secret")
		require.NoError(t, err, r.Action)
		require.Equal(t, []string{"the API role allows " + r.Action}, bad(rows))
	}
}

// TestTheRightsAreThoseOfTheGuides: what the pages tell a host to allow is what is asked for.
func TestTheRightsAreThoseOfTheGuides(t *testing.T) {
	for page, shops := range map[string]bool{"whmcs.md": false, "shop.md": true} {
		text, err := os.ReadFile("../../docs/" + page)
		require.NoError(t, err)
		var said, asked []string
		for _, m := range regexp.MustCompile("(?s)```\n((?:[A-Z][A-Za-z]+\\s+)+)```").FindAllStringSubmatch(string(text), -1) {
			said = append(said, strings.Fields(m[1])...)
		}
		for _, r := range whmcs.Rights() {
			if r.Shops == shops {
				asked = append(asked, r.Action)
			}
		}
		require.ElementsMatch(t, said, asked, page)
	}
}

// TestShopsNeedMore: only who has shops is asked for their rights.
func TestShopsNeedMore(t *testing.T) {
	sim := simulator.Config{Denied: []string{"AddOrder", "CreateSsoToken"}}
	_, rows, err := check(t, sim, "secret")
	require.NoError(t, err)
	require.Empty(t, bad(rows))
	billing, rows, err := checkWith(t, sim, "secret", func(c *config.Config) { c.Shops = []config.Shop{{Name: "webshop"}} })
	require.NoError(t, err)
	require.Equal(t, []string{"the API role allows AddOrder", "the API role allows CreateSsoToken"}, bad(rows))
	require.Empty(t, billing.State().Orders)
}

func TestSettingsThatClash(t *testing.T) {
	for name, c := range map[string]struct {
		set  map[string]string
		want string
	}{
		"nobody is blocked":     {map[string]string{"AutoSuspension": ""}, "overdue services are suspended"},
		"nobody is unblocked":   {map[string]string{"AutoUnsuspend": ""}, "paid services are unsuspended"},
		"ended before its time": {map[string]string{"AutoTerminationDays": "7"}, "overdue services are terminated by WHMCS"},
	} {
		_, rows, err := check(t, simulator.Config{Settings: c.set}, "secret")
		require.NoError(t, err)
		require.Equal(t, []string{c.want}, bad(rows), name)
	}
	_, rows, err := check(t, simulator.Config{Settings: map[string]string{"AutoTerminationDays": "8"}}, "secret")
	require.NoError(t, err)
	require.Empty(t, bad(rows), "five days and the grace period of three")
	_, rows, err = check(t, simulator.Config{Denied: []string{"GetServers", "GetConfigurationValue"}}, "secret")
	require.NoError(t, err)
	require.Empty(t, bad(rows), "these two are not needed for anything else")
	told := 0
	for _, r := range rows {
		if strings.HasPrefix(r.Means, "allow Get") {
			told++
		}
	}
	require.Equal(t, 2, told)
}

func TestAWrongCredentialSaysSo(t *testing.T) {
	_, _, err := check(t, simulator.Config{}, "wrong")
	require.ErrorIs(t, err, whmcs.ErrCredentials)
}
