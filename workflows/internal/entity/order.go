package entity

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// NewSignalOrder returns the interceptor that every worker and every replayer of an entity needs:
// it puts all signals of a run into one queue, in the order of the server. Channels of different
// names have no order among each other, a channel hands a signal to a coroutine that may never run
// again, and an input that does not decode vanishes in it.
func NewSignalOrder() interceptor.WorkerInterceptor { return &signalOrder{} }

type signalOrder struct {
	interceptor.WorkerInterceptorBase
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (s *signalOrder) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &signalOrderInbound{WorkflowInboundInterceptorBase: interceptor.WorkflowInboundInterceptorBase{Next: next}, arrived: &queue{}}
}

// queue holds the signals of one run that were not taken yet.
type queue struct{ signals []arrival }

type arrival struct {
	name  string
	input Input
}

type signalOrderInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	arrived *queue
}

type queueKey struct{}

// ExecuteWorkflow implements interceptor.WorkflowInboundInterceptor: New finds the queue in the context.
func (s *signalOrderInbound) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	return s.Next.ExecuteWorkflow(workflow.WithValue(ctx, queueKey{}, s.arrived), in)
}

// reserved is how the names of the engine's own signals begin.
const reserved = "__temporal_"

// HandleSignal implements interceptor.WorkflowInboundInterceptor.
func (s *signalOrderInbound) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	if strings.HasPrefix(in.SignalName, reserved) {
		return s.Next.HandleSignal(ctx, in)
	}
	s.arrived.signals = append(s.arrived.signals, arrival{in.SignalName, plain(in.Arg)})
	return nil
}

// Input is what came with a signal.
type Input struct {
	// JSON is empty when nothing came.
	JSON json.RawMessage
	// Fault says why the input is no JSON; then JSON is empty.
	Fault string
}

// Decode reads the input; an absent one leaves the value as it is.
func (in Input) Decode(into any) error {
	switch {
	case in.Fault != "":
		return errors.New(in.Fault)
	case len(in.JSON) == 0:
		return nil
	}
	if err := json.Unmarshal(in.JSON, into); err != nil {
		return fmt.Errorf("the input cannot be read: %s", err)
	}
	return nil
}

// plain reads the first argument of a signal.
func plain(arg *commonpb.Payloads) Input {
	payloads := arg.GetPayloads()
	if len(payloads) == 0 {
		return Input{}
	}
	switch encoding := string(payloads[0].GetMetadata()[converter.MetadataEncoding]); encoding {
	case converter.MetadataEncodingNil:
		return Input{}
	case converter.MetadataEncodingJSON:
		if data := payloads[0].GetData(); json.Valid(data) {
			return Input{JSON: data}
		}
		return Input{Fault: "the input is not JSON"}
	default:
		return Input{Fault: "the input has the encoding " + encoding + ", not " + converter.MetadataEncodingJSON}
	}
}
