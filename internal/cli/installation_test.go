package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/control"
)

// remember makes the namespace that of an installation, with a WHMCS that has called.
func (s scene) remember(installation string) {
	s.t.Helper()
	ctl := control.New(s.Client, s.Namespace, &config.Config{Installation: installation})
	require.NoError(s.t, ctl.Claim(s.t.Context()))
	require.NoError(s.t, ctl.System(s.t.Context(), "https://billing.example.com/"))
}

func TestTheInstallationIsShownAndMoved(t *testing.T) {
	s := newScene(t)
	require.Contains(t, s.does("installation"), "none yet: the first one that calls decides")
	s.remember("test")
	require.Equal(t, "installation  test\nWHMCS         https://billing.example.com/\n", s.does("installation"))
	require.JSONEq(t, `{"installation":"test","system_url":"https://billing.example.com/"}`, s.does("installation", "--json"))

	for args, says := range map[string]string{
		"installation move":                           "needs --to",
		"installation move --to https://new.example/": "needs --yes",
		"installation rename":                         "needs --to with a name",
		"installation rename --to Main --yes":         "1 to 32 of a-z",
		"installation rename --to main":               "needs --yes",
		"installation forget":                         `there is no command "forget"`,
	} {
		r := s.run(strings.Fields(args)...)
		require.Equal(t, exitUsage, r.code, args)
		require.Contains(t, r.errOut, says, args)
	}
	r := s.run("installation", "move", "--to", "new.example.com", "--yes")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.errOut, "must be an http or https address")

	require.Contains(t, s.does("installation", "move", "--to", "https://new.example.com/", "--yes"), "the WHMCS at https://new.example.com/ is served")
	require.Contains(t, s.does("installation"), "https://new.example.com/")
	require.Contains(t, s.does("installation", "rename", "--to", "main", "--yes"), "belongs to the installation main")
	require.Contains(t, s.does("installation"), "installation  main")
}

func TestACommandOfAnotherInstallationRefuses(t *testing.T) {
	s := newScene(t)
	s.remember("main") // and the configuration says test
	for _, args := range []string{"stock", "pause --panel fra1", "drift", "start --service 5 --client 7 --panel fra1 --package E3 --os a --domain a.example.com"} {
		r := s.run(strings.Fields(args)...)
		require.Equal(t, exitFailed, r.code, args)
		require.Contains(t, r.errOut, `belongs to the installation "main", and the configuration says "test"`, args)
	}
	require.Equal(t, "no services\n", s.does("list"), "what reads no configuration goes on")
}
