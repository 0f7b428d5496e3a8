package simulator

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// invoiceStatuses are those that an invoice can have (docs/whmcs-api.md 1.5).
var invoiceStatuses = []string{"Draft", "Unpaid", "Paid", "Cancelled", "Refunded", "Collections", "Payment Pending"}

// payment is the status of the order's invoice. Old state files know only whether it is paid.
func (o *OrderRow) payment() string {
	if o.Paid && (o.InvoiceStatus == "" || o.InvoiceStatus == "Unpaid") {
		return "Paid"
	}
	return or(o.InvoiceStatus, "Unpaid")
}

func (o *OrderRow) method() string { return or(o.Method, "banktransfer") }

func (s *Service) cycle() string { return or(s.Cycle, "monthly") }

// getInvoice shows an order's first invoice. A discount is a line of its own.
func (w *WHMCS) getInvoice(params url.Values) object {
	state := w.State()
	order := state.Invoice(id(params, "invoiceid"))
	if order == nil {
		return failed("Invoice ID Not Found")
	}
	items := []object{}
	for _, line := range state.lines(order) {
		items = append(items, object{"id": len(items) + 1, "type": line.kind, "relid": strconv.Itoa(line.service), "description": line.text, "amount": money(line.amount), "taxed": 0})
	}
	paid, balance := "0000-00-00 00:00:00", order.Total
	if !order.PaidAt.IsZero() {
		paid, balance = order.PaidAt.Format(time.DateTime), 0
	}
	return success(object{"invoiceid": order.InvoiceID, "invoicenum": "", "userid": order.ClientID, "date": order.At.Format(time.DateOnly),
		"duedate": order.At.Format(time.DateOnly), "datepaid": paid, "lastcaptureattempt": "0000-00-00 00:00:00",
		"subtotal": money(order.Total), "credit": "0.00", "tax": "0.00", "tax2": "0.00", "total": money(order.Total), "balance": money(balance),
		"taxrate": "0.000", "taxrate2": "0.000", "status": order.payment(), "paymentmethod": order.method(), "notes": "", "ccgateway": false,
		"items": object{"item": items}, "transactions": ""})
}

// getInvoices lists those of a client. Of what staff have billed only the number is known.
func (w *WHMCS) getInvoices(params url.Values) object {
	state, who := w.State(), id(params, "userid")
	var rows []object
	for _, order := range state.Orders {
		if order.ClientID == who && order.InvoiceID != 0 {
			rows = append(rows, object{"id": order.InvoiceID, "userid": who, "status": order.payment(), "total": money(order.Total)})
		}
	}
	if client := state.Client(who); client != nil {
		for range client.Bills {
			rows = append(rows, object{"userid": who, "status": "Unpaid"})
		}
	}
	rows, answer := page(params, rows)
	answer["invoices"] = object{"invoice": rows}
	return success(answer)
}

// line of an invoice.
type line struct {
	kind, text string
	service    int
	amount     int64
}

func (s State) lines(order *OrderRow) []line {
	var lines []line
	for _, service := range s.Services {
		if service.OrderID != order.ID {
			continue
		}
		lines = append(lines, line{"Hosting", fmt.Sprintf("%s - %s", labels[service.cycle()], service.Domain), service.ID, service.First})
		if service.Discount > 0 {
			lines = append(lines, line{"PromoHosting", "Promotional Code: " + order.PromoCode, service.ID, -service.Discount})
		}
	}
	return lines
}

// updateInvoice changes the status, as it is told to: of a paid one, too.
func (w *WHMCS) updateInvoice(params url.Values) object {
	status := params.Get("status")
	if status != "" && !slices.Contains(invoiceStatuses, status) {
		return failed("Invalid status " + status)
	}
	answer := failed("Invoice ID Not Found")
	w.change(func(state *State) {
		if order := state.Invoice(id(params, "invoiceid")); order != nil {
			order.InvoiceStatus = or(status, order.payment())
			order.Paid = order.InvoiceStatus == "Paid"
			answer = success(object{"invoiceid": order.InvoiceID})
		}
	})
	return answer
}

// pendingOrder sets an order and its services back to Pending.
func (w *WHMCS) pendingOrder(params url.Values) object {
	answer := failed("Order ID Not Found")
	w.change(func(state *State) {
		order := state.Order(id(params, "orderid"))
		if order == nil {
			return
		}
		for _, s := range state.Services {
			if s.OrderID == order.ID {
				if s.Status == "Cancelled" || s.Status == "Fraud" { // it was put back
					state.take(s.ProductID, max(1, s.Quantity))
				}
				s.Status = "Pending"
			}
		}
		order.Status, answer = "Pending", success(nil)
	})
	return answer
}

// deleteOrder removes a cancelled order with its services and its invoice.
func (w *WHMCS) deleteOrder(params url.Values) object {
	answer := failed("Order ID not found")
	w.change(func(state *State) {
		order := state.Order(id(params, "orderid"))
		switch {
		case order == nil:
			return
		case order.Status != "Cancelled" && order.Status != "Fraud":
			answer = failed("The order status must be in Cancelled or Fraud to be deleted")
			return
		}
		state.Services = slices.DeleteFunc(state.Services, func(s *Service) bool { return s.OrderID == order.ID })
		state.Orders = slices.DeleteFunc(state.Orders, func(o *OrderRow) bool { return o.ID == order.ID })
		answer = success(nil)
	})
	return answer
}

// collect takes the money of an unpaid invoice; false when it can no longer be paid.
func (w *WHMCS) collect(invoiceID int) bool {
	paid := false
	w.change(func(state *State) {
		if order := state.Invoice(invoiceID); order != nil && order.payment() == "Unpaid" {
			state.settle(order, w.config.Now())
			paid = true
		}
	})
	return paid
}

// settle is money that has arrived: the services count from now.
func (s *State) settle(order *OrderRow, at time.Time) {
	order.Paid, order.InvoiceStatus, order.PaidAt = true, "Paid", at
	for _, service := range s.Services {
		if service.OrderID == order.ID {
			service.paidAt(at)
		}
	}
}
