package codec

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	failurepb "go.temporal.io/api/failure/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
)

// TestWhatTheRunBeforeLeftIsForgottenWithItsKey: nothing else of a history is, and nothing that can be read.
func TestWhatTheRunBeforeLeftIsForgottenWithItsKey(t *testing.T) {
	sealed, err := made(t, key("k1", "a")).Encode([]*commonpb.Payload{payload(t, "text")})
	require.NoError(t, err)
	began := func() *historypb.WorkflowExecutionStartedEventAttributes {
		return &historypb.WorkflowExecutionStartedEventAttributes{
			Input: &commonpb.Payloads{Payloads: sealed}, LastCompletionResult: &commonpb.Payloads{Payloads: sealed},
			ContinuedFailure: &failurepb.Failure{EncodedAttributes: sealed[0]},
		}
	}
	history := func(of *historypb.WorkflowExecutionStartedEventAttributes) *historypb.History {
		return &historypb.History{Events: []*historypb.HistoryEvent{
			{Attributes: &historypb.HistoryEvent_WorkflowExecutionStartedEventAttributes{WorkflowExecutionStartedEventAttributes: of}},
			{Attributes: &historypb.HistoryEvent_WorkflowTaskScheduledEventAttributes{}},
		}}
	}
	for _, answer := range []func(*historypb.History) any{
		func(h *historypb.History) any { return &workflowservice.PollWorkflowTaskQueueResponse{History: h} },
		func(h *historypb.History) any {
			return &workflowservice.GetWorkflowExecutionHistoryResponse{History: h}
		},
		func(h *historypb.History) any {
			return &workflowservice.RespondWorkflowTaskCompletedResponse{WorkflowTask: &workflowservice.PollWorkflowTaskQueueResponse{History: h}}
		},
	} {
		asked := func(c *Codec) *historypb.WorkflowExecutionStartedEventAttributes {
			of := began()
			invoke := func(context.Context, string, any, any, *grpc.ClientConn, ...grpc.CallOption) error { return nil }
			require.NoError(t, c.forgetLastRun(t.Context(), "", nil, answer(history(of)), nil, invoke))
			return of
		}
		for _, without := range []*Codec{made(t, key("k2", "b")), made(t)} {
			of := asked(without)
			require.Nil(t, of.GetLastCompletionResult())
			require.Nil(t, of.GetContinuedFailure())
			require.NotNil(t, of.GetInput(), "an input is needed: its key is missed")
		}
		of := asked(made(t, key("k2", "b"), key("k1", "a")))
		require.NotNil(t, of.GetLastCompletionResult())
		require.NotNil(t, of.GetContinuedFailure())
	}
	require.NoError(t, made(t).forgetLastRun(t.Context(), "", nil, &workflowservice.GetSystemInfoResponse{}, nil,
		func(context.Context, string, any, any, *grpc.ClientConn, ...grpc.CallOption) error { return nil }))
}
