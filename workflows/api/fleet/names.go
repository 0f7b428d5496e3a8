// Package fleet is what others type about a panel as a whole: its stock and its queue, its brakes,
// questions about it, comparisons and repairs.
package fleet

import "metalease/activities/engine"

// InventoryWorkflowID is the id of the allocator of a panel.
func InventoryWorkflowID(panel string) string { return "inventory-" + panel }

// BrakesWorkflowID is the id of the brakes of a panel.
func BrakesWorkflowID(panel string) string { return engine.BrakesWorkflowID(panel) }

// InquiryWorkflowID is the id of one question about a panel; unique tells questions apart.
func InquiryWorkflowID(panel, unique string) string { return "inquiry-" + panel + "-" + unique }

// PanelQueue carries the building work of a panel.
func PanelQueue(panel string) string { return "panel-" + panel }

// UrgentQueue carries block and release: never behind installs.
func UrgentQueue(panel string) string { return "panel-" + panel + "-urgent" }

// UnblockQueue carries what gives a server back to a customer who has paid: never behind blocks.
func UnblockQueue(panel string) string { return "panel-" + panel + "-unblock" }

// WatchQueue carries long waits, fed by one shared list per tick and process.
func WatchQueue(panel string) string { return "panel-" + panel + "-watch" }

// QueryRest asks a repair or the end of a quarantine until when its server is kept out of stock.
// It answers a time; zero while the server does not rest.
const QueryRest = "rest"
