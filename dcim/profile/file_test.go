package profile_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/profile"
)

func TestAProfileIsKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fra1.profile.yaml")
	none, err := profile.Read(file)
	require.NoError(t, err, "the first check writes it")
	require.Empty(t, none.Facts)
	at := time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)
	first := none.Merge("fra1", map[string]profile.Seen{"owner-in-list": {Value: "name", By: "check", At: at}, "list-time": {Value: "1s", By: "check", At: at}})
	require.NoError(t, first.Write(file))
	read, err := profile.Read(file)
	require.NoError(t, err)
	require.Equal(t, first, read)
	require.Equal(t, "name", read.Value("owner-in-list"))
	require.Empty(t, read.Value("owner-in-form"))

	second := map[string]profile.Seen{"owner-in-list": {Value: "id"}, "list-time": {Value: "2s"}, "owner-in-form": {Value: "id"}}
	require.Equal(t, []string{"owner-in-list"}, read.Contradictions(second), "a time is another one each time, and what was not known contradicts nothing")
	require.Equal(t, "id", read.Merge("fra1", second).Value("owner-in-list"))
	require.Equal(t, "name", read.Value("owner-in-list"), "a merge is another profile")
}

func TestAProfileThatCannotBeTrueIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fra1.profile.yaml")
	for text, says := range map[string]string{
		"facts: {owner-in-list: {value: maybe, by: check, at: 2026-03-01T03:00:00Z}}": `owner-in-list is "maybe"`,
		"facts: 7":    "no profile of a panel",
		"colour: red": "no profile of a panel",
	} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := profile.Read(file)
		require.ErrorContains(t, err, says)
		require.ErrorContains(t, err, "starter panel check")
	}
	require.NoError(t, os.WriteFile(file, []byte("facts: {of-a-later-version: {value: x}}"), 0o600))
	_, err := profile.Read(file)
	require.NoError(t, err, "a line that this version does not know does not matter to it")
}
