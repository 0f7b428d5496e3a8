package api

import (
	"metalease/activities/holding"
	"metalease/activities/panel"
	"time"
)

// Adoption is the start of a lifecycle for a server that its client has already: what the
// old module of the host knew of it. The server itself is not touched.
type Adoption struct {
	ServerID string          `json:"server_id"`
	Account  holding.Account `json:"account"`
	// Status and Reason are those of WHMCS at the adoption.
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
	// Look has the run look first where the world is, as one that a reset has begun: more than the
	// server's customer may be on it. The account is the customer's all the same.
	Look bool `json:"look,omitempty"`
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
