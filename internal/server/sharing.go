package server

import (
	"context"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/sdk/client"
	"go.uber.org/zap"

	"metalease/workflows/api/fleet"
)

const (
	// countEvery is how often workers are counted: so long may a new one and an old one ask too much together.
	countEvery = 10 * time.Second
	// pollAge is how much older than the newest a poll may be that counts: a poll lasts a minute, and a worker that was killed polls no more.
	pollAge = 90 * time.Second
)

// vendor is somebody whom all workers together must not ask more than one may.
type vendor struct {
	name string
	// queues are those from which every worker takes what makes it ask.
	queues []string
	// share leaves to this process its part of the limits.
	share func(workers int)
	known int
	// fewer is the last count if it was below that: it counts once it was seen twice.
	fewer int
	// untold is true while workers cannot be counted.
	untold bool
}

func panelVendor(panel string, share func(int)) *vendor {
	return &vendor{
		name:   "panel " + panel,
		queues: []string{fleet.PanelQueue(panel), fleet.UrgentQueue(panel), fleet.UnblockQueue(panel), fleet.WatchQueue(panel)},
		share:  share,
	}
}

// sharing divides each vendor's limits among the workers that Temporal sees on its task queues. While it cannot tell, all stays as it was.
type sharing struct {
	temporal client.Client
	logger   *zap.Logger
	vendors  []*vendor
}

// look counts once. more are workers that do not take tasks yet.
func (s *sharing) look(ctx context.Context, more int) {
	for _, v := range s.vendors {
		workers, err := s.count(ctx, v.queues)
		workers += more
		if err != nil || workers == 0 { // Temporal forgets who polls when it is restarted
			if !v.untold {
				s.logger.Warn("it cannot be told how many workers there are; limits stay divided as they are", zap.String("towards", v.name), zap.Int("workers", v.known), zap.Error(err))
			}
			v.untold = true
			continue
		}
		v.untold = false
		if workers >= v.known {
			v.fewer = 0
		} else if v.fewer != workers { // those that poll again come within the next count
			v.fewer = workers
			continue
		}
		if workers == v.known {
			continue
		}
		v.share(workers)
		if v.known != 0 || workers > 1 {
			s.logger.Info("limits are divided", zap.String("towards", v.name), zap.Int("workers", workers))
		}
		v.known = workers
	}
}

// run counts again and again until the context ends.
func (s *sharing) run(ctx context.Context) {
	ticker := time.NewTicker(countEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.look(ctx, 0)
		case <-ctx.Done():
			return
		}
	}
}

func (s *sharing) count(ctx context.Context, queues []string) (int, error) {
	limited, cancel := context.WithTimeout(ctx, countEvery)
	defer cancel()
	var pollers []*taskqueuepb.PollerInfo
	for _, queue := range queues {
		known, err := s.temporal.DescribeTaskQueue(limited, queue, enumspb.TASK_QUEUE_TYPE_ACTIVITY)
		if err != nil {
			return 0, err
		}
		pollers = append(pollers, known.GetPollers()...)
	}
	return polling(pollers), nil
}

// polling is how many workers poll. Times are those of the server, so the newest is its clock.
func polling(pollers []*taskqueuepb.PollerInfo) int {
	var newest time.Time
	for _, p := range pollers {
		if at := p.GetLastAccessTime().AsTime(); at.After(newest) {
			newest = at
		}
	}
	workers := map[string]bool{}
	for _, p := range pollers {
		if newest.Sub(p.GetLastAccessTime().AsTime()) < pollAge {
			workers[p.GetIdentity()] = true
		}
	}
	return len(workers)
}
