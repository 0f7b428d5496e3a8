package whmcs_test

import (
	"cmp"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// moduleTree is what a host copies into the root of its WHMCS; WHMCS_MODULE_TREE
// names another one.
var moduleTree = cmp.Or(os.Getenv("WHMCS_MODULE_TREE"), "../../whmcs/module")

// Every PHP file parses, the module's and those of the test host.
func TestPHPSyntax(t *testing.T) {
	t.Parallel()
	for _, root := range []string{moduleTree, "."} {
		files := phpFiles(t, root)
		require.NotEmpty(t, files, "there is no PHP in %s", root)
		for _, file := range files {
			out, err := exec.Command("php", "-d", "error_reporting=-1", "-d", "display_errors=1", "-l", file).CombinedOutput()
			if err != nil || strings.Contains(string(out), "Deprecated") {
				t.Errorf("%s: %s", file, out)
			}
		}
	}
}

func phpFiles(t *testing.T, root string) []string {
	t.Helper()
	var files []string
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(path) == ".php" {
			files = append(files, path)
		}
		return err
	}))
	return files
}
