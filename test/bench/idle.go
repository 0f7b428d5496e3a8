package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"

	"metalease/internal/stack"
	"metalease/workflows/api"
	"metalease/workflows/service"
)

// firstIdle is the first id of the services that are not built: WHMCS gives none so high.
const firstIdle = 1_000_000

// database is where the development server keeps its data.
func database(dir string) string { return filepath.Join(dir, "temporal.db") }

// idle opens services as they are long after their build, in a run that continues another one, beside one that was built, and
// measures what they cost while nothing happens, and how fast one of them answers.
func idle(ctx context.Context, b bench, r row) (result, error) {
	s, err := b.set(ctx, r)
	if err != nil {
		return result{}, err
	}
	defer s.stop()
	if err := s.build(ctx, 1); err != nil {
		return result{}, err
	}
	all, err := s.services(ctx)
	if err != nil {
		return result{}, err
	}
	var before, after, cold, resting footprint
	var opened float64
	steps := []func() error{
		func() (err error) { before, err = s.footprint(ctx); return err },
		func() (err error) { r.Count, opened, err = s.open(ctx, r.Count); return err },
		func() (err error) { after, err = s.footprint(ctx); return err },
		func() error { s.Worker.Stop(); s.Gateway.Stop(); return nil },
		func() error { return s.AwaitWorker(ctx) },
		func() error { return s.AwaitGateway(ctx) },
		func() (err error) { cold, err = s.footprint(ctx); return err },
		func() error { return sleep(ctx, restFor) },
		func() (err error) { resting, err = s.footprint(ctx); return err },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return result{}, err
		}
	}
	events, activities, err := readHistory(ctx, s.temporal, execution{id: api.ServiceWorkflowID(firstIdle)})
	if err == nil && activities > 0 {
		err = fmt.Errorf("an open service is not idle: it runs activities")
	}
	if err != nil {
		return result{}, err
	}
	reads := make([]time.Duration, 2)
	for i := range reads {
		began := time.Now()
		if err := s.call(ctx, http.DefaultClient, http.MethodGet, fmt.Sprintf("/v1/services/%d", firstIdle+r.Count/2), nil, nil); err != nil {
			return result{}, err
		}
		reads[i] = time.Since(began)
	}
	blocked, err := s.expireEach(ctx, all.active()[:1])
	if err != nil {
		return result{}, err
	}
	each := func(before, after int64) float64 { return float64(after-before) / float64(r.Count) / kib }
	figures := []figure{
		{What: "open services", Value: float64(r.Count)},
		{What: "opened a second", Value: float64(r.Count) / opened},
		{What: "history events of one", Value: float64(events)},
		{What: "database per open service", Value: each(before.database, after.database), Unit: "KiB"},
		figure{What: "database", Value: float64(after.database) / mib, Unit: "MiB"}.to(float64(before.database)/mib, "before"),
		figure{What: "memory of the worker after opening all", Value: float64(after.worker.memory) / mib, Unit: "MiB"}.to(float64(before.worker.memory)/mib, "before").most(aimWorkerMiB),
		figure{What: "memory of a worker that has just begun", Value: float64(cold.worker.memory) / mib, Unit: "MiB"}.to(float64(before.worker.memory)/mib, "before"),
		figure{What: "memory of Temporal", Value: float64(after.temporal.memory) / mib, Unit: "MiB"}.to(float64(before.temporal.memory)/mib, "before"),
		{What: "CPU of the worker while nothing happens", Value: share(cold.worker, resting.worker), Unit: "%"},
		{What: "CPU of Temporal while nothing happens", Value: share(cold.temporal, resting.temporal), Unit: "%"},
	}
	if s.cluster != nil {
		figures = append(figures,
			figure{What: "memory of PostgreSQL", Value: float64(after.postgres.memory) / mib, Unit: "MiB"}.to(float64(before.postgres.memory)/mib, "before"),
			figure{What: "CPU of PostgreSQL while nothing happens", Value: share(cold.postgres, resting.postgres), Unit: "%"})
	}
	return r.result(append(figures,
		figure{What: "a cold worker answers for one", Value: reads[0].Seconds(), Unit: "s"},
		figure{What: "the same status again", Value: reads[1].Seconds(), Unit: "s"},
		figure{What: "expire to blocked, for one", Value: blocked[0].Seconds(), Unit: "s"},
	)...), nil
}

// openBatch is how many services are started at once, and how many the worker may have left of those before: else they would
// only queue.
const openBatch = 500

