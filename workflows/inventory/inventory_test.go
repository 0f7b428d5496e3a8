package inventory

import (
	"context"
	"fmt"
	"log/slog"
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
	// probed counts the questions whether an order on its way still runs.
	probed int
	// deaf are services that do not run.
	deaf     map[int]bool
	returned []string
}

func newMarket(t *testing.T, free ...string) *market {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	m := &market{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t, free: free, taken: map[string]bool{}, deaf: map[int]bool{}}
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

func (m *market) survey(_ context.Context, in panel.SurveyInput) (panel.Survey, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.surveys++
	survey := panel.Survey{Candidates: map[string][]string{}, AsOf: m.Now(), Held: map[int]string{}}
	for _, service := range in.Services {
		if id := m.marked[service]; id != "" {
			survey.Held[service] = id
		}
	}
	skip := map[string]bool{}
	for _, id := range in.Skip {
		skip[id] = true
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
			return panel.ClaimResult{Outcome: panel.ClaimGranted, Server: panel.Server{ID: id}}, nil
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

func TestFirstPaidFirstServed(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.ask(0, 103, 3)
	m.ask(0, 101, 1)
	m.ask(0, 102, 2)
	next := m.run(State{Panel: "fra1"}, time.Minute/2)
	require.Contains(t, m.told, "103 queued at 1")
	require.NotContains(t, m.told, "103 granted 1")
	require.Len(t, next.Queue, 1)
	require.Len(t, next.Answers, 2)
}

func TestAReleaseServesTheNextAndTheQueueSurvives(t *testing.T) {
	m := newMarket(t)
	m.ask(0, 102, 2)
	m.ask(0, 101, 1)
	next := m.run(State{Panel: "fra1"}, time.Hour)
	require.Len(t, next.Queue, 2)

	m = newMarket(t, "9")
	m.RegisterDelayedCallback(func() { m.SignalWorkflow(message.SignalReleased, "9") }, time.Second)
	next = m.run(next, 10*time.Second)
	require.Equal(t, []string{"101 granted 9"}, m.told)
	require.Len(t, next.Queue, 1)
}

func TestTheSameRequestGetsTheSameAnswer(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.ask(0, 101, 1)
	m.ask(time.Second, 101, 1)
	m.ask(2*time.Second, 101, 1, func(r *message.ServerRequest) { r.Ask = 2 })
	m.run(State{Panel: "fra1"}, time.Minute)
	require.Equal(t, []string{"101 granted 1", "101 granted 1", "101 granted 2"}, m.told)
}

func TestAskingAgainChangesNothing(t *testing.T) {
	m := newMarket(t)
	for i := range 20 {
		m.ask(time.Duration(i)*time.Second, 101, 1)
	}
	next := m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Len(t, next.Queue, 1)
	require.Equal(t, 1, m.surveys)
	require.Equal(t, []string{"101 queued at 1"}, m.told)
}

func TestTakenCandidatesAreSkippedNotHammered(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	m.taken["1"], m.taken["2"] = true, true
	m.ask(0, 101, 1)
	m.ask(0, 102, 2)
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Contains(t, m.told, "101 granted 3")
	require.Less(t, m.surveys, 8)
}

func TestANamedServerOrAClearError(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.taken["2"] = true
	m.ask(0, 101, 1, func(r *message.ServerRequest) { r.ServerID = "2" })
	m.ask(0, 102, 2, func(r *message.ServerRequest) { r.ServerID = "1" })
	m.run(State{Panel: "fra1"}, time.Minute)
	require.ElementsMatch(t, []string{"101 refused ", "102 granted 1"}, m.told)
}

func TestAGrantThatReachesNobodyIsGivenBack(t *testing.T) {
	m := newMarket(t, "1")
	m.deaf[101] = true
	m.ask(0, 101, 1)
	m.run(State{Panel: "fra1"}, time.Minute)
	require.Equal(t, []string{"1"}, m.returned)
}

// TestAnEarlierPayerIsServedWhenSomebodyTakesItsCandidate: the candidate of the first is
// gone, and the last free server is claimed for the second at that moment.
func TestAnEarlierPayerIsServedWhenSomebodyTakesItsCandidate(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	m.taken["1"] = true
	for i := range 3 {
		m.ask(0, 101+i, i)
	}
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.ElementsMatch(t, []string{"101 granted 3", "102 granted 2", "103 queued at 1"}, m.told)
	require.Equal(t, []string{"3"}, m.returned)
}

func TestServersThatFailedLatelyAreOfferedLast(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	m.unreliable = map[string]bool{"1": true}
	m.ask(0, 101, 1)
	m.ask(0, 102, 2)
	m.ask(5*time.Second, 103, 3)
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Equal(t, []string{"102 granted 2", "101 granted 3", "103 granted 1"}, m.told)
}

func TestANamedServerIsHadThoughItFailedLately(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.unreliable = map[string]bool{"1": true}
	m.ask(0, 101, 1, func(r *message.ServerRequest) { r.ServerID = "1" })
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Equal(t, []string{"101 granted 1"}, m.told)
}

// TestWhoComesDuringALookIsNotGivenASecondServer: the panel was not asked about it.
func TestWhoComesDuringALookIsNotGivenASecondServer(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.down = 10 * time.Second
	m.marked = map[int]string{101: "9"}
	m.ask(0, 102, 2)
	m.ask(5*time.Second, 101, 1)
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.ElementsMatch(t, []string{"101 granted 9", "102 granted 2"}, m.told)
	require.Equal(t, []string{"1"}, m.free)
}

// TestTheClaimOfALostAllocatorIsFound: it was saved, and its grant was never sent.
func TestTheClaimOfALostAllocatorIsFound(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.marked = map[int]string{101: "9"}
	m.ask(0, 101, 1)
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Equal(t, []string{"101 granted 9"}, m.told)
	require.Equal(t, []string{"1", "2"}, m.free)
}

func TestAServerThatFailedForTheServiceIsNotTakenUpAgain(t *testing.T) {
	m := newMarket(t, "1")
	m.marked = map[int]string{101: "9"}
	m.ask(0, 101, 1, func(r *message.ServerRequest) { r.Exclude = []string{"9"} })
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Equal(t, []string{"101 granted 1"}, m.told)
}

func TestANewAllocatorLetsTheClaimsOfItsPredecessorEnd(t *testing.T) {
	m := newMarket(t, "1")
	m.recalled = 2
	m.ask(0, 102, 2)
	m.ask(10*time.Second, 101, 1) // it paid earlier, and was recalled as well
	m.RegisterDelayedCallback(func() { require.Empty(t, m.told) }, 19*time.Second)
	m.run(State{Panel: "fra1", Settings: api.Settings{Heartbeat: api.Duration(20 * time.Second)}}, 30*time.Second)
	require.Equal(t, []string{"101 granted 1", "102 queued at 1"}, m.told)
}

func TestWithdraw(t *testing.T) {
	m := newMarket(t)
	m.ask(0, 101, 1)
	m.RegisterDelayedCallback(func() {
		m.SignalWorkflow(message.SignalWithdraw, message.Withdrawal{ServiceID: 101, Ask: 1, RunID: "r"})
	}, time.Second)
	next := m.run(State{Panel: "fra1"}, time.Minute)
	require.Empty(t, next.Queue)
	require.Equal(t, "101 withdrawn ", m.told[len(m.told)-1])
}

// TestAWithdrawalIsNotAnsweredWithTheGrantOfAnEarlierRun: that server is the customer's.
func TestAWithdrawalIsNotAnsweredWithTheGrantOfAnEarlierRun(t *testing.T) {
	m := newMarket(t)
	m.ask(0, 101, 1)
	m.RegisterDelayedCallback(func() {
		m.SignalWorkflow(message.SignalWithdraw, message.Withdrawal{ServiceID: 101, Ask: 1, RunID: "r"})
	}, time.Second)
	earlier := []answer{{ServiceID: 101, RunID: "earlier", Signal: message.SignalGranted, Reply: message.Reply{Ask: 1, Server: panel.Server{ID: "5"}}}}
	next := m.run(State{Panel: "fra1", Answers: earlier}, time.Minute)
	require.Empty(t, next.Queue)
	require.Equal(t, "101 withdrawn ", m.told[len(m.told)-1])
}

func TestStockIsUnknownUntilSeen(t *testing.T) {
	m := newMarket(t, "1", "2")
	var before, after api.Stock
	m.RegisterDelayedCallback(func() {
		value, err := m.QueryWorkflow(api.QueryStock)
		require.NoError(t, err)
		require.NoError(t, value.Get(&before))
		m.SignalWorkflow(api.SignalRefresh, nil)
	}, time.Second)
	m.RegisterDelayedCallback(func() {
		value, err := m.QueryWorkflow(api.QueryStock)
		require.NoError(t, err)
		require.NoError(t, value.Get(&after))
	}, time.Minute)
	m.run(State{Panel: "fra1"}, 2*time.Minute)
	require.Nil(t, before.AsOf)
	require.Empty(t, before.Packages)
	require.Equal(t, 2, *after.Packages[0].Free)
}

func TestMatchGivesEachWaiterAnotherServer(t *testing.T) {
	w := func(id int, exclude ...string) waiter {
		return waiter{ServerRequest: message.ServerRequest{ServiceID: id, Package: "A", Exclude: exclude}}
	}
	matches := match([]waiter{w(1), w(2, "b"), w(3), w(4)}, []int{1, 2, 3, 4}, nil, map[string][]string{"A": {"a", "b", "c"}}, nil)
	var got []string
	for _, m := range matches {
		got = append(got, fmt.Sprint(m.waiter.ServiceID, m.serverID))
	}
	require.Equal(t, []string{"1a", "2c", "3b"}, got)
}
