package reconcile

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"metalease/activities/billing"
	"metalease/activities/drift"
	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/activities/reconciler"
	"metalease/whmcs"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/call"
)

// repairWorld is a repair in skipped time. The vendors do what they are asked.
type repairWorld struct {
	*testsuite.TestWorkflowEnvironment
	t *testing.T
	// found is what the second look sees.
	found  *drift.Drift
	resale panel.Resale
	fail   map[string]error
	calls  []string
}

func newRepairWorld(t *testing.T, remedy drift.Remedy) *repairWorld {
	w := &repairWorld{TestWorkflowEnvironment: quietEnvironment(), t: t, fail: map[string]error{}}
	w.SetTestTimeout(10 * time.Second)
	w.found = &drift.Drift{ID: "orphan-101-12", ServiceID: 101, ServerID: "12", Remedy: remedy, Reason: "abuse", Advice: "call somebody"}
	w.RegisterActivity(&panel.Panel{})
	w.RegisterActivity(&engine.Messenger{})
	w.RegisterActivity(&billing.WHMCS{})
	w.RegisterActivity(&reconciler.Reconciler{})
	two := []any{mock.Anything, mock.Anything}
	did := func(name string) error { w.calls = append(w.calls, name); return w.fail[name] }
	w.OnActivity(call.Panel.InspectQuarantine, two...).Maybe().Return(func(context.Context, string) (panel.Target, error) {
		return panel.Target{ServiceID: 101, ServerID: "12"}, did("InspectQuarantine")
	})
	step := func(name string) func(context.Context, panel.Target) error {
		return func(_ context.Context, target panel.Target) error {
			require.Equal(t, panel.Target{ServiceID: 101, ServerID: "12"}, target, "no customer's account")
			return did(name)
		}
	}
	w.OnActivity(call.Reconciler.Recheck, two...).Maybe().Return(func(context.Context, drift.Drift) (*drift.Drift, error) { return w.found, nil })
	w.OnActivity(call.Panel.CutOff, two...).Maybe().Return(func(ctx context.Context, target panel.Target) (panel.Remarked, error) {
		return panel.Remarked{}, step("CutOff")(ctx, target)
	})
	w.OnActivity(call.Panel.PowerDown, two...).Maybe().Return(step("PowerDown"))
	w.OnActivity(call.Panel.ClearAddresses, two...).Maybe().Return(func(context.Context, panel.Target) (panel.Resale, error) {
		return w.resale, did("ClearAddresses")
	})
	w.OnActivity(call.Panel.Diagnose, two...).Maybe().Return(func(ctx context.Context, target panel.Target) error {
		require.Equal(t, fleet.WatchQueue("fra1"), activity.GetInfo(ctx).TaskQueue, "hours of testing keep no block or release waiting")
		return step("Diagnose")(ctx, target)
	})
	w.OnActivity(call.Panel.ReturnToStock, two...).Maybe().Return(step("ReturnToStock"))
	w.OnActivity(call.Panel.Quarantine, two...).Maybe().Return(func(context.Context, panel.QuarantineInput) error { return did("Quarantine") })
	w.OnActivity(call.Messenger.Tell, two...).Maybe().Return(func(_ context.Context, m engine.Message) error { return did("Tell " + m.Signal) })
	return w
}

func quietEnvironment() *testsuite.TestWorkflowEnvironment {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	return suite.NewTestWorkflowEnvironment()
}

func (w *repairWorld) repair(agreed drift.Remedy) (fleet.RepairResult, error) {
	w.t.Helper()
	w.ExecuteWorkflow(Repair, fleet.RepairInput{Panel: "fra1", Drift: drift.Drift{ID: "orphan-101-12", Remedy: agreed}})
	require.True(w.t, w.IsWorkflowCompleted())
	var result fleet.RepairResult
	if err := w.GetWorkflowError(); err != nil {
		return result, err
	}
	return result, w.GetWorkflowResult(&result)
}

func TestRepairGivesAServerBack(t *testing.T) {
	w := newRepairWorld(t, drift.RemedyGiveBack)
	result, err := w.repair(drift.RemedyGiveBack)
	require.NoError(t, err)
	require.Equal(t, fleet.RepairResult{Done: true, What: "server 12 is free"}, result)
	require.Equal(t, []string{"CutOff", "PowerDown", "ClearAddresses", "ReturnToStock", "Tell released"}, w.calls)
}

