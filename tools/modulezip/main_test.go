package main

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

const module = "../../whmcs/module"

var released = time.Date(2026, 11, 25, 20, 14, 2, 0, time.UTC)

func open(t *testing.T, file string) map[string]*zip.File {
	t.Helper()
	archive, err := zip.OpenReader(file)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, archive.Close()) })
	files := map[string]*zip.File{}
	var names []string
	for _, entry := range archive.File {
		files[entry.Name] = entry
		names = append(names, entry.Name)
	}
	require.Len(t, files, len(names), "each name once")
	return files
}

func content(t *testing.T, file *zip.File) string {
	t.Helper()
	require.NotNil(t, file)
	reader, err := file.Open()
	require.NoError(t, err)
	defer func() { require.NoError(t, reader.Close()) }()
	bytes, err := io.ReadAll(reader)
	require.NoError(t, err)
	return string(bytes)
}

// Another checkout, at another time, under another umask: the same bytes.
func TestTwoBuildsAreEqual(t *testing.T) {
	first, err := build(module, t.TempDir(), "1.2.3", released)
	require.NoError(t, err)

	copied := filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.CopyFS(copied, os.DirFS(module)))
	for _, path := range []string{"modules/servers/metalease/lib/Module/Version.php", "modules/servers/metalease/templates/service.tpl"} {
		require.NoError(t, os.Chmod(filepath.Join(copied, path), 0o700))
		require.NoError(t, os.Chtimes(filepath.Join(copied, path), time.Unix(1e9, 0), time.Unix(1e9, 0)))
	}
	require.NoError(t, os.WriteFile(filepath.Join(copied, ".DS_Store"), []byte("x"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(copied, "modules/servers/metalease/lib/Module/Version.php~"), []byte("x"), 0o600))
	second, err := build(copied, t.TempDir(), "1.2.3", released)
	require.NoError(t, err)

	a, err := os.ReadFile(first)
	require.NoError(t, err)
	b, err := os.ReadFile(second)
	require.NoError(t, err)
	require.True(t, slices.Equal(a, b), "%d and %d bytes", len(a), len(b))
}

func TestTheZipIsUnpackedInAWHMCSRoot(t *testing.T) {
	file, err := build(module, t.TempDir(), "1.2.3-4-gabcdef0", released)
	require.NoError(t, err)
	require.Equal(t, "metalease-whmcs-1.2.3-4-gabcdef0.zip", filepath.Base(file))
	files := open(t, file)
	for name, entry := range files {
		require.True(t, strings.HasPrefix(name, "modules/servers/metalease/") || strings.HasPrefix(name, "includes/hooks/"), name)
		require.Equal(t, os.FileMode(0o644), entry.Mode(), name)
		require.True(t, released.Equal(entry.Modified), name)
	}
	require.Equal(t, "1.2.3-4-gabcdef0\n", content(t, files[versionFile]))
	require.Contains(t, content(t, files[versionClass]), "const NUMBER = '1.2.3-4-gabcdef0';")
	for _, name := range []string{"templates/service.tpl", "lib/Gateway/Client.php", "lib/Page/AdminArea.php", "logo.png"} {
		require.Contains(t, files, "modules/servers/metalease/"+name)
	}
}

func TestWhatCannotBePackedIsNamed(t *testing.T) {
	class := &fstest.MapFile{Data: []byte("const NUMBER = '0';")}
	for name, c := range map[string]struct {
		tree    fstest.MapFS
		version string
		want    string
	}{
		"a version that is a path":    {fstest.MapFS{versionClass: class}, "../1", "is no version"},
		"a version that is PHP":       {fstest.MapFS{versionClass: class}, "1';", "is no version"},
		"a version already there":     {fstest.MapFS{versionClass: class, versionFile: class}, "1", "remove it"},
		"no place for the version":    {fstest.MapFS{versionClass: {Data: []byte("<?php")}}, "1", "const NUMBER"},
		"an empty tree":               {fstest.MapFS{}, "1", "const NUMBER"},
		"a link out of the directory": {fstest.MapFS{versionClass: class, "modules/x": {Mode: os.ModeSymlink}}, "1", "no ordinary file"},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, write(io.Discard, c.tree, c.version, released), c.want)
		})
	}
}

func TestNothingHalfIsLeftBehind(t *testing.T) {
	out := t.TempDir()
	_, err := build(t.TempDir(), out, "1.2.3", released)
	require.Error(t, err)
	left, err := os.ReadDir(out)
	require.NoError(t, err)
	require.Empty(t, left)
}

// What PHP and Smarty have compiled is known by the time of its file: another release has another one.
func TestAnotherReleaseHasAnotherDate(t *testing.T) {
	later := released.Add(24 * time.Hour)
	file, err := build(module, t.TempDir(), "1.2.4", later)
	require.NoError(t, err)
	for name, entry := range open(t, file) {
		require.True(t, later.Equal(entry.Modified), name)
	}
}
