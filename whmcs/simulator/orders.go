package simulator

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"
)

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
					"product": product.Name, "domain": s.Domain, "billingcycle": labels[s.cycle()], "amount": money(s.First), "status": s.Status})
			}
		}
		rows = append(rows, object{"id": strconv.Itoa(o.ID), "ordernum": strconv.Itoa(o.ID), "userid": o.ClientID, "date": o.At.Format(time.DateTime),
			"amount": money(o.Total), "paymentmethod": o.method(), "invoiceid": strconv.Itoa(o.InvoiceID), "status": o.Status, "promocode": o.PromoCode,
			"ipaddress": o.IP, "notes": "", "paymentstatus": o.payment(), "lineitems": object{"lineitem": items}})
	}
	rows, answer := page(params, rows)
	answer["orders"] = object{"order": rows}
	return success(answer)
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
		case status == "Cancelled" && (order == nil || order.Status != "Pending"):
			return failed("Order ID not found or Status not Pending")
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
	terminated := w.terminateCancelled(orderID)
	w.change(func(state *State) {
		if order := state.Order(orderID); order != nil {
			order.Status = status
			if order.payment() == "Unpaid" && !w.config.CancelKeepsInvoice {
				order.InvoiceStatus = "Cancelled"
			}
		}
		for _, s := range state.Services {
			if s.OrderID != orderID || !slices.Contains([]string{"Pending", "Active", "Suspended"}, s.Status) && !slices.Contains(terminated, s.ID) {
				continue
			}
			if s.Status == "Pending" {
				ended = append(ended, *s)
			}
			s.Status = status
			state.take(s.ProductID, -max(1, s.Quantity))
		}
	})
	for _, s := range slices.DeleteFunc(ended, func(s Service) bool { return !w.ours(s) }) {
		if w.alone() {
			continue
		}
		for range w.config.times() {
			effect, err := w.signal(s, "terminate", Body{"reason": "order " + status}, 0)
			if err == nil && !effect.reply.ok() {
				err = errors.New(effect.reply.problem())
			}
			if err != nil {
				w.log("metalease: Service ID: %d - %s", s.ID, err) // a hook never breaks the page
			}
		}
	}
}

// terminateCancelled has the module end the Active services of an order that is cancelled, where
// WHMCS does that by itself [UNCONFIRMED, docs/whmcs-api.md W16].
func (w *WHMCS) terminateCancelled(orderID int) (ended []int) {
	if !w.config.CancelTerminates {
		return nil
	}
	for _, s := range w.State().Services {
		if s.OrderID == orderID && (s.Status == "Active" || s.Status == "Suspended") && w.runModule(s.ID, terminateAccount, nil)["result"] == "success" {
			ended = append(ended, s.ID)
		}
	}
	return ended
}
