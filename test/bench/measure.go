package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"golang.org/x/sync/errgroup"

	"metalease/internal/stack"
)

// result is what a row came to. Per order are averages.
type result struct {
	Row     string  `json:"row"`
	Orders  int     `json:"orders"`
	Servers int     `json:"servers"`
	Seconds float64 `json:"seconds"`
	// Panel and WHMCS are all calls of the row, by function.
	Panel map[string]count `json:"panel"`
	WHMCS map[string]count `json:"whmcs,omitempty"`
	// Activities of all workflows, and events of the lifecycles.
	Activities int `json:"activities,omitempty"`
	Events     int `json:"events,omitempty"`
	// Ratio is the orders a second divided by those of a bare workflow with as many activities; 0 where it is not measured.
	Ratio float64 `json:"ratio,omitempty"`
}

func (r result) perOrder(n int) float64 { return float64(n) / float64(r.Orders) }

// measure starts everything anew, so that no row warms another one's memory.
func (b bench) measure(ctx context.Context, r row) (result, error) {
	dir := filepath.Join(b.dir, r.Name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return result{}, err
	}
	options := stack.Options{
		Root: b.root, Bin: b.bin(), Dir: dir, TemporalCLI: b.cli, Config: r.config(), PanelFlags: r.panelFlags(), Polite: r.Defaults,
	}
	if !r.Defaults {
		options.WHMCSConfig = "rate: 500, concurrency: 32"
	}
	s, err := stack.Start(ctx, options)
	if err != nil {
		return result{}, err
	}
	defer s.Stop()
	if err := stand(ctx, s, r); err != nil {
		return result{}, err
	}
	if r.Module {
		return module(ctx, s, r)
	}
	c, err := client.Dial(client.Options{HostPort: fmt.Sprintf("127.0.0.1:%d", s.Ports.Temporal), Logger: silent{}})
	if err != nil {
		return result{}, err
	}
	defer c.Close()
	return product(ctx, s, c, r)
}

// stand gives the first servers to the API account, marked as in quarantine, and waits until the comparison that a new schedule
// makes at once is over: it is no order's.
func stand(ctx context.Context, s *stack.Stack, r row) error {
	for i := range r.Standing {
		change := map[string]string{"owner": stack.PanelUser, "notes": fmt.Sprintf("metalease:%s/service-%d quarantine bench", stack.Installation, 900_000+i)}
		if err := s.AskPanel(ctx, http.MethodPost, fmt.Sprintf("/_sim/servers/%d", i+1), change, nil); err != nil {
			return err
		}
	}
	last := -1
	return until(ctx, 5*time.Minute, 3*time.Second, func() (bool, error) {
		counted, err := vendors(ctx, s)
		now := total(counted.Panel).Requests
		quiet := now == last && now > 0
		last = now
		return quiet, err
	})
}

func product(ctx context.Context, s *stack.Stack, c client.Client, r row) (result, error) {
	before, err := vendors(ctx, s)
	if err != nil {
		return result{}, err
	}
	began := time.Now()
	if err := place(ctx, s, r.Orders); err != nil {
		return result{}, err
	}
	if err := until(ctx, r.patience(), 250*time.Millisecond, func() (bool, error) {
		active, err := active(ctx, s)
		return active == r.Orders, err
	}); err != nil {
		return result{}, err
	}
	measured := result{Row: r.Name, Orders: r.Orders, Servers: r.Servers, Seconds: time.Since(began).Seconds()}
	after, err := vendors(ctx, s)
	if err != nil {
		return result{}, err
	}
	measured.Panel, measured.WHMCS = since(after.Panel, before.Panel), since(after.WHMCS, before.WHMCS)
	h, err := readHistories(ctx, c)
	if err != nil {
		return result{}, err
	}
	measured.Activities, measured.Events = h.activities, h.events
	if r.Defaults {
		return measured, nil
	}
	seconds, err := bare(ctx, c, r.Orders, (h.activities+r.Orders/2)/r.Orders)
	if err == nil {
		measured.Ratio = seconds / measured.Seconds
	}
	return measured, err
}

// patience is how long all orders may take.
func (r row) patience() time.Duration { return 10*time.Minute + 2*r.Install }

// place places and pays orders of different clients, as fast as the gateway takes them.
func place(ctx context.Context, s *stack.Stack, orders int) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for range orders {
		group.Go(func() error {
			var placed struct {
				Services []struct{ Error string }
			}
			if err := s.AskWHMCS(ctx, http.MethodPost, "/_sim/orders", map[string]string{}, &placed); err != nil {
				return err
			}
			if len(placed.Services) != 1 || placed.Services[0].Error != "" {
				return fmt.Errorf("the order was not started: %+v", placed)
			}
			return nil
		})
	}
	return group.Wait()
}

// active counts the services that WHMCS shows as Active.
func active(ctx context.Context, s *stack.Stack) (int, error) {
	var state struct {
		Services []struct{ Status string }
	}
	err := s.AskWHMCS(ctx, http.MethodGet, "/_sim/state", nil, &state)
	count := 0
	for _, service := range state.Services {
		if service.Status == "Active" {
			count++
		}
	}
	return count, err
}

// until asks again and again, until it is so or took too long.
func until(ctx context.Context, patience, each time.Duration, so func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	poll := time.NewTicker(each)
	defer poll.Stop()
	for {
		is, err := so()
		if is || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return fmt.Errorf("not done within %s", patience)
			}
			return ctx.Err()
		case <-poll.C:
		}
	}
}

// silent keeps the SDK's log out of the table.
type silent struct{}

var _ log.Logger = silent{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}
