package temporaltest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/workflows"
)

// The recipe of an order tells the stand-in what its life is like; any other makes it active at once.
const (
	RecipeWaiting = "stand-in: waits for a server"
	RecipeTrouble = "stand-in: the panel does not answer"
)

// The reason of a signal tells the stand-in what becomes of it; any other is applied.
const (
	ReasonIgnore = "stand-in: ignore"
	ReasonPend   = "stand-in: leave pending"
)

// PanelDown is a panel whose stand-in inventory never gets an answer.
const PanelDown = "down"

// Refusal is the error of everything that is in trouble.
const Refusal = "connection refused"

// Work runs stand-ins for the lifecycle and the inventory until the test ends or stop is
// called: they have the names, queries and signals of the real ones, and no life of their own.
func (s Server) Work(t testing.TB) (stop func()) {
	t.Helper()
	w := worker.New(s.Client, workflows.QueueWorkflows, worker.Options{})
	w.RegisterWorkflowWithOptions(lifecycle, workflow.RegisterOptions{Name: workflows.TypeServiceLifecycle})
	w.RegisterWorkflowWithOptions(inventory, workflow.RegisterOptions{Name: workflows.TypeInventory})
	panels := []worker.Worker{w}
	for _, queue := range []string{workflows.PanelQueue("fra1"), workflows.PanelQueue(PanelDown)} {
		p := worker.New(s.Client, queue, worker.Options{DisableWorkflowWorker: true})
		p.RegisterActivityWithOptions(refuse, activity.RegisterOptions{Name: "Survey"})
		panels = append(panels, p)
	}
	for _, p := range panels {
		require.NoError(t, p.Start())
	}
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			for _, p := range panels {
				p.Stop()
			}
		}
	}
	t.Cleanup(stop)
	return stop
}

// StartInventory starts the stand-in allocator of a panel, which has seen it at that time.
func (s Server) StartInventory(t testing.TB, panel string, asOf time.Time) {
	t.Helper()
	free, other := 5, 1
	_, err := s.Client.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		ID: workflows.InventoryWorkflowID(panel), TaskQueue: workflows.QueueWorkflows,
	}, workflows.TypeInventory, workflows.InventoryInput{Panel: panel, Stock: workflows.Stock{
		Panel: panel, AsOf: &asOf,
		Packages: []workflows.PackageStock{{Package: "E3-16G", Free: &free, Claimed: &other, Quarantined: &other, Waiting: 1}},
	}})
	require.NoError(t, err)
}

func refuse(context.Context) error { return errors.New(Refusal) }

// trouble makes a call that fails and is repeated for ever.
func trouble(ctx workflow.Context, panel string) workflow.Future {
	return workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: workflows.PanelQueue(panel), StartToCloseTimeout: time.Minute,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: 50 * time.Millisecond, MaximumInterval: time.Second},
	}), "Survey")
}

func lifecycle(ctx workflow.Context, in workflows.Input) (workflows.Status, error) {
	now := workflow.Now(ctx)
	s := workflows.Status{
		ServiceID: in.Order.ServiceID, ClientID: in.Order.ClientID, Panel: in.Order.Panel, Package: in.Order.Package,
		Order: in.Order, Phase: workflows.PhaseActive, Ready: true, Account: "c7", UpdatedAt: now,
		Server:   &workflows.Server{ID: "5", Label: "srv-5", Hostname: in.Order.Domain, IP: "10.0.0.5"},
		Timeline: []workflows.Entry{{At: now, What: "order received"}},
	}
	if in.Order.Recipe == RecipeWaiting || in.Order.Recipe == RecipeTrouble {
		s.Phase, s.Step, s.Server, s.Ready = workflows.PhaseWaiting, workflows.StepClaim, nil, false
	}
	if err := workflow.SetQueryHandler(ctx, workflows.QueryStatus, func() (workflows.Status, error) { return s, nil }); err != nil {
		return s, err
	}
	updates := []temporal.SearchAttributeUpdate{workflows.AttrPhase.ValueSet(string(s.Phase))}
	if s.Server != nil {
		updates = append(updates, workflows.AttrMainIP.ValueSet(s.Server.IP), workflows.AttrServerID.ValueSet(s.Server.ID))
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		return s, err
	}
	if in.Order.Recipe == RecipeTrouble {
		_ = trouble(ctx, in.Order.Panel) // never ends
	}
	over := false
	for _, name := range workflows.Signals {
		workflow.Go(ctx, func(ctx workflow.Context) {
			for !over {
				var e workflows.Event
				workflow.GetSignalChannel(ctx, name).Receive(ctx, &e)
				over = take(&s, name, e, workflow.Now(ctx))
			}
		})
	}
	if err := workflow.Await(ctx, func() bool { return over }); err != nil {
		return s, err
	}
	return s, workflow.UpsertTypedSearchAttributes(ctx, workflows.AttrPhase.ValueSet(string(s.Phase)))
}

// take does what a signal says; true ends the life.
func take(s *workflows.Status, name string, e workflows.Event, now time.Time) bool {
	outcome := workflows.OutcomeApplied
	switch {
	case e.Reason == ReasonIgnore:
		outcome = workflows.OutcomeIgnored
	case e.Reason == ReasonPend:
		outcome = workflows.OutcomePending
	case name == workflows.SignalSuspend:
		s.Phase, s.Blocks = workflows.PhaseBlocked, []workflows.Block{{Reason: e.Reason, Source: e.Source, Since: now}}
	case name == workflows.SignalUnsuspend:
		s.Phase, s.Blocks = workflows.PhaseActive, nil
	case name == workflows.SignalTerminate:
		s.Phase = workflows.PhaseReleased
	}
	s.Events = append(s.Events, workflows.EventRecord{EventID: e.EventID, Kind: name, Outcome: outcome, Reason: e.Reason})
	s.Timeline = append(s.Timeline, workflows.Entry{At: now, What: "signal " + name + " from " + e.Source})
	s.UpdatedAt = now
	return outcome == workflows.OutcomeApplied && slices.Contains([]string{workflows.SignalTerminate, workflows.SignalDetach}, name)
}

func inventory(ctx workflow.Context, in workflows.InventoryInput) error {
	err := errors.Join(
		workflow.SetQueryHandler(ctx, workflows.QueryStock, func() (workflows.Stock, error) { return in.Stock, nil }),
		workflow.SetQueryHandler(ctx, workflows.QueryPosition, func(int) (int, error) { return 3, nil }),
	)
	if err != nil {
		return err
	}
	if in.Panel == PanelDown {
		return trouble(ctx, in.Panel).Get(ctx, nil)
	}
	for {
		workflow.GetSignalChannel(ctx, workflows.SignalRefresh).Receive(ctx, nil)
		now, left := workflow.Now(ctx), 2
		in.Stock.AsOf, in.Stock.Packages[0].Free = &now, &left
	}
}
