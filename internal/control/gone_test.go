package control_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/drift"
	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/internal/codec"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/secret"
	"metalease/workflows"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// staleClient lists what there was when it was made: the visibility store is behind what is true.
type staleClient struct {
	client.Client
	listed *workflowservice.ListWorkflowExecutionsResponse
}

// ListWorkflow implements client.Client.
func (c *staleClient) ListWorkflow(context.Context, *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	return c.listed, nil
}

// stale waits until so many runs that a query picks are listed, and goes on with that list.
func (s scene) stale(query string, runs int) *staleClient {
	s.t.Helper()
	c := &staleClient{Client: s.Client}
	s.eventually(func() bool {
		var err error
		c.listed, err = s.Client.ListWorkflow(s.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Namespace: s.Namespace, Query: query})
		return err == nil && len(c.listed.GetExecutions()) == runs
	})
	return c
}

// forget deletes a run, as the namespace's retention does some day.
func (s scene) forget(run *commonpb.WorkflowExecution) {
	s.t.Helper()
	_, err := s.Client.WorkflowService().DeleteWorkflowExecution(s.t.Context(), &workflowservice.DeleteWorkflowExecutionRequest{Namespace: s.Namespace, WorkflowExecution: run})
	require.NoError(s.t, err)
	require.Eventually(s.t, func() bool {
		_, err := s.Client.DescribeWorkflow(s.t.Context(), run.GetWorkflowId(), run.GetRunId())
		_, gone := errors.AsType[*serviceerror.NotFound](err)
		return gone
	}, 6*timeout, 50*time.Millisecond, "the server deletes once its queues have got that far, which takes up to a minute")
}

// TestComparisonsThatWereDeleted are none, listed or not, and the next one is made all the same.
func TestComparisonsThatWereDeleted(t *testing.T) {
	s := newScene(t)
	s.schedule("fra1")
	var round atomic.Int32
	s.reconcile(func(context.Context, drift.CompareInput) (drift.Report, error) {
		n := round.Add(1)
		if n == 2 {
			return drift.Report{}, temporal.NewNonRetryableApplicationError("check user and password", edge.ErrPanelCredentials, nil)
		}
		return drift.Report{Panel: "fra1", Servers: int(n)}, nil
	})
	now := func() (*drift.Report, error) {
		return s.CompareNow(t.Context(), "fra1", func(control.Comparison) {})
	}
	_, err := now()
	require.NoError(t, err)
	_, err = now()
	require.ErrorAs(t, err, new(*control.Refused))

	behind := s.stale("WorkflowType = '"+fleet.TypeReconcile+"' AND ExecutionStatus != 'Running'", 2)
	late := control.New(behind, s.Namespace, settings(time.Hour))
	s.forget(behind.listed.GetExecutions()[0].GetExecution())
	view, err := late.Drift(t.Context(), "fra1")
	require.NoError(t, err)
	require.Equal(t, 1, view.Report.Servers)
	require.Nil(t, view.Failed, "nobody knows any more why it failed")
	_, err = late.Unstarted(t.Context(), control.Filter{})
	require.NoError(t, err)
	s.forget(behind.listed.GetExecutions()[1].GetExecution())
	view, err = late.Drift(t.Context(), "fra1")
	require.NoError(t, err)
	require.Nil(t, view.Report)
	_, err = late.Unstarted(t.Context(), control.Filter{})
	require.NoError(t, err)

	report, err := now()
	require.NoError(t, err)
	require.Equal(t, 3, report.Servers)
}

// TestAServiceOfWhichAllRunsWereDeletedIsUnknown to the audit.
func TestAServiceOfWhichAllRunsWereDeletedIsUnknown(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start(order(101))
	s.end(101)
	behind := s.stale("WorkflowType = '"+api.TypeServiceLifecycle+"'", 1)
	late := control.New(behind, s.Namespace, settings(time.Hour))
	deeds, err := late.Audit(t.Context(), 101)
	require.NoError(t, err)
	require.NotEmpty(t, deeds)
	s.forget(behind.listed.GetExecutions()[0].GetExecution())
	_, err = late.Audit(t.Context(), 101)
	require.ErrorIs(t, err, control.ErrUnknownService)
}

