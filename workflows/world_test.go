package workflows

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities"
)

// world is a lifecycle in the test environment, with vendors that do what they
// are asked. Every activity is written down; a test replaces what it is about.
type world struct {
	*testsuite.TestWorkflowEnvironment
	t *testing.T

	mu    sync.Mutex
	calls []string
	// times are those of the calls.
	times []time.Time
	// servers are granted one after another.
	servers []string
	// refuse answers the next request for a server with this refusal.
	refuse *reply
	// silent keeps the allocator from answering at all.
	silent bool
	// install decides how each install ends, and after what time.
	install func(b activities.Build) (activities.Watched, error)
	takes   time.Duration
	// fail makes an activity fail with an error, for good.
	fail map[string]error
	// limited activities want a person's approval.
	limited map[string]bool
	// expiry is what WHMCS says before a release.
	expiry activities.ExpiryView
	notes  []activities.NoteInput
	// found is a server that an earlier life left behind; it is found once.
	found *activities.Found
	// when runs something in the moment of an activity.
	when map[string]func()
	// delays are how long activities take.
	delays map[string]time.Duration
	// byHand is what somebody changed before the hand-over, as the type of its error.
	byHand string
	// blockedByHand has the next blocks find the server blocked already.
	blockedByHand bool
	// resale is what the panel's settings want before a server is stock again.
	resale activities.Resale
	// said are the announcements to staff.
	said []activities.Announcement
}

func newWorld(t *testing.T) *world {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	w := &world{
		TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t,
		servers: []string{"5", "6", "7"}, takes: 3 * time.Minute, fail: map[string]error{},
		expiry: activities.ExpiryView{Release: true, Why: "WHMCS confirms"},
	}
	w.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{NewFunnel()}})
	w.SetStartTime(time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC))
	w.SetTestTimeout(time.Minute)
	w.RegisterWorkflow(ServiceLifecycle)
	w.RegisterActivity(&activities.Panel{})
	w.RegisterActivity(&activities.WHMCS{})
	w.RegisterActivity(&activities.Messenger{})
	w.vendors()
	return w
}

// did writes an activity down and returns its failure, if it has one.
func (w *world) did(name string, detail ...any) error {
	if do := w.when[name]; do != nil {
		do()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, fmt.Sprint(append([]any{name}, detail...)...))
	w.times = append(w.times, w.Now())
	return w.fail[name]
}

func (w *world) done() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.calls)
}

func (w *world) count(name string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, call := range w.calls {
		if call == name {
			n++
		}
	}
	return n
}

// did in this order, others between them allowed.
func (w *world) requireOrder(names ...string) {
	w.t.Helper()
	i := 0
	for _, call := range w.calls {
		if i < len(names) && call == names[i] {
			i++
		}
	}
	require.Equal(w.t, len(names), i, "missing %v in %v", names[min(i, len(names)-1)], w.calls)
}

