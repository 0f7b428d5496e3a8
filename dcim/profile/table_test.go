package profile_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim/profile"
	"metalease/dcim/simulator"
)

//go:generate go test -run TestTheDocumentIsTheTable -update .

var update = flag.Bool("update", false, "write docs/panel-facts.md anew")

// TestEveryOpenLineHasAFact: docs/dcimanager.md 9 lists what nobody has confirmed. Each line is
// found out by somebody, or it is said why it cannot be.
func TestEveryOpenLineHasAFact(t *testing.T) {
	text, err := os.ReadFile("../../docs/dcimanager.md")
	require.NoError(t, err)
	_, open, found := strings.Cut(string(text), "## 9. What is not confirmed")
	require.True(t, found)
	lines := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| (U\d+) \|`).FindAllStringSubmatch(open, -1) {
		lines[m[1]] = false
	}
	require.Greater(t, len(lines), 30)
	for _, f := range profile.Facts() {
		if f.Line == "" {
			continue
		}
		_, there := lines[f.Line]
		require.True(t, there, "%s is about %s, which the page does not list", f.ID, f.Line)
		lines[f.Line] = true
	}
	for line, has := range lines {
		require.True(t, has, "%s has no fact: say who tells it, or why nobody can", line)
	}
}

func TestTheTableIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range profile.Facts() {
		require.False(t, seen[f.ID], "%s is there twice", f.ID)
		seen[f.ID] = true
		require.NotEmpty(t, f.Section, f.ID)
		require.NotEmpty(t, f.Question, f.ID)
		require.NotEmpty(t, f.Client, f.ID)
		if f.Told == profile.ByNobody {
			require.NotEmpty(t, f.Unless, "%s: why can nobody tell it?", f.ID)
		}
		if f.Expected != "" {
			require.True(t, f.Knows(f.Expected), "%s expects %q", f.ID, f.Expected)
		}
		if f.Switch == "" {
			continue
		}
		s, there := simulator.SwitchOf(f.Switch)
		require.True(t, there, "%s names the switch %s", f.ID, f.Switch)
		for _, v := range f.Values {
			if v.Set != "" {
				require.NoError(t, s.Set(&simulator.Config{}, v.Set), f.ID)
			}
		}
	}
	for _, s := range simulator.Switches() {
		named := false
		for _, f := range profile.Facts() {
			named = named || f.Switch == s.Name
		}
		require.True(t, named || s.Name == "diagnostics-on-release", "no fact is about the switch %s", s.Name)
	}
}

func document() string {
	var b strings.Builder
	b.WriteString("# What can be found out about a panel\n\n" +
		"<!-- Made from the table of dcim/profile by its test: `go generate ./dcim/profile` writes it anew. -->\n\n" +
		"[dcimanager.md](dcimanager.md) is what the code rests on, and section 9 of it is what nobody has confirmed. `starter panel check` and `starter panel drill` find it out on a panel; " +
		"[first-week.md](first-week.md) tells when to run them. A profile keeps what they saw by the names of the first column.\n\n" +
		"| fact | line | question | told by | taken for granted | what else it may be, and what that means | switch of `dcimsim` | what the client does |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, f := range profile.Facts() {
		told := string(f.Told)
		if f.Unless != "" && f.Told == profile.ByNobody {
			told += ": " + f.Unless
		} else if f.Unless != "" {
			told += ", unless " + f.Unless
		}
		var means []string
		for _, v := range f.Values {
			if v.Means == "" {
				means = append(means, v.Is)
			} else {
				means = append(means, v.Is+": "+v.Means)
			}
		}
		if f.Means != "" {
			means = append(means, f.Means)
		}
		flag := "–"
		if f.Switch != "" {
			flag = "`--" + f.Switch + "`"
			if s, _ := simulator.SwitchOf(f.Switch); s.Name == "" {
				flag = "–"
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n", f.ID, cmp.Or(f.Line, "–"), f.Question, told, cmp.Or(f.Expected, "–"), cmp.Or(strings.Join(means, "; "), "–"), flag, f.Client)
	}
	return b.String()
}

func TestTheDocumentIsTheTable(t *testing.T) {
	const path = "../../docs/panel-facts.md"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(document()), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, document(), string(text), "docs/panel-facts.md is stale: go generate ./dcim/profile")
}
