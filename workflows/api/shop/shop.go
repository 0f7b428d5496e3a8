// Package shop is what an external shop in front of WHMCS's checkout types: the cart, its states
// and events, and the names of its workflow.
package shop

import (
	"time"

	"metalease/activities/checkout"
	"metalease/workflows/api"
)

// TypeCart is the type of the workflow of a cart.
const TypeCart = "Cart"

// WorkflowID is the id of the workflow of a cart.
func WorkflowID(cart string) string { return "cart-" + cart }

// QueueWebhooks carries what shops are told: a shop that is slow keeps nobody else waiting.
const QueueWebhooks = "webhooks"

// QueryCart answers a Cart.
const QueryCart = "cart"

// MemoCart is the memo in which the workflow keeps its Cart, for those who read it without a worker.
const MemoCart = "cart"

// MemoClosed is the memo that tells, by true, that nobody can pay or cancel the cart any more.
const MemoClosed = "closed"

// Signals that people and the gateway send to a cart.
const (
	// SignalCancel cancels the unpaid order and frees the hold; input: a text, the reason.
	SignalCancel = "cancel"
	// SignalCheckPayment has a cart read its invoice now; without an input.
	SignalCheckPayment = "check-payment"
	// SignalReplay sends kept events to the shop again: the id of one event, or nothing for all.
	SignalReplay = "replay"
)

// State is where a cart is.
type State string

// The states of a cart. Expired, cancelled and failed are ends; a payment still leads from expired to
// paid.
const (
	// StateChecking: WHMCS and the stock are asked, the order is placed.
	StateChecking State = "checking"
	// StateOpen: the order stands in WHMCS and waits for its payment.
	StateOpen State = "open"
	// StatePaid: WHMCS has the money; the servers are built.
	StatePaid State = "paid"
	// StateExpired: not paid in time. Its stock is free again.
	StateExpired State = "expired"
	// StateCancelled: by the shop, a person or in WHMCS.
	StateCancelled State = "cancelled"
	// StateFailed: Problems say why. Nothing is left in WHMCS or in the stock.
	StateFailed State = "failed"
)

// States lists all states.
var States = []State{StateChecking, StateOpen, StatePaid, StateExpired, StateCancelled, StateFailed}

// Request and Fault are those of the check.
type (
	Request = checkout.Request
	Client  = checkout.Client
	Item    = checkout.Item
	Fault   = checkout.Fault
)

// Cart is the answer of GET /v1/carts/{id} and of the query "cart".
type Cart struct {
	ID        string `json:"id"`
	Shop      string `json:"shop"`
	Reference string `json:"reference,omitempty"`
	State     State  `json:"state"`
	// Problems are why it failed, or what differs from what the shop expected.
	Problems  []Fault `json:"problems,omitempty"`
	ClientID  int     `json:"client_id,omitempty"`
	OrderID   int     `json:"order_id,omitempty"`
	InvoiceID int     `json:"invoice_id,omitempty"`
	// Total is what WHMCS computed, such as "89.00".
	Total    string `json:"total,omitempty"`
	Currency string `json:"currency,omitempty"`
	// HoldExpiresAt is until when the stock is held; absent when none is.
	HoldExpiresAt *time.Time `json:"hold_expires_at,omitempty"`
	Services      []Service  `json:"services,omitempty"`
	ReturnURL     string     `json:"return_url,omitempty"`
	CancelURL     string     `json:"cancel_url,omitempty"`
	// Undelivered are events that the shop did not take; `starter webhooks replay` sends them again.
	Undelivered []Undelivered `json:"undelivered,omitempty"`
	CreatedAt   time.Time     `json:"created_at"`
	UpdatedAt   time.Time     `json:"updated_at"`
	// SignIn is true when the checkout may sign its visitor in to WHMCS: the shop named the client by
	// id, or the client was created for this cart.
	SignIn bool `json:"sign_in,omitempty"`
}

// Service is one server of a cart and how far it is.
type Service struct {
	ServiceID int `json:"service_id"`
	// Phase is empty until the service's lifecycle has begun.
	Phase api.Phase `json:"phase,omitempty"`
	Step  api.Step  `json:"step,omitempty"`
	IP    string    `json:"ip,omitempty"`
}

// ServiceEvent is the data of a service.phase.
type ServiceEvent struct {
	CartID    string  `json:"cart_id"`
	Reference string  `json:"reference,omitempty"`
	Service   Service `json:"service"`
}

// Undelivered is an event that the shop did not take for three days.
type Undelivered struct {
	ID   string    `json:"id"`
	Type string    `json:"type"`
	At   time.Time `json:"at"`
	Why  string    `json:"why"`
}

// Types of the events that a shop is sent.
const (
	EventOpen      = "cart.open"
	EventPaid      = "cart.paid"
	EventExpired   = "cart.expired"
	EventCancelled = "cart.cancelled"
	EventFailed    = "cart.failed"
	EventService   = "service.phase"
)

// Start is the argument with which a cart starts.
type Start struct {
	CartID string `json:"cart_id"`
	Shop   string `json:"shop"`
	// Digest tells the request's body from another one under the same Idempotency-Key.
	Digest   string       `json:"digest"`
	Request  Request      `json:"request"`
	Terms    Terms        `json:"terms"`
	Settings api.Settings `json:"settings,omitzero"`
}

// Cart is the cart before anything was done for it.
func (s Start) Cart(createdAt time.Time) Cart {
	return Cart{
		ID: s.CartID, Shop: s.Shop, Reference: s.Request.Reference, State: StateChecking,
		ReturnURL: s.Request.ReturnURL, CancelURL: s.Request.CancelURL, CreatedAt: createdAt, UpdatedAt: createdAt,
	}
}

// Terms are what the configuration allows a shop, as they were when the cart came.
type Terms struct {
	// Hold is how long stock is held.
	Hold api.Duration `json:"hold"`
	// MostHeld and MostHeldByVisitor bound the servers held on one panel, for the whole shop and for one
	// address of a visitor; 0 is no bound.
	MostHeld          int `json:"most_held,omitempty"`
	MostHeldByVisitor int `json:"most_held_by_visitor,omitempty"`
	// CancelExpired has an order cancelled in WHMCS when the hold expires.
	CancelExpired bool `json:"cancel_expired,omitempty"`
	// Webhook is true when the shop is told of events.
	Webhook bool `json:"webhook,omitempty"`
}
