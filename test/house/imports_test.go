package house_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// arrow says what the packages of one place may import of this module. "a/..." are all packages below a, and a itself; the longest
// place that fits a package counts.
type arrow struct {
	from string
	to   []string
	// engine: may import go.temporal.io.
	engine bool
}

// Anybody may import these; they import nothing of this module but each other.
var leaves = []string{
	"internal/clean", "internal/duration", "internal/hostname", "internal/lanes", "internal/retryafter", "internal/secret", "internal/selfsigned", "internal/settext", "internal/signing", "internal/tlstrust", "internal/version",
}

// Imports go one way: api, then the rooms, then register; activities below the workflows, the vendors' clients below the activities.
// tools/lint/rules.go says the same of single lines, with the fix; this table knows every package.
var arrows = []arrow{
	{from: "dcim", to: []string{}},
	{from: "dcim/...", to: []string{"dcim"}},
	{from: "dcim/dci5", to: []string{"dcim", "dcim/profile"}},
	{from: "dcim/profile", to: []string{}},
	// What is asked of one panel about itself.
	{from: "dcim/proving", to: []string{"dcim", "dcim/dci5", "dcim/profile"}},
	{from: "dcim/simulator/...", to: []string{}},
	{from: "whmcs", to: []string{}},
	{from: "whmcs/simulator/...", to: []string{}},
	{from: "whmcs/facts", to: []string{}},

	{from: "activities/holding", to: []string{"dcim"}},
	{from: "activities/drift", to: []string{"activities/holding", "dcim", "whmcs"}},
	{from: "activities/edge", to: []string{"dcim", "whmcs"}, engine: true},
	{from: "activities/engine", to: []string{"activities/edge"}, engine: true},
	{from: "activities/billing", to: []string{"activities/edge", "activities/engine", "activities/holding", "whmcs"}, engine: true},
	{from: "activities/tenant", to: []string{"activities/holding"}},
	{from: "activities/panel", to: []string{"activities/billing", "activities/edge", "activities/engine", "activities/holding", "activities/tenant", "dcim", "internal/signon", "whmcs"}, engine: true},
	{from: "activities/checkout", to: []string{"activities/edge", "activities/engine", "activities/holding", "whmcs"}, engine: true},
	{from: "activities/webhook", to: []string{"activities/edge", "activities/engine"}, engine: true},
	{from: "activities/reconciler", to: []string{"activities/billing", "activities/drift", "activities/edge", "activities/engine", "activities/holding", "activities/panel", "dcim", "whmcs"}, engine: true},
	// Both vendors with state, for the tests of the activities.
	{from: "activities/internal/simulated", to: []string{"activities/...", "dcim/...", "whmcs/..."}, engine: true},

	{from: "workflows/api", to: []string{"activities/..."}, engine: true},
	{from: "workflows/api/fleet", to: []string{"workflows/api", "activities/..."}, engine: true},
	{from: "workflows/api/running", to: []string{"workflows/api"}, engine: true},
	{from: "workflows/api/shop", to: []string{"workflows/api", "activities/..."}, engine: true},
	{from: "workflows/internal/...", to: []string{"workflows/api/...", "workflows/internal/...", "activities/..."}, engine: true},
	{from: "workflows/account", to: room, engine: true},
	{from: "workflows/brakes", to: room, engine: true},
	{from: "workflows/cart", to: room, engine: true},
	{from: "workflows/inquiry", to: room, engine: true},
	{from: "workflows/installation", to: room, engine: true},
	{from: "workflows/inventory", to: room, engine: true},
	{from: "workflows/reconcile", to: room, engine: true},
	{from: "workflows/service", to: room, engine: true},
	{from: "workflows", to: []string{"workflows/...", "activities/..."}, engine: true},

	{from: "internal/...", to: []string{"internal/...", "workflows/api/...", "activities/...", "dcim", "whmcs"}, engine: true},
	// What is asked of one WHMCS about itself.
	{from: "internal/billingcheck", to: []string{"internal/config", "internal/version", "whmcs", "whmcs/facts"}},
	{from: "internal/server/...", to: []string{"internal/...", "workflows", "workflows/api/...", "activities/...", "dcim", "dcim/dci5", "dcim/profile", "dcim/proving", "whmcs"}, engine: true},
	{from: "internal/cli/...", to: []string{"internal/...", "workflows/api/...", "activities/...", "dcim", "dcim/profile", "dcim/proving", "whmcs"}, engine: true},

	{from: "worker", to: []string{"internal/..."}},
	{from: "starter", to: []string{"internal/..."}},
	{from: "cmd/dcimsim", to: []string{"internal/...", "dcim/simulator"}},
	{from: "cmd/whmcssim", to: []string{"internal/...", "whmcs/simulator"}},
	{from: "cmd/demo", to: []string{"internal/...", "dcim/simulator", "whmcs/simulator", "workflows/api/..."}, engine: true},
	// A shop is a stranger: it knows how to sign, and nothing else of metalease.
	{from: "examples/shop", to: []string{}},
	{from: "tools/...", to: []string{"internal/..."}},
	{from: "test/bench", to: []string{"dcim/profile", "internal/...", "test/postgres/cluster", "workflows/api/...", "workflows/service"}, engine: true},
	// Programs stand on it too.
	{from: "test/postgres/cluster", to: []string{"internal/stack"}},
	{from: "test/...", to: []string{"internal/...", "workflows/...", "activities/...", "dcim/...", "whmcs/...", "test/..."}, engine: true},
}

