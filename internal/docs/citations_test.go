// Package docs holds no code: its tests keep the documents and what cites them together.
package docs

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the repository, seen from this package.
const root = "../.."

var (
	// citing are the files whose text may cite a document.
	citing = []string{".go", ".php", ".md", ".yaml", ".yml", ".sql", ".sh", ".tpl", "Makefile", "Dockerfile"}
	// skipped are folders that are not ours, or not kept.
	skipped = []string{".git", "bin", "dist", "vendor"}

	// wrapped is a line break within a comment.
	wrapped = regexp.MustCompile(`[ \t]*\n[ \t]*(?://|\*|#|--)?[ \t]*`)
	// cited is a document and, behind it, what of it: "docs/x.md 3.1 to 3.8", "docs/x.md, rule 9".
	cited = regexp.MustCompile(`\bdocs/([a-z0-9/-]+\.md)(?:,? (?:(sections?|rules?|invariants?) )?` + place + `((?:(?:, | and | to )` + place + `)*))?`)
	// numbered is a heading with a number, or a table row that begins with one.
	numbered = regexp.MustCompile(`(?m)^(?:#+ ` + place + `\.? |\| (rule ` + place + `|invariant ` + place + `|` + place + `) \|)`)
	places   = regexp.MustCompile(place)
	// outside are documents that are not in this repository.
	outside = regexp.MustCompile(`\breference/[a-z]+\.md|\b[Rr]eference (?:section )?R?[0-9]|\bDESIGN\b`)
)

const place = `([RUW]?\d+(?:\.\d+)?[ab]?)\b`

// TestCitations reads every comment and document: what is cited must exist under that number.
func TestCitations(t *testing.T) {
	found := 0
	for path, text := range texts(t) {
		if path == "internal/docs/citations_test.go" {
			continue // it cites what is not there
		}
		text = wrapped.ReplaceAllString(text, " ")
		for _, m := range cited.FindAllStringSubmatch(text, -1) {
			found++
			for _, missing := range missing(m) {
				t.Errorf("%s cites %q: %s", path, m[0], missing)
			}
		}
		if foreign := outside.FindAllString(text, -1); foreign != nil {
			t.Errorf("%s cites %q, which is not in this repository", path, foreign)
		}
	}
	require.Greater(t, found, 50, "the citations were not found")
}

func TestCitationsAreUnderstood(t *testing.T) {
	for text, want := range map[string]int{
		"docs/dcimanager.md":                       0,
		"docs/dcimanager.md 3.2).":                 0,
		"docs/dcimanager.md 3.1 to 3.8, with":      0,
		"docs/dcimanager.md R1":                    0,
		"docs/dcimanager.md, section 5":            0,
		"docs/architecture.md, rule 9a":            0,
		"docs/architecture.md, invariants 3 and 5": 0,
		"docs/temporal.md 2 and 0.3":               0,
		"docs/no-such.md 1":                        1,
		"docs/dcimanager.md 3.99":                  1,
		"docs/dcimanager.md R99, U99":              2,
		"docs/architecture.md, rule 99":            1,
		"docs/architecture.md, invariant 9a":       1,
	} {
		m := cited.FindStringSubmatch(text)
		require.NotNil(t, m, text)
		require.Len(t, missing(m), want, text)
	}
}

// missing says what of a citation is not there.
func missing(m []string) []string {
	document, err := os.ReadFile(filepath.Join(root, "docs", m[1]))
	if err != nil {
		return []string{"there is no such document"}
	}
	kind := strings.TrimSuffix(m[2], "s")
	if kind == "section" {
		kind = ""
	}
	there := numbers(string(document))
	var faults []string
	for _, place := range places.FindAllString(m[3]+m[4], -1) {
		if name := strings.TrimSpace(kind + " " + place); !slices.Contains(there, name) {
			faults = append(faults, fmt.Sprintf("docs/%s has no %s", m[1], name))
		}
	}
	return faults
}

// numbers are the numbers of a document's headings and of the rows of its tables.
func numbers(document string) []string {
	var names []string
	for _, m := range numbered.FindAllStringSubmatch(document, -1) {
		names = append(names, m[1]+m[2])
	}
	return names
}

// texts reads every file that may cite, by its path in the repository.
func texts(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(skipped, entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || !slices.ContainsFunc(citing, func(end string) bool { return strings.HasSuffix(path, end) }):
			return nil
		}
		text, err := os.ReadFile(path)
		name, relErr := filepath.Rel(root, path)
		require.NoError(t, relErr)
		all[filepath.ToSlash(name)] = string(text)
		return err
	})
	require.NoError(t, err)
	return all
}
