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
	w.mux.HandleFunc("POST /modules/servers/metalease/ispsystem.php", w.signedPage(w.ispsystemRecords))
	w.mux.HandleFunc("POST /modules/servers/metalease/orders.php", w.signedPage(w.soldOrders))
	w.mux.HandleFunc("POST /modules/servers/metalease/products.php", w.signedPage(w.productsPage))
	w.mux.HandleFunc("POST /modules/servers/metalease/password.php", w.signedPage(w.rootPassword))
	w.mux.HandleFunc("POST /modules/servers/metalease/about.php", w.signedPage(w.about))
	w.pageRoutes()
	w.controlRoutes()
}

func (w *WHMCS) serve(rw http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(rw, "bad request", http.StatusBadRequest)
		return
	}
	action := r.PostForm.Get("action")
	w.count(action, Count{Requests: 1})
	fault := w.pick(action)
	if w.spoilBefore(fault, rw, r) {
		return
	}
	r.PostForm.Set(calledAt, scheme(r)+"://"+r.Host) // for the addresses that an answer holds
	status, answer := w.answer(action, r.PostForm)
	fault.spoilRows(answer, r.PostForm)
	body, err := json.Marshal(answer)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	w.count(action, Count{Bytes: int64(len(body))})
	if fault != nil && fault.Effect == "close-after" {
		panic(http.ErrAbortHandler)
	}
	body, kind := fault.spoilText(body)
	if fault == nil {
		body, kind = w.encoded(body, kind)
	}
	rw.Header().Set("Content-Type", kind)
	rw.WriteHeader(status)
	_, _ = rw.Write(body) // a caller that went away is its own affair
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// count adds to the counters; they alone are not worth a write of the state file.
func (w *WHMCS) count(action string, more Count) {
	w.mu.Lock()
	defer w.mu.Unlock()
	so := w.state.Counters[action]
	w.state.Counters[action] = Count{so.Requests + more.Requests, so.Bytes + more.Bytes}
}

// answer checks the credential and runs the action. Business errors come with
// 200, refused credentials with 403 unless a switch says otherwise (docs/whmcs-api.md 1.2).
func (w *WHMCS) answer(action string, params url.Values) (int, object) {
	c := w.config
	switch {
	case !(params.Get("identifier") == c.Identifier && params.Get("secret") == c.Secret) &&
		!(params.Get("username") == c.Identifier && params.Get("password") == c.Secret): // the pair's other names
		return c.refusedStatus(), failed("Authentication Failed")
	case c.AccessKey != "" && params.Get("accesskey") != c.AccessKey:
		return c.refusedStatus(), failed("Invalid IP 127.0.0.1")
	case action == "":
		return http.StatusBadRequest, failed("Empty action request")
	}
	run, there := actions[action]
	if !there {
		return http.StatusOK, failed(fmt.Sprintf("Invalid API Action: %q is not a valid API action", action))
	}
	if slices.Contains(c.Denied, action) {
		return c.refusedStatus(), failed(fmt.Sprintf("Invalid Permissions: API action %q is not allowed", strings.ToLower(action)))
	}
	return http.StatusOK, run(w, params)
}

var actions map[string]func(*WHMCS, url.Values) object

func init() { // for the functions lead back to this map
	actions = map[string]func(*WHMCS, url.Values) object{
		"GetClientsProducts":  (*WHMCS).getClientsProducts,
		"UpdateClientProduct": (*WHMCS).updateClientProduct,
		"GetModuleQueue":      (*WHMCS).getModuleQueue,

		"ModuleCreate":        createAccount.action,
		"ModuleSuspend":       suspendAccount.action,
		"ModuleUnsuspend":     unsuspendAccount.action,
		"ModuleTerminate":     terminateAccount.action,
		"ModuleChangePw":      changePassword.action,
		"ModuleChangePackage": changePackage.action,
		"ModuleCustom":        custom.action,

		"GetClientsDetails": (*WHMCS).getClientsDetails,
		"AddClient":         (*WHMCS).addClient,
		"UpdateClient":      (*WHMCS).updateClient,
		"DeleteClient":      (*WHMCS).deleteClient,
		"AddOrder":          (*WHMCS).addOrder,
		"GetOrders":         (*WHMCS).getOrders,
		"AcceptOrder":       (*WHMCS).acceptOrder,
		"CancelOrder":       withdrawal("Cancelled"),
		"FraudOrder":        withdrawal("Fraud"),
		"PendingOrder":      (*WHMCS).pendingOrder,
		"DeleteOrder":       (*WHMCS).deleteOrder,
		"GetInvoice":        (*WHMCS).getInvoice,
		"GetInvoices":       (*WHMCS).getInvoices,
		"UpdateInvoice":     (*WHMCS).updateInvoice,
		"CreateSsoToken":    (*WHMCS).createSsoToken,
		"GetCurrencies":     (*WHMCS).getCurrencies,
		"GetPaymentMethods": (*WHMCS).getPaymentMethods,
		"GetPromotions":     (*WHMCS).getPromotions,

		"GetProducts":              (*WHMCS).getProducts,
		"GetServers":               (*WHMCS).getServers,
		"GetConfigurationValue":    (*WHMCS).getConfigurationValue,
		"WhmcsDetails":             (*WHMCS).details,
		"LogActivity":              (*WHMCS).logActivity,
		"OpenTicket":               (*WHMCS).openTicket,
		"AddTicketReply":           (*WHMCS).addTicketReply,
		"SendEmail":                (*WHMCS).sendEmail,
		"TriggerNotificationEvent": (*WHMCS).triggerNotification,
		"EncryptPassword":          (*WHMCS).encryptPassword,
		"DecryptPassword":          (*WHMCS).decryptPassword,
	}
}

func id(params url.Values, name string) int {
	n, _ := strconv.Atoi(params.Get(name)) // zero is nobody's id
	return n
}

// page cuts the rows that limitstart and limitnum ask for, and says what it cut.
func page(params url.Values, rows []object) ([]object, object) {
	total, start, limit := len(rows), max(0, id(params, "limitstart")), id(params, "limitnum")
	if limit <= 0 {
		limit = 25
	}
	rows = rows[min(start, total):min(start+limit, total)]
	return rows, object{"totalresults": total, "startnumber": start, "numreturned": len(rows)}
}
