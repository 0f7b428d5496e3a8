package account

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
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

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// client is an account entity in the test environment.
type client struct {
	*testsuite.TestWorkflowEnvironment
	t *testing.T
	// lookUp answers the panel's and WHMCS's side.
	lookUp    func(panel.AccountQuestion) (panel.AccountAnswer, error)
	questions []panel.AccountQuestion
	created   int
	// mu is for told: letters of one batch are delivered side by side.
	mu   sync.Mutex
	told []string
}

func newClient(t *testing.T) *client {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	c := &client{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t}
	c.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{entity.NewSignalOrder()}})
	c.SetTestTimeout(20 * time.Second)
	c.RegisterActivity(&panel.Panel{})
	c.OnActivity(call.Panel.LookUpAccount, mock.Anything, mock.Anything).Maybe().Return(func(_ context.Context, q panel.AccountQuestion) (panel.AccountAnswer, error) {
		c.questions = append(c.questions, q)
		return c.lookUp(q)
	})
	c.OnActivity(call.Panel.CreateAccount, mock.Anything, mock.Anything).Maybe().Return(func(_ context.Context, in panel.NewAccount) (holding.Account, error) {
		c.created++
		return holding.Account{ID: "18", Name: in.Name}, nil
	})
	c.OnSignalExternalWorkflow(mock.Anything, mock.Anything, mock.Anything, message.SignalAccount, mock.Anything).Maybe().Return(
		func(_, id, _, _ string, arg any) error {
			r := arg.(message.AccountReply)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.told = append(c.told, id+" "+r.Account.Name+r.Code)
			return nil
		})
	return c
}

// fresh is a client whose account does not exist until it is created.
func (c *client) fresh(q panel.AccountQuestion) (panel.AccountAnswer, error) {
	if c.created > 0 {
		return panel.AccountAnswer{Account: holding.Account{ID: "18", Name: "u1"}, Also: q.Also}, nil
	}
	return panel.AccountAnswer{Absent: "u1", Also: q.Also}, nil
}

func (c *client) ask(after time.Duration, service int) {
	c.RegisterDelayedCallback(func() { c.SignalWorkflow(message.SignalRequest, message.AccountRequest{ServiceID: service}) }, after)
}

func (c *client) run(in State, until time.Duration) State {
	c.t.Helper()
	c.RegisterDelayedCallback(func() { c.SetContinueAsNewSuggested(true) }, until)
	c.ExecuteWorkflow(Account, in)
	require.True(c.t, c.IsWorkflowCompleted())
	var again *workflow.ContinueAsNewError
	require.ErrorAs(c.t, c.GetWorkflowError(), &again)
	var next State
	require.NoError(c.t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &next))
	return next
}

func TestACrowdOfFirstOrdersMakesOneAccount(t *testing.T) {
	c := newClient(t)
	c.lookUp = c.fresh
	for i := range 250 {
		c.ask(0, 1+i)
	}
	next := c.run(State{Panel: "fra1", ClientID: 7}, time.Minute)
	require.Equal(t, 1, c.created)
	require.Len(t, c.told, 250)
	require.NotContains(t, strings.Join(c.told, ";"), "account_foreign")
	require.Less(t, len(c.questions), 10)
	require.Equal(t, holding.Account{ID: "18", Name: "u1"}, next.Known)
	require.Empty(t, next.Waiting)
}

// TestAServiceThatIsNotTheClientsGetsNoAnswerMeantForOthers: WHMCS has moved it meanwhile.
func TestAServiceThatIsNotTheClientsGetsNoAnswerMeantForOthers(t *testing.T) {
	c := newClient(t)
	c.lookUp = func(q panel.AccountQuestion) (panel.AccountAnswer, error) {
		if q.ServiceID == 2 {
			return panel.AccountAnswer{}, temporal.NewNonRetryableApplicationError("it is not client 7's", edge.ErrStatus, nil)
		}
		also := slices.DeleteFunc(slices.Clone(q.Also), func(id int) bool { return id == 2 })
		return panel.AccountAnswer{Account: holding.Account{ID: "18", Name: "u1"}, Also: also}, nil
	}
	for service := range 3 {
		c.ask(0, 1+service)
	}
	c.run(State{Panel: "fra1", ClientID: 7}, time.Minute)
	slices.Sort(c.told)
	require.Equal(t, []string{"service-1 u1", "service-2 " + edge.ErrStatus, "service-3 u1"}, c.told)
}

// TestWhatIsRememberedIsAskedForEachTime: it counts only while WHMCS still says so.
func TestWhatIsRememberedIsAskedForEachTime(t *testing.T) {
	c := newClient(t)
	known := holding.Account{ID: "5", Name: "old"}
	c.lookUp = func(q panel.AccountQuestion) (panel.AccountAnswer, error) {
		require.Equal(t, known, q.Known)
		return panel.AccountAnswer{Account: holding.Account{ID: "6", Name: "new"}, Also: q.Also}, nil
	}
	c.ask(0, 1)
	next := c.run(State{Panel: "fra1", ClientID: 7, Known: known}, time.Minute)
	require.Equal(t, []string{"service-1 new"}, c.told)
	require.Equal(t, "new", next.Known.Name)
}

func TestACancelRequestKeepsTheAccount(t *testing.T) {
	c := newClient(t)
	c.lookUp = c.fresh
	c.RegisterDelayedCallback(c.CancelWorkflow, time.Second)
	c.ask(time.Minute, 1)
	next := c.run(State{Panel: "fra1", ClientID: 7}, 2*time.Minute)
	require.Equal(t, []string{"service-1 u1"}, c.told)
	require.Len(t, next.Notices, 1)
}

func TestAFullStateFitsIntoAPayload(t *testing.T) {
	c := newClient(t)
	c.lookUp = func(panel.AccountQuestion) (panel.AccountAnswer, error) {
		return panel.AccountAnswer{Absent: strings.Repeat("<", 100_000)}, nil
	}
	for i := range 3 {
		c.ask(0, 1+i)
	}
	e := &account{in: &State{}}
	for i := range 3 * keepWaiting {
		require.NoError(t, e.request(message.AccountRequest{ServiceID: 1<<40 + i}))
	}
	written, err := json.Marshal(e.in)
	require.NoError(t, err)
	require.Less(t, len(written), 100_000)
	next := c.run(State{Panel: "fra1", ClientID: 7}, time.Minute)
	require.Equal(t, fmt.Sprint([]string{"service-1 failed", "service-2 failed", "service-3 failed"}), fmt.Sprint(c.told))
	require.Empty(t, next.Absent)
}
