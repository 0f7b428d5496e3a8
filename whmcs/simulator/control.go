package simulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
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
		if err := strict(r.Body, &order); err != nil {
			return nil, err
		}
		return w.PlaceOrder(order)
	})
	handle("POST /_sim/orders/{id}/pay", func(r *http.Request) (any, error) {
		id, _ := strconv.Atoi(r.PathValue("id")) // zero is no order
		if w.State().Order(id) == nil {
			return nil, fmt.Errorf("there is no order %s", r.PathValue("id"))
		}
		return w.pay(id), nil
	})
	handle("POST /_sim/ispsystem", func(r *http.Request) (any, error) {
		var rows []IspsystemRow
		if err := strict(r.Body, &rows); err != nil {
			return nil, err
		}
		w.SetIspsystem(rows)
		return object{"ok": true}, nil
	})
	handle("POST /_sim/services/{id}", w.postService)
	handle("POST /_sim/products/{id}", w.postProduct)
	handle("POST /_sim/clients/{id}", w.postClient)
	handle("POST /_sim/services/{id}/root-password", w.postRootPassword)
	handle("POST /_sim/services/{id}/{act}", func(r *http.Request) (any, error) {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil {
			return nil, fmt.Errorf("%q is no service id", r.PathValue("id"))
		}
		return w.Act(id, r.PathValue("act"))
	})
}

// strict decodes JSON without a field that nobody knows.
func strict(from io.Reader, into any) error {
	decoder := json.NewDecoder(from)
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// edits are what staff change by hand; no module function runs.
type edits struct {
	// ClientID moves the service to another client, as staff do, and as a merge of two clients does.
	ClientID         *int    `json:"client_id"`
	Status           *string `json:"status"`
	Domain           *string `json:"domain"`
	DedicatedIP      *string `json:"dedicated_ip"`
	AssignedIPs      *string `json:"assigned_ips"`
	NextDueDate      *string `json:"next_due_date"`
	Override         *bool   `json:"override_auto_suspend"`
	OverrideUntil    *string `json:"override_suspend_until"`
	SuspensionReason *string `json:"suspension_reason"`
	Username         *string `json:"username"`
	Password         *string `json:"password"`
	Notes            *string `json:"notes"`
}

func (w *WHMCS) postService(r *http.Request) (any, error) {
	var e edits
	if err := strict(r.Body, &e); err != nil {
		return nil, err
	}
	if e.Status != nil && !slices.Contains(statuses, *e.Status) {
		return nil, fmt.Errorf("status %q is not one of %v", *e.Status, statuses)
	}
	id, err := strconv.Atoi(r.PathValue("id"))
	if _, there := w.service(id); err != nil || !there {
		return nil, fmt.Errorf("there is no service %s", r.PathValue("id"))
	}
	w.edit(id, func(s *Service) {
		set(&s.ClientID, e.ClientID)
		set(&s.Status, e.Status)
		set(&s.Domain, e.Domain)
		set(&s.DedicatedIP, e.DedicatedIP)
		set(&s.AssignedIPs, e.AssignedIPs)
		set(&s.NextDueDate, e.NextDueDate)
		set(&s.Override, e.Override)
		set(&s.OverrideUntil, e.OverrideUntil)
		set(&s.Suspended, e.SuspensionReason)
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
