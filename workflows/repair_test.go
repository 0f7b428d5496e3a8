package workflows

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"metalease/activities"
)

// repairWorld is a repair in skipped time. The vendors do what they are asked.
type repairWorld struct {
	*testsuite.TestWorkflowEnvironment
	t *testing.T
	// found is what the second look sees.
	found  *activities.Drift
	resale activities.Resale
	fail   map[string]error
	calls  []string
}

func newRepairWorld(t *testing.T, remedy activities.Remedy) *repairWorld {
	w := &repairWorld{TestWorkflowEnvironment: quietEnvironment(), t: t, fail: map[string]error{}}
	w.SetTestTimeout(10 * time.Second)
	w.found = &activities.Drift{ID: "orphan-101-12", ServiceID: 101, ServerID: "12", Remedy: remedy, Reason: "abuse", Advice: "call somebody"}
	w.RegisterActivity(&activities.Panel{})
	w.RegisterActivity(&activities.Messenger{})
	w.RegisterActivity(&activities.Reconciler{})
	two := []any{mock.Anything, mock.Anything}
	did := func(name string) error { w.calls = append(w.calls, name); return w.fail[name] }
	step := func(name string) func(context.Context, activities.Target) error {
		return func(_ context.Context, target activities.Target) error {
			require.Equal(t, activities.Target{ServiceID: 101, ServerID: "12"}, target, "no customer's account")
			return did(name)
		}
	}
	w.OnActivity(reconciler.Recheck, two...).Maybe().Return(func(context.Context, activities.Drift) (*activities.Drift, error) { return w.found, nil })
	w.OnActivity(onPanel.CutOff, two...).Maybe().Return(step("CutOff"))
	w.OnActivity(onPanel.PowerDown, two...).Maybe().Return(step("PowerDown"))
	w.OnActivity(onPanel.ClearAddresses, two...).Maybe().Return(func(context.Context, activities.Target) (activities.Resale, error) {
		return w.resale, did("ClearAddresses")
	})
	w.OnActivity(onPanel.Diagnose, two...).Maybe().Return(step("Diagnose"))
	w.OnActivity(onPanel.ReturnToStock, two...).Maybe().Return(step("ReturnToStock"))
	w.OnActivity(onPanel.Quarantine, two...).Maybe().Return(func(context.Context, activities.QuarantineInput) error { return did("Quarantine") })
	w.OnActivity(messenger.Tell, two...).Maybe().Return(func(_ context.Context, m activities.Message) error { return did("Tell " + m.Signal) })
	return w
}

func quietEnvironment() *testsuite.TestWorkflowEnvironment {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	return suite.NewTestWorkflowEnvironment()
}

func (w *repairWorld) repair(agreed activities.Remedy) (RepairResult, error) {
	w.t.Helper()
	w.ExecuteWorkflow(Repair, RepairInput{Panel: "fra1", Drift: activities.Drift{ID: "orphan-101-12", Remedy: agreed}})
	require.True(w.t, w.IsWorkflowCompleted())
	var result RepairResult
	if err := w.GetWorkflowError(); err != nil {
		return result, err
	}
	return result, w.GetWorkflowResult(&result)
}

func TestRepairGivesAServerBack(t *testing.T) {
	w := newRepairWorld(t, activities.RemedyGiveBack)
	result, err := w.repair(activities.RemedyGiveBack)
	require.NoError(t, err)
	require.Equal(t, RepairResult{true, "server 12 is free"}, result)
	require.Equal(t, []string{"CutOff", "PowerDown", "ClearAddresses", "ReturnToStock", "Tell released"}, w.calls)
}

