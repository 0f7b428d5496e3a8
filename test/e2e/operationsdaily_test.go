package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// daily is what is typed at a set that runs well, but for a panel that fails for a moment.
var daily = []step{
	{"operations.md", "starter find 192.0.2.5", firstOfAll, ""},
	{"operations.md", "starter find s101.example.com", nil, ""},
	{"operations.md", "starter find 192.0.2.5 --at 2026-01-31", nil, ""},
	{"operations.md", "starter list --client 7", nil, ""},
	{"operations.md", "starter list --phase blocked --panel fra1", nil, ""},
	{"operations.md", `temporal workflow list --query "MainIP = '192.0.2.5'"`, nil, ""},

	{"operations.md", "starter panel fra1", nil, ""},
	{"operations.md", "starter stock --panel fra1 --refresh", nil, ""},
	{"operations.md", "starter drift --now --panel fra1", nil, ""},
	{"operations.md", "starter quarantine list", nil, ""},
	{"operations.md", "worker --check", nil, ""},
	{"operations.md", "worker --check --connect", nil, ""},
	{"operations.md", "worker --check --connect --json", nil, ""},
	{"operations.md", "starter version", nil, ""},
	{"operations.md", "worker --version", nil, ""},
	{"operations.md", "openssl rand -hex 32", nil, ""},
	{"operations.md", "worker --check --connect", nil, ""},
	{"operations.md", "starter list --phase pending --panel fra1", nil, ""},
	{"operations.md", "starter list --phase waiting --panel fra1", nil, ""},
	{"operations.md", "starter list --phase releasing --panel fra1", nil, ""},
	{"operations.md", "starter list --phase attention --panel fra1", nil, ""},

	{"operations.md", `starter suspend 101 --reason "abuse: port scans"`, nil, ""},
	{"operations.md", "starter unsuspend 101", nil, ""},
	{"operations.md", "starter audit 101", nil, ""},
	{"operations.md", "starter audit 101 --json", nil, ""},
	{"operations.md", `grep '"service":"101"' /var/log/metalease/audit.json`, nil, ""},
	{"operations.md", `temporal workflow signal --workflow-id service-101 --name suspend --input '"abuse: port scans"'`, nil, ""},
	{"operations.md", "starter list --phase blocked", shown("blocked"), ""},
	{"operations.md", "temporal workflow signal --workflow-id service-101 --name unsuspend", nil, ""},

	{"operations.md", `starter hold 101 --reason "legal case 4711"`, active, ""},
	{"operations.md", "starter unhold 101", nil, ""},
	{"operations.md", "starter power 101 reboot --wait 5m", nil, ""},
	{"operations.md", `starter network 101 off --reason "attacked"`, nil, ""},
	{"operations.md", "starter network 101 on", nil, ""},
	{"operations.md", "starter addresses 101 --ipv4 4", nil, ""},
	{"operations.md", "starter reinstall 101 --os ISPsystem__Debian-12-x86_64 --confirm s101.example.com", nil, "y"},
	{"operations.md", "starter facts 101", nil, ""},

	{"operations.md", `starter pause --panel fra1 --reason "billing run of tonight is broken"`, nil, ""},
	{"operations.md", "starter suspend 101 --wait 1s", nil, ""},
	{"operations.md", "starter status 101", stopped, ""},
	{"operations.md", "starter resume --panel fra1", nil, ""},
	{"troubleshooting.md", "starter panel fra1", paused, ""},
	{"troubleshooting.md", "starter resume --panel fra1", nil, ""},

	{"operations.md", `starter terminate 101 --reason "asked for in ticket 4711"`, another, "y"},
	{"operations.md", "starter terminate 101", another, "n"},
	{"operations.md", "starter terminate 101 --yes", nil, ""},
	{"operations.md", `temporal workflow signal --workflow-id service-101 --name terminate --input '"ticket 4711"'`, another, ""},

	{"operations.md", "starter list --attention", refused, ""},
	{"operations.md", "starter status 101", nil, ""},
	{"operations.md", "temporal workflow query --workflow-id service-101 --type status", nil, ""},
	{"operations.md", "temporal workflow describe --workflow-id service-101", nil, ""},
	{"troubleshooting.md", "worker --check --connect", nil, ""},
	{"troubleshooting.md", "starter list --attention", nil, ""},
	{"troubleshooting.md", "starter drift --now", nil, ""},
	{"operations.md", "starter retry 101 --attention 2", nil, ""},
	{"operations.md", "starter retry 101 --attention 1", again, ""},
	{"operations.md", "starter retry 101 --set os_template=ISPsystem__Debian-12-x86_64", nil, ""},
	{"operations.md", "starter accept 101 --attention 2", failed, ""},
	{"operations.md", `temporal workflow signal --workflow-id service-101 --name retry --input '{"attention": 2}'`, failed, ""},
	{"operations.md", "starter retry 101 --replace", failed, ""},
	{"operations.md", "starter quarantine list --panel fra1", setAside, ""},
	{"troubleshooting.md", "starter quarantine list", nil, ""},
	{"operations.md", `starter quarantine clear --panel fra1 12 --reason "disk replaced"`, nil, ""},
	{"operations.md", "starter drift --now --panel fra1", orphaned, ""},
	{"operations.md", "starter drift repair orphan-101-12", nil, "y"},
	{"troubleshooting.md", `starter quarantine clear --panel fra1 12 --reason "disk replaced"`, quarantined, ""},

	{"troubleshooting.md", "starter panel fra1", broken, ""},
	{"troubleshooting.md", "worker --check --connect", nil, ""},
	{"operations.md", "starter installation", (*operator).mend, ""},
	{"operations.md", "starter installation move --to https://billing.example.com/", nil, "y"}, // last: who calls is refused from now on
}