func TestRepairHeedsTheResaleOfThePanel(t *testing.T) {
	w := newRepairWorld(t, drift.RemedyGiveBack)
	w.resale = panel.Resale{Hold: 24 * time.Hour, Diagnose: true}
	began := w.Now()
	_, err := w.repair(drift.RemedyGiveBack)
	require.NoError(t, err)
	require.GreaterOrEqual(t, w.Now().Sub(began), 24*time.Hour)
	require.Equal(t, []string{"CutOff", "PowerDown", "ClearAddresses", "Diagnose", "PowerDown", "ReturnToStock", "Tell released"}, w.calls,
		"the test booted the server, and the customer's disks are still in it")
}

// clear ends the quarantine of server 12.
func (w *repairWorld) clear() error {
	w.t.Helper()
	w.ExecuteWorkflow(QuarantineClear, fleet.QuarantineClearInput{Panel: "fra1", ServerID: "12", Reason: "new disk"})
	require.True(w.t, w.IsWorkflowCompleted())
	return w.GetWorkflowError()
}

func TestTheEndOfAQuarantineIsARelease(t *testing.T) {
	w := newRepairWorld(t, drift.RemedyNone)
	require.NoError(t, w.clear())
	require.Equal(t, []string{"InspectQuarantine", "CutOff", "PowerDown", "ClearAddresses", "ReturnToStock", "Tell released"}, w.calls)

	w = newRepairWorld(t, drift.RemedyNone)
	w.resale = panel.Resale{Hold: 24 * time.Hour, Diagnose: true}
	began := w.Now()
	require.NoError(t, w.clear())
	require.GreaterOrEqual(t, w.Now().Sub(began), 24*time.Hour, "it rests like every other server")
	require.Equal(t, []string{"InspectQuarantine", "CutOff", "PowerDown", "ClearAddresses", "Diagnose", "PowerDown", "ReturnToStock", "Tell released"}, w.calls)
}

func TestAPersonCanSeeThatAServerRests(t *testing.T) {
	w := newRepairWorld(t, drift.RemedyNone)
	w.resale = panel.Resale{Hold: 24 * time.Hour}
	began := w.Now()
	rests := func() (until time.Time) {
		answer, err := w.QueryWorkflow(fleet.QueryRest)
		require.NoError(t, err)
		require.NoError(t, answer.Get(&until))
		return until
	}
	asked := 0
	w.RegisterDelayedCallback(func() {
		require.WithinDuration(t, began.Add(24*time.Hour), rests(), time.Minute)
		asked++
	}, 12*time.Hour)
	require.NoError(t, w.clear())
	require.Equal(t, 1, asked)
	require.Zero(t, rests(), "it rests no more")
}

func TestAQuarantineThatCannotEndSaysWhy(t *testing.T) {
	w := newRepairWorld(t, drift.RemedyNone)
	w.fail["ReturnToStock"] = temporal.NewNonRetryableApplicationError("it is broken", edge.ErrHardware, nil)
	err := w.clear()
	require.ErrorContains(t, err, "server 12 is in quarantine again: it is broken")
	require.Equal(t, []string{"ReturnToStock", "Quarantine", "Tell released"}, w.calls[len(w.calls)-3:])
}

func TestRepairSetsAsideWhatCannotBeSold(t *testing.T) {
	for step, kind := range map[string]string{
		"PowerDown": edge.ErrNotOff, "Diagnose": edge.ErrDiagnostics, "ReturnToStock": edge.ErrHardware,
	} {
		w := newRepairWorld(t, drift.RemedyGiveBack)
		w.resale.Diagnose = true
		w.fail[step] = temporal.NewNonRetryableApplicationError("it is broken", kind, nil)
		result, err := w.repair(drift.RemedyGiveBack)
		require.NoError(t, err)
		require.True(t, result.Done)
		require.Contains(t, result.What, "quarantine, still blocked: it is broken")
		require.Equal(t, []string{step, "Quarantine", "Tell released"}, w.calls[len(w.calls)-3:])
	}
}

