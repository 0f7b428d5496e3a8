package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// object is a JSON object of an answer.
type object map[string]any

func failed(message string) object { return object{"result": "error", "message": message} }

func success(more object) object {
	answer := object{"result": "success"}
	for key, value := range more {
		answer[key] = value
	}
	return answer
}

func (w *WHMCS) routes() {
	w.mux = http.NewServeMux()
	w.mux.HandleFunc("POST /includes/api.php", w.serve)
	w.controlRoutes()
}

func (w *WHMCS) serve(rw http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(rw, "bad request", http.StatusBadRequest)
		return
	}
	action := r.PostForm.Get("action")
	fault := w.pick(action)
	if w.spoilBefore(fault, rw, r) {
		return
	}
	status, answer := w.answer(action, r.PostForm)
	body, err := json.Marshal(answer)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	w.mu.Lock()
	n := w.state.Counters[action]
	w.state.Counters[action] = Count{n.Requests + 1, n.Bytes + int64(len(body))}
	w.mu.Unlock()
	if fault != nil && fault.Effect == "close-after" {
		panic(http.ErrAbortHandler)
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_, _ = rw.Write(body)
}

// answer checks the credential and runs the action. Business errors come with
// 200, refused credentials with 403 (reference/whmcs.md 1.2).
func (w *WHMCS) answer(action string, params url.Values) (int, object) {
	c := w.config
	switch {
	case params.Get("identifier") != c.Identifier || params.Get("secret") != c.Secret:
		return http.StatusForbidden, failed("Authentication Failed")
	case c.AccessKey != "" && params.Get("accesskey") != c.AccessKey:
		return http.StatusForbidden, failed("Invalid IP 127.0.0.1")
	case action == "":
		return http.StatusBadRequest, failed("Empty action request")
	}
	run, there := actions[action]
	if !there {
		return http.StatusOK, failed(fmt.Sprintf("Invalid API Action: %q is not a valid API action", action))
	}
	return http.StatusOK, run(w, params)
}

var actions map[string]func(*WHMCS, url.Values) object

func init() {
	actions = map[string]func(*WHMCS, url.Values) object{
		"GetClientsProducts": (*WHMCS).getClientsProducts, "UpdateClientProduct": (*WHMCS).updateClientProduct,
		"GetProducts": (*WHMCS).getProducts, "GetOrders": (*WHMCS).getOrders, "GetModuleQueue": (*WHMCS).getModuleQueue,
		"ModuleCreate": module((*WHMCS).moduleCreate), "ModuleUnsuspend": module((*WHMCS).moduleUnsuspend),
		"ModuleTerminate": module((*WHMCS).moduleTerminate), "ModuleSuspend": (*WHMCS).apiSuspend,
		"LogActivity": (*WHMCS).logActivity, "WhmcsDetails": (*WHMCS).details,
	}
}

func id(params url.Values, name string) int {
	n, _ := strconv.Atoi(params.Get(name)) // zero is nobody's id
	return n
}

// getClientsProducts answers ids as text here and as numbers there, and an empty
// list as text, as the real one does (reference 1.3).
func (w *WHMCS) getClientsProducts(params url.Values) object {
	state := w.State()
	var rows []object
	for _, s := range state.Services {
		if params.Has("serviceid") && s.ID != id(params, "serviceid") || params.Has("clientid") && s.ClientID != id(params, "clientid") {
			continue
		}
		rows = append(rows, w.row(s))
	}
	total := len(rows)
	start, limit := id(params, "limitstart"), id(params, "limitnum")
	if limit == 0 {
		limit = 25
	}
	rows = rows[min(start, total):min(start+limit, total)]
	answer := object{"clientid": nil, "serviceid": params.Get("serviceid"), "totalresults": total, "startnumber": start,
		"numreturned": len(rows), "products": ""}
	if len(rows) > 0 {
		answer["products"] = object{"product": rows}
	}
	return success(answer)
}

func (w *WHMCS) row(s *Service) object {
	override := "0"
	if s.Override {
		override = "on"
	}
	return object{
		"id": s.ID, "qty": "1", "clientid": strconv.Itoa(s.ClientID), "orderid": strconv.Itoa(s.OrderID), "pid": strconv.Itoa(s.ProductID),
		"regdate": w.state.Since.Format("2006-01-02"), "domain": s.Domain, "dedicatedip": s.DedicatedIP, "assignedips": s.AssignedIPs,
		"serverid": "1", "servername": s.ServerName, "serverhostname": "", "suspensionreason": s.Suspended,
		"billingcycle": "Monthly", "nextduedate": s.NextDueDate, "status": s.Status, "username": s.Username, "password": s.Password,
		"overideautosuspend": override, "overidesuspenduntil": "0000-00-00", "notes": s.Notes,
		"customfields": object{"customfield": []any{}}, "configoptions": "",
	}
}

func (w *WHMCS) updateClientProduct(params url.Values) object {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state.Service(id(params, "serviceid"))
	if s == nil {
		return failed("Service ID Not Found")
	}
	fields := map[string]*string{
		"domain": &s.Domain, "dedicatedip": &s.DedicatedIP, "assignedips": &s.AssignedIPs, "serviceusername": &s.Username,
		"servicepassword": &s.Password, "notes": &s.Notes, "suspendreason": &s.Suspended, "status": &s.Status, "nextduedate": &s.NextDueDate,
	}
	for name, field := range fields {
		if value := params.Get(name); value != "" { // an empty value is ignored
			*field = value
		}
	}
	for key, values := range params {
		if field := fields[values[0]]; strings.HasPrefix(key, "unset[") && field != nil {
			*field = ""
		}
	}
	w.dirty = true
	return success(object{"serviceid": s.ID})
}

func (w *WHMCS) getProducts(params url.Values) object {
	wanted := strings.Split(params.Get("pid"), ",")
	var rows []object
	for _, p := range w.config.Products {
		if params.Get("pid") == "" || slices.Contains(wanted, strconv.Itoa(p.ID)) {
			rows = append(rows, object{"pid": p.ID, "gid": "1", "type": "server", "name": p.Name, "module": p.Module, "paytype": "recurring"})
		}
	}
	return success(object{"totalresults": len(rows), "products": object{"product": rows}})
}

func (w *WHMCS) getOrders(params url.Values) object {
	state := w.State()
	var rows []object
	if status, there := state.Orders[id(params, "id")]; there {
		var items []object
		for _, s := range state.Services {
			if s.OrderID == id(params, "id") {
				items = append(items, object{"type": "product", "relid": s.ID, "status": s.Status})
			}
		}
		rows = append(rows, object{"id": params.Get("id"), "status": status, "paymentstatus": "Paid", "lineitems": object{"lineitem": items}})
	}
	return success(object{"totalresults": len(rows), "orders": object{"order": rows}})
}

func (w *WHMCS) getModuleQueue(params url.Values) object {
	var rows []object
	for _, q := range w.State().Queue {
		if q.ServiceID == id(params, "relatedId") {
			rows = append(rows, object{"id": q.ID, "serviceType": "service", "serviceId": q.ServiceID, "moduleName": "metalease",
				"moduleAction": q.Action, "lastAttemptError": q.Error, "completed": q.Completed})
		}
	}
	return success(object{"count": len(rows), "queue": rows})
}

func (w *WHMCS) logActivity(params url.Values) object {
	w.log(params.Get("description"))
	return success(nil)
}

func (w *WHMCS) log(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.Activity = append(w.state.Activity, line)
}

func (w *WHMCS) details(url.Values) object {
	return success(object{"whmcs": object{"version": "8.13.1", "canonicalversion": "8.13.1-release.1"}})
}
