package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/workflows"
)

// starter runs a command without Temporal; everything here ends before it is needed.
func starter(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestHelpNamesEveryCommand(t *testing.T) {
	code, out, _ := starter(t, "help")
	require.Equal(t, exitDone, code)
	for _, cmd := range commands {
		require.Contains(t, out, cmd.name)
		code, own, _ := starter(t, "help", cmd.name)
		require.Equal(t, exitDone, code)
		require.Contains(t, own, cmd.summary)
		require.Contains(t, own, cmd.example)
		require.NotEmpty(t, cmd.summary)
	}
}

func TestWrongUsageIsNamed(t *testing.T) {
	for want, args := range map[string][]string{
		"no command given":            {},
		`there is no command "strat"`: {"strat"},
		"needs one service id":        {"status"},
		`"abc" is no service id`:      {"status", "abc"},
		"unknown flag: --colour":      {"status", "7", "--colour"},
		"needs no argument":           {"list", "7"},
		`"soon" is no time`:           {"expire", "7", "--due", "soon"},
		"terminate needs --yes":       {"terminate", "7"},
		"--paid-at":                   {"start", "--paid-at", "yesterday"},
		"unknown field \"colour\"":    {"start", "--file", file(t, `{"colour":"red"}`)},
	} {
		code, _, errOut := starter(t, args...)
		require.Equal(t, exitUsage, code, want)
		require.Contains(t, errOut, want)
		require.Contains(t, errOut, "starter help", "what to do next")
	}
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestABadConfigurationIsWrongUsage(t *testing.T) {
	bad := file(t, "installation: Main\ncolour: red\npanels: []\n")
	for _, args := range [][]string{{"status", "7", "--config", bad}, {"serve", "--config", bad}, {"stock", "--config", bad}} {
		code, _, errOut := starter(t, args...)
		require.Equal(t, exitUsage, code)
		require.Contains(t, errOut, "colour")
		require.Contains(t, errOut, "installation", "every fault at once")
	}
}

func TestEverySignalHasACommand(t *testing.T) {
	for _, signal := range workflows.Signals {
		require.NotEmpty(t, signalHelp[signal], signal)
	}
}

func TestTheReportOfASignal(t *testing.T) {
	var out bytes.Buffer
	c := &commandLine{out: &out}
	require.NoError(t, c.report(7, "suspend", control.Result{Outcome: workflows.OutcomeApplied, Reached: true}, 5))
	require.Contains(t, out.String(), "suspend done")
	out.Reset()
	require.NoError(t, c.report(7, "suspend", control.Result{Outcome: workflows.OutcomePending}, 5))
	require.Contains(t, out.String(), "is safe")
	err := c.report(7, "renew", control.Result{Outcome: workflows.OutcomeIgnored, Reason: "too late", Reached: true}, 5)
	require.ErrorContains(t, err, "renew ignored: too late")
}

func TestCorrectionsAreCheckedBeforeTheyAreSent(t *testing.T) {
	text, err := corrected([]string{"os_template=ISPsystem__Debian-13-x86_64", "ipv4=2", "dont_wait=true", "server_id=5"})
	require.NoError(t, err)
	require.JSONEq(t, `{"os_template":"ISPsystem__Debian-13-x86_64","ipv4":2,"dont_wait":true,"server_id":5}`, string(text))
	for _, bad := range []string{"os_template", "colour=red", "ipv4=many", "grace=soon"} {
		_, err := corrected([]string{bad})
		require.Error(t, err, bad)
	}
	none, err := corrected(nil)
	require.NoError(t, err)
	require.Nil(t, none)
}

func TestUnknownServicesHaveTheirOwnExitCode(t *testing.T) {
	err := explain(7, control.ErrUnknownService)
	var coded exitError
	require.ErrorAs(t, err, &coded)
	require.Equal(t, exitNotFound, coded.code)
	require.ErrorContains(t, explain(7, control.ErrWorkerUnavailable), "service 7: no worker answers")
	require.NoError(t, explain(7, nil))
}