func (w *world) vendors() {
	any2 := []any{mock.Anything, mock.Anything}
	w.OnActivity(onWHMCS.CheckOrder, any2...).Maybe().Return(func(context.Context, activities.ServiceRef) (activities.OrderView, error) {
		return activities.OrderView{Status: "Pending", Username: "u101"}, w.did("CheckOrder")
	})
	w.OnActivity(onPanel.FindServer, any2...).Maybe().Return(func(context.Context, activities.FindInput) (activities.Found, error) {
		found := activities.Found{}
		if w.found != nil {
			found, w.found = *w.found, nil
		}
		return found, w.did("FindServer")
	})
	w.OnActivity(messenger.Tell, any2...).Maybe().Return(w.tell)
	w.OnActivity(onPanel.AssignAddresses, any2...).Maybe().Return(func(_ context.Context, b activities.Build) (activities.Addresses, error) {
		return activities.Addresses{Main: "192.0.2." + b.ServerID, Extra: []string{}}, w.did("AssignAddresses")
	})
	w.OnActivity(onPanel.StartInstall, any2...).Maybe().Return(func(_ context.Context, b activities.Build) (activities.Started, error) {
		return activities.Started{AcceptedAt: w.Now(), Progress: activities.InstallRunning}, w.did("StartInstall")
	})
	w.OnActivity(onPanel.AwaitInstall, any2...).Maybe().AfterFn(func() time.Duration { return w.takes }).Return(func(_ context.Context, b activities.Build) (activities.Watched, error) {
		if w.install != nil {
			return w.install(b)
		}
		return activities.Watched{Progress: activities.InstallFinished, FinishedAt: w.Now()}, w.did("AwaitInstall")
	})
	w.OnActivity(onPanel.InspectInstall, any2...).Maybe().Return(func(context.Context, activities.Build) (activities.Watched, error) {
		return activities.Watched{Progress: activities.InstallFailed}, w.did("InspectInstall")
	})
	w.OnActivity(onPanel.HandOver, any2...).Maybe().Return(func(_ context.Context, b activities.Build) (activities.Addresses, error) {
		if w.byHand != "" && !b.Approved {
			return activities.Addresses{}, final(w.byHand, "somebody changed the server in the panel")
		}
		return activities.Addresses{Main: "192.0.2." + b.ServerID, Extra: []string{}}, w.did("HandOver")
	})
	w.OnActivity(onWHMCS.Deliver, any2...).Maybe().Return(func(context.Context, activities.Delivery) error { return w.did("Deliver") })
	w.OnActivity(onWHMCS.Activate, any2...).Maybe().Return(func(context.Context, activities.ServiceRef) error { return w.did("Activate") })
	w.OnActivity(onWHMCS.Follow, any2...).Maybe().Return(func(_ context.Context, in activities.FollowInput) (string, error) {
		return "", w.did("Follow " + in.Want)
	})
	w.OnActivity(onWHMCS.ConfirmExpiry, any2...).Maybe().Return(func(context.Context, activities.ServiceRef) (activities.ExpiryView, error) {
		return w.expiry, w.did("ConfirmExpiry")
	})
	w.OnActivity(onWHMCS.Note, any2...).Maybe().Return(func(_ context.Context, in activities.NoteInput) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.notes = append(w.notes, in)
		return nil
	})
	w.OnActivity(onPanel.Block, any2...).Maybe().Return(func(_ context.Context, t activities.Target) (activities.Blocked, error) {
		if w.limited["Block"] && !t.Approved {
			return activities.Blocked{}, final(activities.ErrLimit, "the limit of the panel is reached")
		}
		return activities.Blocked{ByHand: w.blockedByHand}, w.did("Block")
	})
	w.OnActivity(onPanel.Adopt, any2...).Maybe().Return(func(_ context.Context, t activities.Target) (activities.Adopted, error) {
		return activities.Adopted{Machine: activities.Machine{ID: t.ServerID, IP: "192.0.2." + t.ServerID, Hostname: "old.example.org"}, Blocked: w.blockedByHand}, w.did("Adopt")
	})
	w.OnActivity(onPanel.ClearAddresses, any2...).Maybe().Return(func(context.Context, activities.Target) (activities.Resale, error) {
		return w.resale, w.did("ClearAddresses")
	})
	w.OnActivity(onWHMCS.Announce, any2...).Maybe().Return(func(_ context.Context, in activities.Announcement) (activities.Announced, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.said = append(w.said, in)
		return activities.Announced{Ticket: 40 + len(w.said)}, w.fail["Announce"]
	})
	w.OnActivity(onPanel.PowerUp, any2...).Maybe().Return(func(context.Context, activities.Build) error { return w.did("PowerUp") })
	w.OnActivity(onPanel.Restore, any2...).Maybe().Return(func(context.Context, activities.Build) error { return w.did("Restore") })
	w.OnActivity(onPanel.Quarantine, any2...).Maybe().Return(func(_ context.Context, in activities.QuarantineInput) error {
		return w.did("Quarantine")
	})
	for name, activity := range map[string]any{
		"Unblock": onPanel.Unblock, "CutOff": onPanel.CutOff, "PowerDown": onPanel.PowerDown,
		"Diagnose": onPanel.Diagnose, "ReturnToStock": onPanel.ReturnToStock, "Detach": onPanel.Detach,
		"ReturnClaim": onPanel.ReturnClaim,
	} {
		w.OnActivity(activity, any2...).Maybe().AfterFn(func() time.Duration { return w.delays[name] }).Return(func(_ context.Context, t activities.Target) error {
			if w.limited[name] && !t.Approved {
				return final(activities.ErrLimit, "the limit of the panel is reached")
			}
			return w.did(name)
		})
	}
}

