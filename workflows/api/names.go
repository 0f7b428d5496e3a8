// Package api is what others type: names of workflows, signals and search attributes, the
// order, the input of signals, the status, and the codes of attention. Programs, people and
// histories rely on all of it.
package api

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
)

// Workflow types, as registered and as shown by every Temporal tool.
const (
	TypeServiceLifecycle = "ServiceLifecycle"
	TypeInventory        = "Inventory"
	TypeAccount          = "Account"
	TypeInquiry          = "Inquiry"
	TypeQuarantineClear  = "QuarantineClear"
)

// Task queues. A panel has three more, see PanelQueue.
const (
	QueueWorkflows = "metalease"
	QueueWHMCS     = "whmcs"
)

// SignalNewRun has any workflow that lives for long go on in a new run, at its next quiet moment, with the same state. What Temporal
// keeps of it is written anew then. It changes nothing else.
const SignalNewRun = "new-run"

// QueryStatus answers a Status.
const QueryStatus = "status"

// Search attributes of a ServiceLifecycle. Keyword values are cut at 255 characters.
var (
	AttrPhase          = temporal.NewSearchAttributeKeyKeyword("ServicePhase")
	AttrPanel          = temporal.NewSearchAttributeKeyKeyword("Panel")
	AttrPackage        = temporal.NewSearchAttributeKeyKeyword("Package")
	AttrServerID       = temporal.NewSearchAttributeKeyKeyword("ServerId")
	AttrClientID       = temporal.NewSearchAttributeKeyKeyword("ClientId")
	AttrMainIP         = temporal.NewSearchAttributeKeyKeyword("MainIP")
	AttrGraceEndsAt    = temporal.NewSearchAttributeKeyTime("GraceEndsAt")
	AttrNeedsAttention = temporal.NewSearchAttributeKeyBool("NeedsAttention")
)

// SearchAttributes are the keys that must exist in the namespace before the
// first service starts.
var SearchAttributes = []temporal.SearchAttributeKey{
	AttrPhase, AttrPanel, AttrPackage, AttrServerID,
	AttrClientID, AttrMainIP, AttrGraceEndsAt, AttrNeedsAttention,
}

// ServiceWorkflowID is the id of the lifecycle of a service: service-101.
func ServiceWorkflowID(serviceID int) string { return fmt.Sprintf("service-%d", serviceID) }

// AccountWorkflowID is the id of the account entity of a client on a panel.
func AccountWorkflowID(panel string, clientID int) string {
	return fmt.Sprintf("account-%s-%d", panel, clientID)
}
