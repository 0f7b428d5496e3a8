package main

import (
	_ "embed"
	"os"

	"github.com/OpenPeeDeeP/depguard/v2"
	"github.com/ashanbrown/forbidigo/v2/pkg/analyzer"
	"github.com/kisielk/errcheck/errcheck"
	"github.com/nishanths/exhaustive/passes/exhaustive"
	"go.temporal.io/sdk/contrib/tools/workflowcheck/workflow"
	"golang.org/x/tools/go/analysis"
)

func always(file) bool { return true }

// analyzers are all the rules of the repository, beside gofmt, go vet and staticcheck.
func analyzers() []*analysis.Analyzer {
	all := []*analysis.Analyzer{
		deterministic(),
		only(errcheck.Analyzer, "errcheck", "handle it, or write _ = and say why it does not matter", always),
		complete(),
		forbid("workflowtime", isWorkflow,
			`{p: ^time\.(Now|Since|Until)$, pkg: ^time$, msg: "a replay would see another time; use workflow.Now"}`,
			`{p: ^time\.(Sleep|After|AfterFunc|Tick|NewTimer|NewTicker)$, pkg: ^time$, msg: "a replay would wait again; use workflow.NewTimer"}`,
			`{p: ^rand\., pkg: ^(math/rand|math/rand/v2|crypto/rand)$, msg: "a replay would draw another number; use workflow.SideEffect"}`,
			// workflowcheck finds the go statement itself.
			`{p: ^sync\., pkg: ^sync$, msg: "a lock blocks the worker; use workflow.Go, channels and workflow.Await"}`,
		),
		forbid("testsleep", func(f file) bool { return f.test },
			`{p: ^time\.Sleep$, pkg: ^time$, msg: "a test waits for a condition: require.Eventually, a channel, or the clock of testing/synctest"}`),
		forbid("activitysleep", func(f file) bool { return !f.test && f.in("activities") },
			`{p: ^time\.Sleep$, pkg: ^time$, msg: "a sleep outlives its activity; select on ctx.Done() and a timer"}`),
	}
	for _, r := range importRules {
		all = append(all, r.analyzer())
	}
	return all
}

// isWorkflow is code that is replayed, and what such code uses. Tests run once.
func isWorkflow(f file) bool { return !f.test && f.in("workflows") }

//go:embed workflowcheck.yaml
var workflowcheckConfig string

func deterministic() *analysis.Analyzer {
	a := workflow.NewChecker(workflow.Config{IncludePosOnMessage: true}).NewAnalyzer()
	// The checker reads its configuration from a file only.
	config, err := os.CreateTemp("", "workflowcheck-*.yaml")
	must(err)
	defer func() { must(os.Remove(config.Name())) }()
	_, err = config.WriteString(workflowcheckConfig)
	must(err)
	must(config.Close())
	must(a.Flags.Set("config", config.Name()))
	return a
}

// complete asks each switch over an enumeration to name all its values or to have a default, and each table by one to have all rows.
// A table that leaves some out on purpose says //exhaustive:ignore and why. Tests may look at a part.
func complete() *analysis.Analyzer {
	must(exhaustive.Analyzer.Flags.Set("check", "switch,mapliteral"))
	must(exhaustive.Analyzer.Flags.Set("d", "true"))
	// The zero of both clients' kinds: no error of theirs, so never in a switch or a table of errors.
	must(exhaustive.Analyzer.Flags.Set("constignore", `\bKindNone$`))
	return only(exhaustive.Analyzer, "exhaustive", "name them, or say in a default what happens to the rest", func(f file) bool { return !f.test })
}

func forbid(name string, where func(file) bool, patterns ...string) *analysis.Analyzer {
	a := analyzer.NewAnalyzer()
	must(a.Flags.Set("analyze_types", "true"))
	must(a.Flags.Set("examples", "true"))
	must(a.Flags.Set("permit", "false"))
	for _, pattern := range patterns {
		must(a.Flags.Set("p", pattern))
	}
	return only(a, name, "", where)
}

// importRule forbids imports to a group of packages. The key of deny is the beginning of an import path, its value the fix; allow
// takes out longer paths below a denied one. Tests may import what they need: they are in nobody's way.
type importRule struct {
	name  string
	where func(file) bool
	deny  map[string]string
	allow []string
}

