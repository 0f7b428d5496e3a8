package simulator

import (
	"time"
)

// item is one line of a cart on its way to a checkout.
type item struct {
	order   Order
	product Product
	cycle   string
	// services are how many are made of it, quantity is that of each.
	services, quantity int
	chosen             []Chosen
	fields             map[int]string
	ns1, ns2           string
	// first and recurring are in hundredths, for one service; tax is off.
	first, recurring int64
	// offered: the product has a price for the cycle in the client's currency.
	offered bool
}

// price fills the prices of an item with its choices. An override is that of product and
// options together [UNCONFIRMED, docs/whmcs-api.md W23].
func (i *item) price(currency string, wanted map[int]string, override string) {
	var setup, each int64
	i.offered = i.product.PayType == "free"
	if !i.offered {
		setup, each, i.offered = i.product.Prices.of(currency, i.cycle)
	}
	if wanted != nil {
		var fee, more int64
		i.chosen, fee, more = i.product.choose(wanted, currency, i.cycle)
		i.order.apply(i.chosen)
		setup, each = setup+fee, each+more
	}
	if other, err := hundredths(override); err == nil && override != "" {
		setup, each = 0, other
	}
	i.first, i.recurring = (setup+each)*int64(i.quantity), each*int64(i.quantity)
}

// terms are what holds for a whole order.
type terms struct {
	client                   int
	method, promo, ip        string
	paid, noInvoice, checked bool
}

// checkout stores an order and its services; none of either when nothing is left of it.
func (w *WHMCS) checkout(t terms, items []item) (row OrderRow, services []Service) {
	w.change(func(state *State) {
		client := state.client(t.client)
		row = OrderRow{ClientID: client.ID, At: w.config.Now(), Status: "Pending", Paid: t.paid,
			Currency: w.currency(client.Currency).Code, Method: t.method, IP: t.ip, InvoiceStatus: "Unpaid"}
		promotion := w.promotion(state, t.promo)
		for _, i := range items {
			if t.checked && !state.sells(i) {
				continue
			}
			if row.ID == 0 {
				row.ID = state.newID()
			}
			for range i.services {
				s := w.newService(state.newID(), i.order, i.product, row)
				s.sell(i, promotion.discount(i))
				row.Total += s.First - s.Discount
				if s.Discount > 0 {
					row.PromoCode = promotion.Code
				}
				state.take(s.ProductID, s.Quantity)
				state.Services = append(state.Services, &s)
				services = append(services, s)
			}
		}
		if row.ID == 0 {
			return
		}
		if !t.noInvoice {
			row.InvoiceID = state.newID()
		}
		if row.Paid || row.Total == 0 {
			row.Paid, row.InvoiceStatus, row.PaidAt = true, "Paid", row.At
		}
		kept := row
		state.Orders = append(state.Orders, &kept)
	})
	return row, services
}

func (s *Service) sell(i item, discount int64) {
	s.Cycle, s.Quantity, s.First, s.Recurring, s.Discount = i.cycle, i.quantity, i.first, i.recurring, discount
	s.Chosen, s.Fields, s.NS1, s.NS2 = i.chosen, i.fields, i.ns1, i.ns2
}

// pay is money that has arrived for an order, whatever became of the order: the services
// begin to count from now, and the hook starts those that are to start then.
func (w *WHMCS) pay(orderID int) []PlacedService {
	w.change(func(state *State) { state.settle(state.Order(orderID), w.config.Now()) })
	return w.orderPaid(orderID)
}

// paidAt is what the module tells the gateway: who paid first is served first.
func (s *Service) paidAt(at time.Time) {
	body := Body{}
	for key, value := range s.Order {
		body[key] = value
	}
	body["paid_at"] = at.UTC().Format(time.RFC3339Nano)
	s.Order = body
}
