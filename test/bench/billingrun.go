package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// billingRun has WHMCS suspend all services for being overdue, one after another as its daily cron does, and waits until the panel
// has blocked all of their servers.
func billingRun(ctx context.Context, b bench, r row) (result, error) {
	s, err := b.set(ctx, r)
	if err != nil {
		return result{}, err
	}
	defer s.stop()
	if err := s.build(ctx, r.Count); err != nil {
		return result{}, err
	}
	all, err := s.services(ctx)
	if err != nil {
		return result{}, err
	}
	before, err := vendors(ctx, s.Stack)
	if err != nil {
		return result{}, err
	}
	var times []time.Duration
	began := time.Now()
	for _, id := range all.active() {
		called := time.Now()
		if err := s.AskWHMCS(ctx, http.MethodPost, fmt.Sprintf("/_sim/services/%d/overdue", id), map[string]string{}, nil); err != nil {
			return result{}, err
		}
		times = append(times, time.Since(called))
	}
	told := time.Since(began)
	if err := until(ctx, r.patience(), 250*time.Millisecond, func() (bool, error) {
		panel, err := s.servers(ctx)
		return panel.disabled() == r.Count, err
	}); err != nil {
		return result{}, err
	}
	blocked := time.Since(began)
	after, err := vendors(ctx, s.Stack)
	measured := r.result(append([]figure{
		figure{What: "until all are blocked", Value: blocked.Seconds(), Unit: "s"}.to(told.Seconds(), "the run itself"),
		{What: "panel requests per block", Value: float64(total(since(after.Panel, before.Panel)).Requests) / float64(r.Count)},
	}, spans("one suspension, as WHMCS waits for it", times, 0)...)...)
	measured.Orders, measured.Panel, measured.WHMCS = r.Count, since(after.Panel, before.Panel), since(after.WHMCS, before.WHMCS)
	return measured, err
}
