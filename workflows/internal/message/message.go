// Package message is what the workflows of metalease say to each other: what a lifecycle asks of
// the allocator of a panel and of the account entity of a client, and what they answer. All of it
// travels as signals; each may come twice, and an answer is told apart by the number of the question.
package message

import (
	"time"

	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/api"
)

// Signals to an allocator; api.SignalReserve and api.SignalRefresh are two more. SignalRequest goes
// to an account entity as well.
const (
	// SignalRequest asks for a server (ServerRequest) or for an account (AccountRequest).
	SignalRequest = "request"
	// SignalWithdraw takes a request back, by a Withdrawal.
	SignalWithdraw = "withdraw"
	// SignalReleased names a server by its id that was given back: those who wait may have it.
	SignalReleased = "released"
)

// Signals to a lifecycle.
const (
	// SignalGranted, SignalRefused, SignalQueued and SignalWithdrawn answer with a Reply. Queued tells
	// of a place in the queue; the other three end the request.
	SignalGranted   = "granted"
	SignalRefused   = "refused"
	SignalQueued    = "queued"
	SignalWithdrawn = "withdrawn"
	// SignalAccount answers an AccountRequest with an AccountReply.
	SignalAccount = "account"
	// SignalAskAgain, without an input, has a service that waits for a server ask once more: the
	// allocator has forgotten it, or wants to know whether it still runs.
	SignalAskAgain = "ask-again"
)

// SignalLook, without an input, has a service look at WHMCS and the panel again: one of them shows
// something else than it remembers, such as another client.
const SignalLook = "look"

// ServerRequest asks an allocator for a server. The same service, run and ask get the same answer.
type ServerRequest struct {
	ServiceID int `json:"service_id"`
	ClientID  int `json:"client_id"`
	// Ask numbers the requests of a life, from 1.
	Ask int `json:"ask"`
	// Again is true for a request that was sent before, for those of a life after its first, and after a reset:
	// an allocator, which may be lost by now, may have claimed a server for the service already.
	Again bool `json:"again,omitempty"`
	// RunID is the first run of the life that asks.
	RunID   string `json:"run_id"`
	Package string `json:"package"`
	// PaidAt decides who is served first.
	PaidAt api.Moment `json:"paid_at"`
	// ServerID is the one server that the order may have; empty: any of the package.
	ServerID string `json:"server_id,omitempty"`
	// Exclude are servers that failed for this order.
	Exclude []string `json:"exclude,omitempty"`
}

// Withdrawal takes a request back. The answer is SignalWithdrawn, or SignalGranted when that was
// faster.
type Withdrawal struct {
	ServiceID int `json:"service_id"`
	// Ask is 0 for an order that was announced and will never ask: then nothing is answered.
	Ask int `json:"ask"`
	// RunID is the run that asked; empty when it never did.
	RunID string `json:"run_id,omitempty"`
}

// Reply is every answer to a ServerRequest.
type Reply struct {
	Ask int `json:"ask"`
	// Server is the one that was granted.
	Server panel.Server `json:"server,omitzero"`
	// Code and Why explain a refusal. Code is the type of an activity's error or a code of
	// api.AttentionTable; Why is for people.
	Code string `json:"code,omitempty"`
	Why  string `json:"why,omitempty"`
	// Position in the queue; 1 is next.
	Position int `json:"position,omitempty"`
}

// AccountRequest asks for the account of a service's client.
type AccountRequest struct {
	ServiceID int `json:"service_id"`
	// Had is the account that the service was given as a former client's, before WHMCS moved it.
	Had holding.Account `json:"had,omitzero"`
}

// AccountReply is the answer: the account, or Code and Why as in a Reply.
type AccountReply struct {
	Account holding.Account `json:"account,omitzero"`
	Code    string          `json:"code,omitempty"`
	Why     string          `json:"why,omitempty"`
}

// AccountStart is the argument with which an account entity starts.
type AccountStart struct {
	Panel    string       `json:"panel"`
	ClientID int          `json:"client_id"`
	Settings api.Settings `json:"settings,omitzero"`
}

// Signals between a cart, the allocators that hold its stock, and its services.
const (
	// SignalHold asks an allocator for a hold, or changes it, by a Hold.
	SignalHold = "hold-stock"
	// SignalFree ends a cart's hold on this panel, by the cart's id.
	SignalFree = "free-stock"
	// SignalHeld answers a Hold with a HoldReply.
	SignalHeld = "held"
	// SignalAsked tells a cart by a service's id that this service of its order has asked for a server:
	// its order was paid.
	SignalAsked = "asked"
	// SignalFollow has a lifecycle tell a cart, by its id, of its phase: now, and whenever it changes.
	SignalFollow = "follow"
	// SignalPhase tells a cart of a service, by a shop.Service.
	SignalPhase = "phase"
)

// Hold keeps stock of one package for a cart. The same cart and package have one hold: a later one
// with the same or another end replaces it.
type Hold struct {
	CartID string `json:"cart_id"`
	Shop   string `json:"shop"`
	// Visitor is the address that the shop saw; empty is unknown.
	Visitor string    `json:"visitor,omitempty"`
	Package string    `json:"package"`
	Count   int       `json:"count"`
	Until   time.Time `json:"until"`
	// MostHeld and MostHeldByVisitor bound all holds of the shop and of the visitor on this panel; 0 is
	// no bound.
	MostHeld          int `json:"most_held,omitempty"`
	MostHeldByVisitor int `json:"most_held_by_visitor,omitempty"`
	// Services are those of the order, once it is placed: each that asks for a server takes one of the
	// hold, ahead of the queue.
	Services []int `json:"services,omitempty"`
}

// HoldReply answers a Hold.
type HoldReply struct {
	Panel   string `json:"panel"`
	Package string `json:"package"`
	Held    bool   `json:"held"`
	// Why explains a refusal to the shop.
	Why string `json:"why,omitempty"`
}
