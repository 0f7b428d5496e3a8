package temporaltest

import (
	"sync/atomic"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// Queries tells how many queries the stand-ins of a namespace have answered: each is a task that a worker was woken for.
func (s Server) Queries() int { return int(s.queries.Load()) }

// queryCount counts what a worker is asked.
type queryCount struct {
	interceptor.WorkerInterceptorBase
	count *atomic.Int64
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (q *queryCount) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &queriedWorkflow{interceptor.WorkflowInboundInterceptorBase{Next: next}, q.count}
}

type queriedWorkflow struct {
	interceptor.WorkflowInboundInterceptorBase
	count *atomic.Int64
}

// HandleQuery implements interceptor.WorkflowInboundInterceptor.
func (q *queriedWorkflow) HandleQuery(ctx workflow.Context, in *interceptor.HandleQueryInput) (any, error) {
	q.count.Add(1)
	return q.Next.HandleQuery(ctx, in)
}
