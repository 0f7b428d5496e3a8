package main

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// result is what a row came to.
type result struct {
	Row   string `json:"row"`
	What  string `json:"what"`
	Count int    `json:"count"`
	// Store is the name of what Temporal was, Temporal says it in words.
	Store    string `json:"store"`
	Temporal string `json:"temporal"`
	// Orders are those that Panel and WHMCS, all calls by function, are of.
	Orders  int              `json:"orders,omitempty"`
	Figures []figure         `json:"figures"`
	Panel   map[string]count `json:"panel,omitempty"`
	WHMCS   map[string]count `json:"whmcs,omitempty"`
}

func (r row) result(figures ...figure) result {
	return result{Row: r.Name, What: r.what(), Count: r.Count, Store: r.Store.Name, Temporal: r.Store.Title, Figures: figures}
}

// Aims, as docs/architecture.md 9 has them.
const (
	aimRequests, aimRequestsOfInstalls = 14, 16
	aimCalls, aimActivities, aimEvents = 6, 10, 60
	aimKiB                             = 100
	aimRate                            = 0.8
	aimOfModule                        = 0.05
	aimPoliteSeconds                   = 90
)

// bill is what some orders have cost.
type bill struct {
	orders  int
	seconds float64
	counters
	histories
	cores cores
	// ends are the times from the panel's end of an install to Active in WHMCS.
	ends []time.Duration
}

func (b bill) per(n int) float64 { return float64(n) / float64(b.orders) }

func (b bill) kib() float64 { return float64(total(b.Panel).Bytes) / kib / float64(b.orders) }

// product has metalease build all orders, and compares with a bare workflow in as many activities.
func product(ctx context.Context, b bench, r row) (result, error) {
	s, err := b.set(ctx, r)
	if err != nil {
		return result{}, err
	}
	defer s.stop()
	cost, err := s.ordered(ctx)
	if err != nil {
		return result{}, err
	}
	measured := r.result(cost.figures(r)...)
	measured.Orders, measured.Panel, measured.WHMCS = r.Count, cost.Panel, cost.WHMCS
	if r.Defaults {
		return measured, nil
	}
	before, err := s.bareCores()
	if err != nil {
		return measured, err
	}
	seconds, err := bare(ctx, s.temporal, r.Count, (cost.activities+r.Count/2)/r.Count)
	if err != nil {
		return measured, err
	}
	after, err := s.bareCores()
	rate := figure{What: "orders a second", Value: float64(r.Count) / cost.seconds}.to(float64(r.Count)/seconds, "bare workflow").leastRatio(aimRate)
	measured.Figures = append(append(measured.Figures, rate), cost.cores.shares(after.since(before), r.Count)...)
	return measured, err
}

// ordered places all orders at once, and waits until they are Active. What was built before is in none of the numbers.
func (s *scene) ordered(ctx context.Context) (bill, error) {
	cost := bill{orders: s.row.Count}
	if err := s.build(ctx, s.row.Known); err != nil {
		return cost, err
	}
	known, err := readHistories(ctx, s.temporal)
	if err != nil {
		return cost, err
	}
	before, err := vendors(ctx, s.Stack)
	if err != nil {
		return cost, err
	}
	idle, err := s.cores()
	if err != nil {
		return cost, err
	}
	began := time.Now()
	if err := s.build(ctx, s.row.Count); err != nil {
		return cost, err
	}
	cost.seconds = time.Since(began).Seconds()
	busy, err := s.cores()
	if err != nil {
		return cost, err
	}
	cost.cores = busy.since(idle)
	after, err := vendors(ctx, s.Stack)
	if err != nil {
		return cost, err
	}
	cost.counters = counters{since(after.Panel, before.Panel), since(after.WHMCS, before.WHMCS)}
	all, err := readHistories(ctx, s.temporal)
	if err != nil {
		return cost, err
	}
	cost.histories = all.since(known)
	cost.ends, err = s.ends(ctx, began)
	return cost, err
}

