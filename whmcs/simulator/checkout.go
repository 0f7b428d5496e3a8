package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Order is what a checkout takes. What it leaves open is the product's setting.
type Order struct {
	// ClientID 0 is a new client; one that is not there is made.
	ClientID int `json:"client_id"`
	// Product by id, or by package; neither is the first product.
	Product int    `json:"product"`
	Package string `json:"package"`
	// Services is how many of them; 0 is one.
	Services        int    `json:"services"`
	IPv4            int    `json:"ipv4"`
	IPv6            int    `json:"ipv6"`
	OS              string `json:"os"`
	Recipe          string `json:"recipe"`
	Domain          string `json:"domain"`
	DontWait        bool   `json:"dont_wait"`
	InstallTimeout  string `json:"install_timeout"`
	InstallAttempts int    `json:"install_attempts"`
	Grace           string `json:"grace"`
	Panel           string `json:"panel"`
	ServerID        string `json:"server_id"`
	// Unpaid leaves the order for later; the hook does not start it.
	Unpaid bool `json:"unpaid"`
}

// Placed is an order as the checkout leaves it.
type Placed struct {
	OrderID  int             `json:"order_id"`
	ClientID int             `json:"client_id"`
	Services []PlacedService `json:"services"`
}

// PlacedService is one service and what the gateway said to it.
type PlacedService struct {
	ServiceID int `json:"service_id"`
	// Gateway is the HTTP status; 0 when the gateway was not asked, or gave no answer.
	Gateway int             `json:"gateway_status"`
	Answer  json.RawMessage `json:"gateway_answer,omitempty"`
	Error   string          `json:"error,omitempty"`
}

// PlaceOrder places and pays an order, and runs the hook that starts it.
func (w *WHMCS) PlaceOrder(order Order) (Placed, error) {
	product, err := w.find(order)
	if err != nil {
		return Placed{}, err
	}
	i := item{order: order, product: product, cycle: "monthly", services: max(1, order.Services), quantity: 1}
	i.price(w.currency(0).Code, nil, "")
	row, services := w.checkout(terms{client: order.ClientID, method: w.config.PaymentMethods[0].Module, paid: !order.Unpaid}, []item{i})
	placed := Placed{OrderID: row.ID, ClientID: row.ClientID}
	if !order.Unpaid {
		placed.Services = w.orderPaid(row.ID)
	}
	if len(placed.Services) == 0 {
		for _, s := range services {
			placed.Services = append(placed.Services, PlacedService{ServiceID: s.ID})
		}
	}
	return placed, nil
}

// startServices is the hook: it starts those pending services of an order whose
// product says so. Nothing breaks when the gateway refuses.
func (w *WHMCS) startServices(orderID int, when string) []PlacedService {
	var placed []PlacedService
	for _, s := range w.State().Services {
		product, _ := w.config.product(s.ProductID) // one that is gone starts nothing
		if s.OrderID != orderID || s.Status != "Pending" || !w.ours(*s) || product.StartOn != when {
			continue
		}
		var answer reply
		var err error
		for range w.config.times() {
			if !w.alone() {
				answer, err = w.start(*s, false)
			}
		}
		if err == nil && answer.code != 0 && !answer.ok() {
			err = errors.New(answer.problem())
		}
		started := PlacedService{ServiceID: s.ID, Gateway: answer.code}
		if len(answer.body) > 0 {
			started.Answer = answer.json()
		}
		if err != nil {
			started.Error = err.Error()
			w.log("metalease: Service ID: %d - %s", s.ID, err)
		}
		placed = append(placed, started)
	}
	return placed
}

// ours tells whether the service's product uses our module.
func (w *WHMCS) ours(s Service) bool {
	product, there := w.config.product(s.ProductID)
	return there && product.Module == moduleName
}

func (w *WHMCS) find(order Order) (Product, error) {
	for _, p := range w.config.Products {
		if order.Product == p.ID || order.Product == 0 && (order.Package == "" || order.Package == p.Package) {
			return p, nil
		}
	}
	if order.Product != 0 {
		return Product{}, fmt.Errorf("there is no product %d", order.Product)
	}
	return Product{}, fmt.Errorf("there is no product of the package %q", order.Package)
}

// newService fills what the hook fills before the start: username, password,
// domain; and keeps the body that it posts, which is the same at every start.
func (w *WHMCS) newService(id int, order Order, product Product, row OrderRow) Service {
	panel := or(order.Panel, product.Panel)
	entry := w.config.entry(panel)
	if entry.ID == 0 { // the panel override of the order has no entry of its own
		entry = w.config.entry(product.Panel)
	}
	s := Service{ID: id, ClientID: row.ClientID, OrderID: row.ID, ProductID: product.ID, Status: "Pending",
		Username: fmt.Sprintf("u%d", id), Password: w.password(), Domain: product.hostname(id, order.Domain),
		ServerID: entry.ID, ServerName: entry.Name, NextDueDate: row.At.AddDate(0, 1, 0).Format(time.DateOnly)}
	recipe := or(order.Recipe, product.Recipe)
	if recipe == "null" { // the module's word for none
		recipe = ""
	}
	s.Order = Body{
		"service_id": id, "client_id": row.ClientID, "order_id": row.ID, "paid_at": row.At.UTC().Format(time.RFC3339Nano),
		"panel": panel, "package": product.Package, "ipv4": order.IPv4, "ipv6": order.IPv6, "domain": s.Domain,
	}
	attempts := order.InstallAttempts
	if attempts == 0 {
		attempts = product.InstallAttempts
	}
	for key, value := range map[string]any{
		"os_template": or(order.OS, product.OS), "recipe": recipe, "address_group": product.Group, "server_id": order.ServerID,
		"install_timeout": seconds(or(order.InstallTimeout, product.InstallTimeout)), "grace": seconds(or(order.Grace, product.Grace)),
		"dont_wait": order.DontWait || product.DontWait, "install_attempts": attempts,
	} {
		if value != "" && value != false && value != 0 { // the module leaves out what nobody chose
			s.Order[key] = value
		}
	}
	return s
}

// seconds makes a bare number a JSON number, which alone says seconds.
func seconds(text string) any {
	if number, err := strconv.ParseUint(text, 10, 31); err == nil {
		return int(number)
	}
	return text
}
