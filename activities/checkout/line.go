package checkout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"metalease/whmcs"
)

// line is one item with the product that it stands for.
type line struct {
	at    string
	item  Item
	sold  Sold
	offer whmcs.Offer
	price whmcs.Price
	// options are the configurable options by id.
	options map[int]int
	// first is what one of it costs until the next payment, set-up fees included; priced is true when it is known.
	first  whmcs.Amount
	priced bool
}

func (l line) count() int { return max(1, l.item.Quantity) }

// OSOptions are the names of the option from which the module reads the operating system.
var OSOptions = []string{"os", "OS", "ostemplate"}

// Names of the other configurable options that it reads (docs/whmcs.md, Configurable options).
var (
	optionRecipe = []string{"recipe"}
	optionIPv4   = []string{"IP"}
	optionIPv6   = []string{"IPv6"}
)

// resolve finds the product, the price and the options of an item, and names what is wrong with it.
func (l *line) resolve(offers []whmcs.Offer, currency string, f *faults) {
	i := slices.IndexFunc(offers, func(o whmcs.Offer) bool { return o.ID == l.sold.Product })
	if i < 0 {
		f.add(true, l.at+"product", "WHMCS has no product %d", l.sold.Product)
		return
	}
	l.offer = offers[i]
	f.add(l.offer.Retired, l.at+"product", "is retired in WHMCS")
	f.add(l.offer.Hidden && !l.offer.Retired && !l.sold.Hidden, l.at+"product", "is hidden in WHMCS")
	l.cycle(currency, f)
	l.choose(f)
	if l.price.Currency != "" {
		l.first, l.priced = l.price.Setup+l.price.Recurring, true
		for id, value := range l.options {
			l.first += l.optionPrice(id, value)
		}
	}
}

// cycle takes the asked one; without one the only one.
func (l *line) cycle(currency string, f *faults) {
	if currency == "" {
		return // named already
	}
	price, field, why := l.offer.PriceFor(currency, l.item.Cycle)
	f.add(field != "", l.at+field, "%s", why)
	l.price = price
}

// choose turns the wishes of the item into configurable options of the product.
func (l *line) choose(f *faults) {
	wanted := map[string]string{}
	for name, choice := range l.item.Options {
		wanted[name] = choice
	}
	fields := map[string]string{}
	put := func(names []string, field, choice string) {
		if choice == "" || choice == "0" {
			return
		}
		option, there := l.offer.Option(names...)
		if !there {
			f.add(true, l.at+field, "the product has no such option")
			return
		}
		wanted[option.Key()], fields[option.Key()] = choice, l.at+field
	}
	if len(l.sold.OSTemplates) > 0 && l.item.OSTemplate != "" {
		f.add(!slices.Contains(l.sold.OSTemplates, l.item.OSTemplate), l.at+"os_template", "must be one of %s", strings.Join(l.sold.OSTemplates, ", "))
	}
	put(OSOptions, "os_template", l.item.OSTemplate)
	put(optionRecipe, "recipe", l.item.Recipe)
	put(optionIPv4, "ipv4", strconv.Itoa(l.item.IPv4))
	put(optionIPv6, "ipv6", strconv.Itoa(l.item.IPv6))
	var wrong []whmcs.OptionFault
	l.options, wrong = l.offer.Choose(wanted)
	for _, w := range wrong {
		field := fields[w.Option]
		if field == "" {
			field = l.at + "options." + w.Option
		}
		f.add(true, field, "%s", w.Reason)
	}
}

// optionPrice is what a choice adds to the first payment.
func (l *line) optionPrice(id, value int) whmcs.Amount {
	i := slices.IndexFunc(l.offer.Options, func(o whmcs.Option) bool { return o.ID == id })
	if i < 0 {
		return 0
	}
	times := whmcs.Amount(1)
	option := l.offer.Options[i]
	for _, choice := range option.Choices {
		switch option.Kind {
		case whmcs.OptionQuantity, whmcs.OptionYesNo:
			times = whmcs.Amount(value)
		case whmcs.OptionDropdown, whmcs.OptionRadio:
			if choice.ID != value {
				continue
			}
		}
		for _, p := range choice.Prices {
			if p.Currency == l.price.Currency && p.Cycle == l.price.Cycle {
				return times * (p.Setup + p.Recurring)
			}
		}
	}
	return 0
}

// orders are the items of the order: one for each server.
func (l *line) orders() []whmcs.NewItem {
	var items []whmcs.NewItem
	for range l.count() {
		items = append(items, whmcs.NewItem{ProductID: l.sold.Product, Cycle: l.price.Cycle, Hostname: l.item.Hostname, Options: l.options})
	}
	return items
}

// mark is how the order of a cart is found again.
func mark(cart string) string { return fmt.Sprintf("cart-%s", cart) }
