package whmcs

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// Statuses of an invoice (docs/whmcs-api.md 1.5) that decide what happens to an order.
const (
	InvoiceUnpaid    = "Unpaid"
	InvoicePaid      = "Paid"
	InvoiceCancelled = "Cancelled"
	InvoicePending   = "Payment Pending"
)

// Invoice is what is to be paid, as WHMCS has computed it.
type Invoice struct {
	ID, ClientID int
	Status       string
	Date, Due    Date
	// Paid is the day of the payment.
	Paid          Date
	PaymentMethod string
	// Total is what the invoice comes to, with both taxes, less Credit of the client's;
	// Balance what is left to pay of it.
	Subtotal, Credit, Tax, Tax2, Total, Balance Amount
	Items                                       []InvoiceItem
}

// InvoiceItem is a line of an invoice.
type InvoiceItem struct {
	ID int
	// Type Hosting: RelatedID is a service. A promotion is a line of its own, below zero.
	Type        string
	RelatedID   int
	Description string
	Amount      Amount
}

type invoiceRow struct {
	ID            number  `json:"invoiceid"`
	ClientID      number  `json:"userid"`
	Status        text    `json:"status"`
	Date          Date    `json:"date"`
	Due           Date    `json:"duedate"`
	Paid          Date    `json:"datepaid"`
	PaymentMethod text    `json:"paymentmethod"`
	Subtotal      *Amount `json:"subtotal"`
	Credit        Amount  `json:"credit"`
	Tax           Amount  `json:"tax"`
	Tax2          Amount  `json:"tax2"`
	Total         *Amount `json:"total"`
	Balance       *Amount `json:"balance"`
	Items         list[struct {
		ID          number `json:"id"`
		Type        text   `json:"type"`
		RelatedID   number `json:"relid"`
		Description text   `json:"description"`
		Amount      Amount `json:"amount"`
	}] `json:"items"`
}

func (r invoiceRow) invoice() Invoice {
	invoice := Invoice{
		ID: int(r.ID), ClientID: int(r.ClientID), Status: string(r.Status), Date: r.Date, Due: r.Due, Paid: r.Paid,
		PaymentMethod: string(r.PaymentMethod), Subtotal: *r.Subtotal, Credit: r.Credit, Tax: r.Tax, Tax2: r.Tax2, Total: *r.Total, Balance: *r.Balance,
	}
	for _, i := range r.Items {
		invoice.Items = append(invoice.Items, InvoiceItem{int(i.ID), string(i.Type), int(i.RelatedID), string(i.Description), i.Amount})
	}
	return invoice
}

// Invoice reads an invoice; KindNotFound when there is none. One without a total is no
// answer, never one of nothing to pay.
func (c *Client) Invoice(ctx context.Context, id int) (Invoice, error) {
	var answer invoiceRow
	what := call{action: "GetInvoice", params: url.Values{"invoiceid": {strconv.Itoa(id)}}}
	if err := c.do(ctx, what, &answer); err != nil {
		return Invoice{}, err
	}
	if int(answer.ID) != id || answer.Status == "" || answer.Subtotal == nil || answer.Total == nil || answer.Balance == nil {
		return Invoice{}, c.fail(what, KindNotAnAnswer, fmt.Sprintf("the answer holds no invoice %d with its total", id))
	}
	return answer.invoice(), nil
}

// Billed tells whether a client has any invoice, whatever became of it and whether or not it is an order's.
// An answer that does not say how many there are is none.
func (c *Client) Billed(ctx context.Context, clientID int) (bool, error) {
	var answer struct {
		Total *number `json:"totalresults"`
	}
	what := call{action: "GetInvoices", params: fields("userid", positive(clientID), "limitnum", "1")}
	if err := c.do(ctx, what, &answer); err != nil {
		return false, err
	}
	if answer.Total == nil {
		return false, c.fail(what, KindNotAnAnswer, "the answer does not say how many invoices there are")
	}
	return *answer.Total > 0, nil
}

// CancelInvoice sets an invoice to Cancelled, so that nobody pays it any more; a repeat
// changes nothing. Read it first: a paid one would be overwritten.
func (c *Client) CancelInvoice(ctx context.Context, id int) error {
	params := url.Values{"invoiceid": {strconv.Itoa(id)}, "status": {InvoiceCancelled}}
	return c.do(ctx, call{action: "UpdateInvoice", params: params, changes: true}, nil)
}

// InvoiceURL is an invoice's page, for a client who signs in there.
func (c *Client) InvoiceURL(id int) string { return c.publicURL() + "/" + invoicePath(id) }

// publicURL is WHMCS's root as browsers reach it, without a slash at its end.
func (c *Client) publicURL() string {
	if c.config.PublicURL != "" {
		return strings.TrimRight(c.config.PublicURL, "/")
	}
	return strings.TrimRight(c.config.URL, "/")
}

func invoicePath(id int) string { return fmt.Sprintf("viewinvoice.php?id=%d", id) }
