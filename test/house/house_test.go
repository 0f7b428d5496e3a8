// Package house checks the repository as a whole: which package may import which, the size of files, what comments point to.
package house_test

import (
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	root   = "../.."
	module = "metalease"
)

// pkg is what go list knows of a package, with its path below the module.
type pkg struct {
	ImportPath string
	Dir        string
	Imports    []string
}

func (p pkg) path() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// packages are those of the product's module.
func packages(t *testing.T) []pkg {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,Imports", "./...")
	list.Dir = root
	out, err := list.Output()
	require.NoError(t, err)
	var all []pkg
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := decoder.Decode(&p); err == io.EOF {
			require.Greater(t, len(all), 20, "go list found too few packages to be the product")
			return all
		} else {
			require.NoError(t, err)
		}
		all = append(all, p)
	}
}

// files are the paths of all text that people wrote, from the root: no pictures, no test data, nothing that was built.
func files(t *testing.T, suffixes ...string) []string {
	t.Helper()
	var all []string
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if path != root && (name == "bin" || name == "dist" || name == "testdata" || strings.HasPrefix(name, ".") && name != ".ci") {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.Type().IsRegular() && slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(name, suffix) }) {
			relative, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			all = append(all, filepath.ToSlash(relative))
		}
		return nil
	}))
	require.NotEmpty(t, all)
	return all
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	require.NoError(t, err)
	return string(text)
}

// report fails with one line for each fault.
func report(t *testing.T, faults []string) {
	t.Helper()
	if len(faults) > 0 {
		t.Error("\n" + strings.Join(faults, "\n"))
	}
}
