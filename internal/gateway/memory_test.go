package gateway_test

import (
	"context"
	"sync"
	"time"

	"metalease/activities/billing"
	"metalease/internal/control"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// memory is a Temporal in a map, for what only the gateway decides. What Temporal itself
// decides is tested in package control.
type memory struct {
	mu       sync.Mutex
	orders   map[int]api.Order
	events   []api.Event
	waits    []time.Duration
	filters  []control.Filter
	sizes    []int
	reached  bool
	err      error
	panicked bool
	signed   int
	began    time.Time
	// system is the System URL that is served; asked counts the questions about it.
	system string
	asked  int
	// worker and reach are what a check finds.
	worker bool
	reach  billing.Reach
	carts
	servers
}

func (m *memory) Start(_ context.Context, o api.Order) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return false, m.err
	}
	_, there := m.orders[o.ServiceID]
	m.orders[o.ServiceID] = o
	return !there, nil
}

func (m *memory) Status(_ context.Context, id int) (control.Status, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.panicked {
		panic("the password is hunter2")
	}
	if _, there := m.orders[id]; !there && m.err == nil {
		return control.Status{}, control.ErrUnknownService
	}
	return control.Status{Status: api.Status{
		ServiceID: id, Phase: api.PhaseActive, Order: m.orders[id], Blocks: []api.Block{}, Events: []api.EventRecord{}, Timeline: []api.Entry{},
	}}, m.err
}

func (m *memory) List(_ context.Context, f control.Filter, token string, size int) (control.Page, error) {
	m.filters, m.sizes = append(m.filters, f), append(m.sizes, size)
	if token == "bad" {
		return control.Page{}, control.ErrPageToken
	}
	return control.Page{Services: []control.Row{{ServiceID: 101}}, Next: "more"}, m.err
}

func (m *memory) Signal(_ context.Context, id int, _ string, e api.Event, wait time.Duration) (control.Result, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, there := m.orders[id]; !there {
		return control.Result{}, control.ErrUnknownService
	}
	m.events, m.waits = append(m.events, e), append(m.waits, wait)
	result := control.Result{EventID: e.EventID, Outcome: api.OutcomePending}
	if m.refuse != "" {
		result.Outcome, result.Reason, result.Reached = api.OutcomeIgnored, m.refuse, true
		return result, m.err
	}
	if m.reached {
		result.Outcome, result.Reached = api.OutcomeApplied, true
	}
	return result, m.err
}

func (m *memory) Stock(_ context.Context, panel string, _ bool) (fleet.Stock, error) {
	if panel != "fra1" {
		return fleet.Stock{}, control.ErrUnknownPanel
	}
	free := 3
	return fleet.Stock{Panel: panel, Packages: []fleet.PackageStock{{Package: "E3-16G", Free: &free}}}, nil
}

// time is another second for each call: two alike are no copies.
func (m *memory) time() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.began.IsZero() {
		m.began = time.Now()
	}
	m.signed++
	return m.began.Add(-time.Duration(m.signed%200) * time.Second) // from one moment: a clock that goes on would meet the count
}

func (m *memory) Ready(context.Context) error { return m.err }
