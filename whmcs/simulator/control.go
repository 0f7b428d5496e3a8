package simulator

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// controlRoutes are the switches behind WHMCS, for tests. They are there for
// this machine only.
func (w *WHMCS) controlRoutes() {
	handle := func(pattern string, run func(*http.Request) (any, error)) {
		w.mux.HandleFunc(pattern, func(rw http.ResponseWriter, r *http.Request) {
			host, _, _ := net.SplitHostPort(r.RemoteAddr)
			if ip := net.ParseIP(host); ip != nil && !ip.IsLoopback() {
				http.Error(rw, "/_sim/ is for this machine only", http.StatusForbidden)
				return
			}
			answer, err := run(r)
			if err != nil {
				http.Error(rw, err.Error(), http.StatusBadRequest)
				return
			}
			rw.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(rw).Encode(answer) // a caller that went away is its own affair
		})
	}
	handle("GET /_sim/state", func(*http.Request) (any, error) { return w.State(), nil })
	handle("POST /_sim/faults", w.postFaults)
	handle("DELETE /_sim/faults", func(*http.Request) (any, error) { w.ClearFaults(); return object{"ok": true}, nil })
	handle("POST /_sim/orders", func(r *http.Request) (any, error) {
		var order Order
		if err := strict(r, &order); err != nil {
			return nil, err
		}
		return w.PlaceOrder(order)
	})
	handle("POST /_sim/services/{id}", w.postService)
	handle("POST /_sim/services/{id}/{act}", func(r *http.Request) (any, error) {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil {
			return nil, fmt.Errorf("%q is no service id", r.PathValue("id"))
		}
		return w.Act(id, r.PathValue("act"))
	})
}

