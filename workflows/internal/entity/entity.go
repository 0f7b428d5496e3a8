// Package entity is the frame of a workflow that lives for months and is reached by signals. Each
// of them is made by New, so that five things hold for all:
//
//   - A cancel request of the engine ends nothing: everything runs on a disconnected context.
//   - All signals stand in one queue, in the order of the server, with one reader. An unknown name
//     and an input that cannot be read change nothing and are told to people.
//   - No signal is lost when a run continues as new.
//   - Words to other workflows go out in small batches, and their delivery is awaited.
//   - What is remembered is bounded in bytes: Cut and Last.
package entity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"metalease/internal/clean"
	"metalease/workflows/api"

	"go.temporal.io/sdk/workflow"
)

// Options describe an entity.
type Options struct {
	// Signals that the entity understands. People find them by `temporal workflow metadata`.
	Signals []Signal
	// Ignored is told of a signal that changed nothing: its name is unknown, or its Take returned an
	// error. Nil writes a notice.
	Ignored func(signal, why string)
	// Cancelled is called once the engine was asked to cancel the run. Nil writes a notice.
	Cancelled func()
	// Reset is called in the first task of a run that was begun by a reset, with its id; nil: nobody cares.
	Reset func(runID string)
	// Notices, a part of the entity's state, outlives the run; nil keeps them for this run only.
	Notices *[]Notice
}

// Signal is one name that an entity understands.
type Signal struct {
	Name string
	// Description is one line for people.
	Description string
	// Take changes the state. It must neither block nor start anything; Run.Post is allowed. An error
	// means that nothing was changed, and says why.
	Take func(Input) error
}

// As is a Take for an input of type T; an absent input is the zero value.
func As[T any](take func(T) error) func(Input) error {
	return func(in Input) error {
		var value T
		if err := in.Decode(&value); err != nil {
			return err
		}
		return take(value)
	}
}

// Run is one run of an entity. It belongs to the main coroutine of the workflow.
type Run struct {
	// Ctx is disconnected from the engine's cancel.
	Ctx workflow.Context

	options Options
	arrived *queue
	taken   int
	// anew is true once somebody wants a new run.
	anew   bool
	outbox []Letter
	// delivering is true while a batch is on its way.
	delivering bool
	details    string
}

// New begins a run. It panics, which stops the run until a right worker has it, when the worker
// lacks the interceptor of NewSignalOrder: without it every signal would be lost.
func New(ctx workflow.Context, o Options) *Run {
	arrived, _ := ctx.Value(queueKey{}).(*queue)
	if arrived == nil {
		panic("this worker runs without workflows.Interceptors()")
	}
	if o.Notices == nil {
		o.Notices = new([]Notice)
	}
	disconnected, _ := workflow.NewDisconnectedContext(ctx)
	r := &Run{Ctx: disconnected, options: o, arrived: arrived}
	for _, signal := range o.Signals { // for its description only; nothing ever arrives there
		workflow.GetSignalChannelWithOptions(ctx, signal.Name, workflow.SignalChannelOptions{Description: signal.Description})
	}
	workflow.GoNamed(disconnected, "cancel-requests", func(own workflow.Context) {
		ctx.Done().Receive(own, nil)
		if o.Cancelled != nil {
			o.Cancelled()
			return
		}
		r.Notice("a cancel request was ignored: nobody else does this work")
	})
	r.watchReset(disconnected, o.Reset)
	return r
}

// Pending counts the signals that have arrived and were not taken yet.
func (r *Run) Pending() int { return len(r.arrived.signals) }

// Take applies every signal that has arrived.
func (r *Run) Take() {
	for len(r.arrived.signals) > 0 {
		next := r.arrived.signals[0]
		r.arrived.signals = r.arrived.signals[1:]
		r.taken++
		r.apply(next)
	}
	r.arrived.signals = nil
}

