package e2e

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// example is a command of a document.
type example struct {
	document, command string
	exit              int
	// prints is what the document shows below it; nothing is shown of what stands without a prompt.
	prints   string
	prompted bool
}

// The blocks of the documents: with prompts, "$ command" and what it prints; or bare commands, a line each.
var (
	fenced   = regexp.MustCompile("(?ms)^ *```(sh|text)\n(.*?)^ *```$")
	exitCode = regexp.MustCompile(` +# exit code (\d+)$`)
)

// examplesOf are the commands of a document, in its order, from a heading on; an empty one is the whole document.
func examplesOf(t *testing.T, document, heading string) (all []example) {
	t.Helper()
	whole, err := os.ReadFile("../../docs/" + document)
	require.NoError(t, err)
	_, text, found := strings.Cut(string(whole), heading)
	require.True(t, found, "%s: %s", document, heading)
	for _, block := range fenced.FindAllStringSubmatch(text, -1) {
		prompted := block[1] == "text"
		for line := range strings.Lines(block[2]) {
			line = strings.TrimSpace(line)
			command, typed := strings.CutPrefix(line, "$ ")
			switch {
			case prompted && !typed:
				require.NotEmpty(t, all, "%s: %s", document, line)
				all[len(all)-1].prints += line + "\n"
				continue
			case line == "":
				continue
			}
			e := example{document: document, command: command, prompted: prompted}
			if code := exitCode.FindStringSubmatch(command); code != nil {
				e.command = strings.TrimSuffix(command, code[0])
				e.exit, err = strconv.Atoi(code[1])
				require.NoError(t, err)
			}
			all = append(all, e)
		}
	}
	require.NotEmpty(t, all, document)
	return all
}

// varies is what two runs of a command do not print alike, the longest form first.
var varies = []struct {
	pattern *regexp.Regexp
	is      string
}{
	{regexp.MustCompile(`\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`), "ID"},
	{regexp.MustCompile(`\b[0-9a-f]{64}\b`), "SECRET"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?Z?`), "AT"},
	{regexp.MustCompile(`\b\d\d:\d\d(:\d\d)?\b`), "AT"},
	{regexp.MustCompile(`\b(\d+(\.\d+)?(h|ms|m|s) ?)+\b`), "TIME "},
	{regexp.MustCompile(`\d+`), "N"},
	{regexp.MustCompile(`\s+`), " "},
}

// plain is a text without what differs from run to run: numbers, times, and where lines and columns end.
func plain(text string) string {
	for _, v := range varies {
		text = v.pattern.ReplaceAllString(text, v.is)
	}
	return strings.TrimSpace(text)
}

// shows tells whether this is what the document says is printed; "..." in it stands for anything.
func (e example) shows(printed string) bool {
	wanted := regexp.QuoteMeta(" " + plain(e.prints) + " ")
	wanted = strings.ReplaceAll(wanted, ` \.\.\. `, `( .*)? `)
	wanted = strings.ReplaceAll(wanted, `\.\.\.`, `.*`)
	return regexp.MustCompile("^" + wanted + "$").MatchString(" " + plain(printed) + " ")
}

func TestWhatADocumentShowsIsCompared(t *testing.T) {
	e := example{prints: "SERVICE  PHASE   STARTED (UTC)\n101      active  2026-01-31 12:00:00\n...\nservice 101: done in 5m0s\n"}
	require.True(t, e.shows("SERVICE PHASE STARTED (UTC)\n7 active 2026-11-26 07:41:29\nservice 7: done in 71ms\n"))
	require.True(t, e.shows("SERVICE PHASE STARTED (UTC)\n7 active 2026-11-26 07:41:29\n8 blocked -\nservice 7: done in 71ms\n"))
	for _, other := range []string{
		"SERVICE PHASE BEGAN\n7 active 2026-11-26 07:41:29\nservice 7: done in 71ms\n", "SERVICE PHASE STARTED (UTC)\n7 blocked 2026-11-26 07:41:29\nservice 7: done in 71ms\n",
		"SERVICE PHASE STARTED (UTC)\n7 active 2026-11-26 07:41:29\nservice 7: done in 71ms\nand more\n", "",
	} {
		require.False(t, e.shows(other), other)
	}
	require.True(t, example{}.shows(""))
	require.False(t, example{}.shows("something"))
}

// key is a command of a document, for messages and maps.
func key(document, command string) string { return fmt.Sprintf("%s: %s", document, command) }

// TestEveryCommandOfTheDocumentsIsTyped: each is in a story below, as often as the document has it, or in the table of those that
// cannot be typed here; and nothing is there that no document has.
func TestEveryCommandOfTheDocumentsIsTyped(t *testing.T) {
	untyped, bare := map[string]int{}, map[string]bool{}
	for _, document := range operatorsDocuments {
		for _, e := range examplesOf(t, document, "") {
			if e.prompted {
				untyped[key(document, e.command)]++
				continue
			}
			require.NotEmpty(t, notHere[e.command], "%s: a command that can be typed is shown with what it prints, as $ %s", document, e.command)
			bare[e.command] = true
		}
	}
	for command := range notHere {
		require.True(t, bare[command], "no document has: %s", command)
	}
	for _, story := range [][]step{daily, emergency} {
		for _, s := range story {
			require.NotZero(t, untyped[key(s.document, s.command)], "the document has it less often: %s", key(s.document, s.command))
			untyped[key(s.document, s.command)]--
		}
	}
	for command, times := range untyped {
		require.Zero(t, times, "nobody types: %s", command)
	}
}

// tctlOf brings a command of temporal and one of its predecessor into one form.
var tctlOf = strings.NewReplacer("temporal workflow", "workflow", "tctl workflow", "workflow", "--workflow-id", "-w", "--type", "-qt", "--name", "-n", "--input", "-i")

// TestEachCommandOfTctlHasOneOfTemporal: tctl is no part of this repository, so what it is told is compared with what stands beside it,
// and that is typed for real, or is another text of one that is.
func TestEachCommandOfTctlHasOneOfTemporal(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	rows := regexp.MustCompile("(?m)^\\| `(temporal [^`]+)` \\| `(tctl [^`]+)` \\|$").FindAllStringSubmatch(string(text), -1)
	require.Len(t, rows, strings.Count(string(text), "`tctl "))
	typed := map[string]bool{}
	for _, e := range examplesOf(t, "operations.md", "") {
		typed[e.command] = true
	}
	for _, row := range rows {
		require.True(t, typed[row[1]], "it is not typed: %s", row[1])
		require.Equal(t, tctlOf.Replace(row[1]), tctlOf.Replace(row[2]))
	}
}
