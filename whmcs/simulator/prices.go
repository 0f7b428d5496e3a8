package simulator

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Currency is one that this WHMCS bills in. The first of the configuration is the default.
type Currency struct {
	ID     int    `json:"id" yaml:"id"`
	Code   string `json:"code" yaml:"code"`
	Prefix string `json:"prefix" yaml:"prefix"`
	Suffix string `json:"suffix" yaml:"suffix"`
}

// PaymentMethod is a payment gateway that is switched on.
type PaymentMethod struct {
	Module string `json:"module" yaml:"module"`
	Name   string `json:"name" yaml:"name"`
}

// Promotion is a promotion code.
type Promotion struct {
	Code string `json:"code" yaml:"code"`
	// Percent of each price that it takes off.
	Percent int `json:"percent" yaml:"percent"`
	// Products and Cycles (such as Monthly) that it is for; none is all.
	Products []int    `json:"products" yaml:"products"`
	Cycles   []string `json:"cycles" yaml:"cycles"`
	// Ends is its last day, as 2006-01-02. MaxUses 0 is no limit.
	Ends    string `json:"ends" yaml:"ends"`
	MaxUses int    `json:"max_uses" yaml:"max_uses"`
}

// Prices are the columns of tblpricing by currency code: monthly, msetupfee and so on. A
// column that is missing is -1.00: not offered.
type Prices map[string]map[string]string

var cycles = []string{"monthly", "quarterly", "semiannually", "annually", "biennially", "triennially"}

// months of a cycle; a product that is sold once counts as a month.
var months = map[string]int{"monthly": 1, "quarterly": 3, "semiannually": 6, "annually": 12, "biennially": 24, "triennially": 36}

// labels are the cycles as WHMCS shows them (docs/whmcs-api.md 1.4).
var labels = map[string]string{"monthly": "Monthly", "quarterly": "Quarterly", "semiannually": "Semi-Annually", "annually": "Annually",
	"biennially": "Biennially", "triennially": "Triennially", "onetime": "One Time", "free": "Free Account"}

// asked is the price by the month that a catalogue without prices has: two months in a year are free,
// and other cycles are not offered.
func asked(hundredths int64) Prices {
	prices := Prices{}
	for _, c := range []struct {
		code    string
		percent int64
	}{{"USD", 100}, {"EUR", 90}} {
		each := hundredths * c.percent / 100
		prices[c.code] = map[string]string{"monthly": money(each), "annually": money(each * 10)}
	}
	return prices
}

// columns are all that WHMCS shows of one currency.
func (p Prices) columns(c Currency) object {
	shown := object{"prefix": c.Prefix, "suffix": c.Suffix}
	for _, cycle := range cycles {
		fee := cycle[:1] + "setupfee"
		shown[cycle], shown[fee] = or(p[c.Code][cycle], "-1.00"), or(p[c.Code][fee], "0.00")
	}
	return shown
}

func (w *WHMCS) pricing(p Prices) object {
	shown := object{}
	for _, c := range w.config.Currencies {
		shown[c.Code] = p.columns(c)
	}
	return shown
}

// of reads a price with its set-up fee; false where the cycle is not offered.
func (p Prices) of(currency, cycle string) (setup, each int64, offered bool) {
	if cycle == "onetime" {
		cycle = "monthly"
	}
	columns := p[currency]
	each, err := hundredths(or(columns[cycle], "-1.00"))
	if err != nil || each < 0 {
		return 0, 0, false
	}
	setup, _ = hundredths(or(columns[cycle[:1]+"setupfee"], "0.00")) // a fee that cannot be read is none
	return max(0, setup), each, true
}

// money writes hundredths as WHMCS does.
func money(hundredths int64) string {
	sign := ""
	if hundredths < 0 {
		sign, hundredths = "-", -hundredths
	}
	return fmt.Sprintf("%s%d.%02d", sign, hundredths/100, hundredths%100)
}

func hundredths(text string) (int64, error) {
	whole, decimals, _ := strings.Cut(text, ".")
	if len(decimals) > 2 {
		return 0, fmt.Errorf("%q has more than two decimals", text)
	}
	return strconv.ParseInt(whole+decimals+strings.Repeat("0", 2-len(decimals)), 10, 64)
}

// currency of a client, by its id; the default when there is none.
func (w *WHMCS) currency(id int) Currency {
	if i := slices.IndexFunc(w.config.Currencies, func(c Currency) bool { return c.ID == id }); i >= 0 {
		return w.config.Currencies[i]
	}
	return w.config.Currencies[0]
}

func (w *WHMCS) getCurrencies(url.Values) object {
	var rows []object
	for _, c := range w.config.Currencies {
		rows = append(rows, object{"id": strconv.Itoa(c.ID), "code": c.Code, "prefix": c.Prefix, "suffix": c.Suffix, "format": "1", "rate": "1.00000"})
	}
	return success(object{"totalresults": strconv.Itoa(len(rows)), "currencies": object{"currency": rows}})
}

func (w *WHMCS) getPaymentMethods(url.Values) object {
	var rows []object
	for _, m := range w.config.PaymentMethods {
		rows = append(rows, object{"module": m.Module, "displayname": m.Name})
	}
	return success(object{"totalresults": len(rows), "paymentmethods": object{"paymentmethod": rows}})
}
