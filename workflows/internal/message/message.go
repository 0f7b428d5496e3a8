// Package message is what the workflows of metalease say to each other: the signals between
// lifecycle, allocator and account entity, and their inputs.
package message

import (
	"errors"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"slices"

	"go.temporal.io/sdk/temporal"
)

// accountRequest asks for the account of a service's client.
type AccountRequest struct {
	ServiceID int `json:"service_id"`
}

func Refusal(err error) AccountReply {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return AccountReply{Code: app.Type(), Why: app.Message()}
	}
	return AccountReply{Code: "failed", Why: err.Error()}
}

// serverRequest asks an allocator for a server. The same request gets the same answer.
type ServerRequest struct {
	ServiceID int        `json:"service_id"`
	ClientID  int        `json:"client_id"`
	Ask       int        `json:"ask"`
	RunID     string     `json:"run_id"`
	Package   string     `json:"package"`
	PaidAt    api.Moment `json:"paid_at"`
	ServerID  string     `json:"server_id,omitempty"`
	Exclude   []string   `json:"exclude,omitempty"`
}

// withdrawal takes a request back.
type Withdrawal struct {
	ServiceID int `json:"service_id"`
	Ask       int `json:"ask"`
	// RunID is the run that asked; empty when it never did.
	RunID string `json:"run_id,omitempty"`
}

// reply is every answer to a serverRequest.
type Reply struct {
	Ask      int          `json:"ask"`
	Server   panel.Server `json:"server,omitzero"`
	Code     string       `json:"code,omitempty"`
	Why      string       `json:"why,omitempty"`
	Position int          `json:"position,omitempty"`
}

// accountReply is the answer of an account entity.
type AccountReply struct {
	Account holding.Account `json:"account,omitzero"`
	Code    string          `json:"code,omitempty"`
	Why     string          `json:"why,omitempty"`
}

// Signals between the workflows of metalease.
const (
	SignalGranted   = "granted"
	SignalRefused   = "refused"
	SignalQueued    = "queued"
	SignalWithdrawn = "withdrawn"
	SignalAccount   = "account"
	SignalAskAgain  = "ask-again"
)

// Signals of an inventory and of an account entity.
const (
	SignalRequest  = "request"
	SignalWithdraw = "withdraw"
	SignalReleased = "released"
)

func Last[T any](list []T, n int) []T {
	if len(list) > n {
		return slices.Clone(list[len(list)-n:])
	}
	return list
}

func OrElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// accountStart is the argument with which an account entity starts.
type AccountStart struct {
	Panel    string       `json:"panel"`
	ClientID int          `json:"client_id"`
	Settings api.Settings `json:"settings,omitzero"`
}
