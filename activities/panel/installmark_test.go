package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
)

// TestAnInstallStandsBehindWhatTheMarkSays: it is put there and taken away, and the rest stays.
func TestAnInstallStandsBehindWhatTheMarkSays(t *testing.T) {
	before := seen{template: "ISPsystem__Debian-12-x86_64"}
	for state, c := range map[string]struct{ with, without string }{
		"claimed":        {"installing 2 was=ISPsystem__Debian-12-x86_64", "claimed"},
		"active":         {"active installing 2 was=ISPsystem__Debian-12-x86_64", "active"},
		"active blocked": {"active installing 2 was=ISPsystem__Debian-12-x86_64 blocked", "active blocked"},
		"active installing 1 accepted again failed was=X switch-on blocked": {"active installing 2 was=ISPsystem__Debian-12-x86_64 switch-on blocked", "active switch-on blocked"},
		"active installing":            {"active installing 2 was=ISPsystem__Debian-12-x86_64", "active"},
		"installing 1 accepted was=X":  {"installing 2 was=ISPsystem__Debian-12-x86_64", "claimed"},
		"releasing was-off":            {"installing 2 was=ISPsystem__Debian-12-x86_64", "releasing was-off"},
		"quarantine 2026 installing 2": {"installing 2 was=ISPsystem__Debian-12-x86_64", "quarantine 2026 installing 2"},
	} {
		with := withInstall(state, 2, before)
		require.Equal(t, c.with, with, state)
		require.Equal(t, 2, InstallNumber(holding.Mark{State: with}))
		asked, _ := askedInstall(holding.Mark{State: with})
		require.Equal(t, before, asked)
		require.Equal(t, c.without, withoutInstall(state), state)
		require.Zero(t, InstallNumber(holding.Mark{State: withoutInstall(state)}), state)
		require.Equal(t, withoutInstall(state), stillInstall(9, before)(withoutInstall(state)), "what is taken away stays away")
	}
	accepted := seen{template: "X", accepted: true}
	require.Equal(t, "active installing 2 accepted was=X blocked", stillInstall(2, accepted)("active installing 2 was=X blocked"))
	require.Equal(t, "active installing 3 was=X", stillInstall(2, accepted)("active installing 3 was=X"))
}

// TestATemplateIsOneWord, so that its name begins nothing else in a mark.
func TestATemplateIsOneWord(t *testing.T) {
	state := withInstall("active", 2, seen{template: "Windows Server blocked\n2022"})
	require.Equal(t, "active installing 2 was=Windows_Server_blocked_2022", state)
	require.False(t, detail(holding.Mark{State: state}, blocked))
	asked, number := askedInstall(holding.Mark{State: state})
	require.Equal(t, 2, number)
	require.Equal(t, "Windows_Server_blocked_2022", asked.template)
}

// TestWhatACustomersMarkSaysStays when a server is handed over or given back to its customer once more.
func TestWhatACustomersMarkSaysStays(t *testing.T) {
	for was, c := range map[string]struct{ free, blocked string }{
		"claimed":                     {"active", "active blocked"},
		"installing 1 accepted was=X": {"active", "active blocked"},
		"releasing was-off":           {"active", "active blocked"},
		"active blocked":              {"active", "active blocked"},
		"active installing 2 was=X":   {"active installing 2 was=X", "active installing 2 was=X blocked"},
		"active switch-on blocked":    {"active switch-on", "active switch-on blocked"},
	} {
		require.Equal(t, c.free, servedState(was, false), was)
		require.Equal(t, c.blocked, servedState(was, true), was)
	}
}
