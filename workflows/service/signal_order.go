package service

import (
	"encoding/json"
	"metalease/workflows/api"
	"metalease/workflows/internal/message"
	"slices"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// orderedSignals is the one queue of a ServiceLifecycle.
const orderedSignals = "service-events"

var internalSignals = []string{message.SignalGranted, message.SignalRefused, message.SignalQueued, message.SignalWithdrawn, message.SignalAccount, message.SignalAskAgain}

// envelope is one signal as it goes into the one queue.
type envelope struct {
	Name  string          `json:"name"`
	Input json.RawMessage `json:"input,omitempty"`
	// Fault says why the input could not be decoded.
	Fault string `json:"fault,omitempty"`
}

// NewSignalOrder returns the interceptor that puts every signal of a
// ServiceLifecycle into one queue, in the order of the server. Channels of
// different names have no order among each other, and an input that does not
// decode would vanish (docs/temporal.md 2 and 0.3). Workers and
// replayers of this package need it.
func NewSignalOrder() interceptor.WorkerInterceptor { return &signalOrder{} }

type signalOrder struct {
	interceptor.WorkerInterceptorBase
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (f *signalOrder) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &signalOrderInbound{interceptor.WorkflowInboundInterceptorBase{Next: next}}
}

type signalOrderInbound struct {
	interceptor.WorkflowInboundInterceptorBase
}

// HandleSignal implements interceptor.WorkflowInboundInterceptor.
func (f *signalOrderInbound) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	if workflow.GetInfo(ctx).WorkflowType.Name != api.TypeServiceLifecycle || !known(in.SignalName) {
		return f.Next.HandleSignal(ctx, in)
	}
	input, fault := plain(in.Arg)
	payloads, err := converter.GetDefaultDataConverter().ToPayloads(envelope{in.SignalName, input, fault})
	if err != nil {
		return err
	}
	return f.Next.HandleSignal(ctx, &interceptor.HandleSignalInput{SignalName: orderedSignals, Arg: payloads})
}

func known(signal string) bool {
	return slices.Contains(api.Signals, signal) || slices.Contains(internalSignals, signal)
}

// plain returns the JSON of a signal's input; absent is empty.
func plain(arg *commonpb.Payloads) (json.RawMessage, string) {
	payloads := arg.GetPayloads()
	if len(payloads) == 0 {
		return nil, ""
	}
	switch encoding := string(payloads[0].GetMetadata()[converter.MetadataEncoding]); encoding {
	case converter.MetadataEncodingNil:
		return nil, ""
	case converter.MetadataEncodingJSON:
		if data := payloads[0].GetData(); json.Valid(data) {
			return data, ""
		}
		return nil, "the input is not JSON"
	default:
		return nil, "the input has the encoding " + encoding + ", not " + converter.MetadataEncodingJSON
	}
}
