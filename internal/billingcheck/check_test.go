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
	"metalease/whmcs/facts"
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

// TestWhatClashesIsNamed: each fault of WHMCS is one row, with its cure, and the worst one.
func TestWhatClashesIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		sim  simulator.Config
		want string
	}{
		"nobody is blocked":      {simulator.Config{Settings: map[string]string{"AutoSuspension": ""}}, "overdue services are suspended"},
		"nobody is unblocked":    {simulator.Config{Settings: map[string]string{"AutoUnsuspend": ""}}, "paid services are unsuspended"},
		"ended before its time":  {simulator.Config{Settings: map[string]string{"AutoTerminationDays": "7"}}, "overdue services are terminated by WHMCS"},
		"no daily cron":          {simulator.Config{Settings: map[string]string{"lastDailyCronInvocationTime": "2026-01-01 09:00:00"}}, "the daily cron ran last"},
		"another version":        {simulator.Config{About: simulator.About{Version: "0.9.0"}}, "the module's version"},
		"no hook file":           {simulator.Config{About: simulator.About{NoHooks: true}}, "hooks"},
		"no cron":                {simulator.Config{About: simulator.About{NoCron: true}}, "hooks"},
		"no rule":                {simulator.Config{About: simulator.About{NoRule: true}}, "a notification rule for metalease"},
		"set up too early":       {simulator.Config{SetUp: "before"}, "Automatically setup of products"},
		"a translated reason":    {simulator.Config{About: simulator.About{OtherReason: 3}}, "suspended services past their due date whose reason is Overdue on Payment"},
		"a setting that is none": {simulator.Config{About: simulator.About{Faults: []string{"the setting is no regular expression."}}}, "settings and language files of the module"},
		"an old module":          {simulator.Config{About: simulator.About{Old: true}}, "the module answers at /modules/servers/metalease/about.php"},
	} {
		_, rows, err := check(t, c.sim, "secret")
		require.NoError(t, err)
		require.Equal(t, []string{c.want}, bad(rows), name)
		worst, is := billingcheck.Worst(rows)
		require.True(t, is, name)
		require.Equal(t, c.want, worst.Fact, name)
		require.NotEmpty(t, worst.Means, name)
		require.NotEmpty(t, worst.Seen, name)
	}
}

// TestWhatNobodyTellsSaysWhereToLook: a role without the right, and a module from before the page.
func TestWhatNobodyTellsSaysWhereToLook(t *testing.T) {
	_, rows, err := check(t, simulator.Config{Settings: map[string]string{"AutoTerminationDays": "8"}}, "secret")
	require.NoError(t, err)
	require.Empty(t, bad(rows), "five days and the grace period of three")
	_, is := billingcheck.Worst(rows)
	require.False(t, is)
	_, rows, err = check(t, simulator.Config{Denied: []string{"GetServers", "GetConfigurationValue"}, About: simulator.About{Old: true}}, "secret")
	require.NoError(t, err)
	require.Len(t, bad(rows), 1, "neither right is needed for anything else")
	for fact, where := range map[string]string{
		"server entries": "allow GetServers", "automation settings": "Automation Settings", "the daily cron ran last": "Automation Status",
		"the module's version": "Test Connection", "hooks": "includes/hooks", "Automatically setup of products": "Module Settings",
		"a notification rule for metalease": "System Settings > Notifications", "time zone of dates": "the module does not answer",
	} {
		row := of(rows, fact)
		require.Empty(t, row.Seen, fact)
		require.Contains(t, row.Means, where, fact)
	}
}

func of(rows []billingcheck.Row, fact string) billingcheck.Row {
	for _, r := range rows {
		if r.Fact == fact {
			return r
		}
	}
	return billingcheck.Row{}
}

// TestEachSwitchIsTold: what makes a WHMCS another one is reported as it is, if it can be told at all, and nothing else is.
func TestEachSwitchIsTold(t *testing.T) {
	told := 0
	for _, f := range facts.Facts() {
		for _, argument := range append([]string{""}, f.Arguments()...) {
			var sim simulator.Config
			if s, there := simulator.SwitchOf(f.Switch); there && argument != "" {
				require.NoError(t, s.Set(&sim, argument))
			} else if argument != "" {
				continue // of the PHP host alone
			}
			if f.ID == "refused-status" {
				sim.Denied = []string{"SendEmail"}
			}
			_, rows, err := check(t, sim, "secret")
			require.NoError(t, err, f.ID)
			row := of(rows, f.Question)
			require.Equal(t, f.Line, row.Line, f.ID)
			if f.Told == facts.ByNobody {
				require.Empty(t, row.Seen, f.ID)
				require.Contains(t, row.Means, "cannot be told", f.ID)
				continue
			}
			told++
			require.NotEmpty(t, row.Means, f.ID)
			for _, v := range f.Values {
				if v.Set == argument {
					require.Equal(t, v.Is, row.Seen, "%s %s", f.ID, argument)
					break
				}
			}
		}
	}
	require.Greater(t, told, 12)
}

func TestAWrongCredentialSaysSo(t *testing.T) {
	for _, status := range []int{0, 200, 400, 401} {
		_, _, err := check(t, simulator.Config{RefusedStatus: status}, "wrong")
		require.ErrorIs(t, err, whmcs.ErrCredentials, "the text decides")
	}
}
