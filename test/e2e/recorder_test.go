package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/stretchr/testify/require"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"metalease/internal/stack"
	"metalease/test/harness"
	"metalease/workflows/api"
)

// keepHistories names the variable with the folder under which histories are kept, by the
// version of the state. Without it they are recorded and thrown away.
const keepHistories = "METALEASE_HISTORIES"

// recorder collects the histories of a world.
type recorder struct {
	*world
	client client.Client
	// files are the histories by the name of their file, without ".json".
	files map[string][]byte
	// quarantined is the server that a person has replaced.
	quarantined string
}

func newRecorder(w *world) *recorder {
	w.t.Helper()
	return &recorder{world: w, client: w.dial(), files: map[string][]byte{}}
}

// runs are the runs that a query finds, the oldest first.
func (r *recorder) runs(query string) []*workflowpb.WorkflowExecutionInfo {
	r.t.Helper()
	page, err := r.client.ListWorkflow(r.ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: query, PageSize: 1000})
	require.NoError(r.t, err)
	runs := page.GetExecutions()
	slices.SortFunc(runs, func(a, b *workflowpb.WorkflowExecutionInfo) int {
		return a.GetStartTime().AsTime().Compare(b.GetStartTime().AsTime())
	})
	return runs
}

// runsOf are the runs of one workflow, the oldest first.
func (r *recorder) runsOf(workflow string) []*workflowpb.WorkflowExecutionInfo {
	r.t.Helper()
	return r.runs(fmt.Sprintf("WorkflowId = %q", workflow))
}

// recordPhase records a service while it stands in a phase; its only run holds all of it.
func (r *recorder) recordPhase(id int, phase api.Phase) {
	r.t.Helper()
	r.awaitPhase(id, phase)
	runs := r.runsOf(api.ServiceWorkflowID(id))
	require.Len(r.t, runs, 1, "a recorded phase begins with the order: raise historyLimit")
	r.record(api.TypeServiceLifecycle+"-"+string(phase), runs[0])
	require.Equal(r.t, phase, r.status(id).Phase, "service %d went on while it was recorded", id)
}

// recordEnded records the newest run of a type that has ended well.
func (r *recorder) recordEnded(kind string) {
	r.t.Helper()
	var runs []*workflowpb.WorkflowExecutionInfo
	require.True(r.t, r.eventually(func() bool {
		runs = r.runs(fmt.Sprintf("WorkflowType = %q AND ExecutionStatus = 'Completed'", kind))
		return len(runs) > 0
	}), "no %s has ended", kind)
	r.record(kind, runs[len(runs)-1])
}

// record exports one run, makes it neutral and replays it.
func (r *recorder) record(name string, run *workflowpb.WorkflowExecutionInfo) {
	r.t.Helper()
	history := harness.History(r.ctx, r.t, r.client, run.GetExecution())
	text, searchable, err := neutral(history)
	require.NoError(r.t, err, name)
	r.requireNeutral(name, searchable)
	r.replay(name, text)
	r.files[name] = text
	r.t.Logf("recorded %s.json: %d events, %d bytes", name, len(history.GetEvents()), len(text))
}

// replay has the code make its decisions again.
func (r *recorder) replay(name string, text []byte) {
	r.t.Helper()
	file := filepath.Join(r.Dir, name+".json")
	require.NoError(r.t, os.WriteFile(file, text, 0o600))
	require.NoError(r.t, harness.Replayer(r.t).ReplayWorkflowHistoryFromJSONFile(harness.Silent(), file), name)
}

// requireNeutral searches for what belongs to this machine, and for every secret.
func (r *recorder) requireNeutral(name, text string) {
	r.t.Helper()
	host, err := os.Hostname()
	require.NoError(r.t, err)
	root, err := filepath.Abs("../..")
	require.NoError(r.t, err)
	traces := []string{"@" + host, host + ":0000", root, r.Dir, fmt.Sprint("127.0.0.1:", r.Ports.Temporal), ".go:"}
	traces = append(traces, stack.PanelPassword, stack.APISecret, stack.GatewaySecret)
	for _, trace := range append(traces, r.servicePasswords()...) {
		if containsAny(text, trace) {
			r.t.Errorf("%s holds a secret or a trace of this machine", name)
		}
	}
}

// keep writes the files, all or none, in the place of those that were recorded before.
func (r *recorder) keep() {
	r.t.Helper()
	under := os.Getenv(keepHistories)
	if under == "" || r.t.Failed() {
		return
	}
	require.NoError(r.t, os.MkdirAll(under, 0o755))
	open, err := openFolder(r.ctx, under)
	require.NoError(r.t, err)
	folder := filepath.Join(under, open)
	require.NoError(r.t, os.MkdirAll(folder, 0o755))
	before, err := filepath.Glob(filepath.Join(folder, "*.json"))
	require.NoError(r.t, err)
	for _, file := range before {
		require.NoError(r.t, os.Remove(file))
	}
	for name, text := range r.files {
		require.NoError(r.t, os.WriteFile(filepath.Join(folder, name+".json"), text, 0o644))
	}
	r.t.Logf("%d files are in %s", len(r.files), folder)
}