// tell plays the account entity and the allocator.
func (w *world) tell(_ context.Context, m activities.Message) error {
	switch {
	case m.WorkflowType == TypeAccount:
		w.SignalWorkflow(signalAccount, accountReply{Account: activities.Account{ID: "18", Name: "u101"}, Why: "created"})
	case m.Signal == signalRequest:
		w.grant(m)
	case m.Signal == signalWithdraw:
		w.SignalWorkflow(signalWithdrawn, reply{Ask: w.state().Ask})
	}
	return w.did("Tell " + m.Signal)
}

func (w *world) grant(m activities.Message) {
	var request serverRequest
	payload, err := converter.GetDefaultDataConverter().ToPayload(m.Input)
	require.NoError(w.t, err)
	require.NoError(w.t, converter.GetDefaultDataConverter().FromPayload(payload, &request))
	switch {
	case w.silent:
	case w.refuse != nil:
		answer := *w.refuse
		answer.Ask = request.Ask
		w.refuse = nil
		w.SignalWorkflow(signalRefused, answer)
	case len(w.servers) == 0:
		w.SignalWorkflow(signalQueued, reply{Ask: request.Ask, Position: 3})
	default:
		i := slices.IndexFunc(w.servers, func(id string) bool { return !slices.Contains(request.Exclude, id) })
		id := w.servers[i]
		w.servers = slices.Delete(w.servers, i, i+1)
		w.SignalWorkflow(signalGranted, reply{Ask: request.Ask, Machine: activities.Machine{ID: id, Label: "A1-0" + id, Hostname: "free.ds", IP: "192.0.2." + id}})
	}
}

// state is only good for what the mocks need inside one task.
func (w *world) state() struct{ Ask int } { return struct{ Ask int }{1} }

func order() Order {
	return Order{
		ServiceID: 101, ClientID: 7, OrderID: 55, PaidAt: time.Date(2026, 1, 1, 11, 0, 0, 0, time.UTC),
		Panel: "fra1", Package: "E3-16G", OSTemplate: "ISPsystem__Debian-12-x86_64", Domain: "s101.example.com",
		InstallTimeout: Duration(720 * time.Second), InstallAttempts: 1, Grace: Duration(72 * time.Hour),
	}
}

// at sends a signal after a time from the start.
func (w *world) at(after time.Duration, signal string, input any) {
	w.RegisterDelayedCallback(func() { w.SignalWorkflow(signal, input) }, after)
}

// look checks the status after a time from the start.
func (w *world) look(after time.Duration, check func(Status)) {
	w.RegisterDelayedCallback(func() { check(w.status()) }, after)
}

func (w *world) status() Status {
	w.t.Helper()
	value, err := w.QueryWorkflow(QueryStatus)
	require.NoError(w.t, err)
	var status Status
	require.NoError(w.t, value.Get(&status))
	return status
}

// live runs the service until a time from the start, then terminates it, so that
// the run ends and its end can be looked at.
func (w *world) live(o Order, until time.Duration) Status {
	w.t.Helper()
	w.at(until, SignalTerminate, Event{Reason: "end of test"})
	return w.run(o)
}

func (w *world) run(o Order) Status {
	w.t.Helper()
	w.ExecuteWorkflow(ServiceLifecycle, NewInput(o, Settings{}))
	require.True(w.t, w.IsWorkflowCompleted())
	require.NoError(w.t, w.GetWorkflowError())
	var status Status
	require.NoError(w.t, w.GetWorkflowResult(&status))
	return status
}

func final(kind, message string) error {
	return temporal.NewNonRetryableApplicationError(message, kind, nil)
}

// decode reads the state that a run hands to the next one.
func decode(again *workflow.ContinueAsNewError, in any) error {
	return converter.GetDefaultDataConverter().FromPayloads(again.Input, in)
}