func TestRepairHeedsTheResaleOfThePanel(t *testing.T) {
	w := newRepairWorld(t, activities.RemedyGiveBack)
	w.resale = activities.Resale{Hold: 24 * time.Hour, Diagnose: true}
	began := w.Now()
	_, err := w.repair(activities.RemedyGiveBack)
	require.NoError(t, err)
	require.GreaterOrEqual(t, w.Now().Sub(began), 24*time.Hour)
	require.Equal(t, []string{"CutOff", "PowerDown", "ClearAddresses", "Diagnose", "ReturnToStock", "Tell released"}, w.calls)
}

func TestRepairSetsAsideWhatCannotBeSold(t *testing.T) {
	for step, kind := range map[string]string{
		"PowerDown": activities.ErrNotOff, "Diagnose": activities.ErrDiagnostics, "ReturnToStock": activities.ErrHardware,
	} {
		w := newRepairWorld(t, activities.RemedyGiveBack)
		w.resale.Diagnose = true
		w.fail[step] = final(kind, "it is broken")
		result, err := w.repair(activities.RemedyGiveBack)
		require.NoError(t, err)
		require.True(t, result.Done)
		require.Contains(t, result.What, "quarantine, still blocked: it is broken")
		require.Equal(t, []string{step, "Quarantine", "Tell released"}, w.calls[len(w.calls)-3:])
	}
}

func TestRepairDoesNothingThatNobodyAgreedTo(t *testing.T) {
	w := newRepairWorld(t, activities.RemedyGiveBack)
	w.found = nil
	result, err := w.repair(activities.RemedyGiveBack)
	require.NoError(t, err)
	require.Equal(t, RepairResult{What: "it does not hold any more; nothing was done"}, result)
	require.Empty(t, w.calls)

	w = newRepairWorld(t, activities.RemedyGiveBack)
	_, err = w.repair(activities.RemedySuspend)
	require.Equal(t, ErrByHand, typeOf(err))
	require.ErrorContains(t, err, "it is not as it was")
	require.Empty(t, w.calls)

	w = newRepairWorld(t, activities.RemedyNone)
	_, err = w.repair(activities.RemedyNone)
	require.Equal(t, ErrByHand, typeOf(err))
	require.ErrorContains(t, err, "call somebody")

	w = newRepairWorld(t, activities.RemedyGiveBack)
	w.fail["CutOff"] = final(activities.ErrOwnership, "it is somebody else's")
	_, err = w.repair(activities.RemedyGiveBack)
	require.Equal(t, activities.ErrOwnership, typeOf(err))
	require.Equal(t, []string{"CutOff"}, w.calls, "nothing else is written")
}

func TestRepairTellsTheLifecycle(t *testing.T) {
	for remedy, want := range map[activities.Remedy]struct{ signal, source string }{
		activities.RemedySuspend:   {SignalSuspend, SourceWHMCS},
		activities.RemedyTerminate: {SignalTerminate, "drift"},
	} {
		w := newRepairWorld(t, remedy)
		var sent Event
		w.OnSignalExternalWorkflow(mock.Anything, "service-101", "", want.signal, mock.Anything).
			Return(func(_, _, _, _ string, input any) error { sent = input.(Event); return nil }).Once()
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

func TestReconcileKnowsTheRoundBefore(t *testing.T) {
	env := quietEnvironment()
	since := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	env.SetLastCompletionResult(activities.DriftReport{Drifts: []activities.Drift{{ID: "unmarked-12", Since: since, What: "long words"}}})
	env.RegisterActivity(&activities.Reconciler{})
	env.OnActivity(reconciler.Compare, mock.Anything, activities.CompareInput{Known: []activities.KnownDrift{{ID: "unmarked-12", Since: since}}}).
		Return(activities.DriftReport{Panel: "fra1", Drifts: []activities.Drift{}}, nil).Once()
	env.ExecuteWorkflow(Reconcile, ReconcileInput{Panel: "fra1"})
	require.NoError(t, env.GetWorkflowError())
	var report activities.DriftReport
	require.NoError(t, env.GetWorkflowResult(&report))
	require.Equal(t, "fra1", report.Panel)
}
