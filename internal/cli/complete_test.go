package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
)

func TestCompletionScripts(t *testing.T) {
	t.Parallel()
	for shell, says := range map[string]string{"bash": "__start_starter", "zsh": "#compdef starter", "fish": "complete -c starter"} {
		r := run(t, nil, "", "completion", shell)
		require.Equal(t, exitDone, r.code, r.errOut)
		require.Contains(t, r.out, says)
	}
}

// completed asks as a shell does when the last word is being typed; it drops the line for the shell.
func completed(t *testing.T, env []string, args ...string) []string {
	t.Helper()
	r := run(t, env, "", append([]string{"__complete"}, args...)...)
	require.Equal(t, exitDone, r.code, r.errOut)
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	return lines[:len(lines)-1]
}

func TestWhatIsCompleted(t *testing.T) {
	t.Parallel()
	env := []string{"TEMPORAL_ADDRESS=127.0.0.1:1", "METALEASE_CONFIG=" + configFile(t, "installation: test\npanels: [{name: fra1}, {name: ams1}]\n")}
	require.Contains(t, completed(t, env, "sus"), "suspend\tBlock, without a grace period")
	require.Contains(t, completed(t, env, "help", "qua"), "quarantine\tList servers that were set aside; put one back into stock")
	require.Equal(t, []string{"bash", "zsh", "fish"}, completed(t, env, "completion", ""))
	require.Len(t, completed(t, env, "list", "--phase", ""), len(api.Phases))
	require.Equal(t, []string{"fra1", "ams1"}, completed(t, env, "stock", "--panel", ""))
	require.Equal(t, []string{"fra1", "ams1"}, completed(t, env, "quarantine", "clear", "--panel", ""))
	require.Subset(t, completed(t, env, "panel", ""), []string{"fra1", "ams1"}, "beside its commands")
	require.Empty(t, completed(t, env, "panel", "fra1", ""))
	fields := completed(t, env, "retry", "101", "--set", "")
	require.Contains(t, fields, "os_template=")
	require.NotContains(t, fields, "panel=", "what a correction may not touch is not offered")
	require.Empty(t, completed(t, env, "status", ""), "nobody answers, and nothing is said of it")
	bad := []string{"METALEASE_CONFIG=" + configFile(t, "colour: red\n")}
	require.Empty(t, completed(t, bad, "stock", "--panel", ""))
}

func TestServicesAreCompleted(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start("101")
	s.start("102")
	s.does("terminate", "102", "--yes")
	require.Eventually(t, func() bool {
		offered := completed(t, s.env(), "status", "")
		return len(offered) == 1 && offered[0] == "101\tactive on fra1"
	}, testTimeout, testPoll)
	require.Empty(t, completed(t, s.env(), "status", "101", ""))
}
