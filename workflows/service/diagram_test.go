package service

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
)

var update = flag.Bool("update", false, "write the documents that are drawn from tables")

// diagram is docs/lifecycle.md: the transition table as a picture and as text.
func diagram() string {
	var b strings.Builder
	b.WriteString(`# The life of a service

Drawn from the transition table in workflows/service/state_life.go; a test fails when it is stale
(` + "`go test ./workflows/service -run TestTheDiagramIsDrawnFromTheTable -update`" + ` draws it anew).

` + "```mermaid\nstateDiagram-v2\n")
	for _, t := range transitions {
		fmt.Fprintf(&b, "    %s --> %s\n", cmp.Or(string(t.From), "[*]"), t.To)
	}
	b.WriteString("    released --> [*]\n```\n\n| from | to | when |\n| --- | --- | --- |\n")
	for _, t := range transitions {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", cmp.Or(string(t.From), "(start)"), t.To, t.When)
	}
	b.WriteString("\nA service in `pending` goes through the steps " + strings.Join(stepNames(), ", ") +
		".\nA detached service ends in the phase that it is in; a released one ends when nothing waits for a person.\n")
	return b.String()
}

func stepNames() []string {
	var names []string
	for _, step := range api.Steps {
		names = append(names, "`"+string(step)+"`")
	}
	return names
}

func TestTheDiagramIsDrawnFromTheTable(t *testing.T) {
	const path = "../../docs/lifecycle.md"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(diagram()), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, diagram(), string(text), "docs/lifecycle.md is stale: run this test with -update")
}

func TestEveryPhaseCanBeReachedAndLeft(t *testing.T) {
	for _, phase := range api.Phases {
		require.True(t, slices.ContainsFunc(transitions, func(t transition) bool { return t.To == phase }), "nothing leads to %s", phase)
		if phase != api.PhaseReleased {
			require.True(t, slices.ContainsFunc(transitions, func(t transition) bool { return t.From == phase }), "nothing leads out of %s", phase)
		}
	}
	seen := map[[2]api.Phase]bool{}
	for _, way := range transitions {
		require.False(t, seen[[2]api.Phase{way.From, way.To}], "%s to %s stands twice", way.From, way.To)
		seen[[2]api.Phase{way.From, way.To}] = true
	}
}

func TestAWayThatIsNotInTheTableIsAFault(t *testing.T) {
	life := Life{Phase: api.PhaseReleased}
	require.PanicsWithValue(t, `a service cannot go from phase "released" to "active"`, func() { life.enter(api.PhaseActive) })
	require.Equal(t, api.PhaseReleased, life.Phase)
}

func TestEverySignalHasADecision(t *testing.T) {
	for _, signal := range api.SignalTable {
		require.NotNil(t, decisions[signal.Name], "signal %s has no decision", signal.Name)
	}
	require.Len(t, decisions, len(api.SignalTable))
}
