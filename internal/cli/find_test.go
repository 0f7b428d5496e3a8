package cli

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	onpanel "metalease/activities/panel"
	"metalease/dcim"
	"metalease/internal/control"
	"metalease/workflows/api"
)

func TestSpanOf(t *testing.T) {
	day, err := spanOf("2026-01-31")
	require.NoError(t, err)
	require.Equal(t, 24*time.Hour, day.End.Sub(day.Begin))
	none, err := spanOf("")
	require.NoError(t, err)
	require.Zero(t, none)
	_, err = spanOf("yesterday")
	require.Equal(t, exitUsage, exitCode(err))
	require.Equal(t, exitNotFound, exitCode(errNotFound))
}

func TestPlanInPlainWords(t *testing.T) {
	c, out, _ := output()
	plan := onpanel.Plan{
		Server:  &onpanel.Server{ID: "5", Label: "R1-U5", IP: "10.0.0.5"},
		Account: onpanel.PlannedOwner{Name: "u101", Kind: "new", Why: "no account of the client yet"},
		Others:  []onpanel.NotThis{{ID: "6", Label: "R1-U6", Why: "it is blocked"}},
		Reasons: []onpanel.ReasonCount{{Reason: "it is blocked", Count: 3}},
	}
	writePlan(out, api.Order{ServiceID: 101, Package: "E3-16G", Panel: "fra1", OSTemplate: "debian", IPv4: 2}, plan)
	require.NoError(t, c.others(plan))
	for _, words := range []string{"5 (R1-U5, 10.0.0.5)", "new u101", "does not list it", "unknown whether the pool", "3  it is blocked", "and 2 more"} {
		require.Contains(t, out.String(), words)
	}
}

func TestHealthInPlainWords(t *testing.T) {
	var out bytes.Buffer
	writeHealth(&out, control.PanelHealth{Panel: "fra1", Mode: "observe", Paused: true, PauseReason: "billing run",
		Error:          &control.PanelFault{Code: "PanelUnavailable", Message: "connection refused"},
		Contradictions: []dcim.Contradiction{{Fact: "owner-in-list", Was: "id", Is: "name", Since: time.Date(2026, 3, 1, 7, 0, 0, 0, time.UTC)}}})
	for _, words := range []string{"owner-in-list was id and is name, seen 2026-03-01 07:00:00 UTC; look with: starter panel check fra1", "fra1 cannot be used", "connection refused (PanelUnavailable)", "only observed", "starter resume --panel fra1"} {
		require.Contains(t, out.String(), words)
	}
}

func TestWrongWordsOfTheNewCommands(t *testing.T) {
	t.Parallel()
	env := []string{"METALEASE_CONFIG=" + configFile(t, configuration)}
	for _, args := range [][]string{
		{"panel"}, {"plan"}, {"find"}, {"find", "a", "--at", "soon"}, {"quarantine"}, {"quarantine", "clear", "5"},
		{"quarantine", "clear", "--panel", "fra1", "5"}, {"quarantine", "drop"},
	} {
		r := run(t, env, "", args...)
		require.Equal(t, exitUsage, r.code, "%v: %s", args, r.errOut)
	}
	require.Equal(t, exitNotFound, run(t, env, "", "quarantine", "list", "--panel", "nowhere").code)
}
