package main

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// product is one of the catalogue.
type product struct {
	SKU, Name, Description string
	Prices                 []price
	OSTemplates            []string `json:"os_templates"`
	Options                []struct {
		Name    string
		Choices []struct{ Prices []price }
	}
	Stock *struct{ Free, Held int } // nil when nobody knows, which is not none
}

type price struct{ Currency, Cycle, Setup, Recurring string }

// cart is the gateway's, as far as this shop shows it.
type cart struct {
	ID, State, Total, Currency string
	Problems                   []fault
	InvoiceID                  int        `json:"invoice_id"`
	HoldExpiresAt              *time.Time `json:"hold_expires_at"`
	Services                   []service
	Events                     []event `json:"-"` // what this shop was told of it
}

type service struct {
	ServiceID       int `json:"service_id"`
	Phase, Step, IP string
}

// Steps are those of a build, in their order.
func (service) Steps() []string {
	return []string{"account", "claim", "addresses", "power", "install", "hand-over"}
}

// form is what an order of a product asks for.
type form struct {
	Product           product
	Currency, Attempt string
	Faults            []fault
	given             url.Values
}

// field is an input, with the gateway's own name for it: so a fault finds its place.
type field struct{ Name, ID, Label, Type, Autocomplete, Value, Fault string }

// Field is filled with what was given, else with an example.
func (f form) Field(name, label, kind, autocomplete, example string) field {
	id := strings.NewReplacer("[", "-", "]", "", ".", "-").Replace(name)
	shown := field{Name: name, ID: id, Label: label, Type: kind, Autocomplete: autocomplete, Value: example}
	if f.given.Has(name) {
		shown.Value = f.given.Get(name)
	}
	for _, fault := range f.Faults {
		if fault.Field == name || fault.Field == "items" && name == "items[0].quantity" { // this form has one item
			shown.Fault = fault.Reason
		}
	}
	return shown
}

// request is the cart of a filled form: what it names and nothing else, at the price that the catalogue shows.
func (f form) request(ip string) map[string]any {
	given := func(name string) string { return strings.TrimSpace(f.given.Get(name)) }
	number := func(name string) any {
		if n, err := strconv.Atoi(given(name)); err == nil {
			return n
		}
		return given(name) // the gateway says what is wrong with it
	}
	client := map[string]any{"ip": ip}
	for _, name := range []string{"email", "first_name", "last_name", "phone", "address1", "postcode", "city", "state", "country"} {
		client[name] = given("client." + name)
	}
	addresses := number("items[0].ipv4")
	item := map[string]any{
		"sku": f.Product.SKU, "cycle": given("items[0].cycle"), "os_template": given("items[0].os_template"),
		"quantity": number("items[0].quantity"), "ipv4": addresses,
	}
	if count, is := addresses.(int); is && count >= 0 {
		item["expect_price"] = f.Price(given("items[0].cycle"), count)
	}
	return map[string]any{"reference": "example shop", "client": client, "items": []any{item}, "currency": f.Currency}
}

// Price is what one server costs until the next payment, with so many further addresses: what WHMCS must
// ask as well.
func (f form) Price(cycle string, addresses int) string {
	sum := cents(f.Product.Prices, f.Currency, cycle)
	for _, option := range f.Product.Options {
		if option.Name == "IP" && len(option.Choices) > 0 {
			sum += addresses * cents(option.Choices[0].Prices, f.Currency, cycle)
		}
	}
	return fmt.Sprintf("%d.%02d", sum/100, sum%100)
}

// cents is a price with its set-up fee. The gateway writes amounts with two decimals.
func cents(prices []price, currency, cycle string) int {
	i := slices.IndexFunc(prices, func(p price) bool { return p.Currency == currency && p.Cycle == cycle })
	if i < 0 {
		return 0
	}
	setup, _ := strconv.Atoi(strings.Replace(prices[i].Setup, ".", "", 1))
	recurring, _ := strconv.Atoi(strings.Replace(prices[i].Recurring, ".", "", 1))
	return setup + recurring
}
