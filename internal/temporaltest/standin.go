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
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/api/running"
)

// The recipe of an order tells the stand-in what its life is like; any other makes it active at once.
const (
	RecipeWaiting = "stand-in: waits for a server"
	RecipeTrouble = "stand-in: the panel does not answer"
	RecipePerson  = "stand-in: waits for a person"
	RecipeIgnored = "stand-in: the panel does not do what it accepted"
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

// Ignored is what a call says that waits for ever.
const Ignored = "panel fra1 did not block server 5 within 3m20s, though it was asked once"

// Work runs stand-ins for the lifecycle and the inventory until the test ends or stop is
// called: they have the names, queries and signals of the real ones, and no life of their own.
func (s Server) Work(t testing.TB) (stop func()) {
	t.Helper()
	w := worker.New(s.Client, api.QueueWorkflows, worker.Options{Interceptors: []interceptor.WorkerInterceptor{&queryCount{count: s.queries}}})
	w.RegisterWorkflowWithOptions(lifecycle, workflow.RegisterOptions{Name: api.TypeServiceLifecycle})
	w.RegisterWorkflowWithOptions(inventory, workflow.RegisterOptions{Name: api.TypeInventory})
	w.RegisterWorkflowWithOptions(inquiry, workflow.RegisterOptions{Name: api.TypeInquiry})
	panels := []worker.Worker{w, s.told()}
	for _, queue := range []string{fleet.PanelQueue("fra1"), fleet.PanelQueue(PanelDown)} {
		p := worker.New(s.Client, queue, worker.Options{DisableWorkflowWorker: true})
		p.RegisterActivityWithOptions(refuse, activity.RegisterOptions{Name: "Survey"})
		p.RegisterActivityWithOptions(ignored, activity.RegisterOptions{Name: "Block"})
		p.RegisterActivityWithOptions(signOn, activity.RegisterOptions{Name: "SignOn"})
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

// inventoryStart is the argument of the stand-in allocator.
type inventoryStart struct {
	Panel string      `json:"panel"`
	Stock fleet.Stock `json:"stock"`
}

// StartInventory starts the stand-in allocator of a panel, which has seen it at that time.
func (s Server) StartInventory(t testing.TB, panel string, asOf time.Time) {
	t.Helper()
	free, other := 5, 1
	_, err := s.Client.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		ID: fleet.InventoryWorkflowID(panel), TaskQueue: api.QueueWorkflows,
	}, api.TypeInventory, inventoryStart{Panel: panel, Stock: fleet.Stock{
		Panel: panel, AsOf: &asOf,
		Packages: []fleet.PackageStock{{Package: "E3-16G", Free: &free, Claimed: &other, Quarantined: &other, Waiting: 1}},
	}})
	require.NoError(t, err)
}

func refuse(context.Context) error { return errors.New(Refusal) }

func ignored(ctx context.Context) error {
	activity.RecordHeartbeat(ctx, map[string]string{"waiting": Ignored})
	<-activity.GetWorkerStopChannel(ctx)
	return errors.New(Refusal)
}

// trouble makes a call that fails and is repeated, or waits, for ever.
func trouble(ctx workflow.Context, panel, call string) workflow.Future {
	return workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: fleet.PanelQueue(panel), StartToCloseTimeout: time.Minute, HeartbeatTimeout: time.Minute,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: 50 * time.Millisecond, MaximumInterval: time.Second},
	}), call)
}

