package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"golang.org/x/sync/errgroup"

	"metalease/dcim/profile"
	"metalease/internal/stack"
	"metalease/test/postgres/cluster"
	"metalease/workflows/api/fleet"
)

// bench is where the programs are and where a row keeps its files.
type bench struct{ root, dir, cli string }

func (b bench) bin() string { return filepath.Join(b.dir, "bin") }

// scene is a running set of processes, and a client of its Temporal.
type scene struct {
	*stack.Stack
	temporal client.Client
	// engine is the process of Temporal; cluster is what it belongs to, nil for the development server.
	engine  *stack.Process
	cluster *cluster.Cluster
	row     row
}

// set starts everything anew, so that no row warms another one's memory. Its caller stops it.
func (b bench) set(ctx context.Context, r row) (*scene, error) {
	dir, err := os.MkdirTemp(b.dir, r.Name)
	if err != nil {
		return nil, err
	}
	options := stack.Options{
		Root: b.root, Bin: b.bin(), Dir: dir, TemporalCLI: b.cli, Config: r.config(), PanelFlags: r.panelFlags(), Polite: r.Defaults,
		TemporalFlags: r.temporalFlags(dir),
	}
	seen := filepath.Join(dir, "panel.profile.yaml") // as of a host who has run starter panel check
	if err := (profile.Profile{Panel: stack.Panel, Facts: map[string]profile.Seen{"list-filter": {Value: "exact", By: "check"}}}).Write(seen); err != nil {
		return nil, err
	}
	options.PanelConfig = fmt.Sprintf("max_blocks_per_hour: 1000000, reconcile_every: 24h, profile: %q", seen)
	if !r.Defaults {
		options.WHMCSConfig = "rate: 500, concurrency: 32"
	}
	s := &scene{row: r}
	if err := s.start(ctx, b, options); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *scene) start(ctx context.Context, b bench, o stack.Options) (err error) {
	if s.cluster, err = s.row.Store.cluster(ctx, b, o.Dir); err != nil {
		return err
	}
	if s.cluster != nil {
		o.TemporalAddress, o.Namespace = s.cluster.Address, cluster.Namespace
	}
	if s.Stack, err = stack.Start(ctx, o); err != nil {
		return err
	}
	s.engine = s.Temporal
	connection := client.Options{HostPort: fmt.Sprintf("127.0.0.1:%d", s.Ports.Temporal), Logger: silent{}}
	if s.cluster != nil {
		s.engine = s.cluster.Servers[0].Process
		connection.HostPort, connection.Namespace = s.cluster.Address, cluster.Namespace
	}
	if s.temporal, err = client.Dial(connection); err != nil {
		return err
	}
	return s.stand(ctx)
}

func (s *scene) stop() {
	if s.temporal != nil {
		s.temporal.Close()
	}
	if s.Stack != nil {
		s.Stop()
	}
	if s.cluster != nil {
		if err := s.cluster.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
	}
}

// stand gives the first servers to the API account, marked as in quarantine, and ends the comparison that a new schedule makes at
// once: it is no order's, and reads four records a second of the whole fleet.
func (s *scene) stand(ctx context.Context) error {
	for i := range s.row.Standing {
		if err := s.quarantine(ctx, i+1, ""); err != nil {
			return err
		}
	}
	if err := s.temporal.ScheduleClient().GetHandle(ctx, fleet.ReconcileScheduleID(stack.Panel)).Delete(ctx); err != nil {
		return err
	}
	last := -1
	return until(ctx, 5*time.Minute, 3*time.Second, func() (bool, error) {
		query := fmt.Sprintf("WorkflowType = '%s' AND ExecutionStatus = 'Running'", fleet.TypeReconcile)
		if err := eachRun(ctx, s.temporal, query, func(run execution) error {
			err := s.temporal.TerminateWorkflow(ctx, run.id, run.run, "it is no order's")
			if _, ended := errors.AsType[*serviceerror.NotFound](err); ended {
				return nil
			}
			return err
		}); err != nil {
			return false, err
		}
		counted, err := vendors(ctx, s.Stack)
		now := total(counted.Panel).Requests
		quiet := now == last
		last = now
		return quiet, err
	})
}

// quarantine sets a server aside; with a package it becomes of that one.
func (s *scene) quarantine(ctx context.Context, server int, pkg string) error {
	change := map[string]string{"owner": stack.PanelUser, "notes": fmt.Sprintf("metalease:%s/service-%d quarantine bench", stack.Installation, 900_000+server)}
	if pkg != "" {
		change["type"] = pkg
	}
	return s.administer(ctx, server, change)
}

func (s *scene) administer(ctx context.Context, server int, change map[string]string) error {
	return s.AskPanel(ctx, http.MethodPost, fmt.Sprintf("/_sim/servers/%d", server), change, nil)
}

// place places and pays orders of different clients, as fast as the gateway takes them.
func (s *scene) place(ctx context.Context, orders int) error {
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

// build places orders and waits until as many more services are Active in WHMCS.
func (s *scene) build(ctx context.Context, orders int) error {
	all, err := s.services(ctx)
	if err != nil {
		return err
	}
	if err := s.place(ctx, orders); err != nil {
		return err
	}
	return s.built(ctx, len(all.active())+orders, 250*time.Millisecond)
}

// built waits until so many services are Active in WHMCS.
func (s *scene) built(ctx context.Context, services int, each time.Duration) error {
	return until(ctx, s.row.patience(), each, func() (bool, error) {
		all, err := s.services(ctx)
		return len(all.active()) >= services, err
	})
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
