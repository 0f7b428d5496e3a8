package house_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	// A file of more lines is about more than one thing.
	longestFile = 300
	// A screen: what `go doc` of a room may say, so that a stranger reads it whole.
	screen = 60
)

func TestNoFileIsTooLong(t *testing.T) {
	var faults []string
	for _, path := range files(t, ".go", ".php") {
		text := read(t, path)
		lines := strings.Count(text, "\n")
		if lines > longestFile && !generated(text) {
			faults = append(faults, fmt.Sprintf("%s has %d lines, at most %d: split it by subject", path, lines, longestFile))
		}
	}
	report(t, faults)
}

// generated is the mark that go help generate defines; the PHP of this repository is all written by hand.
func generated(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "// Code generated ") && strings.HasSuffix(line, " DO NOT EDIT.") {
			return true
		}
		if strings.HasPrefix(line, "package ") {
			return false
		}
	}
	return false
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	documented := map[string]bool{}
	for _, path := range files(t, ".go") {
		file, err := parser.ParseFile(token.NewFileSet(), path, read(t, path), parser.PackageClauseOnly|parser.ParseComments)
		require.NoError(t, err)
		folder := filepath.Dir(path)
		documented[folder] = documented[folder] || saysSomething(file)
	}
	for folder, is := range documented {
		require.True(t, is, "no file of %s has a comment above its package clause", folder)
	}
}

func saysSomething(file *ast.File) bool { return strings.TrimSpace(file.Doc.Text()) != "" }

// One file says it, so that go doc does not print two introductions one after the other.
func TestEveryPackageSaysItOnce(t *testing.T) {
	where := map[string][]string{}
	for _, path := range files(t, ".go") {
		file, err := parser.ParseFile(token.NewFileSet(), path, read(t, path), parser.PackageClauseOnly|parser.ParseComments)
		require.NoError(t, err)
		if saysSomething(file) {
			where[filepath.Dir(path)] = append(where[filepath.Dir(path)], filepath.Base(path))
		}
	}
	for folder, names := range where {
		require.Len(t, names, 1, "%s has package comments in %s", folder, strings.Join(names, " and "))
	}
}

func TestARoomFitsAScreen(t *testing.T) {
	rooms := 0
	for _, p := range packages(t) {
		place, rest, _ := strings.Cut(p.path(), "/")
		if place != "workflows" && place != "activities" || strings.Contains(rest, "internal") {
			continue
		}
		rooms++
		out, err := exec.CommandContext(t.Context(), "go", "doc", p.ImportPath).CombinedOutput()
		require.NoError(t, err, string(out))
		if lines := strings.Count(string(out), "\n"); lines > screen {
			t.Errorf("go doc %s has %d lines, at most %d: export less of it, or split the room", p.path(), lines, screen)
		}
	}
	require.Greater(t, rooms, 8)
}
