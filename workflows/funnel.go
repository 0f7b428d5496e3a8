package workflows

import (
	"encoding/json"
	"slices"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// funnelSignal is the one queue of a ServiceLifecycle.
const funnelSignal = "service-events"

// Signals between the workflows of metalease.
const (
	signalGranted   = "granted"
	signalRefused   = "refused"
	signalQueued    = "queued"
	signalWithdrawn = "withdrawn"
	signalAccount   = "account"
	signalAskAgain  = "ask-again"
)

var internalSignals = []string{signalGranted, signalRefused, signalQueued, signalWithdrawn, signalAccount, signalAskAgain}

// envelope is one signal as it goes through the funnel.
type envelope struct {
	Name  string          `json:"name"`
	Input json.RawMessage `json:"input,omitempty"`
	// Fault says why the input could not be decoded.
	Fault string `json:"fault,omitempty"`
}

// NewFunnel returns the interceptor that puts every signal of a
// ServiceLifecycle into one queue, in the order of the server. Channels of
// different names have no order among each other, and an input that does not
// decode would vanish (reference/temporal.md section 2 and 0.3). Workers and
// replayers of this package need it.
func NewFunnel() interceptor.WorkerInterceptor { return &funnel{} }

type funnel struct {
	interceptor.WorkerInterceptorBase
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (f *funnel) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &funnelInbound{interceptor.WorkflowInboundInterceptorBase{Next: next}}
}

type funnelInbound struct {
	interceptor.WorkflowInboundInterceptorBase
}

// HandleSignal implements interceptor.WorkflowInboundInterceptor.
func (f *funnelInbound) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	if workflow.GetInfo(ctx).WorkflowType.Name != TypeServiceLifecycle || !known(in.SignalName) {
		return f.Next.HandleSignal(ctx, in)
	}
	input, fault := plain(in.Arg)
	payloads, err := converter.GetDefaultDataConverter().ToPayloads(envelope{in.SignalName, input, fault})
	if err != nil {
		return err
	}
	return f.Next.HandleSignal(ctx, &interceptor.HandleSignalInput{SignalName: funnelSignal, Arg: payloads})
}

func known(signal string) bool {
	return slices.Contains(Signals, signal) || slices.Contains(internalSignals, signal)
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
