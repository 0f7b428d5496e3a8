package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"golang.org/x/sync/errgroup"

	"metalease/internal/stack"
	"metalease/workflows/api/fleet"
)

// claims has orders wait for servers, gives them as many at once, and measures how fast the allocator decides who gets which.
func claims(ctx context.Context, b bench, r row) (result, error) {
	s, err := b.set(ctx, r)
	if err != nil {
		return result{}, err
	}
	defer s.stop()
	if err := s.quarantine(ctx, 1, soldPackage); err != nil { // so that the panel knows the package
		return result{}, err
	}
	if err := s.place(ctx, r.Count); err != nil {
		return result{}, err
	}
	if err := s.waiting(ctx, r.Count); err != nil {
		return result{}, fmt.Errorf("until all wait: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(8)
	for i := range r.Count {
		group.Go(func() error { return s.administer(ctx, 2+i, map[string]string{"type": soldPackage}) })
	}
	if err := group.Wait(); err != nil {
		return result{}, err
	}
	if _, err := s.Starter(ctx, "stock", "--panel", stack.Panel, "--refresh"); err != nil {
		return result{}, err
	}
	if err := s.waiting(ctx, 0); err != nil {
		return result{}, fmt.Errorf("until all have a server: %w", err)
	}
	decided, seconds, err := s.decided(ctx)
	if err != nil {
		return result{}, err
	}
	if err := s.built(ctx, r.Count, time.Second); err != nil { // so that nothing else runs beside the reference
		return result{}, err
	}
	alone, err := bare(ctx, s.temporal, decided, 1)
	return r.result(figure{What: "claims decided a second", Value: float64(decided) / seconds}.to(float64(decided)/alone, "bare activities").leastRatio(1)), err
}

// waiting waits until so many services wait for a server.
func (s *scene) waiting(ctx context.Context, services int) error {
	return until(ctx, s.row.patience(), time.Second, func() (bool, error) {
		var stock fleet.Stock
		if err := s.call(ctx, http.DefaultClient, http.MethodGet, "/v1/panels/"+stack.Panel+"/stock", nil, &stock); err != nil {
			return false, err
		}
		sum := 0
		for _, pkg := range stock.Packages {
			sum += pkg.Waiting
		}
		return sum == services, nil
	})
}

// decided counts the claims in the allocator's histories, and the seconds from the first one's begin to the last one's end.
func (s *scene) decided(ctx context.Context) (claims int, seconds float64, err error) {
	var first, last time.Time
	err = eachRun(ctx, s.temporal, fmt.Sprintf("WorkflowId = '%s'", fleet.InventoryWorkflowID(stack.Panel)), func(run execution) error {
		scheduled := map[int64]bool{}
		history := s.temporal.GetWorkflowHistory(ctx, run.id, run.run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for history.HasNext() {
			event, err := history.Next()
			if err != nil {
				return err
			}
			at := event.GetEventTime().AsTime()
			if begun := event.GetActivityTaskScheduledEventAttributes(); begun.GetActivityType().GetName() == "Claim" {
				scheduled[event.GetEventId()] = true
				if first.IsZero() || at.Before(first) {
					first = at
				}
			}
			if ended := event.GetActivityTaskCompletedEventAttributes(); ended != nil && scheduled[ended.GetScheduledEventId()] {
				claims++
				if at.After(last) {
					last = at
				}
			}
		}
		return nil
	})
	if err == nil && claims == 0 {
		err = fmt.Errorf("there is no claim in the histories of the allocator")
	}
	return claims, last.Sub(first).Seconds(), err
}
