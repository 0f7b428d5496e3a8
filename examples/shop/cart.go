package main

import (
	"fmt"
	"slices"
	"time"
)

// cart is the gateway's, as far as this shop shows it.
type cart struct {
	ID, State       string
	Problems        []fault
	Total, Currency string
	InvoiceID       int        `json:"invoice_id"`
	HoldExpiresAt   *time.Time `json:"hold_expires_at"`
	Services        []service
}

type service struct {
	ServiceID       int `json:"service_id"`
	Phase, Step, IP string
}

// steps are those of a build, in their order.
var steps = []string{"account", "claim", "addresses", "power", "install", "hand-over"}

// Steps are the steps with what became of each: done, now or later.
func (s service) Steps() []choice {
	at := slices.Index(steps, s.Step)
	if s.Phase == "active" {
		at = len(steps)
	}
	var shown []choice
	for i, step := range steps {
		what := "later"
		if i < at {
			what = "done"
		} else if i == at {
			what = "now"
		}
		shown = append(shown, choice{what, step})
	}
	return shown
}

// words are the phases of a service as a buyer reads them.
var words = map[string]string{
	"": "waiting for its turn", "pending": "being built", "waiting": "waiting for a free server", "attention": "being looked at by our staff",
	"active": "active", "blocked": "blocked", "releasing": "ending", "released": "ended",
}

// Words are what a buyer reads of a service.
func (s service) Words() string { return words[s.Phase] }

// Status is one sentence about the whole cart.
func (c cart) Status() string {
	switch c.State {
	case "checking":
		return "We are checking your order."
	case "open":
		until := ""
		if c.HoldExpiresAt != nil {
			until = " until " + c.HoldExpiresAt.Local().Format("15:04")
		}
		return fmt.Sprintf("Held for you%s. Please pay %s %s.", until, c.Total, c.Currency)
	case "paid":
		active := 0
		for _, s := range c.Services {
			if s.Phase == "active" {
				active++
			}
		}
		if active == len(c.Services) {
			return "Paid, and ready: your order is active."
		}
		if len(c.Services) == 1 {
			return "Paid. Your server is being built."
		}
		return fmt.Sprintf("Paid. %d of %d servers active.", active, len(c.Services))
	case "expired":
		return "It was not paid in time; the servers are for sale again."
	case "cancelled":
		return "This order was cancelled."
	}
	return "This order came to nothing."
}

// Payable tells whether there is something to pay.
func (c cart) Payable() bool { return c.State == "open" && c.InvoiceID > 0 }
