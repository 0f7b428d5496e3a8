package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/drift"
	"metalease/activities/edge"
	"metalease/internal/control"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// reported is what the stand-in of the reconciler finds.
func reported() drift.Report {
	since := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	return drift.Report{
		Panel: "fra1", Began: since, AsOf: since.Add(90 * time.Minute), Servers: 2000, Services: 1500, Lifecycles: 1400,
		Drifts: []drift.Drift{
			{ID: "blocked-101-12", Kind: drift.DriftBlocked, Severity: drift.SeverityHigh, ServiceID: 101, ServerID: "12", Since: since,
				What: "service 101 is Active in WHMCS, but its server 12 is blocked", Advice: "enable the server in the panel"},
			{ID: "orphan-102-13", Kind: drift.DriftOrphan, Severity: drift.SeverityMedium, ServiceID: 102, ServerID: "13", Since: since,
				What: "server 13 is marked for service 102", Repair: "give server 13 back", Remedy: drift.RemedyGiveBack},
			{ID: "open-103-14", Kind: drift.DriftOpen, Severity: drift.SeverityMedium, ServiceID: 103, ServerID: "14", Since: since,
				What: "service 103 is Suspended", Repair: "tell service 103", Remedy: drift.RemedySuspend},
			{ID: "unmarked-15", Kind: drift.DriftUnmarked, Severity: drift.SeverityMedium, ServerID: "15", Since: since,
				What: "the API account owns server 15", Repair: "none", Remedy: drift.RemedyGiveBack},
			{ID: "unstarted-104", Kind: drift.DriftUnstarted, Severity: drift.SeverityHigh, ServiceID: 104, ClientID: 7, Since: since,
				What: "service 104 is paid and Pending", Cause: "my web server is no host name", Advice: "correct it"},
		},
		Beyond: []drift.Count{{Kind: drift.DriftAccount, Count: 7}},
	}
}

// reconciler runs stand-ins for the reconciler's workflows, and a schedule for them.
func (s scene) reconciler() {
	s.t.Helper()
	w := worker.New(s.Client, api.QueueWorkflows, worker.Options{})
	w.RegisterWorkflowWithOptions(func(workflow.Context, fleet.ReconcileInput) (drift.Report, error) {
		return reported(), nil
	},
		workflow.RegisterOptions{Name: fleet.TypeReconcile})
	w.RegisterWorkflowWithOptions(recheck, workflow.RegisterOptions{Name: api.TypeInquiry})
	w.RegisterWorkflowWithOptions(func(_ workflow.Context, in fleet.RepairInput) (fleet.RepairResult, error) {
		if in.Drift.Remedy == drift.RemedySuspend {
			return fleet.RepairResult{}, temporal.NewNonRetryableApplicationError("the panel is only observed", edge.ErrObserved, nil)
		}
		return fleet.RepairResult{Done: true, What: "repaired: " + in.Drift.ID}, nil
	}, workflow.RegisterOptions{Name: fleet.TypeRepair})
	require.NoError(s.t, w.Start())
	s.t.Cleanup(w.Stop)
	_, err := s.Client.ScheduleClient().Create(s.t.Context(), client.ScheduleOptions{
		ID: fleet.ReconcileScheduleID("fra1"), Spec: client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: 24 * time.Hour}}},
		Action: &client.ScheduleWorkflowAction{
			ID: fleet.ReconcileScheduleID("fra1"), Workflow: fleet.TypeReconcile, TaskQueue: api.QueueWorkflows,
			Args:                  []any{fleet.ReconcileInput{Panel: "fra1"}},
			TypedSearchAttributes: temporal.NewSearchAttributes(api.AttrPanel.ValueSet("fra1")),
		},
	})
	require.NoError(s.t, err)
}

// recheck plays the second look: server 15 has been put right meanwhile.
func recheck(_ workflow.Context, in fleet.InquiryInput) (json.RawMessage, error) {
	var d drift.Drift
	if err := json.Unmarshal(in.Input, &d); err != nil || d.ServerID == "15" || in.Activity != "Recheck" {
		return json.RawMessage("null"), err
	}
	return in.Input, nil
}

