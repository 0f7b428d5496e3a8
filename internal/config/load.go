package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Role is what a program does with the file. It decides which values must be there.
type Role string

// The readers of the file.
const (
	ForWorker      Role = "worker"       // needs WHMCS and the panels with their credentials
	ForGateway     Role = "gateway"      // needs the gateway's secret and the names of the panels
	ForCommandLine Role = "command line" // needs the installation and the names of the panels
	ForCheck       Role = "check"        // needs what worker and gateway need
	ForPanel       Role = "panel"        // needs the panels with their credentials: to ask one about itself
	ForWHMCS       Role = "whmcs"        // needs WHMCS with its credential, and the names of the panels
	// ForConnection needs what a command needs that only speaks to Temporal: the rest of the file may be what it is, or not be there.
	ForConnection Role = "connection"
	ForCodec      Role = "codec" // needs the keys of temporal.encryption and the token of the codec server
)

// uses tells whether the role needs a value that is for some roles only; for none named it is for all.
func (r Role) uses(only string) bool {
	return only == "" || r == ForCheck || slices.Contains(strings.Split(only, ","), string(r))
}

// Variable names the environment variable that says where the file is when no flag does.
const Variable = "METALEASE_CONFIG"

// Places lists where the file is looked for when neither the flag nor [Variable] is set.
var Places = []string{"./metalease.yaml", "/etc/metalease/metalease.yaml"}

// Load reads and checks the file for one role. An empty path means [Variable], then [Places].
// The error is always a [*Faults]; nothing is contacted.
func Load(path string, role Role) (*Config, error) {
	config, err := load(path, role)
	var faults *Faults
	if role == ForConnection && errors.As(err, &faults) && !slices.ContainsFunc(faults.List, ofConnection) {
		return &Config{}, nil
	}
	return config, err
}

// ofConnection tells a fault that matters to who only speaks to Temporal.
func ofConnection(f Fault) bool { return strings.HasPrefix(f.Key, "temporal") }

func load(path string, role Role) (*Config, error) {
	path, err := find(path)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		var cause *os.PathError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return nil, fault(path, 0, fmt.Sprintf("cannot be read: %v", err))
	}
	config, err := parse(path, text, role)
	if err != nil {
		return nil, err
	}
	for i := range config.Panels {
		if of := &config.Panels[i]; of.Profile != "" && !filepath.IsAbs(of.Profile) {
			of.Profile = filepath.Join(filepath.Dir(path), of.Profile)
		}
	}
	return config, nil
}

// Find is the file that [Load] reads for a path.
func Find(path string) (string, error) { return find(path) }

func find(path string) (string, error) {
	if path == "" {
		path = os.Getenv(Variable)
	}
	if path != "" {
		return path, nil
	}
	for _, place := range Places {
		// Only "not there" leads on to the next place: a file that may not be read must be named, not passed over.
		if _, err := os.Stat(place); !errors.Is(err, os.ErrNotExist) {
			return place, nil
		}
	}
	return "", fault(strings.Join(Places, " or "), 0, "not found; name the file with --config or "+Variable)
}

func parse(path string, text []byte, role Role) (*Config, error) {
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) && syntax.Token != nil {
			return nil, fault(path, syntax.Token.Position.Line, "is not YAML: "+syntax.Message)
		}
		return nil, fault(path, 0, "is not YAML")
	}
	documents := bodies(file)
	if len(documents) != 1 {
		return nil, fault(path, 0, fmt.Sprintf("holds %d YAML documents; one is wanted", len(documents)))
	}

	report := &report{file: path, lines: map[string]int{}}
	config := &Config{}
	config.setDefaults()
	decoder{report, role}.decode(documents[0], config)
	config.check(report, role)
	if role == ForConnection || role == ForCodec {
		report.faults = slices.DeleteFunc(report.faults, func(f Fault) bool { return !ofConnection(f) })
		config = &Config{Temporal: config.Temporal}
	}
	if err := report.err(); err != nil {
		return nil, err
	}
	return config, nil
}

// bodies returns the documents that hold more than comments.
func bodies(file *ast.File) []ast.Node {
	var list []ast.Node
	for _, document := range file.Docs {
		if document.Body != nil && document.Body.Type() != ast.CommentGroupType {
			list = append(list, document.Body)
		}
	}
	return list
}

func fault(file string, line int, reason string) error {
	return &Faults{[]Fault{{File: file, Line: line, Reason: reason}}}
}
