// Package simulator is a WHMCS with state, as far as metalease and its tests
// meet one: api.php, the checkout, and the server module, which calls back into
// the gateway as the PHP module does. See reference/whmcs.md.
package simulator

import "time"

// Config describes a WHMCS.
type Config struct {
	// Identifier, Secret and AccessKey are the API credential.
	Identifier, Secret, AccessKey string
	// Gateway is the URL of the gateway; empty: the module does nothing and succeeds.
	Gateway, GatewaySecret string
	// Installation is this WHMCS's name; Panel the panel of its products.
	Installation, Panel string
	// Products, when none are given, is a small catalogue.
	Products []Product
	// StateFile is read at the start and written after changes.
	StateFile string
	// Seed of the random choices of faults.
	Seed int64
	// Now is the clock; time.Now when nil.
	Now func() time.Time
}

// Product is what is sold: a package with the settings of the server module.
type Product struct {
	ID      int    `json:"id" yaml:"id"`
	Name    string `json:"name" yaml:"name"`
	Module  string `json:"module" yaml:"module"`
	Package string `json:"package" yaml:"package"`
	OS      string `json:"os" yaml:"os"`
	Recipe  string `json:"recipe" yaml:"recipe"`
	Group   string `json:"group" yaml:"group"`
	Panel   string `json:"panel" yaml:"panel"`
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
	ServerName  string `json:"server_name"`
	NextDueDate string `json:"next_due_date"`
	Suspended   string `json:"suspension_reason"`
	Notes       string `json:"notes"`
	Override    bool   `json:"override_auto_suspend"`
	Order       Body   `json:"order"`
}

// Body is what the hook posts to the gateway (DESIGN section 6).
type Body map[string]any

// Mail is one welcome mail, with what it said at that moment.
type Mail struct {
	At          time.Time `json:"at"`
	ServiceID   int       `json:"service_id"`
	DedicatedIP string    `json:"dedicated_ip"`
	AssignedIPs string    `json:"assigned_ips"`
	Username    string    `json:"username"`
	Domain      string    `json:"domain"`
}

// QueueRow is a failed module function that waits for staff.
type QueueRow struct {
	ID        int       `json:"id"`
	ServiceID int       `json:"service_id"`
	Action    string    `json:"action"`
	Error     string    `json:"error"`
	At        time.Time `json:"at"`
	Completed bool      `json:"completed"`
}

// Count is what one action has cost.
type Count struct {
	Requests int   `json:"requests"`
	Bytes    int64 `json:"bytes"`
}

// State is everything, as /_sim/state shows it.
type State struct {
	Since    time.Time        `json:"since"`
	Services []*Service       `json:"services"`
	Orders   map[int]string   `json:"orders"`
	Mails    []Mail           `json:"mails"`
	Queue    []QueueRow       `json:"module_queue"`
	Activity []string         `json:"activity"`
	Counters map[string]Count `json:"counters"`
	NextID   int              `json:"next_id"`
	Clients  int              `json:"clients"`
}

// Service returns one service of the state; nil when there is none.
func (s State) Service(id int) *Service {
	for _, service := range s.Services {
		if service.ID == id {
			return service
		}
	}
	return nil
}

// MailsOf returns the welcome mails of a service.
func (s State) MailsOf(id int) []Mail {
	var mails []Mail
	for _, mail := range s.Mails {
		if mail.ServiceID == id {
			mails = append(mails, mail)
		}
	}
	return mails
}

func (c *Config) fill() {
	if c.Identifier == "" {
		c.Identifier = "identifier"
	}
	if c.Secret == "" {
		c.Secret = "secret"
	}
	if c.Installation == "" {
		c.Installation = "demo"
	}
	if c.Panel == "" {
		c.Panel = "demo"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if len(c.Products) > 0 {
		return
	}
	for i, pkg := range []string{"E3-16G", "E5-64G"} {
		c.Products = append(c.Products, Product{ID: i + 1, Name: "Dedicated " + pkg, Module: "metalease", Package: pkg,
			OS: "ISPsystem__Debian-12-x86_64", Recipe: "null", Group: "public", Panel: c.Panel})
	}
}
