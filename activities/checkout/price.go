package checkout

import (
	"fmt"
	"slices"

	"metalease/whmcs"
)

// strict tells whether a shop sells at no other price than the one that it has shown.
func (c *Checkout) strict(shop string) bool { return slices.Contains(c.RefusePrice, shop) }

// prices compares what the shop expects with what WHMCS's list asks. What is only shown is a note.
func (c *Checkout) prices(shop string, lines []line, f *faults) (notes []Fault) {
	var differ faults
	for _, l := range lines {
		if expected, given := l.expects(); given && l.priced && l.first != expected {
			differ.asks(l, l.first)
		}
	}
	return c.judge(shop, differ, f)
}

// billed compares it with what WHMCS has put on the invoice, for the list may have changed until then. The
// services are in the order of the lines.
func (c *Checkout) billed(shop string, lines []line, services []int, invoice []whmcs.InvoiceItem, f *faults) (notes []Fault) {
	var differ faults
	for _, l := range lines {
		expected, given := l.expects()
		for _, service := range services[:l.count()] {
			if asked := onInvoice(invoice, service); given && asked != expected {
				differ.asks(l, asked)
			}
		}
		services = services[l.count():]
	}
	return c.judge(shop, differ, f)
}

// onInvoice is what a service costs on an invoice: the product with its options, and the set-up fee as a line of
// its own where WHMCS makes one. Promotions and discounts are lines below zero, and no part of a price.
func onInvoice(invoice []whmcs.InvoiceItem, service int) (sum whmcs.Amount) {
	for _, item := range invoice {
		if item.RelatedID == service && item.Amount > 0 {
			sum += item.Amount
		}
	}
	return sum
}

// expects is the price of one that the shop has shown.
func (l line) expects() (whmcs.Amount, bool) {
	expected, err := whmcs.ParseAmount(l.item.ExpectPrice)
	return expected, l.item.ExpectPrice != "" && err == nil
}

func (f *faults) asks(l line, price whmcs.Amount) {
	f.add(true, l.at+"expect_price", "%s", fmt.Sprintf("WHMCS asks %s %s", price, l.price.Currency))
}

// judge makes differences problems of a strict shop's cart, and notes for any other.
func (c *Checkout) judge(shop string, differ faults, f *faults) (notes []Fault) {
	if !c.strict(shop) {
		return differ.list
	}
	f.list = append(f.list, differ.list...)
	return nil
}