// TestAComparisonThatNoWorkerCanReadIsNotWaitedFor: a worker takes its task, lacks the key, and gives no answer.
func TestAComparisonThatNoWorkerCanReadIsNotWaitedFor(t *testing.T) {
	s := newScene(t)
	with := func(id, digits string) client.Client {
		t.Helper()
		keys, err := codec.New(config.Encryption{Keys: []config.EncryptionKey{{ID: id, Key: secret.New(strings.Repeat(digits, 32))}}})
		require.NoError(t, err)
		dial, err := keys.DialOptions()
		require.NoError(t, err)
		temporal, err := client.Dial(client.Options{HostPort: s.Address, Namespace: s.Namespace, ConnectionOptions: client.ConnectionOptions{DialOptions: dial}})
		require.NoError(t, err)
		t.Cleanup(temporal.Close)
		return temporal
	}
	keyed := s
	keyed.Client = with("2026", "a1")
	keyed.schedule("fra1")
	blind := worker.New(with("2027", "b2"), api.QueueWorkflows, worker.Options{})
	workflows.Register(blind)
	require.NoError(t, blind.Start())
	t.Cleanup(blind.Stop)

	limited, cancel := context.WithTimeout(t.Context(), 2*timeout)
	defer cancel()
	_, err := control.New(keyed.Client, s.Namespace, settings(time.Hour)).CompareNow(limited, "fra1", func(control.Comparison) {})
	require.ErrorIs(t, err, control.ErrWorkerUnavailable)
	require.ErrorContains(t, err, "the log of the worker says why")
}

// deafClient has schedules that take a wish for a run and start none.
type deafClient struct{ client.Client }

type deafSchedules struct{ client.ScheduleClient }

type deafSchedule struct{ client.ScheduleHandle }

// ScheduleClient implements client.Client.
func (c deafClient) ScheduleClient() client.ScheduleClient {
	return deafSchedules{c.Client.ScheduleClient()}
}

// GetHandle implements client.ScheduleClient.
func (s deafSchedules) GetHandle(ctx context.Context, id string) client.ScheduleHandle {
	return deafSchedule{s.ScheduleClient.GetHandle(ctx, id)}
}

// Trigger implements client.ScheduleHandle.
func (deafSchedule) Trigger(context.Context, client.ScheduleTriggerOptions) error { return nil }

// TestAScheduleThatStartsNothingIsNotWaitedFor, whether it has started something before or not.
func TestAScheduleThatStartsNothingIsNotWaitedFor(t *testing.T) {
	s := newScene(t)
	s.schedule("fra1")
	s.reconcile(func(context.Context, drift.CompareInput) (drift.Report, error) {
		return drift.Report{Panel: "fra1"}, nil
	})
	deaf := control.New(deafClient{s.Client}, s.Namespace, settings(time.Hour)).HurriedSchedules(time.Second)
	never := func() {
		t.Helper()
		limited, cancel := context.WithTimeout(t.Context(), timeout)
		defer cancel()
		_, err := deaf.CompareNow(limited, "fra1", func(control.Comparison) {})
		require.ErrorIs(t, err, control.ErrNotStarted)
		require.ErrorContains(t, err, fleet.ReconcileScheduleID("fra1"))
	}
	never()
	_, err := s.CompareNow(t.Context(), "fra1", func(control.Comparison) {})
	require.NoError(t, err)
	never()
}

// TestAServiceThatWentOnInANewRunIsRecalled: the run that is listed takes no signals any more.
func TestAServiceThatWentOnInANewRunIsRecalled(t *testing.T) {
	s := newScene(t)
	const queue, name = "goes", "Goes"
	w := worker.New(s.Client, queue, worker.Options{})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		workflow.GetSignalChannel(ctx, "on").Receive(ctx, nil)
		return workflow.NewContinueAsNewError(ctx, name)
	}, workflow.RegisterOptions{Name: name})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	run, err := s.Client.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: queue}, name)
	require.NoError(t, err)
	behind := s.stale("WorkflowType = '"+name+"'", 1)
	require.NoError(t, s.Client.SignalWorkflow(t.Context(), run.GetID(), "", "on", nil))
	s.eventually(func() bool {
		there, err := s.Client.DescribeWorkflow(t.Context(), run.GetID(), "")
		return err == nil && there.RawResponse.GetWorkflowExecutionInfo().GetExecution().GetRunId() != run.GetRunID()
	})
	recalled, err := (&engine.Messenger{Client: behind}).Recall(t.Context(), engine.RecallInput{Panel: "fra1", Signal: "ask again"})
	require.NoError(t, err)
	require.Equal(t, 1, recalled)
	asked := false
	for events := s.Client.GetWorkflowHistory(t.Context(), run.GetID(), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		event, err := events.Next()
		require.NoError(t, err)
		asked = asked || event.GetWorkflowExecutionSignaledEventAttributes().GetSignalName() == "ask again"
	}
	require.True(t, asked)
}