func TestDriftIsShown(t *testing.T) {
	s := newScene(t)
	require.Equal(t, "panel fra1: not compared yet; starter drift --now does it now\n", s.does("drift"))
	r := s.run("drift", "--now")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.errOut, "panel fra1: the panel is not compared: a worker that has it in its configuration starts that")

	s.reconciler()
	out := s.does("drift", "--now")
	require.Contains(t, out, "panel fra1, compared 2026-01-05 13:30:00; servers: 2000, services: 1500, lifecycles: 1400\n")
	require.Regexp(t, `ID +SEVERITY +SINCE \(UTC\) +SERVICE +SERVER +WHAT`, out)
	require.Regexp(t, `blocked-101-12 +high +2026-01-05 12:00:00 +101 +12 +service 101 is Active`, out)
	require.Contains(t, out, "by hand: enable the server in the panel")
	require.Contains(t, out, "repair: give server 13 back")
	require.Contains(t, out, "why: my web server is no host name")
	require.Regexp(t, `unmarked-15 .* -  +15 `, out)
	require.Contains(t, out, "and 7 more of kind account, which were not looked at twice")
	require.Eventually(t, func() bool { return s.does("drift", "--panel", "fra1") == out }, testTimeout, 50*time.Millisecond, "the newest report is kept")

	var views []control.DriftView
	require.NoError(t, json.Unmarshal([]byte(s.does("drift", "--json")), &views))
	require.Equal(t, reported(), *views[0].Report)
}

func TestDriftIsRepairedAsTold(t *testing.T) {
	s := newScene(t)
	require.Equal(t, exitNotFound, s.run("drift", "repair", "orphan-102-13", "--yes").code)
	s.reconciler()

	r := s.run("drift", "repair", "orphan-102-13", "--now")
	require.Equal(t, exitUsage, r.code, "it destroys, and nobody can be asked")
	require.Contains(t, r.errOut, "server 13 is marked for service 102\nThe repair: give server 13 back.\n")
	require.Contains(t, r.errOut, "needs --yes")
	require.Equal(t, "orphan-102-13: repaired: orphan-102-13\n", s.does("drift", "repair", "orphan-102-13", "--now", "--yes"))

	require.Equal(t, "unmarked-15 does not hold any more; nothing was done\n", s.does("drift", "repair", "unmarked-15", "--now", "--yes"))
	r = s.run("drift", "repair", "blocked-101-12", "--now")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.errOut, "only a person can repair this. service 101 is Active in WHMCS, but its server 12 is blocked: enable the server")
	r = s.run("drift", "repair", "open-103-14", "--now", "-y")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.errOut, "panel fra1: the panel is only observed")
	r = s.run("drift", "repair", "orphan-1-1", "--now")
	require.Equal(t, exitNotFound, r.code)
	require.Contains(t, r.errOut, "orphan-1-1: the newest report has no such finding")
}

func TestDriftIsTypedRight(t *testing.T) {
	t.Parallel()
	env := []string{"TEMPORAL_ADDRESS=127.0.0.1:1", "METALEASE_CONFIG=" + configFile(t, configuration)}
	for args, says := range map[string]string{
		"now":                 "drift takes no argument, or: repair ID",
		"repair":              "repair takes one ID",
		"--yes":               "unknown flag: --yes",
		"repair a --yes --no": "unknown flag: --no",
	} {
		r := run(t, env, "", append([]string{"drift"}, strings.Fields(args)...)...)
		require.Equal(t, exitUsage, r.code, args)
		require.Contains(t, r.errOut, says, args)
	}
	r := run(t, env, "", "drift", "--panel", "ams1")
	require.Equal(t, exitNotFound, r.code)
}

func TestDriftTellsOfAComparisonThatDoesNotEndWell(t *testing.T) {
	c, out, _ := output()
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	require.NoError(t, c.writeDrifts([]control.DriftView{
		{Panel: "fra1", Failed: &control.Comparison{Since: at, Ending: "failed", Why: "check user and password"}},
		{Panel: "ams1", Report: &drift.Report{Panel: "ams1", AsOf: at, Servers: 3}, Running: &control.Comparison{Since: at,
			Progress: drift.CompareProgress{Doing: "reads the servers' forms", Done: 27, All: 40},
			Trouble:  []control.Trouble{{LastError: "connection\x1b refused"}}}},
	}))
	require.Equal(t, "panel fra1: the comparison of 2026-01-05 12:00:00 failed: check user and password\n"+
		"panel fra1: not compared yet; starter drift --now does it now\n\n"+
		"panel ams1: is being compared since 2026-01-05 12:00:00; connection  refused; it is tried again\n"+
		"panel ams1, compared 2026-01-05 12:00:00; servers: 3, services: 0, lifecycles: 0\nno drift\n", out.String())
}

func TestProgressIsToldOnce(t *testing.T) {
	c, _, errOut := output()
	tell := c.comparing("fra1")
	for _, done := range []int{0, 1, 4, 5} {
		tell(control.Comparison{Progress: drift.CompareProgress{Doing: "reads the servers' forms", Done: done, All: 40}})
	}
	tell(control.Comparison{})
	require.Equal(t, "panel fra1: reads the servers' forms, 0 % of 40\npanel fra1: reads the servers' forms, 10 % of 40\n", errOut.String())
}