// TestADayOfAnOperator types what the documents say of a set that runs.
func TestADayOfAnOperator(t *testing.T) { // alone: what is printed tells how far calls have got, and the document shows it of an idle machine
	newOperator(t, stack.Options{PanelConfig: loose, Config: quick}).tell(daily)
}

// firstOfAll is the service that the documents look for; those that come later are ordered at the same time.
func firstOfAll(o *operator) {
	o.t.Helper()
	first := o.order(simulator.Order{ClientID: 7, Domain: "s101.example.com"})
	for range 3 {
		o.spare = append(o.spare, o.order(simulator.Order{ClientID: 8}))
	}
	for _, id := range o.spare {
		o.awaitPhase(id, api.PhaseActive)
	}
	o.becomes(o.awaitPhase(first, api.PhaseActive))
	shown("active")(o)
}

// shown waits until lists, which Temporal keeps beside, have the service in a phase too.
func shown(phase api.Phase) func(*operator) {
	return func(o *operator) {
		o.t.Helper()
		o.becomes(o.awaitPhase(o.service.ServiceID, phase))
		require.True(o.t, o.eventually(func() bool { return o.lists(phase, o.service.ServiceID) }), "no list has service %d as %s", o.service.ServiceID, phase)
	}
}

func active(o *operator) {
	o.t.Helper()
	o.becomes(o.awaitPhase(o.service.ServiceID, api.PhaseActive))
}

// another is one that runs and was nobody's yet.
func another(o *operator) {
	o.t.Helper()
	o.becomes(o.awaitPhase(o.spare[0], api.PhaseActive))
	o.spare = o.spare[1:]
}

// stopped waits until the pause shows in the status.
func stopped(o *operator) {
	o.t.Helper()
	o.awaitTrouble(o.service.ServiceID, "paused")
}

// paused has the panel be so, and nothing wait for its end.
func paused(o *operator) {
	o.t.Helper()
	o.awaitPhase(o.service.ServiceID, api.PhaseBlocked)
	o.starter("pause", "--reason", "looking")
}

func inAttention(s api.Status) bool { return s.Attention != nil }

// refused is one whose order the panel does not take.
func refused(o *operator) {
	o.t.Helper()
	require.True(o.t, o.eventually(func() bool { return !o.lists(api.PhaseReleasing, 0) }), "what was terminated is not released")
	o.becomes(o.await(o.order(simulator.Order{ClientID: 7, OS: "ISPsystem__Debian-13-x86_64", Domain: "s101.example.com"}), "in attention", inAttention))
	shown(o.service.Phase)(o)
}

// again waits until it is in attention a second time.
func again(o *operator) {
	o.t.Helper()
	before := o.service.Attention.Number
	o.becomes(o.await(o.service.ServiceID, "in attention again", func(s api.Status) bool { return inAttention(s) && s.Attention.Number > before }))
}

// failed is one whose install fails, and the next one of another does not.
func failed(o *operator) {
	o.t.Helper()
	free := o.freeServers()
	for _, server := range free {
		o.byHand(server, map[string]any{"fail_installs": 1})
	}
	o.becomes(o.await(o.order(simulator.Order{ClientID: 7, Domain: "s101.example.com"}), "in attention", inAttention))
	for _, server := range free {
		o.byHand(server, map[string]any{"fail_installs": 0})
	}
}

// setAside waits until the server that failed is in quarantine.
func setAside(o *operator) {
	o.t.Helper()
	require.True(o.t, o.eventually(func() bool {
		return strings.Contains(o.starter("quarantine", "list", "--json"), fmt.Sprintf("%q", o.server))
	}))
}

// orphaned is one whose workflow somebody has ended by force during the install, and whose order is given up.
func orphaned(o *operator) {
	o.t.Helper()
	// After the claim and the two marks of the install the panel saves nothing: the install does not end before the workflow.
	o.fault("server.edit!", "close-before", map[string]any{"skip": 3, "count": 1000})
	o.becomes(o.await(o.order(simulator.Order{ClientID: 7, Domain: "s101.example.com"}), "claimed", func(s api.Status) bool { return s.Install != nil }))
	o.temporal("workflow", "terminate", "-w", api.ServiceWorkflowID(o.service.ServiceID), "--reason", "by hand")
	o.mend()
	o.bill(o.service.ServiceID, "cancel")
}

// quarantined is a server whose service has got another one.
func quarantined(o *operator) {
	o.t.Helper()
	failed(o)
	o.starter("retry", o.id(), "--replace", "--wait", "60s")
	active := o.awaitPhase(o.service.ServiceID, api.PhaseActive)
	require.NotEqual(o.t, o.server, active.Server.ID)
}

// broken is a panel that answers nothing but errors.
func broken(o *operator) {
	o.t.Helper()
	o.fault("", "http500", nil)
}
