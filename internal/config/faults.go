package config

import (
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with the configuration.
type Fault struct {
	File   string
	Line   int    // 1-based; 0 when the fault belongs to no line
	Key    string // path of the key, such as panels[0].url; empty for the whole file
	Reason string // never holds a secret
}

// String renders the fault as "file:line: key: reason".
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
	}
	b.WriteString(": ")
	if f.Key != "" {
		b.WriteString(f.Key + ": ")
	}
	b.WriteString(f.Reason)
	return b.String()
}

// Faults is the error of [Load]: everything that is wrong, at once, in the order of the file. A main answers it with exit code 2.
type Faults struct{ List []Fault }

// Error lists the faults, one a line.
func (f *Faults) Error() string {
	if len(f.List) == 1 {
		return "configuration: " + f.List[0].String()
	}
	lines := []string{fmt.Sprintf("configuration: %d faults", len(f.List))}
	for _, fault := range f.List {
		lines = append(lines, "  "+fault.String())
	}
	return strings.Join(lines, "\n")
}

// report collects faults while a file is read. It remembers where each key stood, so that a rule that is checked
// after decoding can still name the line.
type report struct {
	file   string
	lines  map[string]int
	faults []Fault
}

func (r *report) add(key, reason string, args ...any) {
	r.faults = append(r.faults, Fault{r.file, r.line(key), key, fmt.Sprintf(reason, args...)})
}

// line is where the key stands; for a key that is not there, where the part stands that should hold it.
func (r *report) line(key string) int {
	for key != "" {
		if line, known := r.lines[key]; known {
			return line
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
	return 0
}

func (r *report) err() error {
	if len(r.faults) == 0 {
		return nil
	}
	slices.SortStableFunc(r.faults, func(a, b Fault) int { return a.Line - b.Line })
	return &Faults{r.faults}
}
