package simulator

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// arrays are what AddOrder takes one of for each item.
var arrays = []string{"pid", "qty", "domain", "billingcycle", "hostname", "ns1prefix", "ns2prefix", "configoptions", "customfields", "priceoverride"}

// addOrder places an order and nothing more: it is not paid, and WHMCS sets nothing up for
// it (docs/whmcs-api.md 1.5). It refuses what the manual says it refuses; what else is
// wrong it sells all the same, unless orders are checked (docs/whmcs-api.md W22).
func (w *WHMCS) addOrder(params url.Values) object {
	client := w.State().Client(id(params, "clientid"))
	if client == nil {
		return failed("Client ID Not Found")
	}
	if client.Status == "Closed" {
		return failed("Unable to add order when client status is Closed")
	}
	if !slices.ContainsFunc(w.config.PaymentMethods, func(m PaymentMethod) bool { return m.Module == params.Get("paymentmethod") }) {
		return failed("Invalid Payment Method. Valid options include " + w.methods())
	}
	for _, name := range arrays {
		if params.Has(name) {
			return failed(fmt.Sprintf("Expecting parameter '%s' to be an array", name))
		}
	}
	items := w.items(params, w.currency(client.Currency).Code)
	row, services := w.checkout(terms{client: client.ID, method: params.Get("paymentmethod"), promo: params.Get("promocode"), ip: params.Get("clientip"),
		noInvoice: truthy(params, "noinvoice"), checked: w.config.OrdersAreChecked}, items)
	if len(services) == 0 {
		return failed("No items added to cart so order cannot proceed")
	}
	w.announce(params, services[0])
	var ids []string
	for _, s := range services {
		ids = append(ids, strconv.Itoa(s.ID))
	}
	return success(object{"orderid": row.ID, "serviceids": strings.Join(ids, ","), "addonids": "", "domainids": "", "invoiceid": row.InvoiceID})
}

func (w *WHMCS) methods() string {
	var names []string
	for _, m := range w.config.PaymentMethods {
		names = append(names, m.Module)
	}
	return strings.Join(names, ",")
}

// truthy is what PHP takes for true: the text false, too.
func truthy(params url.Values, name string) bool {
	value := params.Get(name)
	return value != "" && value != "0"
}

// items reads the arrays. A product that is not there is left out.
func (w *WHMCS) items(params url.Values, currency string) []item {
	var items []item
	state := w.State()
	for n := 0; params.Has(fmt.Sprintf("pid[%d]", n)); n++ {
		at := func(name string) string { return params.Get(fmt.Sprintf("%s[%d]", name, n)) }
		pid, _ := strconv.Atoi(at("pid")) // zero is no product
		product, there := w.config.product(pid)
		if !there {
			continue
		}
		product = state.priced(product)
		options, err := unserialize(at("configoptions"))
		if err != nil {
			options = map[int]string{} // what PHP cannot read is nothing
		}
		fields, err := unserialize(at("customfields"))
		if err != nil {
			fields = nil
		}
		i := item{product: product, cycle: or(at("billingcycle"), "monthly"), services: 1, quantity: 1, fields: product.known(fields),
			order: Order{Domain: at("domain")}}
		if product.Type == "server" {
			i.ns1, i.ns2, i.order.Domain = at("ns1prefix"), at("ns2prefix"), or(at("hostname"), i.order.Domain)
		}
		switch quantity, _ := strconv.Atoi(at("qty")); product.Quantity { // zero is one
		case 1:
			i.services = max(1, quantity)
		case 2:
			i.quantity = max(1, quantity)
		}
		// A name server is written with the host name behind its prefix [UNCONFIRMED, docs/whmcs-api.md W19].
		if host := i.order.Domain; host != "" && i.ns1 != "" && !w.config.BareNameServers {
			i.ns1 += "." + host
		}
		i.price(currency, options, at("priceoverride"))
		items = append(items, i)
	}
	return items
}

// known keeps the custom fields that the product has.
func (p Product) known(fields map[int]string) map[int]string {
	kept := map[int]string{}
	for _, f := range p.Fields {
		if value, given := fields[f.ID]; given {
			kept[f.ID] = value
		}
	}
	return kept
}

// announce mails what nobody asked WHMCS to keep to itself.
func (w *WHMCS) announce(params url.Values, first Service) {
	w.change(func(state *State) {
		if !truthy(params, "noemail") {
			state.mail("Order Confirmation", &first, w.config.Now())
		}
		if !truthy(params, "noinvoice") && !truthy(params, "noinvoiceemail") {
			state.mail("Invoice Created", &first, w.config.Now())
		}
	})
}
