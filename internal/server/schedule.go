package server

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/panel"
	"metalease/activities/reconciler"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/temporalclient"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

const (
	// shortestInterval is the least that a schedule takes.
	shortestInterval = time.Second
	// scheduleCatchup is how long after its time a comparison is still worth making.
	scheduleCatchup = time.Minute
)

// ensureSchedule has a panel compared with WHMCS and the workflows every so often, and at
// once when the schedule is new. One that a person has paused stays paused; that of a
// panel that is not configured any more is nobody's business here.
func ensureSchedule(ctx context.Context, c client.Client, panel config.Panel, timing config.Timing) error {
	options := reconcileSchedule(panel, timing)
	_, err := c.ScheduleClient().Create(ctx, options)
	if !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return err
	}
	return c.ScheduleClient().GetHandle(ctx, options.ID).Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(there client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			schedule := there.Description.Schedule
			if slices.Equal(schedule.Spec.Intervals, options.Spec.Intervals) && sameArgument(schedule.Action, options.Action) {
				return nil, temporal.ErrSkipScheduleUpdate
			}
			schedule.Spec, schedule.Action = &options.Spec, options.Action
			return &client.ScheduleUpdate{Schedule: &schedule}, nil
		},
	})
}

// sameArgument compares what a schedule's runs are given: the server answers payloads.
func sameArgument(there, want client.ScheduleAction) bool {
	have, known := there.(*client.ScheduleWorkflowAction)
	if !known || len(have.Args) != 1 {
		return false
	}
	payload, encoded := have.Args[0].(*commonpb.Payload)
	wanted, err := converter.GetDefaultDataConverter().ToPayload(want.(*client.ScheduleWorkflowAction).Args[0])
	return encoded && err == nil && bytes.Equal(payload.GetData(), wanted.GetData())
}

func reconcileSchedule(panel config.Panel, timing config.Timing) client.ScheduleOptions {
	every := max(panel.ReconcileEvery, shortestInterval).Truncate(time.Second)
	id := fleet.ReconcileScheduleID(panel.Name)
	return client.ScheduleOptions{
		ID: id,
		Spec: client.ScheduleSpec{
			Intervals: []client.ScheduleIntervalSpec{{Every: every}},
			Jitter:    min(every/10, time.Minute), // several panels are not compared in the same second
		},
		Action: &client.ScheduleWorkflowAction{
			ID: id, Workflow: fleet.TypeReconcile, TaskQueue: api.QueueWorkflows,
			Args:                  []any{fleet.ReconcileInput{Panel: panel.Name, Settings: control.Settings(timing)}},
			TypedSearchAttributes: temporal.NewSearchAttributes(api.AttrPanel.ValueSet(panel.Name)),
			StaticSummary:         "compares panel " + panel.Name + " with WHMCS and the workflows; writes nothing",
		},
		Overlap:            enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
		CatchupWindow:      scheduleCatchup,
		TriggerImmediately: true,
	}
}

// newReconcilers compare the panels of this process. What a lifecycle has done may show
// two ticks later in the panel, and a little later still in WHMCS.
func newReconcilers(c client.Client, cfg *config.Config, panels map[string]*panel.Panel, metrics client.MetricsHandler) (map[string]*reconciler.Reconciler, error) {
	options, err := temporalclient.Options()
	if err != nil {
		return nil, err
	}
	lives := control.New(c, options.Namespace, cfg)
	reconcilers := map[string]*reconciler.Reconciler{}
	for name, panel := range panels {
		reconcilers[name] = &reconciler.Reconciler{
			Reader: panel.Reader, WHMCS: panel.WHMCS, Installation: panel.Installation, Modules: panel.Modules, Entries: panel.Entries,
			Lives: lives, Only: len(panels) == 1, Panels: cfg.PanelNames(), Metrics: metrics,
			Settle: 2*cfg.Timing.Tick + cfg.Timing.FollowDelay,
		}
	}
	return reconcilers, nil
}
