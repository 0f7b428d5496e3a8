package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	code    = regexp.MustCompile("`([^`]+)`")
	goTest  = regexp.MustCompile(`^([a-z0-9/]+)\.((?:Test|Fuzz)\w+)$`)
	phpTest = regexp.MustCompile(`^([a-z]+/\w+\.php)::(test\w+)$`)
)

// TestReliabilityNamesTests: every row of docs/reliability.md names a test, and every test that the page names exists.
func TestReliabilityNamesTests(t *testing.T) {
	found := map[string]bool{}
	for _, line := range strings.Split(read(t, "docs/reliability.md"), "\n") {
		here := 0
		for _, span := range code.FindAllStringSubmatch(line, -1) {
			switch name := span[1]; {
			case goTest.MatchString(name):
				m := goTest.FindStringSubmatch(name)
				require.True(t, declared(t, filepath.Join(root, m[1], "*_test.go"), `(?m)^func `+m[2]+`\(`), "docs/reliability.md names %s, which is not there", name)
			case phpTest.MatchString(name):
				m := phpTest.FindStringSubmatch(name)
				require.True(t, declared(t, filepath.Join(root, "test/whmcs", m[1]), `function `+m[2]+`\(`), "docs/reliability.md names %s, which is not there", name)
			default:
				require.NotRegexp(t, `\b(Test|Fuzz)[A-Z]|::test`, name, "a test that is written in another way")
				continue
			}
			here++
			found[span[1]] = true
		}
		if cells := strings.Split(line, " | "); len(cells) == 4 && cells[0] != "| nr" && !strings.HasPrefix(line, "| ---") {
			require.Positive(t, here, "no test holds %s", line)
		}
	}
	require.Greater(t, len(found), 150, "the names were not found")
}

// declared tells whether one of the files has it.
func declared(t *testing.T, files, declaration string) bool {
	t.Helper()
	names, err := filepath.Glob(files)
	require.NoError(t, err)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		if regexp.MustCompile(declaration).Match(text) {
			return true
		}
	}
	return false
}
