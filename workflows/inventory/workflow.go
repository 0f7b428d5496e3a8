// Package inventory is the allocator of one panel: it alone turns free servers into claimed
// ones, in the order of payment.
package inventory

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/message"
)

// InventoryInput is the state of an allocator: the queue, and what makes the
// same request get the same answer. Everything else is written in the panel, so
// that losing the allocator loses nothing.
type State struct {
	Panel    string            `json:"panel"`
	Settings api.Settings      `json:"settings,omitzero"`
	Queue    []waiter          `json:"queue,omitempty"`
	Grants   []granted         `json:"grants,omitempty"`
	Coming   []api.Reservation `json:"coming,omitempty"`
	Stock    api.Stock         `json:"stock,omitzero"`
	// Woken is true when the run before had a reason to look at the panel.
	Woken bool `json:"woken,omitempty"`
}

// waiter is a request and what its service was told about it.
type waiter struct {
	message.ServerRequest
	// Told is the position that the service knows; 0 is none.
	Told int `json:"told,omitempty"`
	// Heard is when the service asked last.
	Heard time.Time `json:"heard,omitzero"`
}

// granted is an answer that may have to be repeated.
type granted struct {
	ServiceID int          `json:"service_id"`
	RunID     string       `json:"run_id"`
	Ask       int          `json:"ask"`
	Server    panel.Server `json:"server"`
}

const (
	// keepGrants bounds the memory of answers; older ones are found by their mark.
	keepGrants = 500
	// claimsAtOnce bounds the claims in flight; the panel's own limits stand below it.
	claimsAtOnce = 24
	// spare candidates are for servers that turn out to be taken.
	spare = 8
)

// Inventory is the allocator of one panel: it alone turns free servers into
// claimed ones, in the order of payment.
func Inventory(ctx workflow.Context, in State) error {
	a := &allocator{
		ctx: ctx, in: &in,
		coming:      workflow.GetSignalChannel(ctx, api.SignalReserve),
		requests:    workflow.GetSignalChannel(ctx, message.SignalRequest),
		withdrawals: workflow.GetSignalChannel(ctx, message.SignalWithdraw),
		releases:    workflow.GetSignalChannel(ctx, message.SignalReleased),
		refreshes:   workflow.GetSignalChannel(ctx, api.SignalRefresh),
	}
	a.woken, in.Woken = in.Woken, false
	if err := a.answerQueries(); err != nil {
		return err
	}
	if workflow.GetInfo(ctx).ContinuedExecutionRunID == "" {
		a.succeed()
	}
	for {
		a.drain()
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			in.Woken = a.woken
			return workflow.NewContinueAsNewError(ctx, api.TypeInventory, in)
		}
		if a.woken {
			a.woken = false
			a.round()
			continue
		}
		a.sleep()
	}
}

type allocator struct {
	ctx workflow.Context
	in  *State

	coming, requests, withdrawals, releases, refreshes workflow.ReceiveChannel
	// woken is true when there is a reason to look at the panel.
	woken bool
	// taken are candidates that were not to be had in this burst of rounds.
	taken []string
	// unreliable are candidates that failed lately; they are offered last.
	unreliable []string
}

// answerQueries serves QueryStock and "position".
func (a *allocator) answerQueries() error {
	err := workflow.SetQueryHandlerWithOptions(a.ctx, api.QueryStock, func() (api.Stock, error) { return a.stock(), nil },
		workflow.QueryHandlerOptions{Description: "Servers per package; null is unknown, which is not zero."})
	if err != nil {
		return err
	}
	return workflow.SetQueryHandlerWithOptions(a.ctx, api.QueryPosition, func(service int) (int, error) { return a.position(service), nil },
		workflow.QueryHandlerOptions{Description: "Position of a service in the queue; 1 is next, 0 is not waiting."})
}

// drain takes every signal. Requests come first: a withdrawal is younger than
// the request that it takes back.
func (a *allocator) drain() {
	var coming api.Reservation
	for a.coming.ReceiveAsync(&coming) {
		a.expect(coming)
		coming = api.Reservation{}
	}
	var request message.ServerRequest
	for a.requests.ReceiveAsync(&request) {
		a.enqueue(request)
		request = message.ServerRequest{}
	}
	var back message.Withdrawal
	for a.withdrawals.ReceiveAsync(&back) {
		a.withdraw(back)
	}
	var id string
	for a.releases.ReceiveAsync(&id) {
		a.woken = true
		a.in.Grants = slices.DeleteFunc(a.in.Grants, func(g granted) bool { return g.Server.ID == id })
	}
	for a.refreshes.ReceiveAsync(nil) {
		a.woken = true
	}
}

