package facts_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs/facts"
	"metalease/whmcs/simulator"
)

//go:generate go test -run TestTheDocumentIsTheTable -update .

var update = flag.Bool("update", false, "write docs/whmcs-facts.md anew")

// TestEveryOpenLineHasAFact: docs/whmcs-api.md 10 lists what nobody has confirmed. Each line is
// found out by somebody, or it is said why it cannot be.
func TestEveryOpenLineHasAFact(t *testing.T) {
	text, err := os.ReadFile("../../docs/whmcs-api.md")
	require.NoError(t, err)
	_, open, found := strings.Cut(string(text), "## 10. What is not confirmed")
	require.True(t, found)
	lines := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| (W\d+) \|`).FindAllStringSubmatch(open, -1) {
		lines[m[1]] = false
	}
	require.Greater(t, len(lines), 25)
	for _, f := range facts.Facts() {
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
	for _, f := range facts.Facts() {
		require.False(t, seen[f.ID], "%s is there twice", f.ID)
		seen[f.ID] = true
		require.NotEmpty(t, f.Question, f.ID)
		require.NotEmpty(t, f.Code, f.ID)
		if f.Told == facts.ByNobody {
			require.NotEmpty(t, f.Unless, "%s: why can nobody tell it?", f.ID)
		}
		require.Equal(t, f.Switch+f.Host != "", len(f.Arguments()) > 0, "%s: what makes it so, and what else it may be, go together", f.ID)
		if f.Switch == "" {
			continue
		}
		s, there := simulator.SwitchOf(f.Switch)
		require.True(t, there, "%s names the switch %s", f.ID, f.Switch)
		for _, argument := range f.Arguments() {
			var config simulator.Config
			require.NoError(t, s.Set(&config, argument), f.ID)
			_, err := simulator.New(config)
			require.NoError(t, err, f.ID)
		}
	}
	for _, s := range simulator.Switches() {
		named := false
		for _, f := range facts.Facts() {
			named = named || f.Switch == s.Name
		}
		require.True(t, named, "no fact is about the switch %s", s.Name)
	}
	_, err := simulator.New(simulator.Config{SetUp: "during"})
	require.Error(t, err)
	_, err = simulator.New(simulator.Config{TimeZone: "Nowhere/At_All"})
	require.Error(t, err)
}

func document() string {
	var b strings.Builder
	b.WriteString("# What may differ between one WHMCS and the next\n\n" +
		"<!-- Made from the table of whmcs/facts by its test: `go generate ./whmcs/facts` writes it anew. -->\n\n" +
		"[whmcs-api.md](whmcs-api.md) is what the code rests on, and section 10 of it is what nobody has confirmed. `starter whmcs check` tells what it can of it. " +
		"The tests live a whole life under each value of each switch, alone and in pairs.\n\n" +
		"| fact | line | question | told by | taken for granted | what else it may be, and what that means | switch of `whmcssim` | of the PHP host | what the code does |\n" +
		"| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, f := range facts.Facts() {
		told := string(f.Told)
		if f.Unless != "" && f.Told == facts.ByNobody {
			told += ": " + f.Unless
		} else if f.Unless != "" {
			told += ", unless " + f.Unless
		}
		var means []string
		for _, v := range f.Values {
			if v.Is == f.Expected && v.Means == "" {
				continue
			}
			means = append(means, strings.TrimSuffix(v.Is+": "+v.Means, ": "))
		}
		if f.Means != "" && len(f.Values) == 0 {
			means = append(means, f.Means)
		}
		flag, host := "–", "–"
		if f.Switch != "" {
			flag = "`--" + f.Switch + "`"
		}
		if f.Host != "" {
			host = "`" + f.Host + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s | %s | %s |\n", f.ID, f.Line, f.Question, told, cmp.Or(f.Expected, "–"), cmp.Or(strings.Join(means, "; "), "–"), flag, host, f.Code)
	}
	return b.String()
}

func TestTheDocumentIsTheTable(t *testing.T) {
	const path = "../../docs/whmcs-facts.md"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(document()), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, document(), string(text), "docs/whmcs-facts.md is stale: go generate ./whmcs/facts")
}
