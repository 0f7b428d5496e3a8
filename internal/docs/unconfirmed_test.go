package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

// TestUnconfirmed: what is not confirmed has a row that says what the code does about it, and
// every row is about something that the page says.
func TestUnconfirmed(t *testing.T) {
	for document, letter := range map[string]string{"docs/dcimanager.md": "U", "docs/whmcs-api.md": "W"} {
		text := read(t, document)
		_, table, found := strings.Cut(text, "What is not confirmed\n")
		require.True(t, found, "%s has no list of what is not confirmed", document)

		rows := regexp.MustCompile(`(?m)^\| (`+letter+`\d+) \|`).FindAllStringSubmatch(table, -1)
		require.NotEmpty(t, rows, document)
		known := map[string]int{}
		for _, row := range rows {
			known[row[1]]++
			require.Equal(t, 1, known[row[1]], "%s has %s twice", document, row[1])
			require.Regexp(t, `\b`+row[1]+`\b`, strings.Split(text, "What is not confirmed\n")[0], "%s lists %s, which nothing above mentions", document, row[1])
		}
		for _, mention := range regexp.MustCompile(`\b`+letter+`\d+\b`).FindAllString(text, -1) {
			require.Contains(t, known, mention, "%s mentions %s, which its list lacks", document, mention)
		}
		for _, line := range strings.Split(text, "\n") {
			if strings.Contains(line, "| guess") && strings.HasPrefix(line, "| ") && !strings.Contains(line, "no source") && !strings.Contains(line, "no good source") {
				require.Regexp(t, `\(`+letter+`\d+\)`, line, "%s has a guess without a number", document)
			}
		}
	}
}

// others are flags of dcimsim that are about the size and speed of a panel.
var others = []string{"tls", "traffic-missing"}

// TestSwitches: the switches that docs/dcimanager.md names are flags of dcimsim.
func TestSwitches(t *testing.T) {
	named := regexp.MustCompile("`--([a-z-]+)`").FindAllStringSubmatch(read(t, "docs/dcimanager.md"), -1)
	require.Greater(t, len(named), 10)
	for _, flag := range named {
		_, is := simulator.SwitchOf(flag[1])
		require.True(t, is || slices.Contains(others, flag[1]), "docs/dcimanager.md names --%s", flag[1])
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	require.NoError(t, err)
	return string(text)
}
