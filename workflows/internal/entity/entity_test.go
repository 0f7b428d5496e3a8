package entity

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/workflows/api"
)

// diary is an entity that writes down what it is told.
type diary struct {
	Lines   []string `json:"lines"`
	Notices []Notice `json:"notices,omitempty"`
	// Busy has it take signals in a coroutine, while the main one waits for something else.
	Busy bool `json:"busy,omitempty"`
	// Forward passes each line on to a workflow.
	Forward bool `json:"forward,omitempty"`
}

func (d *diary) run(ctx workflow.Context) error {
	var r *Run
	r = New(ctx, Options{Notices: &d.Notices, Signals: []Signal{
		{Name: "line", Description: "One line.", Take: As(func(line string) error {
			if line == "" {
				return errors.New("an empty line")
			}
			d.Lines = append(d.Lines, line)
			if d.Forward {
				r.Post(Letter{To: "reader-" + line, Signal: "line", Input: line, Lost: func() { d.Lines = append(d.Lines, line+" lost") }})
			}
			return nil
		})},
		{Name: "other", Description: "A line of another kind.", Take: As(func(line string) error {
			d.Lines = append(d.Lines, "other "+line)
			return nil
		})},
	}})
	if d.Busy {
		r.TakeAsTheyCome()
		_ = workflow.Await(r.Ctx, r.Full)
	} else {
		r.Await(r.Full)
	}
	return r.ContinueAsNew("Diary", d)
}

type world struct {
	*testsuite.TestWorkflowEnvironment
	t *testing.T
	// ending has the engine suggest a new run in the very moment of the next signal.
	ending bool
}

// suggest is the engine at the end of a history.
type suggest struct {
	interceptor.WorkerInterceptorBase
	w *world
}

func (s *suggest) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &suggestInbound{interceptor.WorkflowInboundInterceptorBase{Next: next}, s.w}
}

type suggestInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	w *world
}

func (s *suggestInbound) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	s.w.SetContinueAsNewSuggested(s.w.ending)
	return s.Next.HandleSignal(ctx, in)
}

func newWorld(t *testing.T) *world {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	w := &world{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t}
	w.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{&suggest{w: w}, NewSignalOrder()}})
	w.SetTestTimeout(time.Minute)
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context, d diary) error { return d.run(ctx) }, workflow.RegisterOptions{Name: "Diary"})
	return w
}

// end makes the run continue as new after a time, in the very task that brings this line.
func (w *world) end(after time.Duration, line string) {
	w.RegisterDelayedCallback(func() {
		w.ending = true
		w.SignalWorkflow("line", line)
	}, after)
}

func (w *world) run(in diary) diary {
	w.t.Helper()
	w.ExecuteWorkflow("Diary", in)
	require.True(w.t, w.IsWorkflowCompleted())
	var again *workflow.ContinueAsNewError
	require.ErrorAs(w.t, w.GetWorkflowError(), &again)
	var next diary
	require.NoError(w.t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &next))
	return next
}

func TestSignalsOfAllNamesKeepTheirOrder(t *testing.T) {
	w := newWorld(t)
	w.RegisterDelayedCallback(func() {
		w.SignalWorkflow("line", "1")
		w.SignalWorkflow("other", "2")
		w.SignalWorkflow("line", "3")
	}, time.Second)
	w.end(time.Minute, "4")
	require.Equal(t, []string{"1", "other 2", "3", "4"}, w.run(diary{}).Lines)
}

// TestASignalInTheTaskThatContinuesAsNewIsNotLost: a reader that waits in Receive would hold it
// when the run is over.
func TestASignalInTheTaskThatContinuesAsNewIsNotLost(t *testing.T) {
	for _, busy := range []bool{false, true} {
		w := newWorld(t)
		w.end(time.Minute, "paid")
		require.Equal(t, []string{"paid"}, w.run(diary{Busy: busy}).Lines, "busy %v", busy)
	}
}

func TestWhatCannotBeTakenIsNoticedAndChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.RegisterDelayedCallback(func() {
		w.SignalWorkflow("lime", "a name that nobody knows")
		w.SignalWorkflow("line", 17)
		w.SignalWorkflow("line", []byte("binary"))
		w.SignalWorkflow("line", "")
		w.SignalWorkflow(strings.Repeat("n", 3000), nil)
	}, time.Second)
	w.end(time.Minute, "good")
	next := w.run(diary{})
	require.Equal(t, []string{"good"}, next.Lines)
	require.Len(t, next.Notices, 5)
	for i, words := range []string{"signal lime was ignored: unknown signal; these exist: line, other", "cannot be read", "has the encoding binary/plain", "an empty line", "nnn..."} {
		require.Contains(t, next.Notices[i].What, words)
	}
}

