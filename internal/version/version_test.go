package version

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheStampIsPreferredToTheCommit(t *testing.T) {
	commit := &debug.BuildInfo{Main: debug.Module{Version: "v0.0.0-20260102030405-abcdefabcdef+dirty"}}
	for name, c := range map[string]struct {
		stamped string
		info    *debug.BuildInfo
		want    string
	}{
		"stamped":              {"1.2.3", commit, "1.2.3"},
		"stamped with a tag":   {"v1.2.3", nil, "1.2.3"},
		"built in a checkout":  {"", commit, "0.0.0-20260102030405-abcdefabcdef+dirty"},
		"go run":               {"", &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, Unstamped},
		"a test":               {"", &debug.BuildInfo{}, Unstamped},
		"nothing was recorded": {"", nil, Unstamped},
	} {
		require.Equal(t, c.want, choose(c.stamped, c.info), name)
	}
}

func TestTheLineBeginsWithNameAndVersion(t *testing.T) {
	defer func(before string) { number = before }(number)
	number = "1.2.3-4-gabcdef0"
	require.Equal(t, "worker 1.2.3-4-gabcdef0 ("+runtime.Version()+", "+runtime.GOOS+"/"+runtime.GOARCH+")\n", Line("worker"))
}

// versionScript runs tools/version.sh in a repository of its own.
func versionScript(t *testing.T, root string) string {
	t.Helper()
	out, err := exec.Command("sh", filepath.Join(root, "tools/version.sh")).Output()
	require.NoError(t, err)
	return strings.TrimSuffix(string(out), "\n")
}

func TestTheScriptNamesTagCommitOrChangelog(t *testing.T) {
	script, err := os.ReadFile("../../tools/version.sh")
	require.NoError(t, err)
	root := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(root, name), []byte(text), 0o644))
	}
	git := func(args ...string) {
		cmd := exec.Command("git", args...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com",
			"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	write("tools/version.sh", string(script))
	write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n")
	require.Equal(t, Unstamped, versionScript(t, root), "no git, no release")
	write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n## [2.1.0] - 2026-05-01\n\n## [2.0.0] - 2026-01-01\n")
	require.Equal(t, "2.1.0", versionScript(t, root), "no git")

	git("init", "--quiet")
	git("add", ".")
	git("commit", "--quiet", "--message", "first")
	require.Regexp(t, regexp.MustCompile(`^0\.0\.0-g[0-9a-f]{7,}$`), versionScript(t, root), "no tag")
	git("tag", "v2.2.0")
	require.Equal(t, "2.2.0", versionScript(t, root))
	write("CHANGELOG.md", "changed\n")
	require.Equal(t, "2.2.0-dirty", versionScript(t, root))
}

// A module that is copied out of the repository has not gone through the zip.
func TestTheModuleInTheRepositoryIsUnstampedToo(t *testing.T) {
	var files []string
	require.NoError(t, filepath.WalkDir("../../whmcs/module", func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Name() == "Version.php" {
			files = append(files, path)
		}
		return err
	}))
	require.Len(t, files, 1)
	class, err := os.ReadFile(files[0])
	require.NoError(t, err)
	require.Contains(t, string(class), "const NUMBER = '"+Unstamped+"';")
}

// What the Makefile and the Dockerfile hand to the linker is the name of the variable here: a wrong one is no error for Go.
func TestBuildsStampTheVariableOfThisPackage(t *testing.T) {
	for _, file := range []string{"../../Makefile", "../../Dockerfile"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Contains(t, string(text), "-X metalease/internal/version.number=", file)
	}
	binary := filepath.Join(t.TempDir(), "whmcssim")
	build := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-X metalease/internal/version.number=9.8.7", "-o", binary, "metalease/cmd/whmcssim")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	out, err = exec.Command(binary, "--version").CombinedOutput()
	require.NoError(t, err, string(out))
	require.True(t, strings.HasPrefix(string(out), "whmcssim 9.8.7 ("), string(out))
}