func (r *Run) apply(a arrival) {
	if a.name == api.SignalNewRun {
		r.anew = true
		return
	}
	i := slices.IndexFunc(r.options.Signals, func(s Signal) bool { return s.Name == a.name })
	if i < 0 {
		r.ignored(a.name, "unknown signal; these exist: "+strings.Join(r.names(), ", "))
		return
	}
	if err := r.options.Signals[i].Take(a.input); err != nil {
		workflow.GetMetricsHandler(r.Ctx).WithTags(map[string]string{"signal": a.name}).Counter(metricUndecodable).Inc(1)
		r.ignored(a.name, err.Error())
	}
}

func (r *Run) names() []string {
	var names []string
	for _, signal := range r.options.Signals {
		names = append(names, signal.Name)
	}
	return names
}

// metricUndecodable counts signals of a known name whose input changed nothing.
const metricUndecodable = "metalease_undecodable_signals"

func (r *Run) ignored(signal, why string) {
	signal, why = clean.CutJSON(signal, 60), clean.CutJSON(why, noticeLimit)
	workflow.GetLogger(r.Ctx).Warn("a signal was ignored", "signal", signal, "why", why)
	if r.options.Ignored != nil {
		r.options.Ignored(signal, why)
		return
	}
	r.Notice(fmt.Sprintf("signal %s was ignored: %s", signal, why))
}

// TakeAsTheyCome applies signals in a coroutine of its own, while the main one is busy with
// something that takes no signals. It is for an entity whose Take only records.
func (r *Run) TakeAsTheyCome() {
	workflow.GoNamed(r.Ctx, "signals", func(ctx workflow.Context) {
		for {
			_ = workflow.Await(ctx, func() bool { return r.Pending() > 0 })
			r.Take()
		}
	})
}

// Await takes signals and delivers what was posted, until the condition holds.
func (r *Run) Await(condition func() bool) {
	for {
		r.Take()
		r.Flush()
		if r.Pending() > 0 {
			continue
		}
		if condition() {
			return
		}
		_ = workflow.Await(r.Ctx, func() bool { return condition() || r.Pending() > 0 || len(r.outbox) > 0 })
	}
}

// AwaitUntil does the same, but no longer than to the deadline, and tells whether the condition
// holds. Signals that have come with the deadline are taken first.
func (r *Run) AwaitUntil(deadline time.Time, summary string, condition func() bool) bool {
	return until(r.Ctx, r.Await, deadline, summary, condition)
}

// Until is AwaitUntil for a coroutine beside the main one, which takes no signals.
func Until(ctx workflow.Context, deadline time.Time, summary string, condition func() bool) bool {
	await := func(condition func() bool) { _ = workflow.Await(ctx, condition) }
	return until(ctx, await, deadline, summary, condition)
}

// summaryLimit is of a timer's summary, in characters: the engine takes 400 bytes.
const summaryLimit = 200

// until is every wait with a deadline. One that is over at once starts no timer.
func until(ctx workflow.Context, await func(func() bool), deadline time.Time, summary string, condition func() bool) bool {
	await(func() bool { return true })
	if condition() {
		return true
	}
	limited, stop := workflow.WithCancel(ctx)
	defer stop()
	timer := workflow.NewTimerWithOptions(limited, max(0, deadline.Sub(workflow.Now(ctx))), workflow.TimerOptions{Summary: clean.Markdown(summary, summaryLimit)})
	await(func() bool { return condition() || timer.IsReady() })
	return condition()
}

// takenLimit is how many signals a run takes before it continues as new: the engine refuses the
// one after 10 000.
const takenLimit = 5000

// Full tells whether the run should continue as new as soon as it can.
func (r *Run) Full() bool {
	return r.anew || workflow.GetInfo(r.Ctx).GetContinueAsNewSuggested() || r.taken >= takenLimit
}

// ContinueAsNew is what the workflow returns to go on in a new run with that state, a pointer: it
// is read after the last signal was taken, the last word delivered and the last handler finished.
func (r *Run) ContinueAsNew(workflowType string, state any) error {
	r.Await(func() bool { return workflow.AllHandlersFinished(r.Ctx) })
	return workflow.NewContinueAsNewError(r.Ctx, workflowType, state)
}
