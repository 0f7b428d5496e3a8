package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAPauseIsTypedRight(t *testing.T) {
	t.Parallel()
	env := []string{"TEMPORAL_ADDRESS=127.0.0.1:1", "METALEASE_CONFIG=" + configFile(t, configuration)}
	for _, args := range []string{"pause --all --panel fra1 --reason x", "resume --all --panel fra1"} {
		r := run(t, env, "", strings.Fields(args)...)
		require.Equal(t, exitUsage, r.code, args)
		require.Contains(t, r.errOut, "--all and --panel exclude each other", args)
	}
}

// After a restore: paused before any worker runs, and for as long as a comparison finds something.
func TestAPanelStaysPausedWhileSomethingIsWrong(t *testing.T) {
	s := newScene(t)
	require.Contains(t, s.does("pause", "--all", "--reason", "restored from a backup"), "panel fra1 is paused")
	s.reconciler()
	r := s.run("resume", "--all", "--when-clean")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.out, "orphan-102-13", "what is wrong is shown")
	require.Contains(t, r.errOut, "panel fra1: it stays paused: 12 differences to look at")
	require.Contains(t, s.does("resume", "--all"), "panel fra1 goes on")
}
