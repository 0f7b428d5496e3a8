package codec

import (
	"context"
	"slices"

	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// forgetLastRun takes from a history what the run before has left, where it is encrypted with a key that is not here. A schedule hands
// the last result and the last failure on until there is a newer one, however long ago that run was deleted, and nothing tells that it
// still has them (docs/temporal.md 0.10): a key on which nothing hangs any more would be missed by the next run, which no worker could
// take, for ever. What is forgotten is what a first run does not have either.
func (c *Codec) forgetLastRun(ctx context.Context, method string, request, answer any, connection *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	if err := invoke(ctx, method, request, answer, connection, options...); err != nil {
		return err
	}
	dropLastRun(eventsOf(answer), c.lacksKeyOf)
	return nil
}

// dropLastRun takes from events what the run before has left, where it is to go.
func dropLastRun(events []*historypb.HistoryEvent, goes func(proto.Message) bool) {
	for _, event := range events {
		began := event.GetWorkflowExecutionStartedEventAttributes()
		if began == nil {
			continue
		}
		if goes(began.GetLastCompletionResult()) {
			began.LastCompletionResult = nil
		}
		if goes(began.GetContinuedFailure()) {
			began.ContinuedFailure = nil
		}
	}
}

// eventsOf are the events of an answer that has some.
func eventsOf(answer any) []*historypb.HistoryEvent {
	switch answer := answer.(type) {
	case interface{ GetHistory() *historypb.History }:
		return answer.GetHistory().GetEvents()
	case *workflowservice.RespondWorkflowTaskCompletedResponse:
		return answer.GetWorkflowTask().GetHistory().GetEvents()
	}
	return nil
}

// lacksKeyOf tells whether something of a message is encrypted with a key that is not here.
func (c *Codec) lacksKeyOf(message proto.Message) bool {
	ids, err := KeysOf(message)
	return err != nil || slices.ContainsFunc(ids, func(id string) bool { return c.by[id] == nil })
}
