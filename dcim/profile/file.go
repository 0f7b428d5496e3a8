package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Profile is what was seen of one panel.
type Profile struct {
	Panel string `yaml:"panel" json:"panel"`
	// Facts by their ids. What was not seen is not there.
	Facts map[string]Seen `yaml:"facts" json:"facts"`
}

// Seen is what a panel has shown.
type Seen struct {
	Value string `yaml:"value" json:"value"`
	// By is check or drill.
	By string    `yaml:"by" json:"by"`
	At time.Time `yaml:"at" json:"at"`
}

const heading = `# What metalease has seen of this panel: written by starter panel check and starter panel drill,
# read by the worker. docs/panel-facts.md says what each line means. A line that is deleted is a guess again.
`

// Read reads a profile. A file that is not there is an empty profile, for it is written by the
// first check. Errors name the file and the line that is wrong.
func Read(file string) (Profile, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Profile{}, nil
	}
	if err != nil {
		return Profile{}, err
	}
	var p Profile
	if err := yaml.UnmarshalWithOptions(text, &p, yaml.Strict()); err != nil {
		return Profile{}, fmt.Errorf("%s is no profile of a panel: %s; delete it and run starter panel check again", file, firstLine(err))
	}
	for _, id := range slices.Sorted(maps.Keys(p.Facts)) {
		if fact, known := Of(id); known && !fact.Knows(p.Facts[id].Value) {
			return Profile{}, fmt.Errorf("%s: %s is %q, which it cannot be: delete the line and run starter panel check again", file, id, p.Facts[id].Value)
		}
	}
	return p, nil
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// Write writes a profile, whole or not at all.
func (p Profile) Write(file string) error {
	text, err := yaml.Marshal(p)
	if err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Dir(file), ".profile-*")
	if err != nil {
		return err
	}
	_, err = next.WriteString(heading + string(text))
	err = errors.Join(err, next.Chmod(0o644), next.Close())
	if err == nil {
		err = os.Rename(next.Name(), file)
	}
	if err != nil {
		_ = os.Remove(next.Name())
	}
	return err
}

// Value is what was seen of a fact; empty for nothing.
func (p Profile) Value(id string) string { return p.Facts[id].Value }

// Merge is the profile with what was seen since.
func (p Profile) Merge(panel string, seen map[string]Seen) Profile {
	merged := Profile{Panel: panel, Facts: map[string]Seen{}}
	maps.Copy(merged.Facts, p.Facts)
	maps.Copy(merged.Facts, seen)
	return merged
}

// Contradictions are the facts of which something else is seen now. Times and sizes change.
func (p Profile) Contradictions(seen map[string]Seen) []string {
	var ids []string
	for _, fact := range Facts() {
		before, now := p.Value(fact.ID), seen[fact.ID].Value
		if before != "" && now != "" && before != now && !fact.Varies() {
			ids = append(ids, fact.ID)
		}
	}
	return ids
}

// Varies tells whether a fact is a time or a size, which no two looks show alike.
func (f Fact) Varies() bool {
	return slices.ContainsFunc(times, func(t Fact) bool { return t.ID == f.ID })
}
