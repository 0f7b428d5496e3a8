package brakes

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/entity"
)

// brakesWorld drives the brakes of one panel in skipped time.
type brakesWorld struct {
	t     *testing.T
	env   *testsuite.TestWorkflowEnvironment
	asked int
	// answered counts the questions that had the expected answer.
	answered int
}

func newBrakesWorld(t *testing.T) *brakesWorld {
	t.Helper()
	w := &brakesWorld{t: t, env: new(testsuite.WorkflowTestSuite).NewTestWorkflowEnvironment()}
	w.env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{entity.NewSignalOrder()}})
	w.env.SetTestTimeout(10 * time.Second)
	return w
}

// ask plans a question; want is the type of the refusal, empty for a permit.
func (w *brakesWorld) ask(at time.Duration, p engine.Permit, want string) {
	w.asked++
	id := strconv.Itoa(w.asked)
	w.env.RegisterDelayedCallback(func() {
		w.env.UpdateWorkflow(engine.UpdatePermit, id, &testsuite.TestUpdateCallback{
			OnReject: func(err error) {
				var refused *temporal.ApplicationError
				require.ErrorAs(w.t, err, &refused)
				require.Equal(w.t, want, refused.Type(), "question %s: %s", id, refused.Message())
				w.answered++
			},
			OnAccept: func() {},
			OnComplete: func(_ any, err error) {
				require.NoError(w.t, err)
				require.Empty(w.t, want, "question %s was permitted", id)
				w.answered++
			},
		}, p)
	}, at)
}

func (w *brakesWorld) signal(at time.Duration, name string, input any) {
	w.env.RegisterDelayedCallback(func() { w.env.SignalWorkflow(name, input) }, at)
}

func (w *brakesWorld) view(at time.Duration, check func(fleet.BrakesView)) {
	w.env.RegisterDelayedCallback(func() {
		var view fleet.BrakesView
		value, err := w.env.QueryWorkflow(fleet.QueryBrakes)
		require.NoError(w.t, err)
		require.NoError(w.t, value.Get(&view))
		check(view)
	}, at)
}

// run ends the brakes after everything that was planned.
func (w *brakesWorld) run(until time.Duration) {
	w.t.Helper()
	w.env.RegisterDelayedCallback(w.env.CancelWorkflow, until-time.Second) // it goes on
	w.env.RegisterDelayedCallback(func() {
		w.env.SetContinueAsNewSuggested(true)
		w.env.SignalWorkflow(fleet.SignalResume, nil)
	}, until)
	w.env.ExecuteWorkflow(Brakes, State{Panel: "fra1"})
	require.True(w.t, w.env.IsWorkflowCompleted())
	var again *workflow.ContinueAsNewError
	require.ErrorAs(w.t, w.env.GetWorkflowError(), &again)
	require.Equal(w.t, w.asked, w.answered, "every question had its answer")
}

func release(service int) engine.Permit {
	return engine.Permit{Kind: engine.DestroyRelease, ServiceID: service, Limit: 2}
}

func TestBrakesLimitTheServicesOfAnHour(t *testing.T) {
	w := newBrakesWorld(t)
	w.ask(0, release(101), "")
	w.ask(time.Minute, release(101), "") // a repeat costs nothing
	w.ask(10*time.Minute, release(102), "")
	w.ask(11*time.Minute, release(103), edge.ErrLimit)
	w.ask(12*time.Minute, release(101), "")
	w.ask(13*time.Minute, engine.Permit{Kind: engine.DestroyBlock, ServiceID: 103, Limit: 2}, "") // blocks have a count of their own
	w.ask(14*time.Minute, engine.Permit{Kind: engine.DestroyStep, ServiceID: 103, Limit: 2}, "")
	w.view(15*time.Minute, func(v fleet.BrakesView) { require.Equal(t, fleet.BrakesView{Panel: "fra1", Releases: 2, Blocks: 1}, v) })
	w.ask(60*time.Minute, release(103), "") // the first one is an hour old
	w.ask(61*time.Minute, release(104), edge.ErrLimit)
	w.ask(70*time.Minute, release(104), "")
	w.run(2 * time.Hour)
}

func TestBrakesLetThroughWhatAPersonApproved(t *testing.T) {
	w := newBrakesWorld(t)
	w.ask(0, release(101), "")
	w.ask(0, release(102), "")
	approved := release(103)
	approved.Approved = true
	w.ask(time.Minute, approved, "")
	w.view(2*time.Minute, func(v fleet.BrakesView) { require.Equal(t, 3, v.Releases, "what a person approved counts as well") })
	none := engine.Permit{Kind: engine.DestroyBlock, ServiceID: 101, Limit: 0}
	w.ask(3*time.Minute, none, edge.ErrLimit) // a limit of zero leaves every one to a person
	w.run(time.Hour)
}

func TestBrakesStopEverythingWhilePaused(t *testing.T) {
	w := newBrakesWorld(t)
	approved := release(101)
	approved.Approved = true
	w.ask(0, engine.Permit{Kind: engine.DestroyStep, ServiceID: 101}, "")
	w.signal(time.Minute, fleet.SignalPause, fleet.Pause{Reason: "billing run", By: "staff"})
	for _, p := range []engine.Permit{release(101), approved, {Kind: engine.DestroyStep, ServiceID: 101}, {Kind: engine.DestroyBlock, ServiceID: 101, Limit: 9}} {
		w.ask(2*time.Minute, p, edge.ErrPaused)
	}
	w.view(3*time.Minute, func(v fleet.BrakesView) {
		require.Equal(t, "billing run", v.Paused.Reason)
		require.False(t, v.Paused.Since.IsZero())
		require.Zero(t, v.Releases, "what was refused does not count")
	})
	w.signal(4*time.Minute, fleet.SignalResume, nil)
	w.ask(5*time.Minute, release(101), "")
	w.view(6*time.Minute, func(v fleet.BrakesView) { require.Nil(t, v.Paused) })
	w.run(time.Hour)
}

func TestBrakesOutliveAContinueAsNew(t *testing.T) {
	env := newBrakesWorld(t).env
	in := State{Panel: "fra1", Paused: &fleet.Pause{Reason: "night"}, Released: []spent{{101, env.Now()}}}
	env.SetContinueAsNewSuggested(true)
	env.ExecuteWorkflow(Brakes, in)
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, env.GetWorkflowError(), &again)
	var next State
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &next))
	require.Equal(t, in.Paused, next.Paused)
	require.Len(t, next.Released, 1)
}

func TestAFullStateFitsIntoAPayload(t *testing.T) {
	w := newBrakesWorld(t)
	b := &brakes{in: &State{}}
	for i := range 3 * keepSpent {
		b.in.Released = entity.Last(append(b.in.Released, spent{1<<40 + i, w.env.Now()}), keepSpent)
	}
	b.in.Blocked = b.in.Released
	written, err := json.Marshal(b.in)
	require.NoError(t, err)
	require.Less(t, len(written), 1_000_000)

	long := strings.Repeat("<", 300_000)
	w.signal(0, fleet.SignalPause, fleet.Pause{Reason: long, By: long})
	w.view(time.Minute, func(v fleet.BrakesView) { require.Less(t, len(v.Paused.Reason)+len(v.Paused.By), 2*textLimit) })
	w.run(time.Hour)
}
