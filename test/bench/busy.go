package main

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"metalease/workflows/api"
)

// aimExpire is from a signed call to the block, beyond what the panel takes itself.
const aimExpire = time.Second

// busySamples are how many services are expired, alone and again while others build.
const busySamples = 20

// expire expires services that run, alone and while other orders are built.
func expire(ctx context.Context, b bench, r row) (result, error) {
	s, err := b.set(ctx, r)
	if err != nil {
		return result{}, err
	}
	defer s.stop()
	if err := s.build(ctx, 2*busySamples); err != nil {
		return result{}, err
	}
	all, err := s.services(ctx)
	if err != nil {
		return result{}, err
	}
	ids := all.active()
	alone, err := s.expireEach(ctx, ids[:busySamples])
	if err != nil {
		return result{}, err
	}
	var busy []time.Duration
	err = s.whileBuilding(ctx, func() (err error) {
		busy, err = s.expireEach(ctx, ids[busySamples:2*busySamples])
		return err
	})
	if err != nil {
		return result{}, err
	}
	// Of the panel itself: what it takes to show what was done, for the block alone.
	figures := append(spans("expire to blocked, alone", alone, 0), spans("expire to blocked, while orders build", busy, aimExpire+2*r.flagDelay())...)
	for i := range 2 {
		figures[2+i] = figures[2+i].to(figures[i].Value, "alone")
	}
	return r.result(figures...), nil
}

// whileBuilding does something while the orders of the row are built beside the services that run. It is an error
// when none of them was left at the end: then something was done alone.
func (s *scene) whileBuilding(ctx context.Context, do func() error) error {
	if err := s.place(ctx, s.row.Count); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	all, err := s.services(ctx)
	if err != nil {
		return err
	}
	if all.with(pendingStatus) == nil {
		return fmt.Errorf("nothing was built any more at the end: more orders are needed")
	}
	return nil
}

// expireEach expires services one after another, each overdue in WHMCS, and returns how long each took until the panel had
// blocked its server and that was read back.
func (s *scene) expireEach(ctx context.Context, ids []int) (times []time.Duration, err error) {
	yesterday := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	for _, id := range ids {
		if err := s.AskWHMCS(ctx, http.MethodPost, fmt.Sprintf("/_sim/services/%d", id), map[string]string{"next_due_date": yesterday}, nil); err != nil {
			return nil, err
		}
		took, err := s.expireOne(ctx, id)
		if err != nil {
			return nil, err
		}
		times = append(times, took)
	}
	return times, nil
}

// expireOne asks on when the longest wait of one call was too short; the signal is sent once.
func (s *scene) expireOne(ctx context.Context, id int) (time.Duration, error) {
	body := map[string]string{"event_id": fmt.Sprintf("bench-%d", id), "due": time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)}
	began := time.Now()
	for {
		var answer struct {
			Outcome api.Outcome
			Reason  string
			Reached bool
		}
		if err := s.call(ctx, http.DefaultClient, http.MethodPost, fmt.Sprintf("/v1/services/%d/expire?wait=20s", id), body, &answer); err != nil {
			return 0, err
		}
		switch {
		case answer.Reached && answer.Outcome == api.OutcomeApplied:
			return time.Since(began), nil
		case answer.Reached:
			return 0, fmt.Errorf("expire of service %d: %s: %s", id, answer.Outcome, answer.Reason)
		}
	}
}

const (
	readersAtOnce = 16
	readFor       = 8 * time.Second
)

// readers reads statuses, alone and while orders are built.
func readers(ctx context.Context, b bench, r row) (result, error) {
	s, err := b.set(ctx, r)
	if err != nil {
		return result{}, err
	}
	defer s.stop()
	if err := s.build(ctx, busySamples); err != nil {
		return result{}, err
	}
	all, err := s.services(ctx)
	if err != nil {
		return result{}, err
	}
	ids := all.active()
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: readersAtOnce}}
	read := func(ctx context.Context, i int) error {
		return s.call(ctx, client, http.MethodGet, fmt.Sprintf("/v1/services/%d", ids[i%len(ids)]), nil, nil)
	}
	describe := func(ctx context.Context, i int) error {
		_, err := s.temporal.DescribeWorkflow(ctx, api.ServiceWorkflowID(ids[i%len(ids)]), "")
		return err
	}
	alone, err := crowd(ctx, read)
	if err != nil {
		return result{}, err
	}
	described, err := crowd(ctx, describe)
	if err != nil {
		return result{}, err
	}
	var busy, busyDescribed []time.Duration
	err = s.whileBuilding(ctx, func() error {
		all, err := s.services(ctx)
		if err != nil {
			return err
		}
		ids = nil // those that are built are read too
		for _, service := range all.Services {
			ids = append(ids, service.ID)
		}
		if busy, err = crowd(ctx, read); err != nil {
			return err
		}
		busyDescribed, err = crowd(ctx, describe)
		return err
	})
	rate := func(times []time.Duration) float64 { return float64(len(times)) / readFor.Seconds() }
	figures := []figure{figure{What: "status calls a second, alone", Value: rate(alone)}.to(rate(described), "bare descriptions")}
	figures = append(figures, spans("a status call, alone", alone, 0)...)
	figures = append(figures, figure{What: "status calls a second, while orders build", Value: rate(busy)}.to(rate(busyDescribed), "bare descriptions"))
	return r.result(append(figures, spans("a status call, while orders build", busy, 0)...)...), err
}

// crowd has many call at once for some seconds, and returns how long each call took.
func crowd(ctx context.Context, call func(ctx context.Context, i int) error) ([]time.Duration, error) {
	end := time.Now().Add(readFor)
	var next atomic.Int64
	var group errgroup.Group
	times := make([][]time.Duration, readersAtOnce)
	for reader := range readersAtOnce {
		group.Go(func() error {
			for time.Now().Before(end) {
				began := time.Now()
				if err := call(ctx, int(next.Add(1))); err != nil {
					return err
				}
				times[reader] = append(times[reader], time.Since(began))
			}
			return nil
		})
	}
	err := group.Wait()
	var all []time.Duration
	for _, some := range times {
		all = append(all, some...)
	}
	return all, err
}
