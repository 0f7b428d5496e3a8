package server

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/sdk/client"
	"go.uber.org/zap"
	"google.golang.org/protobuf/types/known/timestamppb"

	"metalease/activities/engine"
	"metalease/internal/audit"
	"metalease/internal/config"
	"metalease/internal/metrics"
	"metalease/internal/temporalclient"
	"metalease/workflows/api"
)

func TestWorkersThatPoll(t *testing.T) {
	t.Parallel()
	at := func(who string, age time.Duration) *taskqueuepb.PollerInfo {
		return &taskqueuepb.PollerInfo{Identity: who, LastAccessTime: timestamppb.New(time.Unix(1_767_225_600, 0).Add(-age))}
	}
	for name, c := range map[string]struct {
		pollers []*taskqueuepb.PollerInfo
		want    int
	}{
		"nobody":                     {nil, 0},
		"one on many queues":         {[]*taskqueuepb.PollerInfo{at("a", 0), at("a", time.Minute), at("a", time.Second)}, 1},
		"two":                        {[]*taskqueuepb.PollerInfo{at("a", 0), at("b", time.Minute)}, 2},
		"one that was killed":        {[]*taskqueuepb.PollerInfo{at("a", 0), at("b", 91*time.Second)}, 1},
		"a clock that is far behind": {[]*taskqueuepb.PollerInfo{at("a", 9000*time.Hour), at("b", 9000*time.Hour)}, 2},
	} {
		require.Equal(t, c.want, polling(c.pollers), name)
	}
}

// What is told to the clients of panel and WHMCS is how many workers there are.
func TestLimitsAreDividedAmongTheWorkersThatAreThere(t *testing.T) {
	w := newWorld(t, config.ModeManage)
	start := func(identity string) *sharing {
		temporal, err := temporalclient.Dial(t.Context(), zap.NewNop(), identity, config.Encryption{}, func(*client.Options) {})
		require.NoError(t, err)
		t.Cleanup(temporal.Close)
		built, err := newBackends(w.cfg, wiring{brakes: &engine.BrakeLine{TaskQueue: api.QueueWorkflows, Client: temporal}, calls: metrics.NewCalls(prometheus.NewRegistry()), written: audit.New(zap.NewNop()), logger: zap.NewNop()})
		require.NoError(t, err)
		require.NoError(t, prepare(t.Context(), temporal, w.cfg))
		built.reconcilers, err = newReconcilers(temporal, w.cfg, built.panels, client.MetricsNopHandler)
		require.NoError(t, err)
		require.Len(t, built.vendors, 2, "a panel and WHMCS")
		s := &sharing{temporal: temporal, logger: zap.NewNop(), vendors: built.vendors}
		s.look(t.Context(), 1)
		all := newWorkers(temporal, w.cfg, built, audit.New(zap.NewNop()))
		require.NoError(t, all.start())
		t.Cleanup(all.stop)
		return s
	}
	know := func(s *sharing, workers int) func() bool {
		return func() bool {
			s.look(t.Context(), 0)
			return s.vendors[0].known == workers && s.vendors[1].known == workers
		}
	}
	first := start("worker-1")
	require.Equal(t, 1, first.vendors[0].known)
	w.eventually(know(first, 1), "the first worker is seen")
	second := start("worker-2")
	require.Equal(t, 2, second.vendors[0].known, "it counts itself before it takes anything")
	w.eventually(know(first, 2), "the first learns of the second")
	require.Equal(t, 2, second.vendors[1].known)
}
