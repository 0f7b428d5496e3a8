package whmcs

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"metalease/internal/secret"
)

// Status of a service.
type Status string

// The statuses (docs/whmcs-api.md 1.4).
const (
	StatusPending    Status = "Pending"
	StatusActive     Status = "Active"
	StatusSuspended  Status = "Suspended"
	StatusTerminated Status = "Terminated"
	StatusCancelled  Status = "Cancelled"
	StatusFraud      Status = "Fraud"
	StatusCompleted  Status = "Completed"
)

// Service is a row of GetClientsProducts.
type Service struct {
	ID, ClientID, OrderID, ProductID int
	Status                           Status
	Domain, DedicatedIP, Username    string
	Password                         secret.Secret
	// AssignedIPs are the further addresses, one a line in WHMCS; AssignedIPsText is
	// that field as it stands.
	AssignedIPs     []string
	AssignedIPsText string
	// ServerID is 0 when no server entry is assigned.
	ServerID                       int
	ServerName, ServerHostname     string
	NextDueDate                    Date
	BillingCycle, SuspensionReason string
	Notes                          string
	OverrideAutoSuspend            bool
	OverrideSuspendUntil           Date
	CustomFields                   []CustomField
	ConfigOptions                  []ConfigOption
	// Unreadable is why the row could not be read whole; empty when it was. Then custom fields,
	// options and long texts are missing.
	Unreadable string
	// Nameserver1 holds the mark of an order until it is cleared: see [NewOrder].
	Nameserver1 string
}

// CustomField is a field that the host has added. Clients type what they like
// into it, passwords too: its value is a secret.
type CustomField struct {
	ID    int
	Name  string
	Value secret.Secret
}

// ConfigOption is a configurable option as the client chose it: Value is a
// quantity or the text of a choice.
type ConfigOption struct {
	ID                int
	Name, Type, Value string
}

// Service reads one service; KindNotFound when WHMCS has none of that id.
func (c *Client) Service(ctx context.Context, id int) (Service, error) {
	services, err := c.services(ctx, "serviceid", strconv.Itoa(id))
	if err != nil {
		return Service{}, err
	}
	i := slices.IndexFunc(services, func(s Service) bool { return s.ID == id })
	if i < 0 {
		return Service{}, &Error{Action: "GetClientsProducts", Kind: KindNotFound, Message: fmt.Sprintf("there is no service %d", id)}
	}
	if why := services[i].Unreadable; why != "" {
		return Service{}, unreadable(id, why)
	}
	return services[i], nil
}

// ClientServices reads all services of a client. Those that are Unreadable are among them.
func (c *Client) ClientServices(ctx context.Context, clientID int) ([]Service, error) {
	return c.services(ctx, "clientid", strconv.Itoa(clientID))
}

// ProductServices reads all services of a product, whatever their status.
func (c *Client) ProductServices(ctx context.Context, productID int) ([]Service, error) {
	return c.services(ctx, "pid", strconv.Itoa(productID))
}

// UsernameServices reads all services, of any client, that carry a username.
func (c *Client) UsernameServices(ctx context.Context, username string) ([]Service, error) {
	services, err := c.services(ctx, "username2", username)
	// A WHMCS that does not know the filter answers with everybody's.
	return slices.DeleteFunc(services, func(s Service) bool { return s.Username != username }), err
}

// ServiceUpdate changes what is not nil. WHMCS often ignores an empty text, so an
// empty field that can be cleared is cleared by name instead (docs/whmcs-api.md 1.3, 1.4).
type ServiceUpdate struct {
	Domain, DedicatedIP, AssignedIPs, Username, Notes, SuspensionReason *string
	Password                                                            *secret.Secret
	Status                                                              *Status
	ServerID                                                            *int
	// NextDueDate and OverrideSuspendUntil are written as 2006-01-02.
	NextDueDate, OverrideSuspendUntil *string
	OverrideAutoSuspend               *bool
	// Unset clears fields by their request names, such as assignedips.
	Unset []string
}

// clearable are the request names that WHMCS takes in unset.
var clearable = []string{"domain", "serviceusername", "servicepassword", "subscriptionid", "ns1", "ns2",
	"dedicatedip", "assignedips", "notes", "suspendreason"}

// UpdateService writes absolute values: a repeat changes nothing.
func (c *Client) UpdateService(ctx context.Context, id int, u ServiceUpdate) error {
	params := url.Values{"serviceid": {strconv.Itoa(id)}}
	unset := slices.Clone(u.Unset)
	var password *string
	if u.Password != nil {
		password = new(u.Password.Reveal())
	}
	for name, value := range map[string]*string{
		"domain": u.Domain, "dedicatedip": u.DedicatedIP, "assignedips": u.AssignedIPs,
		"serviceusername": u.Username, "servicepassword": password, "notes": u.Notes,
		"suspendreason": u.SuspensionReason, "nextduedate": u.NextDueDate,
		"overidesuspenduntil": u.OverrideSuspendUntil, "status": (*string)(u.Status),
	} {
		switch {
		case value == nil:
		case *value == "" && slices.Contains(clearable, name):
			unset = append(unset, name)
		default:
			params.Set(name, *value)
		}
	}
	if u.ServerID != nil {
		params.Set("serverid", strconv.Itoa(*u.ServerID))
	}
	if u.OverrideAutoSuspend != nil {
		params.Set("overideautosuspend", map[bool]string{true: "on", false: "off"}[*u.OverrideAutoSuspend])
	}
	for i, field := range unset {
		params.Set(fmt.Sprintf("unset[%d]", i), field)
	}
	return c.do(ctx, call{action: "UpdateClientProduct", params: params, changes: true}, nil)
}

// Product is a row of GetProducts.
type Product struct {
	ID     int
	Module string
	Name   string
	// Available is quantity_available, which says nothing where the product is under no stock control (docs/whmcs-api.md W20).
	Available int
}

// Products reads products by id; none given reads all.
func (c *Client) Products(ctx context.Context, ids ...int) ([]Product, error) {
	var answer struct {
		Products table[struct {
			ID     number    `json:"pid"`
			Module shortText `json:"module"`
			Name   shortText `json:"name"`
			// Absent before WHMCS 8.12.
			Available number `json:"quantity_available"`
		}] `json:"products"`
	}
	if err := c.do(ctx, call{action: "GetProducts", params: productIDs(ids)}, &answer); err != nil {
		return nil, err
	}
	var products []Product
	for _, e := range answer.Products {
		if p := e.row; p.ID != 0 { // a row that is no product has none
			products = append(products, Product{int(p.ID), string(p.Module), string(p.Name), int(p.Available)})
		}
	}
	return products, nil
}
