package whmcs

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

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

// row is a service as WHMCS writes it, misspellings included.
type row struct {
	ID                   number `json:"id"`
	ClientID             number `json:"clientid"`
	OrderID              number `json:"orderid"`
	ProductID            number `json:"pid"`
	Status               text   `json:"status"`
	Domain               text   `json:"domain"`
	DedicatedIP          text   `json:"dedicatedip"`
	AssignedIPs          text   `json:"assignedips"`
	Username             text   `json:"username"`
	Password             text   `json:"password"`
	ServerID             number `json:"serverid"`
	ServerName           text   `json:"servername"`
	ServerHostname       text   `json:"serverhostname"`
	NextDueDate          Date   `json:"nextduedate"`
	BillingCycle         text   `json:"billingcycle"`
	SuspensionReason     text   `json:"suspensionreason"`
	Notes                text   `json:"notes"`
	OverrideAutoSuspend  flag   `json:"overideautosuspend"`
	OverrideSuspendUntil Date   `json:"overidesuspenduntil"`
	Nameserver1          text   `json:"ns1"`
	CustomFields         list[struct {
		ID    number `json:"id"`
		Name  text   `json:"name"`
		Value text   `json:"value"`
	}] `json:"customfields"`
	ConfigOptions list[struct {
		ID    number `json:"id"`
		Name  text   `json:"option"`
		Type  text   `json:"type"`
		Value text   `json:"value"`
	}] `json:"configoptions"`
}

func (r row) service() Service {
	service := Service{
		ID: int(r.ID), ClientID: int(r.ClientID), OrderID: int(r.OrderID), ProductID: int(r.ProductID),
		Status: Status(r.Status), Domain: string(r.Domain), DedicatedIP: string(r.DedicatedIP),
		Username: string(r.Username), Password: secret.New(string(r.Password)),
		AssignedIPs: strings.Fields(string(r.AssignedIPs)), AssignedIPsText: string(r.AssignedIPs),
		ServerID: int(r.ServerID), ServerName: string(r.ServerName), ServerHostname: string(r.ServerHostname),
		NextDueDate: r.NextDueDate, BillingCycle: string(r.BillingCycle), SuspensionReason: string(r.SuspensionReason),
		Notes: string(r.Notes), OverrideAutoSuspend: bool(r.OverrideAutoSuspend), OverrideSuspendUntil: r.OverrideSuspendUntil,
		Nameserver1: string(r.Nameserver1),
	}
	for _, f := range r.CustomFields {
		service.CustomFields = append(service.CustomFields, CustomField{int(f.ID), string(f.Name), secret.New(string(f.Value))})
	}
	for _, o := range r.ConfigOptions {
		service.ConfigOptions = append(service.ConfigOptions, ConfigOption{int(o.ID), string(o.Name), string(o.Type), string(o.Value)})
	}
	return service
}

// services reads all pages of GetClientsProducts.
func (c *Client) services(ctx context.Context, key, value string) ([]Service, error) {
	rows, err := pages(url.Values{key: {value}}, func(r row) number { return r.ID }, func(params url.Values) (number, []row, error) {
		var answer struct {
			Total    number    `json:"totalresults"`
			Products list[row] `json:"products"`
		}
		err := c.do(ctx, call{action: "GetClientsProducts", params: params}, &answer)
		return answer.Total, answer.Products, err
	})
	var services []Service
	for _, r := range rows {
		services = append(services, r.service())
	}
	return services, err
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
	return services[i], nil
}

// ClientServices reads all services of a client.
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
}

// Products reads products by id; none given reads all.
func (c *Client) Products(ctx context.Context, ids ...int) ([]Product, error) {
	var answer struct {
		Products list[struct {
			ID     number `json:"pid"`
			Module text   `json:"module"`
			Name   text   `json:"name"`
		}] `json:"products"`
	}
	if err := c.do(ctx, call{action: "GetProducts", params: productIDs(ids)}, &answer); err != nil {
		return nil, err
	}
	var products []Product
	for _, p := range answer.Products {
		products = append(products, Product{int(p.ID), string(p.Module), string(p.Name)})
	}
	return products, nil
}
