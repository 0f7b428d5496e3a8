package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/workflows/service"
)

// openFolder is the first folder of the state's version that no release holds: 1, then 1.1,
// then 1.2. What was released is never recorded anew. Under is inside a git repository.
func openFolder(ctx context.Context, under string) (string, error) {
	tags, err := exec.CommandContext(ctx, "git", "-C", under, "tag", "--list").Output()
	if err != nil {
		return "", fmt.Errorf("git tag, which tells what was released: %w", err)
	}
	released := func(folder string) bool {
		return slices.ContainsFunc(strings.Fields(string(tags)), func(tag string) bool {
			return exec.CommandContext(ctx, "git", "-C", under, "cat-file", "-e", tag+":./"+folder).Run() == nil
		})
	}
	folder := strconv.Itoa(service.StateVersion)
	for n := 1; released(folder); n++ {
		folder = fmt.Sprintf("%d.%d", service.StateVersion, n)
	}
	return folder, nil
}

func TestReleasedHistoriesAreNotRecordedAnew(t *testing.T) {
	t.Parallel()
	root, first := t.TempDir(), strconv.Itoa(service.StateVersion)
	under := filepath.Join(root, "testdata", "histories")
	git := func(args ...string) {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", root, "-c", "user.name=test", "-c", "user.email=test@example.com"}, args...)...).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	requireOpen := func(want string) {
		t.Helper()
		folder, err := openFolder(t.Context(), under)
		require.NoError(t, err)
		require.Equal(t, want, folder)
	}
	commit := func(folder string) {
		t.Helper()
		require.NoError(t, os.MkdirAll(filepath.Join(under, folder), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(under, folder, "Account.json"), []byte("{}"), 0o644))
		git("add", ".")
		git("commit", "--quiet", "--message", "recorded")
	}
	git("init", "--quiet")
	commit(first)
	requireOpen(first)
	git("tag", "v0.1.0")
	requireOpen(first + ".1")
	commit(first + ".1")
	requireOpen(first + ".1")
	git("tag", "v0.2.0")
	requireOpen(first + ".2")
}
