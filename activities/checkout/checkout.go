package checkout

import (
	"time"

	"metalease/internal/duration"
	"metalease/whmcs"
)

// Duration is a length of time as people write it.
type Duration = duration.Duration

// Question is a cart whose request is to be checked against WHMCS, as that is now.
type Question struct {
	CartID  string  `json:"cart_id"`
	Shop    string  `json:"shop"`
	Request Request `json:"request"`
}

// Checked is the answer: Problems, or everything that the cart needs from then on.
type Checked struct {
	// Problems are all that is wrong, in the order of the request; none: the order can be placed.
	Problems []Fault `json:"problems,omitempty"`
	// ClientID is the client as WHMCS knows it; 0: one must be created.
	ClientID int    `json:"client_id,omitempty"`
	Wants    []Want `json:"wants,omitempty"`
	Currency string `json:"currency,omitempty"`
	// PaymentMethod is the one that the order gets.
	PaymentMethod string `json:"payment_method,omitempty"`
	// Notes tell of what was accepted but differs, such as a price.
	Notes []Fault `json:"notes,omitempty"`
}

// Purchase is an order to be placed, once.
type Purchase struct {
	CartID   string  `json:"cart_id"`
	Shop     string  `json:"shop"`
	Request  Request `json:"request"`
	ClientID int     `json:"client_id"`
	// PaymentMethod is what the check chose.
	PaymentMethod string `json:"payment_method"`
	// Currency is that of the client, in which the order is billed.
	Currency string `json:"currency"`
	// Again is true when the order was asked for before, by an earlier run of the cart.
	Again bool `json:"again,omitempty"`
}

// Placed is an order in WHMCS; or why there is none that was meant.
type Placed struct {
	// Problems are why WHMCS does not sell it so; none: the order is there.
	Problems []Fault `json:"problems,omitempty"`
	// None is true when nothing was ordered, for certain.
	None bool `json:"none,omitempty"`
	// ClientGone: the client was removed meanwhile, with all that was ordered for it. Another cart had made
	// it, and came to nothing.
	ClientGone bool `json:"client_gone,omitempty"`
	// Notes tell of what was accepted but differs, such as a price.
	Notes     []Fault `json:"notes,omitempty"`
	OrderID   int     `json:"order_id"`
	InvoiceID int     `json:"invoice_id"`
	// Services are its services in the order of the items.
	Services []int `json:"services"`
	Invoice
}

// Invoice is what WHMCS charges and has received.
type Invoice struct {
	// Status is WHMCS's own word: Unpaid, Paid, Cancelled, Refunded, Collections, Payment Pending.
	Status   string    `json:"status"`
	Total    string    `json:"total"`
	Currency string    `json:"currency"`
	PaidAt   time.Time `json:"paid_at,omitzero"`
}

// Paid tells whether the cart's money has arrived.
func (i Invoice) Paid() bool { return i.Status == whmcs.InvoicePaid }

// Pending tells whether a payment is on its way, such as a transfer that a bank has confirmed.
func (i Invoice) Pending() bool { return i.Status == whmcs.InvoicePending }

// Gone tells whether nobody can pay it any more.
func (i Invoice) Gone() bool { return i.Status == whmcs.InvoiceCancelled }

// NewClient asks for the client of a cart.
type NewClient struct {
	CartID string `json:"cart_id"`
	Shop   string `json:"shop"`
	Client Client `json:"client"`
	// Currency of the client, if one must be created.
	Currency string `json:"currency,omitempty"`
}

// Known is the client of a cart.
type Known struct {
	// Problems are why there is none; none: ClientID is it.
	Problems []Fault `json:"problems,omitempty"`
	ClientID int     `json:"client_id"`
	// Created is true when the client was made for this very cart: nobody else has a password of it yet.
	Created bool `json:"created,omitempty"`
	// Currency is the client's.
	Currency string `json:"currency"`
}

// OrderRef names an order of a cart.
type OrderRef struct {
	CartID string `json:"cart_id"`
	// ClientID is whose the order is: without an order's id it is looked for among theirs.
	ClientID  int `json:"client_id,omitempty"`
	OrderID   int `json:"order_id,omitempty"`
	InvoiceID int `json:"invoice_id,omitempty"`
	// Currency is the client's.
	Currency string `json:"currency,omitempty"`
	// Delete removes a cancelled order altogether: its cart came to nothing before anybody saw it.
	Delete bool `json:"delete,omitempty"`
	// Reopen is true when this cart has cancelled the order before: money that is booked on it since opens
	// it again. What staff have cancelled stays so.
	Reopen bool `json:"reopen,omitempty"`
}

// Cancelled tells what became of an order that was to be cancelled.
type Cancelled struct {
	// Paid is true when the money was faster: the order stands, and is built.
	Paid bool `json:"paid,omitempty"`
	// Pending is true when a payment is on its way: the order was left as it is.
	Pending bool `json:"pending,omitempty"`
	// OrderID, InvoiceID and Services are those of the order; zero when there is none. A cart whose
	// order's reply was lost learns them here.
	OrderID   int   `json:"order_id,omitempty"`
	InvoiceID int   `json:"invoice_id,omitempty"`
	Services  []int `json:"services,omitempty"`
	Invoice
}

// Forget names a client that may have been made for a cart that came to nothing.
type Forget struct {
	CartID string `json:"cart_id"`
	// ClientID is 0 when the reply of AddClient was lost: it is looked for by Email then.
	ClientID int    `json:"client_id,omitempty"`
	Email    string `json:"email,omitempty"`
	// Closed is true when this cart has closed the client, and what WHMCS was at work on then has ended.
	Closed bool `json:"closed,omitempty"`
}

// Forgotten tells what is left to do about such a client: nothing, or to ask again, after LookAgain and with
// Closed.
type Forgotten struct {
	LookAgain Duration `json:"look_again,omitempty"`
}