func lifecycle(ctx workflow.Context, in api.Start) (api.Status, error) {
	now := workflow.Now(ctx)
	s := api.Status{
		ServiceID: in.Order.ServiceID, ClientID: in.Order.ClientID, Panel: in.Order.Panel, Package: in.Order.Package,
		Order: in.Order, Phase: api.PhaseActive, Ready: true, Account: "c7", UpdatedAt: now,
		Server:   &api.Server{ID: "5", Label: "srv-5", Hostname: in.Order.Domain, IP: "10.0.0.5"},
		Timeline: []api.Entry{{At: now, What: "order received"}},
	}
	if in.Order.Recipe == RecipeWaiting || in.Order.Recipe == RecipeTrouble {
		s.Phase, s.Step, s.Server, s.Ready = api.PhaseWaiting, api.StepClaim, nil, false
	}
	if err := workflow.SetQueryHandler(ctx, api.QueryStatus, func() (api.Status, error) { return s, nil }); err != nil {
		return s, err
	}
	updates := []temporal.SearchAttributeUpdate{api.AttrPhase.ValueSet(string(s.Phase))}
	if s.Server != nil {
		updates = append(updates, api.AttrMainIP.ValueSet(s.Server.IP), api.AttrServerID.ValueSet(s.Server.ID))
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		return s, err
	}
	if in.Order.Recipe == RecipePerson {
		s.Phase, s.Ready = api.PhaseAttention, false
		s.Attention = &api.Attention{Number: 1, Code: api.CodeInstallFailed, Message: Refusal}
		if err := workflow.UpsertTypedSearchAttributes(ctx, api.AttrPhase.ValueSet(string(s.Phase)), api.AttrNeedsAttention.ValueSet(true)); err != nil {
			return s, err
		}
	}
	if in.Order.Recipe == RecipeTrouble {
		_ = trouble(ctx, in.Order.Panel, "Survey") // never ends
	}
	if in.Order.Recipe == RecipeIgnored {
		_ = trouble(ctx, in.Order.Panel, "Block") // never ends
	}
	if err := errors.Join(lets(ctx, &s), workflow.UpsertMemo(ctx, map[string]any{running.MemoHeld: running.Held{ServerID: "5", Since: in.Order.PaidAt, AccountID: "70", AccountName: "c7"}})); err != nil {
		return s, err
	}
	over := false
	for _, name := range api.Signals {
		workflow.Go(ctx, func(ctx workflow.Context) {
			for !over {
				var e api.Event
				workflow.GetSignalChannel(ctx, name).Receive(ctx, &e)
				over = take(&s, name, e, workflow.Now(ctx))
			}
		})
	}
	if err := workflow.Await(ctx, func() bool { return over }); err != nil {
		return s, err
	}
	return s, workflow.UpsertTypedSearchAttributes(ctx, api.AttrPhase.ValueSet(string(s.Phase)))
}

// take does what a signal says; true ends the life.
func take(s *api.Status, name string, e api.Event, now time.Time) bool {
	outcome := api.OutcomeApplied
	switch {
	case e.Reason == ReasonIgnore:
		outcome = api.OutcomeIgnored
	case e.Reason == ReasonPend:
		outcome = api.OutcomePending
	case name == api.SignalSuspend:
		s.Phase, s.Blocks = api.PhaseBlocked, []api.Block{{Reason: e.Reason, Source: e.Source, Since: now}}
	case name == api.SignalUnsuspend:
		s.Phase, s.Blocks = api.PhaseActive, nil
	case name == api.SignalTerminate:
		s.Phase = api.PhaseReleased
	}
	if signal, _ := api.SignalOf(name); signal.Running {
		s.Action = &api.Action{Kind: name, What: e.Action, By: e.Actor, Since: now, EndedAt: now}
	}
	s.Events = append(s.Events, api.EventRecord{EventID: e.EventID, Kind: name, Outcome: outcome, Reason: e.Reason})
	s.Timeline = append(s.Timeline, api.Entry{At: now, What: "signal " + name + " from " + e.Source})
	s.UpdatedAt = now
	return outcome == api.OutcomeApplied && slices.Contains([]string{api.SignalTerminate, api.SignalDetach}, name)
}

func inventory(ctx workflow.Context, in inventoryStart) error {
	err := errors.Join(
		workflow.SetQueryHandler(ctx, fleet.QueryStock, func() (fleet.Stock, error) { return in.Stock, nil }),
		workflow.SetQueryHandler(ctx, fleet.QueryPosition, func(int) (int, error) { return 3, nil }),
	)
	if err != nil {
		return err
	}
	if in.Panel == PanelDown {
		return trouble(ctx, in.Panel, "Survey").Get(ctx, nil)
	}
	for {
		workflow.GetSignalChannel(ctx, fleet.SignalRefresh).Receive(ctx, nil)
		now, left := workflow.Now(ctx), 2
		in.Stock.AsOf, in.Stock.Packages[0].Free = &now, &left
	}
}
