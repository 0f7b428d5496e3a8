package edge

import (
	"context"

	"go.temporal.io/sdk/interceptor"
)

// Interceptors are those of every worker, and of every test that runs activities: what
// activities return reaches Temporal through Convert, their heartbeats are kept, and what they
// Keep outlives the attempt.
func Interceptors() []interceptor.WorkerInterceptor {
	return []interceptor.WorkerInterceptor{&converter{}, &heartbeat{}}
}

type converter struct {
	interceptor.WorkerInterceptorBase
}

// InterceptActivity implements interceptor.WorkerInterceptor.
func (c *converter) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &converterInbound{interceptor.ActivityInboundInterceptorBase{Next: next}}
}

type converterInbound struct {
	interceptor.ActivityInboundInterceptorBase
}

// ExecuteActivity implements interceptor.ActivityInboundInterceptor.
func (c *converterInbound) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	ctx = withMemory(ctx)
	result, err := c.Next.ExecuteActivity(ctx, in)
	if err != nil {
		return nil, convert(err, lasting(ctx, err))
	}
	return result, nil
}