// enqueue keeps the queue in the order of payment. A repeated request gets the
// answer that it had; one that still waits changes nothing, for many who ask
// again must not keep the allocator from its work.
func (a *allocator) enqueue(request message.ServerRequest) {
	same := func(g granted) bool {
		return g.ServiceID == request.ServiceID && g.RunID == request.RunID && g.Ask == request.Ask
	}
	if i := slices.IndexFunc(a.in.Grants, same); i >= 0 {
		a.send(request.ServiceID, message.SignalGranted, message.Reply{Ask: request.Ask, Server: a.in.Grants[i].Server})
		return
	}
	waits := func(w waiter) bool {
		return w.ServiceID == request.ServiceID && w.RunID == request.RunID && w.Ask == request.Ask
	}
	if i := slices.IndexFunc(a.in.Queue, waits); i >= 0 {
		a.in.Queue[i].Heard = workflow.Now(a.ctx)
		return
	}
	a.in.Queue = slices.DeleteFunc(a.in.Queue, func(w waiter) bool { return w.ServiceID == request.ServiceID })
	a.in.Queue = append(a.in.Queue, waiter{ServerRequest: request, Heard: workflow.Now(a.ctx)})
	slices.SortStableFunc(a.in.Queue, func(x, y waiter) int { return api.Earlier(x.PaidAt, x.ServiceID, y.PaidAt, y.ServiceID) })
	a.arrived(request.ServiceID)
	a.woken = true
}

func (a *allocator) withdraw(back message.Withdrawal) {
	for _, g := range a.in.Grants {
		if g.ServiceID == back.ServiceID && g.Ask == back.Ask && g.RunID == back.RunID {
			a.send(back.ServiceID, message.SignalGranted, message.Reply{Ask: back.Ask, Server: g.Server})
			return
		}
	}
	a.arrived(back.ServiceID)
	if back.Ask == 0 {
		return // it never asked, so it waits for no answer
	}
	a.in.Queue = slices.DeleteFunc(a.in.Queue, func(w waiter) bool { return w.ServiceID == back.ServiceID && w.Ask == back.Ask })
	a.send(back.ServiceID, message.SignalWithdrawn, message.Reply{Ask: back.Ask})
}

// sleep waits for the next signal and, while somebody waits for a server, for
// the slow timer: a server may become free without our doing.
func (a *allocator) sleep() {
	ctx, stop := workflow.WithCancel(a.ctx)
	defer stop()
	selector := workflow.NewSelector(a.ctx)
	for _, channel := range a.channels() {
		selector.AddReceive(channel, func(workflow.ReceiveChannel, bool) {})
	}
	a.forgetLost()
	if len(a.in.Queue) > 0 {
		pause := time.Duration(a.in.Settings.WithDefaults().Repeat)
		if len(a.in.Coming) > 0 {
			pause = min(pause, a.firstLost().Sub(workflow.Now(a.ctx)))
		}
		timer := workflow.NewTimerWithOptions(ctx, pause, workflow.TimerOptions{Summary: "look for free servers again"})
		selector.AddFuture(timer, func(f workflow.Future) { a.woken = f.Get(ctx, nil) == nil })
	}
	a.taken, a.unreliable = nil, nil
	workflow.SetCurrentDetails(a.ctx, a.details())
	selector.Select(a.ctx)
}

func (a *allocator) channels() []workflow.ReceiveChannel {
	return []workflow.ReceiveChannel{a.coming, a.requests, a.withdrawals, a.releases, a.refreshes}
}

// send signals a lifecycle; the future tells whether it runs. Most words may be
// lost: the lifecycle asks again.
func (a *allocator) send(service int, signal string, r message.Reply) workflow.Future {
	return workflow.SignalExternalWorkflow(a.ctx, api.ServiceWorkflowID(service), "", signal, r)
}

func (a *allocator) details() string {
	if len(a.in.Queue) == 0 {
		return "Nobody waits for a server of panel " + a.in.Panel + "."
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d services wait, first paid, first served:\n", len(a.in.Queue))
	for i, w := range a.in.Queue[:min(len(a.in.Queue), 20)] {
		fmt.Fprintf(&b, "\n%d. service-%d, %s, paid %s", i+1, w.ServiceID, w.Package, w.PaidAt.UTC().Format(time.RFC3339))
	}
	return b.String()
}

func (a *allocator) position(service int) int {
	return 1 + slices.IndexFunc(a.in.Queue, func(w waiter) bool { return w.ServiceID == service })
}

// stock is the last look at the panel with the queue as it is now.
func (a *allocator) stock() api.Stock {
	stock := a.in.Stock
	stock.Panel = a.in.Panel
	stock.Packages = slices.Clone(stock.Packages)
	for _, w := range a.in.Queue {
		i := slices.IndexFunc(stock.Packages, func(p api.PackageStock) bool { return p.Package == w.Package })
		if i < 0 {
			stock.Packages = append(stock.Packages, api.PackageStock{Package: w.Package})
			i = len(stock.Packages) - 1
		}
		stock.Packages[i].Waiting++
	}
	if stock.Packages == nil {
		stock.Packages = []api.PackageStock{}
	}
	return stock
}
