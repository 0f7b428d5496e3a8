package simulator

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// getClientsProducts answers ids as text here and as numbers there, and an empty
// list as text, as the real one does (docs/whmcs-api.md 1.3, 1.4).
func (w *WHMCS) getClientsProducts(params url.Values) object {
	state := w.State()
	var rows []object
	for _, s := range state.Services {
		fits := true
		for name, value := range map[string]string{"serviceid": strconv.Itoa(s.ID), "clientid": strconv.Itoa(s.ClientID),
			"pid": strconv.Itoa(s.ProductID), "domain": s.Domain, "username2": s.Username} {
			fits = fits && (params.Get(name) == "" || params.Get(name) == value)
		}
		if fits {
			rows = append(rows, w.row(s, state.Since))
		}
	}
	if len(rows) == 0 && w.config.MissingIsError && params.Get("serviceid") != "" {
		return failed("Service ID Not Found") // [UNCONFIRMED, docs/whmcs-api.md W3]
	}
	rows, answer := page(params, rows)
	for _, name := range []string{"clientid", "serviceid", "pid", "domain"} {
		answer[name] = nil
		if params.Has(name) {
			answer[name] = params.Get(name)
		}
	}
	answer["products"] = ""
	if len(rows) > 0 {
		answer["products"] = object{"product": rows}
	}
	return success(answer)
}

func (w *WHMCS) row(s *Service, since time.Time) object {
	override := "0"
	if s.Override {
		override = "on"
	}
	product, _ := w.config.product(s.ProductID) // a product that is gone has no name
	hostname := ""
	for _, entry := range w.config.Servers {
		if entry.ID == s.ServerID {
			hostname = entry.Hostname
		}
	}
	return object{
		"id": s.ID, "qty": strconv.Itoa(max(1, s.Quantity)), "clientid": strconv.Itoa(s.ClientID), "orderid": strconv.Itoa(s.OrderID),
		"ordernumber": strconv.Itoa(s.OrderID), "pid": strconv.Itoa(s.ProductID), "regdate": since.Format(time.DateOnly),
		"name": product.Name, "translated_name": product.Name, "groupname": "Dedicated Servers", "translated_groupname": "Dedicated Servers",
		"domain": s.Domain, "dedicatedip": s.DedicatedIP,
		"serverid": strconv.Itoa(s.ServerID), "servername": s.ServerName, "serverip": nil, "serverhostname": hostname,
		"suspensionreason": s.Suspended, "firstpaymentamount": money(s.First), "recurringamount": money(s.Recurring),
		"paymentmethod": "banktransfer", "paymentmethodname": "Bank Transfer", "billingcycle": labels[s.cycle()],
		"nextduedate": s.NextDueDate, "status": s.Status, "username": s.Username, "password": s.Password,
		"subscriptionid": "", "promoid": 0, "overideautosuspend": override, "overidesuspenduntil": or(s.OverrideUntil, "0000-00-00"),
		"ns1": s.NS1, "ns2": s.NS2, "assignedips": s.AssignedIPs, "notes": s.Notes,
		"diskusage": "0", "disklimit": "0", "bwusage": "0", "bwlimit": "0", "lastupdate": "0000-00-00 00:00:00",
		"customfields": object{"customfield": s.fields(product)}, "configoptions": s.options(),
	}
}

// fields are the custom fields that have a value.
func (s *Service) fields(p Product) []object {
	rows := []object{}
	for _, f := range p.Fields {
		if value, given := s.Fields[f.ID]; given {
			rows = append(rows, object{"id": strconv.Itoa(f.ID), "name": f.Name, "translated_name": f.Name, "value": value})
		}
	}
	return rows
}

// kinds of options as a service shows them.
var kinds = map[int]string{1: "dropdown", 2: "radio", 3: "yesno", 4: "quantity"}

// options are what the client chose; none is an empty text. An order of /_sim/orders has
// quantities only.
func (s *Service) options() any {
	var options []object
	for _, c := range s.Chosen {
		options = append(options, object{"id": strconv.Itoa(c.ID), "option": c.Name, "type": kinds[c.Kind], "value": c.Value})
	}
	if len(options) > 0 {
		return object{"configoption": options}
	}
	for i, name := range []string{"ipv4", "ipv6"} {
		switch n := s.Order[name].(type) { // a number of a state file is a float
		case int:
			if n > 0 {
				options = append(options, object{"id": i + 1, "option": name, "type": "quantity", "value": n})
			}
		case float64:
			if n > 0 {
				options = append(options, object{"id": i + 1, "option": name, "type": "quantity", "value": n})
			}
		}
	}
	if len(options) == 0 {
		return ""
	}
	return object{"configoption": options}
}

// statuses are those that a service can have (docs/whmcs-api.md 1.4).
var statuses = []string{"Pending", "Active", "Suspended", "Terminated", "Cancelled", "Fraud", "Completed"}

// updateClientProduct is a plain change of data: no module function runs.
func (w *WHMCS) updateClientProduct(params url.Values) object {
	if status := params.Get("status"); status != "" && !slices.Contains(statuses, status) {
		return failed("Invalid Status")
	}
	answer := failed("Service ID Not Found")
	w.edit(id(params, "serviceid"), func(s *Service) {
		s.update(params)
		if entry := id(params, "serverid"); entry > 0 {
			for _, known := range w.config.Servers {
				if known.ID == entry {
					s.ServerID, s.ServerName = known.ID, known.Name
				}
			}
		}
		answer = success(object{"serviceid": s.ID})
	})
	return answer
}

func (s *Service) update(params url.Values) {
	clearable := map[string]*string{"domain": &s.Domain, "dedicatedip": &s.DedicatedIP, "assignedips": &s.AssignedIPs,
		"serviceusername": &s.Username, "servicepassword": &s.Password, "notes": &s.Notes, "suspendreason": &s.Suspended, "ns1": &s.NS1, "ns2": &s.NS2}
	others := map[string]*string{"status": &s.Status, "nextduedate": &s.NextDueDate, "overidesuspenduntil": &s.OverrideUntil}
	for _, fields := range []map[string]*string{clearable, others} {
		for name, field := range fields {
			if value := params.Get(name); value != "" { // an empty value is ignored
				*field = value
			}
		}
	}
	switch params.Get("overideautosuspend") {
	case "on":
		s.Override = true
	case "off":
		s.Override = false
	}
	for key, values := range params {
		if field := clearable[values[0]]; strings.HasPrefix(key, "unset[") && field != nil {
			*field = ""
		}
	}
}

func (w *WHMCS) getModuleQueue(params url.Values) object {
	var rows []object // an empty queue is null
	for _, q := range w.State().Queue {
		if params.Has("relatedId") && q.ServiceID != id(params, "relatedId") || params.Has("moduleAction") && q.Action != params.Get("moduleAction") {
			continue
		}
		rows = append(rows, object{"id": q.ID, "serviceType": "service", "serviceId": strconv.Itoa(q.ServiceID), "moduleName": q.Module,
			"moduleAction": q.Action, "lastAttempt": q.At.Format(time.DateTime), "lastAttemptError": q.Error, "numRetries": "0", "completed": q.Completed})
	}
	return success(object{"count": len(rows), "queue": rows})
}
