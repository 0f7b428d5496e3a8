package api

import (
	"encoding/json"
	"metalease/activities/drift"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"time"
)

// InquiryInput is a question of a person or of the gateway that only a worker can
// answer: Activity names a read-only activity of the panel, Input is its argument.
type InquiryInput struct {
	Panel    string          `json:"panel"`
	Activity string          `json:"activity"`
	Input    json.RawMessage `json:"input,omitempty"`
}

// Types of the reconciler's workflows.
const (
	TypeReconcile = "Reconcile"
	TypeRepair    = "Repair"
)

// ReconcileScheduleID is the id of the schedule that compares a panel, and the beginning of
// the ids of its runs.
func ReconcileScheduleID(panel string) string { return "reconcile-" + panel }

// ReconcileInput is the argument of Reconcile. Fields are only ever added.
type ReconcileInput struct {
	Panel    string   `json:"panel"`
	Settings Settings `json:"settings,omitzero"`
}

// RepairInput is one difference that a person wants repaired. Fields are only ever added.
type RepairInput struct {
	Panel    string      `json:"panel"`
	Drift    drift.Drift `json:"drift"`
	Settings Settings    `json:"settings,omitzero"`
}

// RepairResult is what became of a repair.
type RepairResult struct {
	// Done is false when there was nothing left to repair.
	Done bool   `json:"done"`
	What string `json:"what"`
}

// RepairWorkflowID is the id of the repair of one difference: two people who ask for it
// share one.
func RepairWorkflowID(panel, drift string) string { return "repair-" + panel + "-" + drift }

// ErrByHand is the type of the failure of a repair that only a person can make.
const ErrByHand = "RepairByHand"

// ErrSetAside is the type of the failure of a quarantine that could not be ended.
const ErrSetAside = "SetAside"

// QuarantineClearInput is one server that a person wants back in stock. Fields are only
// ever added.
type QuarantineClearInput struct {
	Panel    string   `json:"panel"`
	ServerID string   `json:"server_id"`
	Reason   string   `json:"reason"`
	By       string   `json:"by,omitempty"`
	Settings Settings `json:"settings,omitzero"`
}

// QuarantineWorkflowID is the id of the return of one server: two people who ask for it
// share one.
func QuarantineWorkflowID(panel, server string) string { return "quarantine-" + panel + "-" + server }

// Adoption is the start of a lifecycle for a server that its client has already: what the
// old module of the host knew of it. The server itself is not touched.
type Adoption struct {
	ServerID string          `json:"server_id"`
	Account  holding.Account `json:"account"`
	// Status and Reason are those of WHMCS at the adoption.
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
}

// NewAdoption is the argument with which a service is adopted.
func NewAdoption(a panel.Adoption, panel string, now time.Time, grace Duration, settings Settings) Start {
	return Start{
		Order: Order{
			ServiceID: a.ServiceID, ClientID: a.ClientID, OrderID: a.OrderID, PaidAt: now, Panel: panel, Package: a.Package,
			Domain: a.Server.Hostname, ServerID: ID(a.Server.ID), Grace: grace,
		},
		Settings: settings, Adopted: true,
		Adopt: &Adoption{ServerID: a.Server.ID, Account: a.Account, Status: a.Status, Reason: a.Reason},
	}
}

// NewStart is the argument with which a service starts.
func NewStart(order Order, settings Settings) Start {
	return Start{Order: order, Settings: settings}
}

// Start is the argument with which a service starts.
type Start struct {
	Order    Order    `json:"order"`
	Settings Settings `json:"settings,omitzero"`
	// Adopted services were not ordered through metalease; Adopt is what is taken over.
	Adopted bool      `json:"adopted,omitempty"`
	Adopt   *Adoption `json:"adopt,omitempty"`
}

// EntityStart is the argument with which what serves a whole panel starts.
type EntityStart struct {
	Panel    string   `json:"panel"`
	Settings Settings `json:"settings,omitzero"`
}
