package whmcs

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Status of a service.
type Status string

// The statuses (reference/whmcs.md 1.4).
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
	Password                         Secret
	// AssignedIPs are the further addresses, one a line in WHMCS.
	AssignedIPs []string
	// ServerID is 0 when no server entry is assigned.
	ServerID                       int
	ServerName, ServerHostname     string
	NextDueDate                    Date
	BillingCycle, SuspensionReason string
	Notes                          string
	OverrideAutoSuspend            bool
	OverrideSuspendUntil           Date
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
}

func (r row) service() Service {
	return Service{
		ID: int(r.ID), ClientID: int(r.ClientID), OrderID: int(r.OrderID), ProductID: int(r.ProductID),
		Status: Status(r.Status), Domain: string(r.Domain), DedicatedIP: string(r.DedicatedIP),
		Username: string(r.Username), Password: Secret(r.Password), AssignedIPs: strings.Fields(string(r.AssignedIPs)),
		ServerID: int(r.ServerID), ServerName: string(r.ServerName), ServerHostname: string(r.ServerHostname),
		NextDueDate: r.NextDueDate, BillingCycle: string(r.BillingCycle), SuspensionReason: string(r.SuspensionReason),
		Notes: string(r.Notes), OverrideAutoSuspend: bool(r.OverrideAutoSuspend), OverrideSuspendUntil: r.OverrideSuspendUntil,
	}
}

// pageSize is how many rows one call asks for.
const pageSize = 100

// page reads all pages of GetClientsProducts.
func (c *Client) services(ctx context.Context, key, value string) ([]Service, error) {
	var services []Service
	for {
		var answer struct {
			Total    number    `json:"totalresults"`
			Products list[row] `json:"products"`
		}
		params := url.Values{key: {value}, "limitstart": {strconv.Itoa(len(services))}, "limitnum": {strconv.Itoa(pageSize)}}
		if err := c.do(ctx, call{action: "GetClientsProducts", params: params}, &answer); err != nil {
			return nil, err
		}
		for _, r := range answer.Products {
			services = append(services, r.service())
		}
		if len(answer.Products) == 0 || len(services) >= int(answer.Total) {
			return services, nil
		}
	}
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

// ServiceUpdate changes what is not nil. An empty text is often ignored by
// WHMCS: name the field in Unset instead (reference 1.3).
type ServiceUpdate struct {
	Domain, DedicatedIP, AssignedIPs, Username, Notes *string
	Status                                            *Status
	NextDueDate                                       *string
	// Unset clears fields by their request names, such as assignedips.
	Unset []string
}

// UpdateService writes absolute values: a repeat changes nothing.
func (c *Client) UpdateService(ctx context.Context, id int, u ServiceUpdate) error {
	params := url.Values{"serviceid": {strconv.Itoa(id)}}
	for name, value := range map[string]*string{
		"domain": u.Domain, "dedicatedip": u.DedicatedIP, "assignedips": u.AssignedIPs,
		"serviceusername": u.Username, "notes": u.Notes, "nextduedate": u.NextDueDate, "status": (*string)(u.Status),
	} {
		if value != nil {
			params.Set(name, *value)
		}
	}
	for i, field := range u.Unset {
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
	params := url.Values{}
	if len(ids) > 0 {
		var wanted []string
		for _, id := range ids {
			wanted = append(wanted, strconv.Itoa(id))
		}
		params.Set("pid", strings.Join(wanted, ","))
	}
	var answer struct {
		Products list[struct {
			ID     number `json:"pid"`
			Module text   `json:"module"`
			Name   text   `json:"name"`
		}] `json:"products"`
	}
	if err := c.do(ctx, call{action: "GetProducts", params: params}, &answer); err != nil {
		return nil, err
	}
	var products []Product
	for _, p := range answer.Products {
		products = append(products, Product{int(p.ID), string(p.Module), string(p.Name)})
	}
	return products, nil
}