// room is what one workflow's room may import: never another room, never register.
var room = []string{"workflows/api/...", "workflows/internal/...", "activities/..."}

func fits(place, path string) bool {
	below, open := strings.CutSuffix(place, "/...")
	return path == below || open && strings.HasPrefix(path, below+"/")
}

// arrowOf finds the longest place of a package. A name itself is longer than a place with all below it.
func arrowOf(path string) (arrow, bool) {
	if slices.Contains(leaves, path) {
		return arrow{from: path}, true
	}
	var best arrow
	found := false
	for _, a := range arrows {
		length, longest := len(strings.TrimSuffix(a.from, "/...")), len(strings.TrimSuffix(best.from, "/..."))
		if fits(a.from, path) && (!found || length > longest || length == longest && a.from == path) {
			best, found = a, true
		}
	}
	return best, found
}

// refuses reports whether a package may not import another one.
func (a arrow) refuses(imported string) bool {
	if strings.HasPrefix(imported, "go.temporal.io/") {
		return !a.engine
	}
	if strings.HasPrefix(imported, "github.com/chromedp/") {
		return true // a browser is for tests, whose imports are not in this table
	}
	to, ours := strings.CutPrefix(imported, module+"/")
	return ours && !slices.Contains(leaves, to) && !slices.ContainsFunc(a.to, func(place string) bool { return fits(place, to) })
}

func TestImportsGoOneWay(t *testing.T) {
	var faults []string
	for _, p := range packages(t) {
		allowed, found := arrowOf(p.path())
		if !found {
			faults = append(faults, p.path()+" has no row in the table of test/house/imports_test.go: give it one")
			continue
		}
		if refused := slices.DeleteFunc(p.Imports, func(imported string) bool { return !allowed.refuses(imported) }); len(refused) > 0 {
			faults = append(faults, fmt.Sprintf("%s imports %s; of this module it may import %s: turn the import round, or move the code to where it is known",
				p.path(), strings.Join(refused, ", "), cmp.Or(strings.Join(allowed.to, ", "), "leaves only")))
		}
	}
	report(t, faults)
}

func TestTheTableOfImportsRefuses(t *testing.T) {
	for _, c := range []struct{ from, imported string }{
		{"workflows/api", "metalease/workflows/service"},
		{"workflows/api", "metalease/workflows/internal/message"},
		{"workflows/service", "metalease/workflows/inventory"},
		{"workflows/service", "metalease/workflows"},
		{"workflows/service", "metalease/dcim"},
		{"workflows/internal/call", "metalease/workflows/service"},
		{"activities/panel", "metalease/workflows/api"},
		{"activities/panel", "metalease/dcim/dci5"},
		{"activities/panel", "metalease/dcim/simulator"},
		{"activities/drift", "go.temporal.io/sdk/client"},
		{"dcim", "metalease/dcim/dci5"},
		{"dcim/dci5", "metalease/whmcs"},
		{"dcim/dci5", "go.temporal.io/sdk/temporal"},
		{"whmcs", "metalease/dcim"},
		{"internal/gateway", "metalease/workflows/service"},
		{"internal/cli", "metalease/workflows"},
		{"internal/server", "metalease/workflows/service"},
		{"internal/server", "metalease/dcim/simulator"},
		{"internal/secret", "metalease/internal/config"},
		{"internal/secret", "go.temporal.io/sdk/converter"},
		{"worker", "metalease/workflows"},
		{"examples/shop", "metalease/internal/control"},
		{"internal/gateway", "github.com/chromedp/chromedp"},
	} {
		allowed, found := arrowOf(c.from)
		require.True(t, found && allowed.refuses(c.imported), "%s -> %s", c.from, c.imported)
	}
	for _, c := range []struct{ from, imported string }{
		{"workflows", "metalease/workflows/service"},
		{"workflows/service", "metalease/workflows/internal/call"},
		{"workflows/service", "go.temporal.io/sdk/workflow"},
		{"internal/server", "metalease/workflows"},
		{"examples/shop", "metalease/internal/signing"},
		{"dcim/dci5", "metalease/dcim"},
		{"dcim", "metalease/internal/secret"},
		{"dcim", "fmt"},
	} {
		allowed, found := arrowOf(c.from)
		require.True(t, found && !allowed.refuses(c.imported), "%s -> %s", c.from, c.imported)
	}
	_, found := arrowOf("nowhere")
	require.False(t, found)
}