// ends are the times from the panel's end of each install that ended after began to Active in WHMCS. The panel shows an end a
// flag delay later.
func (s *scene) ends(ctx context.Context, began time.Time) (times []time.Duration, err error) {
	all, err := s.services(ctx)
	if err != nil {
		return nil, err
	}
	panel, err := s.servers(ctx)
	if err != nil {
		return nil, err
	}
	welcomed := all.welcomed()
	for service, ended := range panel.installed() {
		if at, there := welcomed[service]; there && ended.After(began) {
			times = append(times, at.Sub(ended.Add(s.row.flagDelay())))
		}
	}
	return times, nil
}

// figures are what one order has cost.
func (b bill) figures(r row) []figure {
	requests := figure{What: "panel requests per order", Value: b.per(total(b.Panel).Requests)}
	if r.Defaults {
		requests = requests.most(aimRequestsOfInstalls)
	} else {
		requests = requests.most(aimRequests)
	}
	list := []figure{
		requests,
		{What: "of them forms of servers", Value: b.per(b.Panel[formFunction].Requests)},
		{What: "of them lists", Value: b.per(b.Panel[listFunction].Requests)},
		figure{What: "bytes of the panel per order", Value: b.kib(), Unit: "KiB"}.most(aimKiB),
		figure{What: "WHMCS calls per order", Value: b.per(total(b.WHMCS).Requests)}.most(aimCalls),
		{What: "of them GetClientsProducts", Value: b.per(b.WHMCS["GetClientsProducts"].Requests)},
		figure{What: "activities per order", Value: b.per(b.activities)}.most(aimActivities),
		figure{What: "history events per order", Value: b.per(b.events)}.most(aimEvents),
		{What: "bytes of its history", Value: float64(b.bytes) / kib / float64(b.orders), Unit: "KiB"},
	}
	list = append(list, spans("end of the install to Active", b.ends, 2*r.tick())...)
	took := figure{What: "until all are Active", Value: b.seconds, Unit: "s"}
	if !r.Defaults {
		return append(list, took)
	}
	if r.Count <= 50 && r.Install <= time.Second {
		took = took.most(aimPoliteSeconds)
	}
	return append(list, took,
		figure{What: "orders an hour", Value: float64(b.orders) / b.seconds * 3600},
		figure{What: "panel requests a second", Value: float64(total(b.Panel).Requests) / b.seconds}.to(politeRate, "allowed"),
		figure{What: "WHMCS calls a second", Value: float64(total(b.WHMCS).Requests) / b.seconds}.to(politeRate, "allowed"))
}

// politeRate is the default of panels[].rate and whmcs.rate.
const politeRate = 10

// againstModule compares with the model of ISPsystem's module, on a fleet of the same kind.
func againstModule(ctx context.Context, b bench, r row) (result, error) {
	var of bill
	var measured result
	both, ctx := errgroup.WithContext(ctx) // on panels of their own, and most of the time waiting
	both.Go(func() (err error) { of, err = moduleBill(ctx, b, r); return err })
	both.Go(func() (err error) { measured, err = product(ctx, b, r); return err })
	if err := both.Wait(); err != nil {
		return result{}, err
	}
	for i, f := range measured.Figures {
		switch f.What {
		case "panel requests per order":
			measured.Figures[i] = f.to(of.per(total(of.Panel).Requests), "ISPsystem's module")
		case "bytes of the panel per order":
			measured.Figures[i] = f.to(of.kib(), "ISPsystem's module").mostRatio(aimOfModule)
		}
	}
	return measured, nil
}

// twoWorkers compares two workers with one.
func twoWorkers(ctx context.Context, b bench, r row) (result, error) {
	var rates [2]float64
	for i := range rates {
		seconds, err := b.withWorkers(ctx, r, i+1)
		if err != nil {
			return result{}, err
		}
		rates[i] = float64(r.Count) / seconds
	}
	return r.result(figure{What: "orders a second, two workers", Value: rates[1]}.to(rates[0], "one worker")), nil
}

func (b bench) withWorkers(ctx context.Context, r row, workers int) (float64, error) {
	s, err := b.set(ctx, r)
	if err != nil {
		return 0, err
	}
	defer s.stop()
	for i := 1; i < workers; i++ {
		stop, err := s.AnotherWorker(ctx, i+1)
		if err != nil {
			return 0, err
		}
		defer stop()
	}
	began := time.Now()
	err = s.build(ctx, r.Count)
	return time.Since(began).Seconds(), err
}
