package fleet

import (
	"encoding/json"
	"metalease/activities/drift"
	"metalease/workflows/api"
)

// InquiryInput is a question of a person or of the gateway that only a worker can
// answer: Activity names a read-only activity of the panel, Input is its argument. Without a panel it is one of WHMCS.
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
	Panel    string       `json:"panel"`
	Settings api.Settings `json:"settings,omitzero"`
}

// RepairInput is one difference that a person wants repaired. Fields are only ever added.
type RepairInput struct {
	Panel    string       `json:"panel"`
	Drift    drift.Drift  `json:"drift"`
	Settings api.Settings `json:"settings,omitzero"`
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
	Panel    string       `json:"panel"`
	ServerID string       `json:"server_id"`
	Reason   string       `json:"reason"`
	By       string       `json:"by,omitempty"`
	Settings api.Settings `json:"settings,omitzero"`
}

// QuarantineWorkflowID is the id of the return of one server: two people who ask for it
// share one.
func QuarantineWorkflowID(panel, server string) string { return "quarantine-" + panel + "-" + server }

// EntityStart is the argument with which what serves a whole panel starts.
type Start struct {
	Panel    string       `json:"panel"`
	Settings api.Settings `json:"settings,omitzero"`
}
