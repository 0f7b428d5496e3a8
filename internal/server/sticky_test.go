package server

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.uber.org/zap"
	"google.golang.org/grpc"

	"metalease/activities/engine"
	"metalease/internal/audit"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/metrics"
	"metalease/internal/temporalclient"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// losing is a way from the server to a worker on which tasks of the sticky queue are lost.
type losing struct{ left, lost atomic.Int32 }

func (l *losing) intercept(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	err := invoke(ctx, method, req, reply, cc, opts...)
	asked, poll := req.(*workflowservice.PollWorkflowTaskQueueRequest)
	if err != nil || !poll || asked.GetTaskQueue().GetKind() != enumspb.TASK_QUEUE_KIND_STICKY {
		return err
	}
	// What would be lost with a connection is taken before the server has written down that it was begun: only a query can be.
	answer := reply.(*workflowservice.PollWorkflowTaskQueueResponse)
	if answer.GetQuery() != nil && l.left.Add(-1) >= 0 {
		l.lost.Add(1)
		answer.Reset()
	}
	return nil
}

// A query whose way is lost comes again after the sticky timeout (docs/temporal.md 2): while somebody still waits for it.
func TestAQueryThatIsLostIsAnsweredWhileSomebodyWaits(t *testing.T) {
	w := newWorld(t, config.ModeManage)
	var way losing
	temporal, err := temporalclient.Dial(t.Context(), zap.NewNop(), "worker", w.cfg.Temporal.Encryption, func(o *client.Options) {
		o.ConnectionOptions.DialOptions = append(o.ConnectionOptions.DialOptions, grpc.WithChainUnaryInterceptor(way.intercept))
	})
	require.NoError(t, err)
	t.Cleanup(temporal.Close)
	line := &engine.BrakeLine{TaskQueue: api.QueueWorkflows, Client: temporal}
	built, err := newBackends(w.cfg, wiring{brakes: line, calls: metrics.NewCalls(prometheus.NewRegistry()), written: audit.New(zap.NewNop()), logger: zap.NewNop()})
	require.NoError(t, err)
	require.NoError(t, prepare(t.Context(), temporal, w.cfg))
	built.reconcilers, err = newReconcilers(temporal, w.cfg, built.panels, client.MetricsNopHandler)
	require.NoError(t, err)
	all := newWorkers(temporal, w.cfg, built, audit.New(zap.NewNop()))
	require.NoError(t, all.start())
	t.Cleanup(all.stop)

	ctl := control.New(w.Client, w.Namespace, w.cfg)
	w.eventually(func() bool {
		stock, err := ctl.Stock(t.Context(), "fra1", false)
		return err == nil && stock.AsOf != nil
	}, "the allocator answers")
	way.left.Store(1)
	limited, cancel := context.WithTimeout(t.Context(), testTimeout)
	defer cancel()
	began := time.Now()
	_, err = w.Client.QueryWorkflow(limited, fleet.InventoryWorkflowID("fra1"), "", fleet.QueryStock)
	require.NoError(t, err)
	require.Equal(t, int32(1), way.lost.Load(), "the query was lost once")
	require.Less(t, time.Since(began), 4*time.Second)
}