func TestRepairDoesNothingThatNobodyAgreedTo(t *testing.T) {
	w := newRepairWorld(t, drift.RemedyGiveBack)
	w.found = nil
	result, err := w.repair(drift.RemedyGiveBack)
	require.NoError(t, err)
	require.Equal(t, fleet.RepairResult{What: "it does not hold any more; nothing was done"}, result)
	require.Empty(t, w.calls)

	w = newRepairWorld(t, drift.RemedyGiveBack)
	_, err = w.repair(drift.RemedySuspend)
	require.Equal(t, fleet.ErrByHand, edge.TypeOf(err))
	require.ErrorContains(t, err, "it is not as it was")
	require.Empty(t, w.calls)

	w = newRepairWorld(t, drift.RemedyNone)
	_, err = w.repair(drift.RemedyNone)
	require.Equal(t, fleet.ErrByHand, edge.TypeOf(err))
	require.ErrorContains(t, err, "call somebody")

	w = newRepairWorld(t, drift.RemedyGiveBack)
	w.fail["CutOff"] = temporal.NewNonRetryableApplicationError("it is somebody else's", edge.ErrOwnership, nil)
	_, err = w.repair(drift.RemedyGiveBack)
	require.Equal(t, edge.ErrOwnership, edge.TypeOf(err))
	require.Equal(t, []string{"CutOff"}, w.calls, "nothing else is written")
}

func TestRepairTellsTheLifecycle(t *testing.T) {
	for remedy, want := range map[drift.Remedy]struct{ signal, source string }{
		drift.RemedySuspend:   {api.SignalSuspend, api.SourceWHMCS},
		drift.RemedyTerminate: {api.SignalTerminate, "drift"},
	} {
		w := newRepairWorld(t, remedy)
		var sent api.Event
		w.OnSignalExternalWorkflow(mock.Anything, "service-101", "", want.signal, mock.Anything).
			Return(func(_, _, _, _ string, input any) error { sent = input.(api.Event); return nil }).Once()
		result, err := w.repair(remedy)
		require.NoError(t, err)
		require.True(t, result.Done)
		require.Contains(t, result.What, "starter status 101 --watch")
		require.Equal(t, "abuse", sent.Reason)
		require.Equal(t, want.source, sent.Source)
		require.NotEmpty(t, sent.EventID)
		require.False(t, sent.At.IsZero())
	}
}

// TestRepairTellsWHMCS: what was delivered is shown so, and nothing else is touched.
func TestRepairTellsWHMCS(t *testing.T) {
	w := newRepairWorld(t, drift.RemedyShow)
	w.found.Show, w.found.Reason = whmcs.StatusSuspended, "Overdue on Payment"
	w.OnActivity(call.Billing.ShowDelivered, mock.Anything, billing.ShowInput{ServiceID: 101, Status: whmcs.StatusSuspended, Reason: "Overdue on Payment"}).
		Return("WHMCS shows it", nil).Once()
	result, err := w.repair(drift.RemedyShow)
	require.NoError(t, err)
	require.Equal(t, fleet.RepairResult{Done: true, What: "WHMCS shows it"}, result)
	require.Empty(t, w.calls)
}

func TestReconcileKnowsTheRoundBefore(t *testing.T) {
	env := quietEnvironment()
	since := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	env.SetLastCompletionResult(drift.Report{Drifts: []drift.Drift{{ID: "unmarked-12", Since: since, What: "long words"}}})
	env.RegisterActivity(&reconciler.Reconciler{})
	env.OnActivity(call.Reconciler.Compare, mock.Anything, drift.CompareInput{Known: []drift.Known{{ID: "unmarked-12", Since: since}}}).
		Return(drift.Report{Panel: "fra1", Drifts: []drift.Drift{}}, nil).Once()
	env.ExecuteWorkflow(Reconcile, fleet.ReconcileInput{Panel: "fra1"})
	require.NoError(t, env.GetWorkflowError())
	var report drift.Report
	require.NoError(t, env.GetWorkflowResult(&report))
	require.Equal(t, "fra1", report.Panel)
}
