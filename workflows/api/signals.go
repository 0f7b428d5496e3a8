package api

import "slices"

// Signals that people and programs send to a ServiceLifecycle.
const (
	SignalExpire    = "expire"
	SignalRenew     = "renew"
	SignalSuspend   = "suspend"
	SignalUnsuspend = "unsuspend"
	SignalHold      = "hold"
	SignalUnhold    = "unhold"
	SignalTerminate = "terminate"
	SignalRetry     = "retry"
	SignalAccept    = "accept"
	SignalDetach    = "detach"

	// By these a customer or staff have something done with a running server: each once, one after
	// another, and not while the server is blocked, built or given back.
	SignalPower     = "power"
	SignalReinstall = "reinstall"
	SignalNetwork   = "network"
	SignalAddresses = "addresses"
)

// Signal is one public signal of a ServiceLifecycle. The table of them is the only place that
// names their fields and their help: decisions, command line, gateway and documents read it.
type Signal struct {
	Name string
	// Fields are the fields of Event that it reads, beside event_id, reason and source.
	Fields []string
	// Effect is one line for help texts and documents.
	Effect string
	// Person is true for a word that answers attention.
	Person bool
	// Running is true for what is done with a running server: refused while it is blocked, built or
	// given back.
	Running bool
	// Destroys is true when a customer may lose the server: programs ask before they send it.
	Destroys bool
}

// SignalTable lists the public signals in the order in which help texts show them.
var SignalTable = []Signal{
	{Name: SignalExpire, Fields: []string{"at", "due", "grace"}, Effect: "block, and start the grace period; a repeat never moves its end"},
	{Name: SignalRenew, Fields: []string{"at", "expires_at"}, Effect: "end the grace period; unblock if nothing else blocks"},
	{Name: SignalSuspend, Fields: []string{"at"}, Effect: "block, without a grace period"},
	{Name: SignalUnsuspend, Fields: []string{"at"}, Effect: "lift suspensions: all of them, or, from WHMCS, those that came through WHMCS"},
	{Name: SignalHold, Effect: "nothing is blocked or released by itself (VIP, legal case)"},
	{Name: SignalUnhold, Effect: "end the hold"},
	{Name: SignalTerminate, Effect: "release now, from any phase; a payment does not undo it", Destroys: true},
	{Name: SignalRetry, Fields: []string{"attention", "replace", "server_id", "order"}, Person: true,
		Effect: "from attention or waiting: try again, on another server, with corrected order fields"},
	{Name: SignalAccept, Fields: []string{"attention", "server_id"}, Person: true,
		Effect: "what waits for a person was seen, or a technician did it by hand: skip the install"},
	{Name: SignalPower, Fields: []string{"action", "actor"}, Running: true, Effect: "switch the running server on or off, or reboot it"},
	{Name: SignalReinstall, Fields: []string{"os_template", "recipe", "confirm", "actor"}, Running: true, Destroys: true,
		Effect: "install the running server anew: all its data is lost; owner, addresses and host name stay"},
	{Name: SignalNetwork, Fields: []string{"state", "actor"}, Running: true, Effect: "open or close every switch port of the running server"},
	{Name: SignalAddresses, Fields: []string{"ipv4", "ipv6", "domains", "actor"}, Running: true,
		Effect: "change the number of extra addresses, or the names of addresses"},
	{Name: SignalDetach, Effect: "end the lifecycle, touch nothing but our mark"},
}

// Signals are the names of the public signals, in the order of the table.
var Signals = names(SignalTable)

func names(table []Signal) []string {
	var all []string
	for _, s := range table {
		all = append(all, s.Name)
	}
	return all
}

// SignalOf returns the row of a signal; false is none of ours.
func SignalOf(name string) (Signal, bool) {
	i := slices.IndexFunc(SignalTable, func(s Signal) bool { return s.Name == name })
	if i < 0 {
		return Signal{}, false
	}
	return SignalTable[i], true
}

const (
	// SourceWHMCS is the source of signals that WHMCS sent on its own or for its staff.
	SourceWHMCS = "whmcs"
	// ReasonExpired is the reason of a block of a service that was not paid in time.
	ReasonExpired = "expired"
	// ReasonOverdue is the reason by which WHMCS knows that its own cron has suspended a service.
	ReasonOverdue = "Overdue on Payment"

	// The kinds of actors.
	ActorClient = "client"
	ActorStaff  = "staff"
	ActorSystem = "system"
)
