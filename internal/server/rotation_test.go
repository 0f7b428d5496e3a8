package server

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/internal/codec"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/secret"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// uses asks what hangs on each key.
func (h *host) uses(anew bool) map[string]codec.Use {
	h.t.Helper()
	all, _, err := Keys(h.t.Context(), h.cfg, anew)
	require.NoError(h.t, err)
	by := map[string]codec.Use{}
	for _, use := range all {
		by[use.Key] = use
	}
	return by
}

// forget does at once what the namespace's retention does: ended runs go.
func (h *host) forget() {
	h.t.Helper()
	listed, err := h.Client.ListWorkflow(h.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Namespace: h.Namespace, PageSize: 500, Query: "ExecutionStatus != 'Running'"})
	require.NoError(h.t, err)
	for _, info := range listed.GetExecutions() {
		require.NotEqual(h.t, enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, info.GetStatus())
		execution := &commonpb.WorkflowExecution{WorkflowId: info.GetExecution().GetWorkflowId(), RunId: info.GetExecution().GetRunId()}
		_, err := h.Client.WorkflowService().DeleteWorkflowExecution(h.t.Context(), &workflowservice.DeleteWorkflowExecutionRequest{Namespace: h.Namespace, WorkflowExecution: execution})
		if !gone(err) {
			require.NoError(h.t, err)
		}
	}
}

// TestAKeyIsChangedAndTakenOut: a service lives through the change of the key, and nothing misses the old one afterwards.
func TestAKeyIsChangedAndTakenOut(t *testing.T) {
	w := newWorld(t, config.ModeManage)
	w.cfg.Worker.MetricsListen = ""
	first, second := config.EncryptionKey{ID: "2026", Key: secret.New(strings.Repeat("a1", 32))}, config.EncryptionKey{ID: "2027", Key: secret.New(strings.Repeat("b2", 32))}
	retired := first
	retired.Role = config.KeyDecrypts
	_, ctl := w.encryptedWith(first)
	h := &host{world: w, Control: ctl}
	stop := w.work()
	service, server := h.serve()
	before := h.uses(false)
	require.Len(t, before, 1)
	require.GreaterOrEqual(t, before["2026"].Running, 4, "service, account, inventory, installation")
	require.Equal(t, 1, before["2026"].Schedules)
	stop()

	_, h.Control = w.encryptedWith(second, retired) // the switch
	stop = w.work()
	next, _ := h.serve()
	h.eventually(func() bool { return h.uses(false)["2026"].Schedules == 0 }, "the schedule is written anew at the start")
	h.eventually(func() bool {
		there, err := w.Client.DescribeWorkflow(t.Context(), api.InstallationWorkflowID, "")
		require.NoError(t, err)
		keys, err := codec.KeysOf(there.RawResponse)
		require.NoError(t, err)
		return len(keys) == 1 && keys[0] == "2027"
	}, "and so is whose namespace it is")
	now := h.uses(false)
	require.Positive(t, now["2026"].Running, "a quiet service keeps its run, and what was written with the old key")
	require.Equal(t, config.KeyDecrypts, now["2026"].Role)
	require.Positive(t, now["2027"].Running)

	h.uses(true)
	h.eventually(func() bool { return h.uses(false)["2026"].Running == 0 }, "each goes on in a new run")
	require.Positive(t, h.uses(false)["2026"].Ended)
	h.eventually(func() bool { h.forget(); return h.uses(false)["2026"].Ended == 0 }, "what has ended is gone some day")
	stop()

	temporal, ctl := w.encryptedWith(second) // the old one is taken out
	h.Control = ctl
	w.work()
	for _, id := range []int{service, next} {
		require.Equal(t, api.PhaseActive, h.reaches(id, api.PhaseActive, "").Phase)
	}
	status, err := h.Status(t.Context(), service)
	require.NoError(t, err)
	require.Equal(t, server, status.Server.ID, "its state came along")
	listed, err := h.List(t.Context(), control.Filter{Panel: "fra1"}, "", 10)
	require.NoError(t, err)
	require.Len(t, listed.Services, 2)
	started, err := h.Start(t.Context(), status.Order)
	require.NoError(t, err)
	require.False(t, started, "the memo came along")
	require.NoError(t, h.Claim(t.Context()))
	_, err = temporal.ScheduleClient().GetHandle(t.Context(), fleet.ReconcileScheduleID("fra1")).Describe(t.Context())
	require.NoError(t, err)
	require.Empty(t, h.compare(), "the schedule still hands on the first report, which was written with the old key")
	h.serve()
	require.Len(t, h.uses(false), 1)
}

// TestWhatAnActivityHasLeftForItsNextAttemptIsCounted: it stands in no history.
func TestWhatAnActivityHasLeftForItsNextAttemptIsCounted(t *testing.T) {
	w := newWorld(t, config.ModeManage)
	temporal, ctl := w.encryptedWith(config.EncryptionKey{ID: "2026", Key: secret.New(strings.Repeat("a1", 32))})
	h := &host{world: w, Control: ctl}
	const queue, beds = "rests", "beds"
	plain := worker.New(w.Client, queue, worker.Options{LocalActivityWorkerOnly: true})
	plain.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		options := workflow.ActivityOptions{TaskQueue: beds, StartToCloseTimeout: time.Hour, HeartbeatTimeout: time.Hour}
		return workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, options), "Rest").Get(ctx, nil)
	}, workflow.RegisterOptions{Name: "Rests"})
	keyed := worker.New(temporal, beds, worker.Options{DisableWorkflowWorker: true})
	keyed.RegisterActivityWithOptions(func(ctx context.Context) error {
		activity.RecordHeartbeat(ctx, "where it was")
		<-activity.GetWorkerStopChannel(ctx)
		return nil
	}, activity.RegisterOptions{Name: "Rest"})
	for _, one := range []worker.Worker{plain, keyed} {
		require.NoError(t, one.Start())
		t.Cleanup(one.Stop)
	}
	run, err := w.Client.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: queue}, "Rests")
	require.NoError(t, err)
	h.eventually(func() bool { return h.uses(false)["2026"].Running == 1 }, "what is left is counted")
	keys, err := codec.KeysOf(history(t, w.Client, run.GetID(), ""))
	require.NoError(t, err)
	require.Empty(t, keys, "its history holds nothing of the key")
}
