package service

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/activities/tenant"
	"metalease/workflows/api"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
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
	refuse *message.Reply
	// requests are those for a server, as they were sent.
	requests []message.ServerRequest
	// silent keeps the allocator from answering at all.
	silent bool
	// install decides how each install ends, and after what time.
	install func(b panel.Build) (panel.Watched, error)
	takes   time.Duration
	// fail makes an activity fail with an error, for good.
	fail map[string]error
	// limited activities want a person's approval.
	limited map[string]bool
	// expiry is what WHMCS says before a release.
	expiry billing.ExpiryView
	notes  []billing.NoteInput
	// found is a server that an earlier life left behind; it is found once.
	found *panel.Found
	// view is what WHMCS shows of the service; nil: Pending, of client 7.
	view *billing.OrderView
	// accounts are the account entities that were asked; accountSays is the next answer, if not an account.
	accounts    []string
	accountSays *message.AccountReply
	// asked is the newest question for the service's server.
	asked panel.FindInput
	// when runs something in the moment of an activity.
	when map[string]func()
	// delays are how long activities take.
	delays map[string]time.Duration
	// byHand is what somebody changed before the hand-over, as the type of its error.
	byHand string
	// blockedByHand has the next blocks find the server blocked already.
	blockedByHand bool
	// restored tells of each undone release whether the server stayed blocked.
	restored []bool
	// undue is why WHMCS does not agree to a block for an expiry; empty: it does.
	undue string
	// markLost has the notes of the server without our mark.
	markLost bool
	// inspected is what a look at the install shows; empty: that it failed.
	inspected panel.Progress
	// resale is what the panel's settings want before a server is stock again.
	resale panel.Resale
	// standing is until when WHMCS shows the service as paid.
	standing billing.Standing
	// powered, changes, reinstalls and signOns are what the panel was asked for with a running server.
	powered    []tenant.Power
	changes    []tenant.Addresses
	reinstalls []tenant.Reinstall
	signOns    []tenant.SignOn
	// delivered is what WHMCS was told of addresses.
	delivered []billing.Delivery
	// ports are what a switch of the network ends with, and changed what a change of addresses does.
	ports   []tenant.Port
	changed func(tenant.Addresses) tenant.Changed
	// reinstallFails are the panel's words about a reinstall that fails; empty: it ends well.
	reinstallFails string
	// cut is true while the server is blocked, and whileCut is what was begun all the same.
	cut      bool
	whileCut []string
	// said are the announcements to staff.
	said []billing.Announcement
}

func newWorld(t *testing.T) *world {
	w := newBareWorld(t)
	w.vendors()
	w.tenants()
	return w
}

// newBareWorld has no vendors yet.
func newBareWorld(t *testing.T) *world {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	w := &world{
		TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t,
		servers: []string{"5", "6", "7"}, takes: 3 * time.Minute, fail: map[string]error{},
		expiry: billing.ExpiryView{Release: true, Why: "WHMCS confirms"},
	}
	w.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{entity.NewSignalOrder()}})
	w.SetStartTime(time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC))
	w.SetTestTimeout(time.Minute)
	w.RegisterWorkflow(ServiceLifecycle)
	w.RegisterActivity(&panel.Panel{})
	w.RegisterActivity(&billing.WHMCS{})
	w.RegisterActivity(&engine.Messenger{})
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

func order() api.Order {
	return api.Order{
		ServiceID: 101, ClientID: 7, OrderID: 55, PaidAt: time.Date(2026, 1, 1, 11, 0, 0, 0, time.UTC),
		Panel: "fra1", Package: "E3-16G", OSTemplate: "ISPsystem__Debian-12-x86_64", Domain: "s101.example.com",
		InstallTimeout: api.Duration(720 * time.Second), InstallAttempts: 1, Grace: api.Duration(72 * time.Hour),
	}
}

// RegisterDelayedCallback runs something after a time from the start. What activities have written by
// then, those included that were given up, it may read and change.
func (w *world) RegisterDelayedCallback(do func(), after time.Duration) {
	w.TestWorkflowEnvironment.RegisterDelayedCallback(func() {
		_ = w.done() // it waits for them
		do()
	}, after)
}

// at sends a signal after a time from the start.
func (w *world) at(after time.Duration, signal string, input any) {
	w.RegisterDelayedCallback(func() { w.SignalWorkflow(signal, input) }, after)
}

// look checks the status after a time from the start.
func (w *world) look(after time.Duration, check func(api.Status)) {
	w.RegisterDelayedCallback(func() { check(w.status()) }, after)
}

func (w *world) status() api.Status {
	w.t.Helper()
	value, err := w.QueryWorkflow(api.QueryStatus)
	require.NoError(w.t, err)
	var status api.Status
	require.NoError(w.t, value.Get(&status))
	return status
}

// live runs the service until a time from the start, then terminates it, so that
// the run ends and its end can be looked at.
func (w *world) live(o api.Order, until time.Duration) api.Status {
	w.t.Helper()
	w.at(until, api.SignalTerminate, api.Event{Reason: "end of test"})
	return w.run(o)
}

func (w *world) run(o api.Order) api.Status {
	w.t.Helper()
	w.ExecuteWorkflow(api.TypeServiceLifecycle, api.NewStart(o, api.Settings{}))
	require.True(w.t, w.IsWorkflowCompleted())
	require.NoError(w.t, w.GetWorkflowError())
	var status api.Status
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
