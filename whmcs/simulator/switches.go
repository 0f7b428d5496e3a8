package simulator

import (
	"net/http"

	"metalease/internal/settext"
)

// Switch is one way in which WHMCSs may differ: what docs/whmcs-api.md 10 leaves open. The name is
// that of the flag of whmcssim, and stands in the table of facts (whmcs/facts).
type Switch struct {
	Name, Usage string
	field       func(*Config) any
}

// Field is where the switch stands in a configuration: a pointer to a bool, string or int.
func (s Switch) Field(c *Config) any { return s.field(c) }

// Set turns the switch, by the text of its flag.
func (s Switch) Set(c *Config, text string) error { return settext.Set(s.Name, s.field(c), text) }

// SwitchOf finds a switch by its name.
func SwitchOf(name string) (Switch, bool) {
	for _, s := range Switches() {
		if s.Name == name {
			return s, true
		}
	}
	return Switch{}, false
}

// Switches are all of them, in the order of whmcssim's help.
func Switches() []Switch {
	return []Switch{
		{"refused-status", "HTTP status of a refused credential or action; 0 is 403", func(c *Config) any { return &c.RefusedStatus }},
		{"time-zone", "time zone of dates, such as Europe/Berlin (default UTC)", func(c *Config) any { return &c.TimeZone }},
		{"missing-is-error", "a service that is not there is an error, not an empty list", func(c *Config) any { return &c.MissingIsError }},
		{"active-refuses-create", "ModuleCreate of an Active service is refused, and runs nothing", func(c *Config) any { return &c.ActiveRefusesCreate }},
		{"hooks-twice", "hooks come twice", func(c *Config) any { return &c.HooksTwice }},
		{"set-up", "WHMCS sets paid orders up by itself: before or after the hook of the payment (default never)", func(c *Config) any { return &c.SetUp }},
		{"success-completes-row", "a later success completes the row of the module queue", func(c *Config) any { return &c.SuccessCompletesRow }},
		{"cancel-terminates", "an order that is cancelled or fraud terminates its Active services", func(c *Config) any { return &c.CancelTerminates }},
		{"bare-name-servers", "show a name server by its prefix alone", func(c *Config) any { return &c.BareNameServers }},
		{"quantity-without-stock-control", "quantity_available of a product without stock control", func(c *Config) any { return &c.QuantityWithoutStockControl }},
		{"orders-are-checked", "AddOrder leaves out what is retired, out of stock or not offered; else it sells it", func(c *Config) any { return &c.OrdersAreChecked }},
		{"cancel-keeps-invoice", "the invoice of a cancelled order can still be paid", func(c *Config) any { return &c.CancelKeepsInvoice }},
		{"encoding", "encoding of the API's answers, such as windows-1251 (default UTF-8)", func(c *Config) any { return &c.Encoding }},
		{"no-permissions", "the module finds no class for the rights of a role", func(c *Config) any { return &c.NoPermissions }},
		{"no-users", "the module finds no table for the rights of users", func(c *Config) any { return &c.NoUsers }},
	}
}

// refusedStatus is that of what credential, address or role refuse.
func (c *Config) refusedStatus() int {
	if c.RefusedStatus == 0 {
		return http.StatusForbidden
	}
	return c.RefusedStatus
}

// times is how often a hook comes.
func (c *Config) times() int {
	if c.HooksTwice {
		return 2
	}
	return 1
}

// When WHMCS sets a paid order up by itself.
const (
	setUpBefore = "before"
	setUpAfter  = "after"
)

// orderPaid is what a payment sets off: the hook, and WHMCS's own set-up on one side of it.
func (w *WHMCS) orderPaid(orderID int) []PlacedService {
	w.setUp(orderID, setUpBefore)
	placed := w.startServices(orderID, StartOnPayment)
	w.setUp(orderID, setUpAfter)
	return placed
}

func (w *WHMCS) setUp(orderID int, when string) {
	if w.config.SetUp != when {
		return
	}
	for _, s := range w.State().Services {
		if s.OrderID == orderID && s.Status == "Pending" {
			w.runModule(s.ID, createAccount, nil) // what it says is a row of the module queue
		}
	}
}
