package simulator

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// addOrder places an order and nothing more: it is not paid, and WHMCS sets
// nothing up for it (docs/whmcs-api.md 1.5). Options and fields are not read.
func (w *WHMCS) addOrder(params url.Values) object {
	if w.State().Client(id(params, "clientid")) == nil {
		return failed("Client ID Not Found")
	}
	if params.Get("paymentmethod") == "" {
		return failed("Invalid Payment Method. Valid options include banktransfer")
	}
	if params.Has("pid") {
		return failed("Expecting parameter 'pid' to be an array")
	}
	var items []Order
	for i := 0; params.Has(fmt.Sprintf("pid[%d]", i)); i++ {
		at := func(name string) string { return params.Get(fmt.Sprintf("%s[%d]", name, i)) }
		pid, _ := strconv.Atoi(at("pid")) // zero is no product
		qty, _ := strconv.Atoi(at("qty")) // zero is one
		if _, there := w.config.product(pid); !there {
			return failed("No items added to cart so order cannot proceed")
		}
		items = append(items, Order{Product: pid, Services: qty, Domain: or(at("hostname"), at("domain"))})
	}
	if len(items) == 0 {
		return failed("No items added to cart so order cannot proceed")
	}
	order, services, err := w.checkout(id(params, "clientid"), false, items)
	if err != nil {
		return failed(err.Error())
	}
	var ids []string
	for _, s := range services {
		ids = append(ids, strconv.Itoa(s.ID))
	}
	return success(object{"orderid": order.ID, "serviceids": strings.Join(ids, ","), "addonids": "", "domainids": "", "invoiceid": order.InvoiceID})
}

// getOrders shows no order as an empty list in the right place, unlike
// getClientsProducts.
func (w *WHMCS) getOrders(params url.Values) object {
	state := w.State()
	var rows []object
	for _, o := range state.Orders {
		if params.Has("id") && o.ID != id(params, "id") || params.Has("userid") && o.ClientID != id(params, "userid") ||
			params.Get("status") != "" && o.Status != params.Get("status") {
			continue
		}
		items := []object{}
		for _, s := range state.Services {
			if s.OrderID == o.ID {
				product, _ := w.config.product(s.ProductID) // one that is gone has no name
				items = append(items, object{"type": "product", "relid": strconv.Itoa(s.ID), "producttype": "Dedicated/VPS Server",
					"product": product.Name, "domain": s.Domain, "billingcycle": "Monthly", "amount": "50.00 USD", "status": s.Status})
			}
		}
		rows = append(rows, object{"id": strconv.Itoa(o.ID), "ordernum": strconv.Itoa(o.ID), "userid": o.ClientID, "date": o.At.Format(time.DateTime),
			"amount": "50.00", "paymentmethod": "banktransfer", "invoiceid": strconv.Itoa(o.InvoiceID), "status": o.Status,
			"paymentstatus": o.payment(), "lineitems": object{"lineitem": items}})
	}
	rows, answer := page(params, rows)
	answer["orders"] = object{"order": rows}
	return success(answer)
}

func (o *OrderRow) payment() string {
	if o.Paid {
		return "Paid"
	}
	return "Unpaid"
}

// acceptOrder turns a pending order Active, starts the services that are to start
// then, and sets up what autosetup asks for.
func (w *WHMCS) acceptOrder(params url.Values) object {
	state := w.State()
	order := state.Order(id(params, "orderid"))
	if order == nil || order.Status != "Pending" {
		return failed("Order ID not found or Status not Pending")
	}
	w.startServices(order.ID, StartOnAcceptance) // hooks run before the change (docs/whmcs-api.md 2.3)
	w.change(func(state *State) { state.Order(order.ID).Status = "Active" })
	if setUp := params.Get("autosetup"); setUp == "" || setUp == "0" {
		return success(nil)
	}
	for _, s := range state.Services {
		if s.OrderID != order.ID || s.Status != "Pending" {
			continue
		}
		if answer := w.runModule(s.ID, createAccount, nil); answer["result"] != "success" {
			return answer
		}
	}
	return success(nil)
}

// withdrawal is CancelOrder or FraudOrder.
func withdrawal(status string) func(*WHMCS, url.Values) object {
	return func(w *WHMCS, params url.Values) object {
		order := w.State().Order(id(params, "orderid"))
		switch {
		case order == nil:
			return failed("Order ID Not Found")
		case order.Status != "Pending":
			return failed("Order status is not Pending")
		}
		w.withdraw(order.ID, status)
		return success(nil)
	}
}

// withdraw cancels an order with its services (docs/whmcs-api.md 4) and
// runs the hook, which ends in the gateway those that were Pending: what is handed
// over is nothing that a hook may take back. The status goes first, so that
// whoever looks while the hook waits sees the truth.
func (w *WHMCS) withdraw(orderID int, status string) {
	var ended []Service
	w.change(func(state *State) {
		if order := state.Order(orderID); order != nil {
			order.Status = status
		}
		for _, s := range state.Services {
			if s.OrderID != orderID || !slices.Contains([]string{"Pending", "Active", "Suspended"}, s.Status) {
				continue
			}
			if s.Status == "Pending" {
				ended = append(ended, *s)
			}
			s.Status = status
		}
	})
	for _, s := range slices.DeleteFunc(ended, func(s Service) bool { return !w.ours(s) }) {
		if w.alone() {
			continue
		}
		effect, err := w.signal(s, "terminate", Body{"reason": "order " + status}, 0)
		if err == nil && !effect.reply.ok() {
			err = errors.New(effect.reply.problem())
		}
		if err != nil {
			w.log("metalease: Service ID: %d - %s", s.ID, err) // a hook never breaks the page
		}
	}
}

// getInvoice shows an order's first invoice.
func (w *WHMCS) getInvoice(params url.Values) object {
	state := w.State()
	order := one(state.Orders, func(o *OrderRow) bool { return o.InvoiceID == id(params, "invoiceid") })
	if order == nil {
		return failed("Invoice ID Not Found")
	}
	items := []object{}
	for _, s := range state.Services {
		if s.OrderID == order.ID {
			items = append(items, object{"id": s.ID, "type": "Hosting", "relid": strconv.Itoa(s.ID), "description": s.Domain, "amount": "50.00", "taxed": 0})
		}
	}
	paid := "0000-00-00 00:00:00"
	if order.Paid {
		paid = order.At.Format(time.DateTime)
	}
	return success(object{"invoiceid": order.InvoiceID, "invoicenum": "", "userid": order.ClientID, "date": order.At.Format(time.DateOnly),
		"datepaid": paid, "status": order.payment(), "paymentmethod": "banktransfer", "items": object{"item": items}, "transactions": ""})
}