func TestACancelRequestEndsNothingAndIsNoticed(t *testing.T) {
	w := newWorld(t)
	w.RegisterDelayedCallback(w.CancelWorkflow, time.Second)
	w.end(time.Minute, "still here")
	next := w.run(diary{})
	require.Equal(t, "still here", next.Lines[0])
	require.Len(t, next.Notices, 1)
	require.Contains(t, next.Notices[0].What, "cancel request was ignored")
}

func TestManyLettersArriveOrAreKnownToBeLost(t *testing.T) {
	w := newWorld(t)
	const many = 300
	w.OnSignalExternalWorkflow(mock.Anything, mock.Anything, mock.Anything, "line", mock.Anything).Return(func(_, id, _, _ string, _ any) error {
		if id == "reader-7" {
			return errors.New("not found")
		}
		return nil
	})
	var lines []string
	for i := range many {
		lines = append(lines, fmt.Sprint(i))
	}
	w.RegisterDelayedCallback(func() {
		for _, line := range lines {
			w.SignalWorkflow("line", line)
		}
	}, time.Second)
	w.end(time.Hour, "last")
	next := w.run(diary{Forward: true})
	require.ElementsMatch(t, append(lines, "7 lost", "last"), next.Lines)
}

// The engine refuses the one after 2 000 that are on their way.
func TestABatchIsSmallAndHoldsNoTwoLettersToOneReader(t *testing.T) {
	r := &Run{outbox: []Letter{{To: "a"}, {To: "b"}, {To: "a"}, {To: "c"}}}
	var batches []int
	for len(r.outbox) > 0 {
		batches = append(batches, len(r.nextBatch()))
	}
	require.Equal(t, []int{2, 2}, batches)
	for i := range 2500 {
		r.Post(Letter{To: fmt.Sprint(i)})
	}
	require.Len(t, r.nextBatch(), batch)
}

func TestAWorkerWithoutTheInterceptorStopsTheRun(t *testing.T) {
	w := newWorld(t)
	w.SetWorkerOptions(worker.Options{})
	w.ExecuteWorkflow("Diary", diary{})
	require.ErrorContains(t, w.GetWorkflowError(), "workflows.Interceptors()")
}

func TestAStateOfANewerBuildStopsTheRun(t *testing.T) {
	require.Equal(t, 3, CheckVersion(0, 3), "a start argument has no version")
	require.Equal(t, 3, CheckVersion(2, 3))
	require.Panics(t, func() { CheckVersion(4, 3) })
}

func TestLastKeepsTheNewest(t *testing.T) {
	list := []int{1, 2, 3}
	require.Equal(t, []int{2, 3}, Last(list, 2))
	require.True(t, slices.Equal(list, Last(list, 3)))
}

func TestAnInputIsReadAsPlainJSON(t *testing.T) {
	payloads := func(encoding, data string) *commonpb.Payloads {
		return &commonpb.Payloads{Payloads: []*commonpb.Payload{{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(encoding)}, Data: []byte(data)}}}
	}
	text := "unchanged"
	require.NoError(t, plain(nil).Decode(&text))
	require.NoError(t, plain(payloads(converter.MetadataEncodingNil, "")).Decode(&text))
	require.Equal(t, "unchanged", text)
	require.NoError(t, plain(payloads(converter.MetadataEncodingJSON, `"new"`)).Decode(&text))
	require.Equal(t, "new", text)
	require.ErrorContains(t, plain(payloads(converter.MetadataEncodingJSON, `{"`)).Decode(&text), "not JSON")
}

// Somebody may want a new run though the old one is short: what Temporal keeps of it is written anew.
func TestANewRunMayBeAskedFor(t *testing.T) {
	for name, in := range map[string]diary{"idle": {}, "busy": {Busy: true}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.RegisterDelayedCallback(func() {
				w.SignalWorkflow("line", "1")
				w.SignalWorkflow("line", "2")
				w.SignalWorkflow(api.SignalNewRun, "an input that nobody reads")
			}, time.Minute)
			next := w.run(in)
			require.Equal(t, []string{"1", "2"}, next.Lines, "no signal is lost")
			require.Empty(t, next.Notices, "it is known")
		})
	}
}
