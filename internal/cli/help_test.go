package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"metalease/internal/version"
	"metalease/workflows/api"
)

// every command with those below it.
func every(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, below := range cmd.Commands() {
		all = append(all, every(below)...)
	}
	return all
}

func TestHelpOfEveryCommand(t *testing.T) {
	t.Parallel()
	overview := run(t, nil, "", "help")
	require.Equal(t, exitDone, overview.code)
	require.Contains(t, overview.out, "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found.")
	require.Equal(t, overview.out, run(t, nil, "", "--help").out)
	for _, cmd := range every(starterCommand(Streams{}))[1:] {
		words := strings.Fields(cmd.CommandPath())[1:]
		if len(words) == 1 {
			require.Contains(t, overview.out, "\n  "+words[0]+" ")
			require.NotEmpty(t, cmd.GroupID, words)
		}
		help := ""
		for _, args := range [][]string{append([]string{"help"}, words...), append(words, "--help"), append(words, "-h")} {
			r := here(t, args...) // a process for each would take a minute
			require.Equal(t, exitDone, r.code, args)
			require.Empty(t, r.errOut)
			require.Contains(t, r.out, "Usage:\n  "+cmd.CommandPath())
			require.Regexp(t, `Examples:\n  (source <\()?`+cmd.CommandPath(), r.out)
			help = r.out
		}
		for line := range strings.Lines(help) {
			fixed := strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "      --") // examples and their like
			require.True(t, fixed || ansi.StringWidth(line) <= helpWidth+1, "%v: %q", words, line)
		}
	}
	for _, name := range api.Signals {
		require.Contains(t, overview.out, "\n  "+name+" ", "every signal of the contract is a command")
	}
}

// here runs the command line in this process.
func here(t *testing.T, args ...string) ended {
	t.Helper()
	var out, errOut bytes.Buffer
	code := Starter(t.Context(), args, Streams{In: strings.NewReader(""), Out: &out, Err: &errOut})
	return ended{code, out.String(), errOut.String()}
}

// Examples are typed by people: none may be refused for its form.
func TestExamplesCanBeTyped(t *testing.T) {
	t.Parallel()
	for _, root := range []*cobra.Command{starterCommand(Streams{}), workerCommand(Streams{})} {
		for _, cmd := range every(root) {
			example := strings.ReplaceAll(cmd.Example, "\\\n", " ")
			for line := range strings.Lines(example) {
				line = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "source <("), ")")
				found, rest, err := root.Find(words(line)[1:])
				require.NoError(t, err, line)
				fresh := found // flags keep what an example before set, which parsing again overwrites
				require.NoError(t, fresh.ParseFlags(rest), line)
				if found.Name() != "detach" { // its arguments depend on flags of the example before
					require.NoError(t, fresh.ValidateArgs(fresh.Flags().Args()), line)
				}
			}
		}
	}
}

func TestVersionOfBothPrograms(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"--version", "version"} {
		r := run(t, nil, "", args)
		require.Equal(t, exitDone, r.code)
		require.Equal(t, version.Line("starter"), r.out, args)
	}
	require.Equal(t, exitUsage, run(t, nil, "", "version", "1").code)
	r := runWorker(t, nil, "--version")
	require.Equal(t, exitDone, r.code)
	require.Equal(t, version.Line("worker"), r.out)
}

func runWorker(t *testing.T, env []string, args ...string) ended {
	t.Helper()
	return runProgram(t, filepath.Join(filepath.Dir(program), "worker"), env, "", args...)
}

func TestWorkerIsTypedRight(t *testing.T) {
	t.Parallel()
	r := runWorker(t, nil, "--help")
	require.Equal(t, exitDone, r.code)
	require.Contains(t, r.out, "Usage:\n  worker [--config FILE] [--check")
	for args, says := range map[string]string{
		"--chekc":            "worker: unknown flag: --chekc, did you mean --check?; see: worker --help\n",
		"now":                "worker: unexpected argument \"now\"; see: worker --help\n",
		"--config none.yaml": "none.yaml",
	} {
		r := runWorker(t, nil, strings.Fields(args)...)
		require.Equal(t, exitUsage, r.code, args)
		require.Contains(t, r.errOut, says)
		require.Empty(t, r.out)
	}
	bad := configFile(t, "installation: test\npanels: [{name: fra1, user: a}]\n")
	r = runWorker(t, nil, "--check", "--config", bad)
	require.Equal(t, exitUsage, r.code)
	require.Contains(t, r.errOut, "whmcs.url")
	require.Contains(t, r.errOut, "panels[0].url", "every fault at once")
}