func strict(r *http.Request, into any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// Order is what a checkout takes.
type Order struct {
	// ClientID 0 is a new client.
	ClientID int `json:"client_id"`
	// Product by id, or by package.
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
	ServiceID int    `json:"service_id"`
	Gateway   int    `json:"gateway_status"`
	Error     string `json:"error,omitempty"`
}

// PlaceOrder places and pays an order, and runs the hook that starts it.
func (w *WHMCS) PlaceOrder(order Order) (Placed, error) {
	placed, bodies, err := w.checkout(order)
	if err != nil || order.Unpaid {
		return placed, err
	}
	for i := range placed.Services {
		code, err := w.call(http.MethodPost, "/v1/services", bodies[i], nil)
		placed.Services[i].Gateway = code
		if err != nil {
			placed.Services[i].Error = err.Error()
		}
	}
	return placed, nil
}

func (w *WHMCS) checkout(order Order) (Placed, []Body, error) {
	product, err := w.find(order)
	if err != nil {
		return Placed{}, nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if order.ClientID == 0 {
		w.state.Clients++
		order.ClientID = 1000 + w.state.Clients
	}
	placed := Placed{OrderID: w.newID(), ClientID: order.ClientID}
	w.state.Orders[placed.OrderID] = "Pending"
	var bodies []Body
	for range max(1, order.Services) {
		s := w.newService(order, product, placed.OrderID)
		w.state.Services = append(w.state.Services, s)
		placed.Services = append(placed.Services, PlacedService{ServiceID: s.ID})
		bodies = append(bodies, s.Order)
	}
	return placed, bodies, nil
}

func (w *WHMCS) find(order Order) (Product, error) {
	for _, p := range w.config.Products {
		if order.Product == p.ID || order.Product == 0 && (order.Package == "" || order.Package == p.Package) {
			return p, nil
		}
	}
	return Product{}, fmt.Errorf("there is no such product")
}

// newService fills what the hook fills before the start: username, password,
// domain; and keeps the body that it posts.
func (w *WHMCS) newService(order Order, product Product, orderID int) *Service {
	now := w.config.Now().UTC()
	s := &Service{ID: w.newID(), ClientID: order.ClientID, OrderID: orderID, ProductID: product.ID, Status: "Pending",
		ServerName: "dci-" + product.Panel, NextDueDate: now.AddDate(0, 1, 0).Format(time.DateOnly), Password: w.password()}
	s.Username = fmt.Sprintf("u%d", s.ID)
	s.Domain = order.Domain
	if s.Domain == "" {
		s.Domain = fmt.Sprintf("s%d.example.com", s.ID)
	}
	or := func(value, otherwise string) string {
		if value == "" {
			return otherwise
		}
		return value
	}
	recipe := or(order.Recipe, product.Recipe)
	if recipe == "null" {
		recipe = ""
	}
	s.Order = Body{
		"service_id": s.ID, "client_id": s.ClientID, "order_id": orderID, "paid_at": now.Format(time.RFC3339Nano),
		"panel": or(order.Panel, product.Panel), "package": product.Package, "os_template": or(order.OS, product.OS), "recipe": recipe,
		"ipv4": order.IPv4, "ipv6": order.IPv6, "address_group": product.Group, "domain": s.Domain, "dont_wait": order.DontWait,
	}
	for key, value := range map[string]string{"install_timeout": order.InstallTimeout, "grace": order.Grace, "server_id": order.ServerID} {
		if value != "" {
			s.Order[key] = value
		}
	}
	if order.InstallAttempts > 0 {
		s.Order["install_attempts"] = order.InstallAttempts
	}
	return s
}

// Act is what happens to a service: overdue, paid, suspend, unsuspend,
// terminate, cancel, fraud, or create (the button).
func (w *WHMCS) Act(id int, what string) (any, error) {
	run, there := map[string]func(*WHMCS, Service) (int, error){
		"overdue": (*WHMCS).becomeOverdue, "paid": (*WHMCS).becomePaid, "terminate": (*WHMCS).moduleTerminate,
		"create": (*WHMCS).moduleCreate, "unsuspend": (*WHMCS).moduleUnsuspend,
		"suspend": func(w *WHMCS, s Service) (int, error) { return w.moduleSuspend(s, "abuse") },
		"cancel":  func(w *WHMCS, s Service) (int, error) { return w.withdrawOrder(s, "Cancelled") },
		"fraud":   func(w *WHMCS, s Service) (int, error) { return w.withdrawOrder(s, "Fraud") },
	}[what]
	if !there {
		return nil, fmt.Errorf("%q is not one of overdue, paid, suspend, unsuspend, terminate, cancel, fraud, create", what)
	}
	if _, there := w.service(id); !there {
		return nil, fmt.Errorf("there is no service %d", id)
	}
	return w.runModule(id, run), nil
}

// becomeOverdue moves the due date into the past and runs the daily cron's call.
func (w *WHMCS) becomeOverdue(s Service) (int, error) {
	s.NextDueDate = w.config.Now().AddDate(0, 0, -1).Format(time.DateOnly)
	w.edit(s.ID, func(live *Service) { live.NextDueDate = s.NextDueDate })
	return w.moduleSuspend(s, overdue)
}

// becomePaid moves the due date ahead, runs Renew, and unsuspends what was
// suspended for being overdue only.
func (w *WHMCS) becomePaid(s Service) (int, error) {
	s.NextDueDate = w.config.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	w.edit(s.ID, func(live *Service) { live.NextDueDate = s.NextDueDate })
	if s.Status == "Suspended" && s.Suspended == overdue {
		return w.moduleUnsuspend(s)
	}
	return w.moduleRenew(s)
}

// withdrawOrder is the hook of a cancelled or fraudulent order: it ends the
// service before hand-over.
func (w *WHMCS) withdrawOrder(s Service, status string) (int, error) {
	w.edit(s.ID, func(live *Service) { live.Status = status })
	w.mu.Lock()
	w.state.Orders[s.OrderID] = status
	w.mu.Unlock()
	input := event(w.config.Now())
	input["reason"], input["source"] = "order "+status, "whmcs"
	return w.signal(s, "terminate", input)
}

// edits are what staff change by hand; no module function runs.
type edits struct {
	Status      *string `json:"status"`
	NextDueDate *string `json:"next_due_date"`
	Override    *bool   `json:"override_auto_suspend"`
	Username    *string `json:"username"`
	Password    *string `json:"password"`
	Notes       *string `json:"notes"`
}

func (w *WHMCS) postService(r *http.Request) (any, error) {
	var e edits
	if err := strict(r, &e); err != nil {
		return nil, err
	}
	id, err := strconv.Atoi(r.PathValue("id"))
	if _, there := w.service(id); err != nil || !there {
		return nil, fmt.Errorf("there is no service %s", r.PathValue("id"))
	}
	w.edit(id, func(s *Service) {
		set(&s.Status, e.Status)
		set(&s.NextDueDate, e.NextDueDate)
		set(&s.Override, e.Override)
		set(&s.Username, e.Username)
		set(&s.Password, e.Password)
		set(&s.Notes, e.Notes)
	})
	return object{"ok": true}, nil
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}
