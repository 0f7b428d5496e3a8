package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// The panel of docs/first-week.md, and what its drill has found.
const (
	firstWeekFleet = `
users: [{name: cust7, password: secret-of-them, level: 16}]
servers:
  - {id: "11", name: A1-11, type: E3-16G, owner: cust7, hostname: s7.example.com, notes: "rack 4, unit 2", power: "on"}
  - {id: "12", name: A1-12, type: E3-16G}
  - {id: "13", name: A1-13, type: E3-16G}
  - {id: "14", name: B2-14, type: E5-64G}
`
	firstWeekProfile = "panel: " + stack.Panel + `
facts:
  list-filter: {value: contains, by: check, at: 2026-01-05T12:00:00Z}
  owner-in-list: {value: name, by: check, at: 2026-01-05T12:00:00Z}
  blocked-flags: {value: disabled, by: drill, at: 2026-01-06T12:00:00Z}
`
)

// TestTheFirstWeekFromWednesdayOn: what docs/first-week.md shows once a worker runs. Monday and Tuesday, which need none, are a test of
// internal/cli.
func TestTheFirstWeekFromWednesdayOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fleet, profile := filepath.Join(dir, "fleet.yaml"), filepath.Join(dir, "profile.yaml")
	require.NoError(t, os.WriteFile(fleet, []byte(firstWeekFleet), 0o600))
	require.NoError(t, os.WriteFile(profile, []byte(firstWeekProfile), 0o600))
	o := newOperator(t, stack.Options{
		Config: quick, PanelConfig: "mode: observe, profile: " + profile,
		PanelFlags: []string{"--fleet", fleet, "--owner-as-name", "--disabled-flag-only", "--filter", "contains", "--install-time", "1h"},
	})
	o.service.ServiceID = 101
	o.starter("stock", "--refresh") // what a panel shows without it is of an earlier look
	typed := 0
	for _, e := range examplesOf(t, "first-week.md", "## Wednesday") {
		switch {
		case !e.prompted:
			continue // it is followed until Ctrl-C
		case e.command == "starter list":
			o.service.ServiceID = o.order(simulator.Order{ClientID: 7, Package: "E3-16G", Domain: "s102.example.com"})
			o.await(o.service.ServiceID, "claimed", func(s api.Status) bool { return s.Server != nil })
			require.True(t, o.eventually(func() bool { return strings.Contains(o.starter("list", "--json"), "198.18.0.12") }))
		case typed > 3 && e.command == "starter panel fra1":
			o.manages()
		}
		o.follows([]example{e}, "")
		typed++
	}
	require.Equal(t, 7, typed)
}

// manages is what a host sets on Saturday.
func (o *operator) manages() {
	o.t.Helper()
	config, err := os.ReadFile(o.ConfigFile())
	require.NoError(o.t, err)
	require.NoError(o.t, os.WriteFile(o.ConfigFile(), []byte(strings.Replace(string(config), "mode: observe", "mode: manage", 1)), 0o600))
	o.Worker.Stop()
	o.Gateway.Stop()
	started(o)
}
