package inventory

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// market is an allocator in the test environment, over a panel that is a list of
// free servers.
type market struct {
	*testsuite.TestWorkflowEnvironment
	t       *testing.T
	mu      sync.Mutex // claims run side by side
	free    []string
	surveys int
	// down is how long the panel takes to answer the first look.
	down time.Duration
	// taken are servers that the list shows as free, but that cannot be had.
	taken map[string]bool
	// recalled are services that a predecessor knew.
	recalled int
	// marked are servers that a predecessor claimed, by service.
	marked map[int]string
	// unreliable are servers that failed lately.
	unreliable map[string]bool
	// told are the signals to lifecycles, in order.
	told []string
	// broken are servers whose claims fail, unwanted are services whose claims fail.
	broken   map[string]error
	unwanted map[int]error
	// tries counts the claims of each server.
	tries map[string]int
	// odd are the answers to the next looks.
	odd []error
	// missing is how many of the next looks show no server of any wanted package.
	missing int
	// probed counts the questions whether an order on its way still runs.
	probed int
	// deaf are services that do not run.
	deaf map[int]bool
	// gone are carts that do not run.
	gone     map[string]bool
	returned []string
}

func newMarket(t *testing.T, free ...string) *market {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	m := &market{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t, free: free, taken: map[string]bool{}, deaf: map[int]bool{}, tries: map[string]int{}}
	m.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{entity.NewSignalOrder()}})
	m.SetTestTimeout(20 * time.Second)
	m.RegisterWorkflow(Inventory)
	m.RegisterActivity(&panel.Panel{})
	m.RegisterActivity(&engine.Messenger{})
	m.OnActivity(call.Messenger.Recall, mock.Anything, mock.Anything).Maybe().Return(func(context.Context, engine.RecallInput) (int, error) {
		return m.recalled, nil
	})
	m.OnActivity(call.Panel.Survey, mock.Anything, mock.Anything).Maybe().AfterFn(func() time.Duration {
		m.mu.Lock()
		defer m.mu.Unlock()
		wait := m.down
		m.down = 0
		return wait
	}).Return(m.survey)
	m.OnActivity(call.Panel.Claim, mock.Anything, mock.Anything).Maybe().Return(m.claim)
	m.OnActivity(call.Panel.ReturnClaim, mock.Anything, mock.Anything).Maybe().Return(func(_ context.Context, t panel.Target) error {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.returned = append(m.returned, t.ServerID)
		m.free = append(m.free, t.ServerID)
		return nil
	})
	m.OnSignalExternalWorkflow(mock.Anything, mock.Anything, mock.Anything, mock.Anything, mock.Anything).Maybe().Return(
		func(_, id, _, signal string, arg any) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			if cart, is := strings.CutPrefix(id, "cart-"); is {
				return m.toCart(cart, signal, arg)
			}
			r, _ := arg.(message.Reply)
			var service int
			_, err := fmt.Sscanf(id, "service-%d", &service)
			require.NoError(t, err)
			if m.deaf[service] {
				return fmt.Errorf("not found")
			}
			if signal == message.SignalAskAgain {
				m.probed++
				return nil
			}
			m.told = append(m.told, fmt.Sprintf("%d %s %s%s", service, signal, r.Server.ID, place(r.Position)))
			return nil
		})
	return m
}

func place(position int) string {
	if position == 0 {
		return ""
	}
	return fmt.Sprintf("at %d", position)
}

const surveyLasts = 5 * time.Minute

func (m *market) survey(_ context.Context, in panel.SurveyInput) (panel.Survey, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.surveys++
	if len(m.odd) > 0 {
		err := m.odd[0]
		m.odd = m.odd[1:]
		return panel.Survey{}, err
	}
	survey := panel.Survey{Candidates: map[string][]string{}, Lasts: surveyLasts, AsOf: m.Now(), Held: map[int]string{}}
	for _, service := range in.Services {
		if id := m.marked[service]; id != "" {
			survey.Held[service] = id
		}
	}
	skip := map[string]bool{}
	for _, id := range in.Skip {
		skip[id] = true
	}
	if m.missing > 0 {
		m.missing--
		for _, want := range in.Wants {
			survey.Missing = append(survey.Missing, want.Package)
		}
		return survey, nil
	}
	for _, want := range in.Wants {
		for _, id := range m.free {
			if !skip[id] && len(survey.Candidates[want.Package]) < want.Count {
				survey.Candidates[want.Package] = append(survey.Candidates[want.Package], id)
			}
		}
	}
	survey.Stock = []panel.PackageCount{{Package: "A", Free: len(m.free)}}
	return survey, nil
}

func (m *market) claim(_ context.Context, in panel.ClaimRequest) (panel.ClaimResult, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tries[in.ServerID]++
	if err := cmp.Or(m.broken[in.ServerID], m.unwanted[in.ServiceID]); err != nil {
		return panel.ClaimResult{}, err
	}
	if m.taken[in.ServerID] {
		return panel.ClaimResult{Outcome: panel.ClaimTaken, Why: "it belongs to 44"}, nil
	}
	if m.marked[in.ServiceID] == in.ServerID {
		return panel.ClaimResult{Outcome: panel.ClaimGranted, Server: panel.Server{ID: in.ServerID}}, nil
	}
	if m.unreliable[in.ServerID] && !in.LastResort {
		return panel.ClaimResult{Outcome: panel.ClaimUnreliable, Why: "it failed twice"}, nil
	}
	for i, id := range m.free {
		if id == in.ServerID {
			m.free = append(m.free[:i:i], m.free[i+1:]...)
			return panel.ClaimResult{Outcome: panel.ClaimGranted, Server: panel.Server{ID: id}, Package: "A"}, nil
		}
	}
	return panel.ClaimResult{Outcome: panel.ClaimTaken, Why: "not free"}, nil
}

var paid = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (m *market) ask(after time.Duration, service int, minutes int, change ...func(*message.ServerRequest)) {
	request := message.ServerRequest{ServiceID: service, ClientID: 7, Ask: 1, RunID: "r", Package: "A", PaidAt: api.Moment{Time: paid.Add(time.Duration(minutes) * time.Minute)}}
	for _, c := range change {
		c(&request)
	}
	m.RegisterDelayedCallback(func() { m.SignalWorkflow(message.SignalRequest, request) }, after)
}

// run lets the allocator work for a time, then makes it continue as new.
func (m *market) run(in State, until time.Duration) State {
	m.t.Helper()
	m.RegisterDelayedCallback(func() {
		m.SetContinueAsNewSuggested(true)
		m.SignalWorkflow(message.SignalReleased, "none")
	}, until)
	m.ExecuteWorkflow(Inventory, in)
	require.True(m.t, m.IsWorkflowCompleted())
	var again *workflow.ContinueAsNewError
	require.ErrorAs(m.t, m.GetWorkflowError(), &again)
	var next State
	require.NoError(m.t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &next))
	return next
}
