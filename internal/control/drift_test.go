package control_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/drift"
	"metalease/activities/edge"
	"metalease/internal/control"
	"metalease/workflows"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// schedule makes the schedule of a panel as the worker does, without a first run.
func (s scene) schedule(panel string) {
	s.t.Helper()
	_, err := s.Client.ScheduleClient().Create(s.t.Context(), client.ScheduleOptions{
		ID: fleet.ReconcileScheduleID(panel), Spec: client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: 24 * time.Hour}}},
		Action: &client.ScheduleWorkflowAction{
			ID: fleet.ReconcileScheduleID(panel), Workflow: fleet.TypeReconcile, TaskQueue: api.QueueWorkflows,
			Args:                  []any{fleet.ReconcileInput{Panel: panel}},
			TypedSearchAttributes: temporal.NewSearchAttributes(api.AttrPanel.ValueSet(panel)),
		},
	})
	require.NoError(s.t, err)
}

// reconcile runs the real workflow, and compare in place of the panel's own activity.
func (s scene) reconcile(compare func(context.Context, drift.CompareInput) (drift.Report, error)) {
	s.t.Helper()
	w := worker.New(s.Client, api.QueueWorkflows, worker.Options{})
	workflows.Register(w)
	watch := worker.New(s.Client, fleet.WatchQueue("fra1"), worker.Options{DisableWorkflowWorker: true})
	watch.RegisterActivityWithOptions(compare, activity.RegisterOptions{Name: "Compare"})
	for _, x := range []worker.Worker{w, watch} {
		require.NoError(s.t, x.Start())
		s.t.Cleanup(x.Stop)
	}
}

func TestDriftOfAPanelThatWasNeverCompared(t *testing.T) {
	s := newScene(t)
	view, err := s.Drift(t.Context(), "fra1")
	require.NoError(t, err)
	require.Equal(t, control.DriftView{Panel: "fra1"}, view)
	_, err = s.Drift(t.Context(), "nowhere")
	require.ErrorIs(t, err, control.ErrUnknownPanel)
	_, err = s.CompareNow(t.Context(), "nowhere", nil)
	require.ErrorIs(t, err, control.ErrUnknownPanel)
	_, err = s.CompareNow(t.Context(), "fra1", nil)
	require.ErrorIs(t, err, control.ErrNoSchedule)
	_, _, err = control.FindDrift("orphan-1-1", view)
	require.ErrorIs(t, err, control.ErrUnknownDrift)
}

func TestACompareThatNobodyBeginsIsNotWaitedFor(t *testing.T) {
	s := newScene(t)
	s.schedule("fra1")
	began := time.Now()
	_, err := s.CompareNow(t.Context(), "fra1", func(control.Comparison) {})
	require.ErrorIs(t, err, control.ErrWorkerUnavailable)
	require.Less(t, time.Since(began), timeout)
	s.eventually(func() bool {
		view, err := s.Drift(t.Context(), "fra1")
		return err == nil && view.Report == nil && view.Running != nil
	})
}

func TestACompareBehindOneThatNobodyBeginsIsNotWaitedFor(t *testing.T) {
	s := newScene(t)
	s.schedule("fra1")
	schedule := s.Client.ScheduleClient().GetHandle(t.Context(), fleet.ReconcileScheduleID("fra1"))
	require.NoError(t, schedule.Trigger(t.Context(), client.ScheduleTriggerOptions{}))
	s.eventually(func() bool {
		there, err := schedule.Describe(t.Context())
		return err == nil && there.Info.NumActions == 1
	})
	_, err := s.CompareNow(t.Context(), "fra1", func(control.Comparison) {})
	require.ErrorIs(t, err, control.ErrWorkerUnavailable)
}