var importRules = []importRule{
	{
		name:  "api_above_rooms",
		where: func(f file) bool { return f.pkg == "workflows/api" },
		deny:  map[string]string{module + "/workflows/": "a room may import api, so api imports no room; put the shared name into workflows/api"},
	}, {
		name: "rooms_apart",
		where: func(f file) bool {
			return f.in("workflows") && f.pkg != "workflows" && !f.in("workflows/api", "workflows/internal")
		},
		deny: map[string]string{
			module + "/workflows$": "register imports the rooms, not the other way round",
			module + "/workflows/": "rooms do not know each other; share it in workflows/internal, or in workflows/api if people type it",
		},
		allow: []string{module + "/workflows/api", module + "/workflows/internal/"},
	}, {
		name:  "internal_below_rooms",
		where: func(f file) bool { return f.in("workflows/internal") },
		deny: map[string]string{
			module + "/workflows$": "register imports the rooms, and they import this package",
			module + "/workflows/": "the rooms share this package, so it imports none of them",
		},
		allow: []string{module + "/workflows/api", module + "/workflows/internal/"},
	}, {
		name:  "activities_below_workflows",
		where: func(f file) bool { return f.in("activities") },
		deny: map[string]string{
			module + "/workflows": "workflows import activities; move the type that both need into activities/",
			module + "/internal/": "activities take what they need as a value; only packages that import nothing of this module may be used here",
		},
		allow: []string{
			module + "/internal/clean", module + "/internal/duration", module + "/internal/hostname", module + "/internal/lanes", module + "/internal/retryafter", module + "/internal/secret", module + "/internal/signing",
			module + "/internal/signon", module + "/internal/tlstrust", module + "/internal/version",
		},
	}, {
		name:  "clients_alone",
		where: func(f file) bool { return f.in("dcim", "whmcs") },
		deny: map[string]string{
			"go.temporal.io/":      "a client knows its vendor and not the engine; turn its error into one of the engine at the activity's edge",
			module + "/activities": "a client is below the activities",
			module + "/workflows":  "a client is below the workflows",
		},
	}, {
		name:  "dcim_without_whmcs",
		where: func(f file) bool { return f.in("dcim") },
		deny:  map[string]string{module + "/whmcs": "the two vendors meet in activities/ only"},
	}, {
		name:  "whmcs_without_dcim",
		where: func(f file) bool { return f.in("whmcs") },
		deny:  map[string]string{module + "/dcim": "the two vendors meet in activities/ only"},
	}, {
		name: "simulators_in_tests",
		where: func(f file) bool {
			return !f.in("cmd", "test", "dcim/simulator", "whmcs/simulator", "activities/internal/simulated")
		},
		deny: map[string]string{
			module + "/dcim/simulator":  "tests and cmd/ only: production talks to a panel",
			module + "/whmcs/simulator": "tests and cmd/ only: production talks to WHMCS",
		},
	}, {
		name: "programs_know_api_only",
		where: func(f file) bool {
			return f.in("internal/cli", "internal/gateway", "internal/control", "internal/statusview", "starter")
		},
		deny:  map[string]string{module + "/workflows": "a program types names and reads types of workflows/api; put it there. Only the worker's server registers the rooms"},
		allow: []string{module + "/workflows/api"},
	}, {
		name:  "server_registers_only",
		where: func(f file) bool { return f.in("internal/server", "worker") },
		deny:  map[string]string{module + "/workflows/": "the server registers all rooms by workflows.Register, and knows none of them"},
		allow: []string{module + "/workflows/api"},
	}, {
		name:  "mains_below_nobody",
		where: always,
		deny: map[string]string{
			module + "/worker$":  "a program's main is imported by nobody; what is shared stands in internal/",
			module + "/starter$": "a program's main is imported by nobody; what is shared stands in internal/",
			module + "/cmd/":     "a program's main is imported by nobody; what is shared stands in internal/",
		},
	}, {
		name:  "production_imports_no_test",
		where: func(f file) bool { return !f.in("test") },
		deny:  map[string]string{module + "/test/": "production imports no test"},
	},
}

func (r importRule) analyzer() *analysis.Analyzer {
	a, err := depguard.NewAnalyzer(&depguard.LinterSettings{r.name: {ListMode: "lax", Allow: r.allow, Deny: r.deny}})
	must(err)
	return only(a, "imports_"+r.name, "", func(f file) bool { return !f.test && r.where(f) })
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
