package control_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"golang.org/x/sync/errgroup"

	"metalease/internal/control"
	"metalease/internal/temporaltest"
	"metalease/workflows/api"
)

// started starts a service and reads it once.
func (s scene) started(o api.Order) {
	s.t.Helper()
	s.start(o)
	s.eventually(func() bool {
		_, err := s.Status(s.t.Context(), o.ServiceID)
		return err == nil
	})
}

// read is the status of service 101.
func (s scene) read() control.Status {
	s.t.Helper()
	status, err := s.Status(s.t.Context(), 101)
	require.NoError(s.t, err)
	return status
}

// settled waits until no task of service 101 is under way: an answer that is asked for then is kept.
func (s scene) settled() int64 {
	s.t.Helper()
	var length int64
	s.eventually(func() bool {
		there, err := s.Client.DescribeWorkflow(s.t.Context(), "service-101", "")
		require.NoError(s.t, err)
		length = there.RawResponse.GetWorkflowExecutionInfo().GetHistoryLength()
		return there.RawResponse.GetPendingWorkflowTask() == nil
	})
	return length
}

func (s scene) say(name, eventID string) {
	s.t.Helper()
	require.NoError(s.t, s.Client.SignalWorkflow(s.t.Context(), "service-101", "", name, api.Event{EventID: eventID, Reason: "abuse"}))
}

func TestAStatusThatIsReadAgainWakesNoWorker(t *testing.T) {
	s := newScene(t)
	stop := s.Work(t)
	s.started(order(101))
	length := s.settled()
	first := s.read()
	asked := s.Queries()
	for range 5 {
		require.Equal(t, first, s.read())
	}
	require.Equal(t, asked, s.Queries())
	require.Equal(t, length, s.settled(), "nor has it left an event")

	s.say(api.SignalSuspend, "said")
	require.Equal(t, api.PhaseBlocked, s.read().Phase, "what happened is shown by the next read")
	s.settled()
	require.Equal(t, api.PhaseBlocked, s.read().Phase)

	stop()
	require.Equal(t, api.PhaseBlocked, s.read().Phase, "nothing has happened since a worker said so")
	s.say(api.SignalUnsuspend, "unsaid")
	_, err := s.Status(t.Context(), 101)
	require.ErrorIs(t, err, control.ErrWorkerUnavailable, "what has become of that, only a worker can tell")
	s.Work(t)
	s.eventually(func() bool {
		status, err := s.Status(t.Context(), 101)
		return err == nil && status.Phase == api.PhaseActive
	})
}

// Whoever has said something finds it in what he reads next, however many read at the same time.
func TestAReaderFindsWhatHeHasSaid(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.started(order(101))
	reading, stop := context.WithCancel(t.Context())
	var others sync.WaitGroup
	for range 8 {
		others.Go(func() {
			for reading.Err() == nil {
				_, _ = s.Status(reading, 101) // it is there for the crowd
			}
		})
	}
	for i := range 25 {
		id := fmt.Sprintf("word-%d", i)
		s.say(api.SignalHold, id)
		status := s.read()
		require.Equal(t, id, status.Events[len(status.Events)-1].EventID)
	}
	stop()
	others.Wait()
}

func TestAResetServiceIsReadAnew(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.started(order(101))
	s.say(api.SignalSuspend, "said")
	s.settled()
	require.Equal(t, api.PhaseBlocked, s.read().Phase)
	require.Equal(t, api.PhaseBlocked, s.read().Phase)
	_, err := s.Client.WorkflowService().ResetWorkflowExecution(t.Context(), &workflowservice.ResetWorkflowExecutionRequest{
		Namespace: s.Namespace, WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: "service-101"}, RequestId: t.Name(),
		WorkflowTaskFinishEventId: 4, ResetReapplyExcludeTypes: []enumspb.ResetReapplyExcludeType{enumspb.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL},
	})
	require.NoError(t, err)
	require.Equal(t, api.PhaseActive, s.read().Phase, "the new run knows nothing of that signal")
}

func TestAnEndedServiceWakesNoWorkerAgain(t *testing.T) {
	s := newScene(t)
	stop := s.Work(t)
	s.started(order(101))
	s.end(101)
	require.Equal(t, "completed", s.read().Ending)
	o := order(102)
	s.started(o)
	require.NoError(t, s.Client.TerminateWorkflow(t.Context(), "service-102", "", "by hand"))
	_, err := s.Status(t.Context(), 102)
	require.NoError(t, err)

	asked := s.Queries()
	stop()
	require.Equal(t, "the server was given back", s.read().Summary)
	status, err := s.Status(t.Context(), 102)
	require.NoError(t, err)
	require.True(t, status.Abandoned())
	require.Equal(t, asked, s.Queries())
}

func TestFiveHundredReadersWakeAWorkerOnceForEachService(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.StartInventory(t, "fra1", time.Now())
	const services, readers = 10, 50
	for id := range services {
		o := order(101 + id)
		if id == 0 { // its place in the queue is its allocator's to tell
			o.Recipe = temporaltest.RecipeWaiting
		}
		s.start(o)
	}
	s.listed(control.Filter{Phase: string(api.PhaseActive)}, services-1)
	s.settled()
	fresh := control.New(s.Client, s.Namespace, settings(time.Hour)).Patient(timeout / 2)
	before := s.Queries()
	var crowd errgroup.Group
	for i := range services * readers {
		crowd.Go(func() error {
			status, err := fresh.Status(t.Context(), 101+i%services)
			if err == nil && status.ServiceID != 101+i%services {
				err = fmt.Errorf("service %d was shown instead", status.ServiceID)
			}
			return err
		})
	}
	require.NoError(t, crowd.Wait())
	require.LessOrEqual(t, s.Queries()-before, services+1, "one for each service, and one for a place in the queue")
}

// A new build of the workers may tell the same state in other words.
func TestAnOldAnswerIsAskedForAgainAndHoldsWithoutAWorker(t *testing.T) {
	s := newScene(t)
	stop := s.Work(t)
	s.started(order(101))
	s.settled()
	s.read()
	asked := s.Queries()
	s.AgeAnswers()
	s.read()
	require.Equal(t, asked+1, s.Queries())
	s.read()
	require.Equal(t, asked+1, s.Queries())
	stop()
	s.AgeAnswers()
	require.Equal(t, api.PhaseActive, s.read().Phase)
}