// TestComparisonsOneAfterTheOther: the first goes well, the second waits for its panel, the
// third fails for good.
func TestComparisonsOneAfterTheOther(t *testing.T) {
	s := newScene(t)
	s.schedule("fra1")
	var mu sync.Mutex
	var rounds []drift.CompareInput
	down := true
	s.reconcile(func(ctx context.Context, in drift.CompareInput) (drift.Report, error) {
		mu.Lock()
		defer mu.Unlock()
		rounds = append(rounds, in)
		report := drift.Report{Panel: "fra1", Servers: len(rounds), Drifts: []drift.Drift{{ID: "unmarked-12", Since: time.Unix(100, 0).UTC()}}}
		switch {
		case len(rounds) == 1:
			return report, nil
		case down:
			activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "reads the servers' forms", Done: 3, All: 9})
			return report, temporal.NewApplicationError("connection refused", edge.ErrPanelUnavailable)
		}
		return report, temporal.NewNonRetryableApplicationError("check user and password", edge.ErrPanelCredentials, nil)
	})
	report, err := s.CompareNow(t.Context(), "fra1", func(control.Comparison) {})
	require.NoError(t, err)
	require.Equal(t, 1, report.Servers)
	var seen control.Comparison
	_, err = s.CompareNow(t.Context(), "fra1", func(now control.Comparison) {
		if len(now.Trouble) > 0 {
			mu.Lock()
			defer mu.Unlock()
			seen, down = now, false
		}
	})
	var refused *control.Refused
	require.ErrorAs(t, err, &refused)
	require.Equal(t, edge.ErrPanelCredentials, refused.Code)
	require.Equal(t, "panel fra1", seen.Trouble[0].Where)
	require.Contains(t, seen.Trouble[0].LastError, "connection refused")
	mu.Lock()
	defer mu.Unlock()
	require.Empty(t, rounds[0].Known)
	require.Equal(t, []drift.Known{{ID: "unmarked-12", Since: time.Unix(100, 0).UTC()}}, rounds[1].Known,
		"the schedule hands the last report on, also past a failure")

	s.eventually(func() bool {
		view, err := s.Drift(t.Context(), "fra1")
		return err == nil && view.Report != nil && view.Report.Servers == 1 && view.Failed != nil && view.Failed.Ending == "failed" &&
			view.Failed.Why == "check user and password"
	})
	view, err := s.Drift(t.Context(), "fra1")
	require.NoError(t, err)
	panel, found, err := control.FindDrift("unmarked-12", view)
	require.NoError(t, err)
	require.Equal(t, []string{"fra1", "unmarked-12"}, []string{panel, found.ID})
}

func TestLifecyclesAsTheReconcilerSeesThem(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	life, err := s.Life(t.Context(), 101)
	require.NoError(t, err)
	require.Equal(t, drift.Life{ServiceID: 101}, life, "one that never was does not run")

	s.start(order(101))
	s.eventually(func() bool {
		lives, err := s.Running(t.Context(), "fra1")
		return err == nil && len(lives) == 1 && lives[0] == drift.Life{ServiceID: 101, ClientID: 7, Panel: "fra1", Running: true, Phase: "active", ServerID: "5"}
	})
	lives, err := s.Running(t.Context(), "ams1")
	require.NoError(t, err)
	require.Empty(t, lives)
	life, err = s.Life(t.Context(), 101)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), life.Updated, time.Minute)
	life.Updated = time.Time{}
	require.Equal(t, drift.Life{ServiceID: 101, ClientID: 7, Panel: "fra1", Running: true, Phase: "active", ServerID: "5"}, life)

	require.NoError(t, s.Client.TerminateWorkflow(t.Context(), api.ServiceWorkflowID(101), "", "by hand"))
	life, err = s.Life(t.Context(), 101)
	require.NoError(t, err)
	require.Equal(t, drift.Life{ServiceID: 101, ClientID: 7, Panel: "fra1", Ending: "terminated"}, life)
	s.eventually(func() bool { lives, err := s.Running(t.Context(), "fra1"); return err == nil && len(lives) == 0 })
}

func TestALifeThatDoesNotAnswerIsAsItsAttributesShowIt(t *testing.T) {
	s := newScene(t)
	s.start(order(101))
	life, err := s.Life(t.Context(), 101)
	require.NoError(t, err)
	require.Equal(t, drift.Life{ServiceID: 101, ClientID: 7, Panel: "fra1", Running: true, Phase: "pending"}, life)
}

// TestALifecycleThatCannotBeReadHidesNoDrift: it is as its search attributes show it.
func TestALifecycleThatCannotBeReadHidesNoDrift(t *testing.T) {
	s := newScene(t)
	w := worker.New(s.Client, api.QueueWorkflows, worker.Options{})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context, _ api.Start) error {
		if err := workflow.SetQueryHandler(ctx, api.QueryStatus, func() (string, error) { return "no status", nil }); err != nil {
			return err
		}
		return workflow.Sleep(ctx, time.Hour)
	}, workflow.RegisterOptions{Name: api.TypeServiceLifecycle})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	s.start(order(101))
	life, err := s.Life(t.Context(), 101)
	require.NoError(t, err)
	require.True(t, life.Running)
	require.Equal(t, 7, life.ClientID)
}