// open starts services until there are enough or the time of the row is over, waits until each of them is known as active, and
// returns how many there are and the seconds that it took.
func (s *scene) open(ctx context.Context, services int) (opened int, seconds float64, err error) {
	began := time.Now()
	query := fmt.Sprintf("WorkflowType = '%s' AND %s = '%s'", api.TypeServiceLifecycle, api.AttrPhase.GetName(), api.PhaseActive)
	taken := func(services int) error {
		return until(ctx, s.row.patience(), time.Second, func() (bool, error) {
			counted, err := s.temporal.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Query: query})
			return counted.GetCount() > int64(services), err // one was built
		})
	}
	for opened < services && (s.row.Within == 0 || time.Since(began) < s.row.Within) {
		batch := min(openBatch, services-opened)
		group, starting := errgroup.WithContext(ctx)
		group.SetLimit(32)
		for i := range batch {
			group.Go(func() error {
				in := idleService(firstIdle+opened+i, time.Now().UTC())
				_, err := s.temporal.ExecuteWorkflow(starting, client.StartWorkflowOptions{ID: api.ServiceWorkflowID(in.Order.ServiceID), TaskQueue: api.QueueWorkflows},
					api.TypeServiceLifecycle, in)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return opened, 0, err
		}
		opened += batch
		if err := taken(opened - openBatch); err != nil {
			return opened, 0, err
		}
		if opened%5000 == 0 {
			fmt.Fprintf(os.Stderr, "%s %s: %d are open\n", time.Now().Format(time.TimeOnly), s.row.Name, opened)
		}
	}
	err = taken(opened)
	return opened, time.Since(began).Seconds(), err
}

// idleService is the input of a run that continues the life of a service whose customer has had the server for long. The panel
// does not know its server: nothing is to be done with it.
func idleService(id int, now time.Time) service.Input {
	order := api.Order{
		ServiceID: id, ClientID: id, OrderID: id, PaidAt: now, Panel: stack.Panel, Package: soldPackage,
		OSTemplate: "ISPsystem__Debian-12-x86_64", Domain: fmt.Sprintf("s%d.example.com", id),
	}
	state := &service.State{Version: service.StateVersion, Order: order, Settings: api.Settings{}.WithDefaults()}
	state.Life.Phase, state.Life.Ready, state.Life.Checked, state.Life.Since = api.PhaseActive, true, true, now
	for _, step := range api.Steps {
		state.Life.Steps = append(state.Life.Steps, api.StepTime{Step: step, Began: now, Ended: now})
		state.Journal.Timeline = append(state.Journal.Timeline, api.Entry{At: now, What: "step " + string(step) + " of the build is done"},
			api.Entry{At: now, What: "what was read of WHMCS and of the panel before step " + string(step)})
	}
	state.Journal.UpdatedAt = now
	state.Account.ID, state.Account.Name = fmt.Sprint(id), fmt.Sprintf("client%d", id)
	state.Billing.Username = state.Account.Name
	number := fmt.Sprint(id)
	state.Server = &service.Server{Server: api.Server{
		ID: number, Label: "srv-" + number, Hostname: order.Domain, IP: fmt.Sprintf("10.%d.%d.%d", id>>16&255, id>>8&255, id&255), ExtraIPs: []string{},
	}}
	return service.Input{Start: api.Start{Order: order}, State: state}
}

// aimWorkerMiB is what a worker may take, however many services are open.
const aimWorkerMiB = 512

// restFor is how long CPU time is counted while nothing happens.
const restFor = 20 * time.Second

// footprint is what the set takes of this machine.
type footprint struct {
	worker, temporal, postgres use
	// database is how large Temporal's data are, in bytes.
	database int64
}

func (s *scene) footprint(ctx context.Context) (f footprint, err error) {
	if f.worker, err = used(s.Worker.PID()); err != nil {
		return f, err
	}
	if f.temporal, err = used(s.engine.PID()); err != nil {
		return f, err
	}
	if f.postgres, err = s.postgres(); err != nil {
		return f, err
	}
	f.database, err = s.stored(ctx)
	return f, err
}

// stored are the bytes of the files with Temporal's data, or of both databases.
func (s *scene) stored(ctx context.Context) (bytes int64, err error) {
	if s.cluster != nil {
		return s.cluster.DB.Bytes(ctx)
	}
	for _, part := range []string{"", "-wal"} {
		info, err := os.Stat(database(s.Dir) + part)
		if err != nil && !os.IsNotExist(err) {
			return 0, err
		}
		if err == nil {
			bytes += info.Size()
		}
	}
	return bytes, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
