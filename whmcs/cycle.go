package whmcs

import (
	"encoding/json"
	"maps"
	"slices"
)

// Cycle is how often a service is paid, as an order names it (docs/whmcs-api.md 1.4).
type Cycle string

// The cycles of an order.
const (
	CycleMonthly      Cycle = "monthly"
	CycleQuarterly    Cycle = "quarterly"
	CycleSemiannually Cycle = "semiannually"
	CycleAnnually     Cycle = "annually"
	CycleBiennially   Cycle = "biennially"
	CycleTriennially  Cycle = "triennially"
	// CycleOneTime and CycleFree are the only ones of a product that is sold once, or given away.
	CycleOneTime Cycle = "onetime"
	CycleFree    Cycle = "free"
)

// recurring are the cycles that have columns of their own in a price, the shortest first.
var recurring = []Cycle{CycleMonthly, CycleQuarterly, CycleSemiannually, CycleAnnually, CycleBiennially, CycleTriennially}

// setupColumn is where the set-up fee of a cycle stands: msetupfee, qsetupfee, ...
func (c Cycle) setupColumn() string { return string(c)[:1] + "setupfee" }

// Price of one cycle in one currency.
type Price struct {
	// Currency is a code such as USD.
	Currency string
	Cycle    Cycle
	// Setup is paid once, with the first payment.
	Setup, Recurring Amount
}

// pricing is what WHMCS writes of prices: by currency, then by column. Without prices it
// may be of any shape.
type pricing map[string]map[string]text

// UnmarshalJSON takes every shape; what is no table of prices has none.
func (p *pricing) UnmarshalJSON(b []byte) error {
	*p = nil
	var currencies map[string]map[string]text
	if json.Unmarshal(b, &currencies) == nil {
		*p = currencies
	}
	return nil
}

// price reads a cycle's columns. A price of -1.00 says that the cycle is not offered; one
// that cannot be read is not offered either, for it must not be guessed.
func (p pricing) price(currency string, cycle Cycle) (Price, bool) {
	columns, column := p[currency], cycle
	if cycle == CycleOneTime { // stands where the monthly price does (docs/whmcs-api.md 1.6)
		column = CycleMonthly
	}
	each, err := ParseAmount(string(columns[string(column)]))
	if err != nil || each < 0 {
		return Price{}, false
	}
	price := Price{Currency: currency, Cycle: cycle, Recurring: each}
	if fee := columns[column.setupColumn()]; fee != "" {
		setup, err := ParseAmount(string(fee))
		if err != nil {
			return Price{}, false
		}
		price.Setup = max(0, setup)
	}
	return price, true
}

// all are the offered prices of the cycles, by currency code, then by length.
func (p pricing) all(cycles []Cycle) []Price {
	var prices []Price
	for _, currency := range slices.Sorted(maps.Keys(p)) {
		for _, cycle := range cycles {
			if price, offered := p.price(currency, cycle); offered {
				prices = append(prices, price)
			}
		}
	}
	return prices
}
