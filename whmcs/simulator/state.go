package simulator

import (
	"maps"
	"slices"
	"time"
)

// Client is a customer.
type Client struct {
	ID        int    `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
	Status    string `json:"status"`

	Company  string `json:"company,omitempty"`
	Address1 string `json:"address1,omitempty"`
	Address2 string `json:"address2,omitempty"`
	City     string `json:"city,omitempty"`
	State    string `json:"state,omitempty"`
	Postcode string `json:"postcode,omitempty"`
	Country  string `json:"country,omitempty"`
	Phone    string `json:"phone,omitempty"`
	// Currency is the id of one; 0 is the default.
	Currency int `json:"currency,omitempty"`
	// Notes are of staff.
	Notes string `json:"notes,omitempty"`
	// NoSSO: the client has switched single sign-on off.
	NoSSO bool `json:"no_sso,omitempty"`
	// Bills is how many invoices staff have written that belong to no order.
	Bills int `json:"bills,omitempty"`
}

// OrderRow is a row of tblorders. It stays Pending until somebody accepts it, even
// when its services are Active (docs/whmcs-api.md 3.8).
type OrderRow struct {
	ID        int       `json:"id"`
	ClientID  int       `json:"client_id"`
	InvoiceID int       `json:"invoice_id"`
	At        time.Time `json:"at"`
	Status    string    `json:"status"`
	Paid      bool      `json:"paid"`

	// Currency is a code; money is in its hundredths.
	Currency      string    `json:"currency"`
	Total         int64     `json:"total"`
	PromoCode     string    `json:"promo_code,omitempty"`
	Method        string    `json:"payment_method"`
	IP            string    `json:"ip,omitempty"`
	InvoiceStatus string    `json:"invoice_status"`
	PaidAt        time.Time `json:"paid_at,omitzero"`
}

// Service is a row of tblhosting.
type Service struct {
	ID          int    `json:"id"`
	ClientID    int    `json:"client_id"`
	OrderID     int    `json:"order_id"`
	ProductID   int    `json:"product_id"`
	Status      string `json:"status"`
	Domain      string `json:"domain"`
	DedicatedIP string `json:"dedicated_ip"`
	AssignedIPs string `json:"assigned_ips"`
	Username    string `json:"username"`
	Password    string `json:"-"`
	// RootPassword is one that the customer has typed for a reinstall, until it is kept.
	RootPassword  string `json:"-"`
	ServerID      int    `json:"server_id"`
	ServerName    string `json:"server_name"`
	NextDueDate   string `json:"next_due_date"`
	Suspended     string `json:"suspension_reason"`
	Notes         string `json:"notes"`
	Override      bool   `json:"override_auto_suspend"`
	OverrideUntil string `json:"override_suspend_until"`
	Order         Body   `json:"order"`
	// Stopped is why the gateway did not take the order; empty when it did.
	Stopped string `json:"stopped,omitempty"`
	// HandedOver is when the module told WHMCS that the server is ready.
	HandedOver time.Time `json:"handed_over,omitzero"`

	Cycle string `json:"cycle"`
	// Quantity of a service is more than one only for a product that is sold so.
	Quantity int `json:"quantity"`
	// First and Recurring are prices in hundredths, Discount what a promotion took off First.
	First     int64          `json:"first"`
	Recurring int64          `json:"recurring"`
	Discount  int64          `json:"discount,omitempty"`
	Chosen    []Chosen       `json:"chosen,omitempty"`
	Fields    map[int]string `json:"fields,omitempty"`
	NS1       string         `json:"ns1,omitempty"`
	NS2       string         `json:"ns2,omitempty"`
}

// Body is what the hook posts to the gateway (docs/architecture.md 6).
type Body map[string]any

// Welcome is the template of the mail that follows ModuleCreate.
const Welcome = "Dedicated Server Welcome Email"

// Mail is one mail about a service, with what it said at that moment.
type Mail struct {
	At          time.Time `json:"at"`
	Template    string    `json:"template"`
	ServiceID   int       `json:"service_id"`
	DedicatedIP string    `json:"dedicated_ip"`
	AssignedIPs string    `json:"assigned_ips"`
	Username    string    `json:"username"`
	Domain      string    `json:"domain"`
}

// QueueRow is a failed module function that waits for staff. No later success completes it,
// unless a switch says so [UNCONFIRMED, docs/whmcs-api.md 3.7].
type QueueRow struct {
	ID        int       `json:"id"`
	ServiceID int       `json:"service_id"`
	Module    string    `json:"module"`
	Action    string    `json:"action"`
	Error     string    `json:"error"`
	At        time.Time `json:"at"`
	Completed bool      `json:"completed"`
}

// Ticket is a support ticket: its first message and the replies.
type Ticket struct {
	ID        int      `json:"id"`
	ClientID  int      `json:"client_id"`
	ServiceID int      `json:"service_id"`
	Subject   string   `json:"subject"`
	Messages  []string `json:"messages"`
}

// Notification is an event for the host's notification rules.
type Notification struct {
	Identifier string `json:"identifier"`
	Title      string `json:"title"`
	Message    string `json:"message"`
}

// Count is what one action has cost: all requests, spoiled ones too, and the
// bytes of the answers.
type Count struct {
	Requests int   `json:"requests"`
	Bytes    int64 `json:"bytes"`
}

// State is everything, as /_sim/state shows it.
type State struct {
	Since         time.Time      `json:"since"`
	Clients       []*Client      `json:"clients"`
	Orders        []*OrderRow    `json:"orders"`
	Services      []*Service     `json:"services"`
	Mails         []Mail         `json:"mails"`
	Queue         []QueueRow     `json:"module_queue"`
	Tickets       []*Ticket      `json:"tickets"`
	Notifications []Notification `json:"notifications"`
	Activity      []string       `json:"activity"`
	// Ispsystem is the table of ISPsystem's own module; nil: there is none.
	Ispsystem []IspsystemRow   `json:"mod_ispsystem,omitempty"`
	Counters  map[string]Count `json:"counters"`
	NextID    int              `json:"next_id"`
	// Shelves are how products are sold, by their id.
	Shelves map[int]Shelf `json:"shelves"`
}

// Service returns one service of the state; nil when there is none.
func (s State) Service(id int) *Service {
	return one(s.Services, func(service *Service) bool { return service.ID == id })
}

// Order returns one order of the state; nil when there is none.
func (s State) Order(id int) *OrderRow {
	return one(s.Orders, func(order *OrderRow) bool { return order.ID == id })
}

// Invoice returns the order of an invoice; nil when there is none.
func (s State) Invoice(id int) *OrderRow {
	return one(s.Orders, func(order *OrderRow) bool { return order.InvoiceID == id && id != 0 })
}

// Client returns one client of the state; nil when there is none.
func (s State) Client(id int) *Client {
	return one(s.Clients, func(client *Client) bool { return client.ID == id })
}

// MailsOf returns the welcome mails of a service.
func (s State) MailsOf(id int) []Mail {
	return slices.DeleteFunc(slices.Clone(s.Mails), func(mail Mail) bool {
		return mail.ServiceID != id || mail.Template != Welcome
	})
}

// copy shares nothing with the original but the orders' bodies and choices, which are replaced and never change.
func (s State) copy() State {
	s.Clients, s.Orders, s.Services = copies(s.Clients), copies(s.Orders), copies(s.Services)
	s.Tickets = copies(s.Tickets)
	for _, ticket := range s.Tickets {
		ticket.Messages = slices.Clone(ticket.Messages)
	}
	s.Ispsystem = slices.Clone(s.Ispsystem)
	s.Mails, s.Queue = slices.Clone(s.Mails), slices.Clone(s.Queue)
	s.Notifications, s.Activity = slices.Clone(s.Notifications), slices.Clone(s.Activity)
	counters := map[string]Count{}
	for action, count := range s.Counters {
		counters[action] = count
	}
	s.Counters = counters
	s.Shelves = maps.Clone(s.Shelves)
	return s
}

func one[T any](all []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return all[i]
	}
	return nil
}

func copies[T any](all []*T) []*T {
	result := make([]*T, 0, len(all))
	for _, item := range all {
		duplicate := *item
		result = append(result, &duplicate)
	}
	return result
}
