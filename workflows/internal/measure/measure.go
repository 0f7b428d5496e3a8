// Package measure counts what becomes of orders, for Prometheus, from outside of the lifecycle: an interceptor sees what a
// lifecycle tells the visibility store and staff, and asks it for its status. It adds no command and changes nothing; the SDK
// leaves out what is only replayed.
package measure

import (
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/workflows/api"
)

// Names of the metrics, without what the exporter puts behind them.
const (
	metricOrders    = "metalease_orders"
	metricPaid      = "metalease_order"
	metricStep      = "metalease_order_step"
	metricAttention = "metalease_attention"
)

// What becomes of an order.
const (
	outcomeDelivered = "delivered"
	outcomeWaiting   = "waiting"
	outcomeAttention = "attention"
	outcomeEnded     = "ended"
)

// just is how long after the end of its last step a service counts as delivered now; a later change of phase is another matter.
const just = time.Minute

// New returns the interceptor.
func New() interceptor.WorkerInterceptor { return &measure{} }

type measure struct {
	interceptor.WorkerInterceptorBase
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (m *measure) InterceptWorkflow(ctx workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	if workflow.GetInfo(ctx).WorkflowType.Name != api.TypeServiceLifecycle {
		return next
	}
	return &inbound{interceptor.WorkflowInboundInterceptorBase{Next: next}}
}

type inbound struct {
	interceptor.WorkflowInboundInterceptorBase
}

// Init implements interceptor.WorkflowInboundInterceptor.
func (i *inbound) Init(next interceptor.WorkflowOutboundInterceptor) error {
	return i.Next.Init(&outbound{WorkflowOutboundInterceptorBase: interceptor.WorkflowOutboundInterceptorBase{Next: next}})
}

type outbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	// status answers the query of that name.
	status func() (api.Status, error)
}

// SetQueryHandlerWithOptions implements interceptor.WorkflowOutboundInterceptor.
func (o *outbound) SetQueryHandlerWithOptions(ctx workflow.Context, query string, handler any, options workflow.QueryHandlerOptions) error {
	if answer, is := handler.(func() (api.Status, error)); is && query == api.QueryStatus {
		o.status = answer
	}
	return o.Next.SetQueryHandlerWithOptions(ctx, query, handler, options)
}

// ExecuteActivity implements interceptor.WorkflowOutboundInterceptor.
func (o *outbound) ExecuteActivity(ctx workflow.Context, kind string, args ...any) workflow.Future {
	for _, arg := range args {
		if cause, is := arg.(billing.Announcement); is && !cause.Over {
			workflow.GetMetricsHandler(ctx).WithTags(map[string]string{"code": cause.Code}).Counter(metricAttention).Inc(1)
		}
	}
	return o.Next.ExecuteActivity(ctx, kind, args...)
}

// UpsertTypedSearchAttributes implements interceptor.WorkflowOutboundInterceptor.
func (o *outbound) UpsertTypedSearchAttributes(ctx workflow.Context, updates ...temporal.SearchAttributeUpdate) error {
	was, _ := workflow.GetTypedSearchAttributes(ctx).GetKeyword(api.AttrPhase)
	if err := o.Next.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		return err
	}
	is, _ := workflow.GetTypedSearchAttributes(ctx).GetKeyword(api.AttrPhase)
	if is != was && o.status != nil && !workflow.IsReplaying(ctx) {
		o.changed(ctx, api.Phase(was), api.Phase(is))
	}
	return nil
}

// changed counts an order that has come somewhere.
func (o *outbound) changed(ctx workflow.Context, was, is api.Phase) {
	status, err := o.status()
	if err != nil {
		return
	}
	outcome := outcomeOf(status, was, is, workflow.Now(ctx))
	if outcome == "" {
		return
	}
	metrics := workflow.GetMetricsHandler(ctx)
	metrics.WithTags(map[string]string{"outcome": outcome}).Counter(metricOrders).Inc(1)
	if outcome != outcomeDelivered {
		return
	}
	last := status.Steps[len(status.Steps)-1]
	if !status.Order.PaidAt.IsZero() {
		metrics.Timer(metricPaid).Record(last.Ended.Sub(status.Order.PaidAt))
	}
	for _, step := range status.Steps {
		metrics.WithTags(map[string]string{"step": string(step.Step)}).Timer(metricStep).Record(step.Ended.Sub(step.Began))
	}
}

// outcomeOf is what has become of an order with a change of phase; empty when it is none of an order.
func outcomeOf(s api.Status, was, is api.Phase, now time.Time) string {
	if was == api.PhaseActive || was == api.PhaseBlocked || was == api.PhaseReleasing {
		return ""
	}
	n := len(s.Steps)
	handed := n > 0 && s.Steps[n-1].Step == api.StepHandOver && !s.Steps[n-1].Ended.IsZero()
	switch {
	case is == api.PhaseActive || is == api.PhaseBlocked:
		if handed && now.Sub(s.Steps[n-1].Ended) < just {
			return outcomeDelivered
		}
	case handed: // attention or the end of a service that its customer has
	case is == api.PhaseWaiting:
		return outcomeWaiting
	case is == api.PhaseAttention:
		return outcomeAttention
	case is == api.PhaseReleasing || is == api.PhaseReleased:
		return outcomeEnded
	}
	return ""
}
