package config

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	// chosen is a key with its value as people are told to write it: "mode: observe". What follows
	// on "observe mode:" is a sentence.
	chosen = regexp.MustCompile("(observe )?\\b(mode|resale|wipe|notify|format|level): ?`?([a-z][a-z-]*)")
	// placed is a key with its section: gateway.secret.
	placed = regexp.MustCompile("`?\\b(whmcs|gateway|defaults|timing|worker)\\.([a-z_]+)\\b(`| of| in|,|\\))")
)

// TestTextsUseTheWordsOfTheConfiguration: what staff are told to write into the file, the file
// takes. The texts are those of documents, attention, problems, help, and the module.
func TestTextsUseTheWordsOfTheConfiguration(t *testing.T) {
	seen := map[string]int{}
	for _, file := range textFiles(t) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, found := range chosen.FindAllStringSubmatch(string(text), -1) {
			if found[1] == "" {
				require.Contains(t, words[found[2]], found[3], "%s: %s", file, found[0])
				seen[found[2]]++
			}
		}
		for _, found := range placed.FindAllStringSubmatch(string(text), -1) {
			if slices.Contains([]string{"md", "php", "com", "go", "example", "json"}, found[2]) {
				continue // a file, or a host
			}
			require.Contains(t, keys(found[1]), found[2], "%s: %s", file, found[0])
			seen["placed"]++
		}
	}
	for _, what := range []string{"mode", "resale", "wipe", "notify", "placed"} {
		require.NotZero(t, seen[what], "texts name %s", what)
	}
}

// keys are the keys of a section.
func keys(section string) []string {
	var names []string
	for field := range reflect.TypeFor[Config]().Fields() {
		if field.Tag.Get("yaml") == section {
			for below := range field.Type.Fields() {
				names = append(names, below.Tag.Get("yaml"))
			}
		}
	}
	return names
}

// textFiles are the files in which texts for people stand.
func textFiles(t *testing.T) []string {
	t.Helper()
	root := filepath.Join("..", "..")
	files := []string{filepath.Join(root, "config.example.yaml")}
	for _, folder := range []string{"README.md", "SECURITY.md", "docs", "whmcs/module", "workflows", "activities", "internal", "starter", "worker"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			text := slices.Contains([]string{".md", ".go", ".php", ".tpl"}, filepath.Ext(path)) && !strings.HasSuffix(path, "_test.go")
			if err == nil && !entry.IsDir() && text {
				files = append(files, path)
			}
			return err
		}))
	}
	require.Greater(t, len(files), 100)
	return files
}
