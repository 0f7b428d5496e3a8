package whmcs_test

import (
	"cmp"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// guide is the part of docs/whmcs.md that leads from nothing to a first order, step by step.
type guide struct {
	// root is a copy of the repository, in which the commands run.
	root  string
	steps map[string]string
	// theirs is what the guide says as an example => what it is here.
	theirs [][2]string
	// answers are the values that the guide leaves open.
	answers map[string]string
	// docker answers the lines that begin with "docker compose".
	docker func(t *testing.T, words []string) string
}

// readGuide copies the repository and cuts the guide into its steps.
func readGuide(t *testing.T) *guide {
	t.Helper()
	g := &guide{root: t.TempDir(), steps: map[string]string{}}
	skip := map[string]bool{".git": true, "bin": true, "dist": true, ".env": true}
	require.NoError(t, filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || skip[entry.Name()] {
			if err == nil && entry.IsDir() {
				return fs.SkipDir
			}
			return err
		}
		relative, err := filepath.Rel("../..", path)
		if err != nil {
			return err
		}
		target := filepath.Join(g.root, relative)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, text, info.Mode())
	}))
	text, err := os.ReadFile("../../docs/whmcs.md")
	require.NoError(t, err)
	begin := regexp.MustCompile(`(?m)^\*\*(\d+)\. `)
	part, _, found := strings.Cut(string(text), "\n## Updating")
	require.True(t, found)
	places := begin.FindAllStringSubmatchIndex(part, -1)
	require.Len(t, places, 10)
	for i, place := range places {
		end := len(part)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		g.steps[part[place[2]:place[3]]] = part[place[0]:end]
	}
	return g
}

// here says what the guide's examples are on this machine.
func (g *guide) here(text string) string {
	for _, pair := range g.theirs {
		text = strings.ReplaceAll(text, pair[0], pair[1])
	}
	return text
}

// fenced are the blocks of a step: what they are, and their text.
var fenced = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// run goes through the blocks of a step: commands are typed line by line, variables are filled in. It returns what was printed.
func (g *guide) run(t *testing.T, step string) string {
	t.Helper()
	var printed strings.Builder
	for _, block := range fenced.FindAllStringSubmatch(g.steps[step], -1) {
		switch block[1] {
		case "properties":
			if fingerprint := regexp.MustCompile(`Fingerprint=(\S+)`).FindStringSubmatch(printed.String()); fingerprint != nil {
				g.answers["DCI_FINGERPRINT"] = fingerprint[1]
			}
			g.fillIn(t, block[2])
		case "sh":
			for line := range strings.Lines(block[2]) {
				printed.WriteString(g.command(t, g.here(strings.TrimSpace(line))))
			}
		default:
			t.Fatalf("step %s has a block of %s", step, block[1])
		}
	}
	return printed.String()
}

func (g *guide) command(t *testing.T, line string) string {
	t.Helper()
	if words := strings.Fields(line); len(words) > 2 && words[0] == "docker" && words[1] == "compose" {
		return g.docker(t, words[2:])
	}
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", line)
	cmd.Dir = g.root
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s\n%s", line, out)
	return string(out)
}

// table is the two-column table of a step, without its head; code marks are left out.
func (g *guide) table(step string) map[string]string {
	rows := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \|$`).FindAllStringSubmatch(g.steps[step], -1) {
		rows[row[1]] = g.here(strings.ReplaceAll(row[2], "`", ""))
	}
	return rows
}

// env are the variables of .env.
func (g *guide) env(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(g.root, ".env"))
	require.NoError(t, err)
	return variables(string(text))
}

// fillIn writes variables into .env, as the guide gives them or, where it leaves them open, as we answer.
func (g *guide) fillIn(t *testing.T, block string) {
	t.Helper()
	file := filepath.Join(g.root, ".env")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for name, value := range variables(block) {
		value = cmp.Or(value, g.answers[name])
		require.NotEmpty(t, value, "the guide says nothing of %s", name)
		line := regexp.MustCompile(`(?m)^` + name + `=.*$`)
		require.True(t, line.Match(text), "deploy/env.example has no %s", name)
		text = line.ReplaceAllLiteral(text, []byte(name+"="+g.here(value)))
	}
	require.NoError(t, os.WriteFile(file, text, 0o600))
}

// variables reads NAME=value lines; a comment begins with a blank and #.
func variables(text string) map[string]string {
	found := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^([A-Z_]+)=(.*?)(?:\s+#.*)?$`).FindAllStringSubmatch(text, -1) {
		found[line[1]] = strings.TrimSpace(line[2])
	}
	return found
}
