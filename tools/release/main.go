// Command release lists the licences of a bill of materials (CycloneDX, JSON), one line for each module, and
// fails for a module whose licence is unknown or not among those that the product may be shipped with.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// allowed are licences under which a static program may be given to anybody, with its notices.
var allowed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}

// read are licences that the detection does not know or takes for another one, as they stand in the module.
var read = map[string]string{
	"github.com/gogo/protobuf": "BSD-3-Clause",
	// v0.1.0 has no file of its own; the licence is that of the project's other modules.
	"github.com/nexus-rpc/nexus-proto-annotations": "MIT",

	"golang.org/x/net":  "BSD-3-Clause",
	"golang.org/x/sync": "BSD-3-Clause",
	"golang.org/x/sys":  "BSD-3-Clause",
	"golang.org/x/term": "BSD-3-Clause",
	"golang.org/x/text": "BSD-3-Clause",
	"golang.org/x/time": "BSD-3-Clause",
	"std":               "BSD-3-Clause",
}

type bill struct {
	Components []component `json:"components"`
}

type component struct {
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	Licenses []license `json:"licenses"`
	Evidence struct {
		Licenses []license `json:"licenses"`
	} `json:"evidence"`
}

type license struct {
	License struct {
		ID string `json:"id"`
	} `json:"license"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: release FILE.cdx.json")
		os.Exit(2)
	}
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = list(os.Stdout, text)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// list writes the licences. Errors: all modules that may not be shipped.
func list(w io.Writer, text []byte) error {
	var b bill
	if err := json.Unmarshal(text, &b); err != nil {
		return err
	}
	if len(b.Components) == 0 {
		return errors.New("the bill names no module")
	}
	var faults []error
	for _, c := range b.Components {
		ids := c.licences()
		if _, err := fmt.Fprintf(w, "%s %s %s\n", c.Name, c.Version, strings.Join(ids, ", ")); err != nil {
			return err
		}
		if len(ids) == 0 {
			faults = append(faults, fmt.Errorf("%s %s: no licence was found", c.Name, c.Version))
		}
		for _, id := range ids {
			if !slices.Contains(allowed, id) {
				faults = append(faults, fmt.Errorf("%s %s: licence %s is not among %s", c.Name, c.Version, id, strings.Join(allowed, ", ")))
			}
		}
	}
	return errors.Join(faults...)
}

func (c component) licences() []string {
	if id, is := read[c.Name]; is {
		return []string{id}
	}
	var ids []string
	for _, l := range append(c.Licenses, c.Evidence.Licenses...) {
		if !slices.Contains(ids, l.License.ID) {
			ids = append(ids, l.License.ID)
		}
	}
	slices.Sort(ids)
	return ids
}
