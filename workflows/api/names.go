// Package api is what others type: names of workflows, signals and search attributes, the
// order, the input of signals, the status, and the codes of attention. Programs, people and
// histories rely on all of it.
package api

import (
	"fmt"

	"go.temporal.io/sdk/temporal"

	"metalease/activities/engine"
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

// QueryStatus answers a Status.
const QueryStatus = "status"

// QueryStock, asked of an inventory, answers a Stock.
const QueryStock = "stock"

// QueryPosition, asked of an inventory with a service id, answers the service's
// place in the queue; 1 is next, 0 is not waiting.
const QueryPosition = "position"

// SignalRefresh asks an inventory to look at the panel now.
const SignalRefresh = "refresh"

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

// InventoryWorkflowID is the id of the allocator of a panel.
func InventoryWorkflowID(panel string) string { return "inventory-" + panel }

// AccountWorkflowID is the id of the account entity of a client on a panel.
func AccountWorkflowID(panel string, clientID int) string {
	return fmt.Sprintf("account-%s-%d", panel, clientID)
}

// BrakesWorkflowID is the id of the brakes of a panel.
func BrakesWorkflowID(panel string) string { return engine.BrakesWorkflowID(panel) }

// InquiryWorkflowID is the id of one question about a panel; unique tells questions apart.
func InquiryWorkflowID(panel, unique string) string { return "inquiry-" + panel + "-" + unique }

// PanelQueue carries the building work of a panel.
func PanelQueue(panel string) string { return "panel-" + panel }

// UrgentQueue carries block, unblock and release: never behind installs.
func UrgentQueue(panel string) string { return "panel-" + panel + "-urgent" }

// WatchQueue carries long waits, fed by one shared list per tick and process.
func WatchQueue(panel string) string { return "panel-" + panel + "-watch" }
