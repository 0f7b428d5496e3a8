package docs

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	link    = regexp.MustCompile(`(?:\]\(|src=")([^)"\s]+)[)"]`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	fenced  = regexp.MustCompile("(?ms)^```.*?^```")
	unslug  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestLinks follows every link between our own documents, to the heading.
func TestLinks(t *testing.T) {
	found := 0
	for name, text := range texts(t) {
		if path.Ext(name) != ".md" {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			found++
			file, anchor, _ := strings.Cut(m[1], "#")
			target := name
			if file != "" {
				target = path.Join(path.Dir(name), file)
			}
			require.FileExists(t, orDirectory(filepath.Join(root, target)), "%s links to %s", name, m[1])
			if anchor != "" {
				require.Contains(t, anchors(t, target), anchor, "%s links to %s", name, m[1])
			}
		}
	}
	require.Greater(t, found, 20, "the links were not found")
}

// orDirectory is the path itself, or something in it: a link may lead to a folder.
func orDirectory(name string) string {
	if entries, err := os.ReadDir(name); err == nil && len(entries) > 0 {
		return filepath.Join(name, entries[0].Name())
	}
	return name
}

// anchors are the names that a hosting page gives to the headings of a document.
func anchors(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	require.NoError(t, err)
	var names []string
	for _, m := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(string(text), ""), -1) {
		names = append(names, strings.ReplaceAll(unslug.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return names
}
