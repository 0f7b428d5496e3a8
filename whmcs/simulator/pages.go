package simulator

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// pages are what a customer's browser sees of this WHMCS: enough to pay.
//
//go:embed pages.html
var pagesText string

var pages = template.Must(template.New("pages").Parse(pagesText))

const signInPage = "/index.php?rp=/login"

func (w *WHMCS) pageRoutes() {
	w.mux.HandleFunc("GET /oauth/singlesignon.php", w.signOn)
	w.mux.HandleFunc("GET /viewinvoice.php", w.viewInvoice)
	w.mux.HandleFunc("POST /viewinvoice.php", w.payInvoice)
	w.mux.HandleFunc("GET /clientarea.php", w.clientArea)
	w.mux.HandleFunc("GET /index.php", w.showSignIn)
	w.mux.HandleFunc("POST /index.php", w.takeSignIn)
}

func (w *WHMCS) page(rw http.ResponseWriter, status int, name string, data any) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	rw.WriteHeader(status)
	_ = pages.ExecuteTemplate(rw, name, data) // a browser that went away is its own affair
}

// invoiceView is what the page of an invoice shows.
type invoiceView struct {
	ID, OrderID                    int
	Status, Total, Currency, Email string
	Lines                          []lineView
	// Payable shows the button.
	Payable bool
}

type lineView struct{ Text, Amount string }

// asked finds the invoice of a request for the client who is signed in; others are sent to
// sign in, or told that there is none.
func (w *WHMCS) asked(rw http.ResponseWriter, r *http.Request) (invoiceView, bool) {
	client := w.signedIn(r)
	if client == 0 {
		http.Redirect(rw, r, signInPage+"&goto="+url.QueryEscape(strings.TrimPrefix(r.URL.RequestURI(), "/")), http.StatusFound)
		return invoiceView{}, false
	}
	number, _ := strconv.Atoi(r.URL.Query().Get("id")) // zero is no invoice
	state := w.State()
	order := state.Invoice(number)
	if order == nil || order.ClientID != client {
		w.page(rw, http.StatusNotFound, "message", "There is no such invoice, or it is somebody else's.")
		return invoiceView{}, false
	}
	view := invoiceView{ID: number, OrderID: order.ID, Status: order.payment(), Total: money(order.Total), Currency: or(order.Currency, w.currency(0).Code),
		Payable: order.payment() == "Unpaid"}
	if c := state.Client(client); c != nil {
		view.Email = c.Email
	}
	for _, l := range state.lines(order) {
		view.Lines = append(view.Lines, lineView{l.text, money(l.amount)})
	}
	return view, true
}

func (w *WHMCS) viewInvoice(rw http.ResponseWriter, r *http.Request) {
	if view, ok := w.asked(rw, r); ok {
		w.page(rw, http.StatusOK, "invoice", view)
	}
}

// payInvoice is the button: the payment is there at once, and the hook runs, as after a
// real one. Pressed twice, it is paid once.
func (w *WHMCS) payInvoice(rw http.ResponseWriter, r *http.Request) {
	view, ok := w.asked(rw, r)
	if !ok {
		return
	}
	if !w.collect(view.ID) {
		view, _ = w.asked(rw, r)
		w.page(rw, http.StatusConflict, "invoice", view)
		return
	}
	w.orderPaid(view.OrderID)
	http.Redirect(rw, r, "/viewinvoice.php?id="+strconv.Itoa(view.ID)+"&paymentsuccess=true", http.StatusSeeOther)
}

func (w *WHMCS) clientArea(rw http.ResponseWriter, r *http.Request) {
	if w.signedIn(r) == 0 {
		http.Redirect(rw, r, signInPage, http.StatusFound)
		return
	}
	w.page(rw, http.StatusOK, "message", "You are signed in.")
}

type signInView struct{ Goto, Fault string }

func (w *WHMCS) showSignIn(rw http.ResponseWriter, r *http.Request) {
	w.page(rw, http.StatusOK, "signin", signInView{Goto: r.URL.Query().Get("goto")})
}

// takeSignIn asks for no password: nothing here is anybody's. It leads to a page of this
// WHMCS only.
func (w *WHMCS) takeSignIn(rw http.ResponseWriter, r *http.Request) {
	email, next := r.FormValue("username"), strings.TrimLeft(r.FormValue("goto"), "/\\")
	client := one(w.State().Clients, func(c *Client) bool { return email != "" && strings.EqualFold(c.Email, email) && c.Status != "Closed" })
	if client == nil {
		w.page(rw, http.StatusForbidden, "signin", signInView{next, "There is no client with this address."})
		return
	}
	w.signIn(rw, client.ID)
	http.Redirect(rw, r, "/"+or(next, "clientarea.php"), http.StatusSeeOther)
}
