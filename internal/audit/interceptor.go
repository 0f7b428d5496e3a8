package audit

import (
	"context"
	"encoding/json"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
	"go.uber.org/zap"

	"metalease/internal/clean"
	"metalease/workflows/api"
)

// who asked for something, as far as the input of a signal or an activity says it.
type who struct {
	EventID string    `json:"event_id"`
	Reason  string    `json:"reason"`
	Source  string    `json:"source"`
	Actor   api.Actor `json:"actor"`
	By      api.Actor `json:"by"`
}

func (w who) fields() []zap.Field {
	actor := w.Actor
	if actor == (api.Actor{}) {
		actor = w.By
	}
	var fields []zap.Field
	for _, f := range []struct{ name, value string }{
		{"event_id", w.EventID}, {"why", w.Reason}, {"source", w.Source}, {"actor_kind", actor.Kind}, {"actor", actor.Name},
	} {
		if f.value != "" {
			fields = append(fields, zap.String(f.name, clean.Line(f.value, api.LimitMessage)))
		}
	}
	return fields
}

// read finds who asked in an input of whatever form; what is none says nothing.
func read(input any) who {
	var found who
	text, err := json.Marshal(input)
	if err == nil {
		_ = json.Unmarshal(text, &found) // another form says nothing of who
	}
	return found
}

type argumentsKey struct{}

// whoIn is who asked for what an activity does.
func whoIn(ctx context.Context) who {
	arguments, _ := ctx.Value(argumentsKey{}).([]any)
	for _, argument := range arguments {
		if found := read(argument); found != (who{}) {
			return found
		}
	}
	return who{}
}

// By has the calls of a context written down as somebody's: who, by what program, and why.
func By(ctx context.Context, actor api.Actor, source, reason string) context.Context {
	return context.WithValue(ctx, argumentsKey{}, []any{who{Reason: reason, Source: source, Actor: actor}})
}

// Interceptor writes down signals and changes of phase, and lets the calls of activities know who asked. The workflows are given
// nothing and asked nothing: no command comes of it.
func (l *Log) Interceptor() interceptor.WorkerInterceptor { return &watcher{log: l} }

type watcher struct {
	interceptor.WorkerInterceptorBase
	log *Log
}

// InterceptActivity implements interceptor.WorkerInterceptor.
func (w *watcher) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &activities{interceptor.ActivityInboundInterceptorBase{Next: next}}
}

type activities struct {
	interceptor.ActivityInboundInterceptorBase
}

// ExecuteActivity implements interceptor.ActivityInboundInterceptor.
func (a *activities) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	return a.Next.ExecuteActivity(context.WithValue(ctx, argumentsKey{}, in.Args), in)
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (w *watcher) InterceptWorkflow(ctx workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	if workflow.GetInfo(ctx).WorkflowType.Name != api.TypeServiceLifecycle {
		return next
	}
	return &inbound{interceptor.WorkflowInboundInterceptorBase{Next: next}, w.log}
}

type inbound struct {
	interceptor.WorkflowInboundInterceptorBase
	log *Log
}

// Init implements interceptor.WorkflowInboundInterceptor.
func (i *inbound) Init(next interceptor.WorkflowOutboundInterceptor) error {
	return i.Next.Init(&outbound{interceptor.WorkflowOutboundInterceptorBase{Next: next}, i.log})
}

// HandleSignal implements interceptor.WorkflowInboundInterceptor.
func (i *inbound) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	if !workflow.IsReplaying(ctx) {
		asked := who{}
		if payloads := in.Arg.GetPayloads(); len(payloads) > 0 {
			var text json.RawMessage
			if converter.GetDefaultDataConverter().FromPayload(payloads[0], &text) == nil {
				asked = said(text)
			}
		}
		//workflowcheck:ignore it is written, never read, and not at a replay
		i.log.lines.Info("signal "+clean.Line(in.SignalName, api.LimitID), append(of(ctx), asked.fields()...)...)
	}
	return i.Next.HandleSignal(ctx, in)
}

// said reads the input of a signal: an object, or a text that is the reason.
func said(text json.RawMessage) who {
	var asked who
	if json.Unmarshal(text, &asked.Reason) == nil {
		return asked
	}
	asked = who{}
	_ = json.Unmarshal(text, &asked) // one that cannot be read changes nothing, and the timeline says so
	return asked
}

type outbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	log *Log
}

// UpsertTypedSearchAttributes implements interceptor.WorkflowOutboundInterceptor.
func (o *outbound) UpsertTypedSearchAttributes(ctx workflow.Context, updates ...temporal.SearchAttributeUpdate) error {
	was, _ := workflow.GetTypedSearchAttributes(ctx).GetKeyword(api.AttrPhase)
	if err := o.Next.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		return err
	}
	is, _ := workflow.GetTypedSearchAttributes(ctx).GetKeyword(api.AttrPhase)
	if is != was && !workflow.IsReplaying(ctx) {
		//workflowcheck:ignore it is written, never read, and not at a replay
		o.log.lines.Info("phase", append(of(ctx), zap.String("before", was), zap.String("after", is))...)
	}
	return nil
}

// of names the service of a workflow.
func of(ctx workflow.Context) []zap.Field {
	id := workflow.GetInfo(ctx).WorkflowExecution.ID
	return []zap.Field{zap.String("service", serviceOf(id)), zap.String("workflow", id), zap.String("run", workflow.GetInfo(ctx).WorkflowExecution.RunID)}
}
