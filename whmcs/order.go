package whmcs

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
)

// Order is a row of GetOrders. Its status is Pending, Active, Fraud, Cancelled or
// one that the host has added (docs/whmcs-api.md 1.5).
type Order struct {
	ID       int
	Number   string
	ClientID int
	// Date and time as WHMCS writes them, in its own zone.
	Date   string
	Amount string
	// InvoiceID is 0 for an order that was never billed.
	InvoiceID             int
	Status, PaymentStatus string
	// PaymentMethod is the system name of the payment gateway; PromoCode the code that
	// WHMCS took, empty for none.
	PaymentMethod, PromoCode string
	Items                    []OrderItem
}

// OrderItem is one line of an order.
type OrderItem struct {
	// Type is product, addon, domain or another.
	Type string
	// RelatedID is the service's id when Type is product.
	RelatedID       int
	Product, Domain string
	Status          Status
}

// Services are the ids of the order's services.
func (o Order) Services() []int {
	var ids []int
	for _, item := range o.Items {
		if item.Type == "product" {
			ids = append(ids, item.RelatedID)
		}
	}
	return ids
}

// orderRow is an order as WHMCS writes it.
type orderRow struct {
	ID            number `json:"id"`
	Number        text   `json:"ordernum"`
	ClientID      number `json:"userid"`
	Date          text   `json:"date"`
	Amount        text   `json:"amount"`
	InvoiceID     number `json:"invoiceid"`
	Status        text   `json:"status"`
	PaymentStatus text   `json:"paymentstatus"`
	PaymentMethod text   `json:"paymentmethod"`
	PromoCode     text   `json:"promocode"`
	Items         list[struct {
		Type      text   `json:"type"`
		RelatedID number `json:"relid"`
		Product   text   `json:"product"`
		Domain    text   `json:"domain"`
		Status    text   `json:"status"`
	}] `json:"lineitems"`
}

func (r orderRow) order() Order {
	order := Order{
		ID: int(r.ID), Number: string(r.Number), ClientID: int(r.ClientID), Date: string(r.Date), Amount: string(r.Amount),
		InvoiceID: int(r.InvoiceID), Status: string(r.Status), PaymentStatus: string(r.PaymentStatus),
		PaymentMethod: string(r.PaymentMethod), PromoCode: string(r.PromoCode),
	}
	for _, i := range r.Items {
		order.Items = append(order.Items, OrderItem{string(i.Type), int(i.RelatedID), string(i.Product), string(i.Domain), Status(i.Status)})
	}
	return order
}

// Order reads one order; KindNotFound when WHMCS has none of that id.
func (c *Client) Order(ctx context.Context, id int) (Order, error) {
	var answer struct {
		Orders table[orderRow] `json:"orders"`
	}
	if err := c.do(ctx, call{action: "GetOrders", params: url.Values{"id": {strconv.Itoa(id)}}}, &answer); err != nil {
		return Order{}, err
	}
	for _, e := range answer.Orders {
		if e.fault != nil { // it was asked for by its id
			return Order{}, &Error{Action: "GetOrders", Kind: KindUnreadable, Message: fmt.Sprintf("order %d cannot be read: %s", id, why(e.fault))}
		}
		if int(e.row.ID) == id {
			return e.row.order(), nil
		}
	}
	return Order{}, &Error{Action: "GetOrders", Kind: KindNotFound, Message: fmt.Sprintf("there is no order %d", id)}
}

// ClientOrders reads all orders of a client, the newest first; with a status, those in it.
func (c *Client) ClientOrders(ctx context.Context, clientID int, status string) ([]Order, error) {
	params := fields("userid", positive(clientID), "status", status)
	rows, err := pages(params, func(r orderRow) number { return r.ID }, func(params url.Values) (number, []orderRow, error) {
		var answer struct {
			Total  number         `json:"totalresults"`
			Orders list[orderRow] `json:"orders"`
		}
		err := c.do(ctx, call{action: "GetOrders", params: params}, &answer)
		return answer.Total, answer.Orders, err
	})
	var orders []Order
	for _, row := range rows {
		if int(row.ClientID) == clientID {
			orders = append(orders, row.order())
		}
	}
	slices.SortFunc(orders, func(a, b Order) int { return b.ID - a.ID })
	return orders, err
}

// AcceptOrder accepts a pending order. It sets nothing up and sends no mail,
// whatever its products say: the services are set up already. KindRefused when
// the order is not pending.
func (c *Client) AcceptOrder(ctx context.Context, id int) error {
	params := url.Values{"orderid": {strconv.Itoa(id)}, "autosetup": {"0"}, "sendemail": {"0"}}
	return c.do(ctx, call{action: "AcceptOrder", params: params, changes: true}, nil)
}
