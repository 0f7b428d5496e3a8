package main

import (
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
	// Stock is nil when nobody knows, which is not none.
	Stock *struct{ Free, Held int }
}

type price struct{ Currency, Cycle, Setup, Recurring string }

// in are the prices of a currency.
func (p product) in(currency string) []price {
	return slices.DeleteFunc(slices.Clone(p.Prices), func(offered price) bool { return offered.Currency != currency })
}

// first is what one server costs until the next payment: what WHMCS must ask as well.
func (p product) first(currency, cycle string, addresses int) string {
	sum := new(big.Rat)
	add := func(prices []price, times int) {
		for _, offered := range prices {
			for _, text := range []string{offered.Setup, offered.Recurring} {
				amount, ok := new(big.Rat).SetString(text)
				if ok && offered.Currency == currency && offered.Cycle == cycle {
					sum.Add(sum, amount.Mul(amount, big.NewRat(int64(times), 1)))
				}
			}
		}
	}
	add(p.Prices, 1)
	for _, option := range p.Options {
		if option.Name == "IP" && len(option.Choices) > 0 {
			add(option.Choices[0].Prices, addresses)
		}
	}
	return sum.FloatString(2)
}

// field is one of the order form. Its name is the gateway's, so that a fault finds its field.
type field struct {
	Name, Label, Type, Autocomplete, Value, Fault string
	Choices                                       []choice
}

type choice struct{ Value, Label string }

// ID is the field's name as an address within the page.
func (f field) ID() string { return strings.NewReplacer("[", "-", "]", "", ".", "-").Replace(f.Name) }

// form is what an order of a product asks for, filled with what was given, else with an example.
func form(p product, currency, visitor string, given url.Values) []field {
	var cycles, systems []choice
	for _, offered := range p.in(currency) {
		cycles = append(cycles, choice{offered.Cycle, offered.Cycle + ", " + p.first(currency, offered.Cycle, 0) + " " + currency})
	}
	for _, template := range p.OSTemplates {
		systems = append(systems, choice{template, strings.TrimPrefix(template, "ISPsystem__")})
	}
	fields := []field{
		{Name: "items[0].cycle", Label: "Paid", Type: "select", Choices: cycles},
		{Name: "items[0].os_template", Label: "Operating system", Type: "select", Choices: systems},
		{Name: "items[0].quantity", Label: "Servers", Type: "number", Value: "1"},
		{Name: "items[0].ipv4", Label: "Further IPv4 addresses of each", Type: "number", Value: "0"},
		{Name: "client.first_name", Label: "First name", Autocomplete: "given-name", Value: "Jane"},
		{Name: "client.last_name", Label: "Last name", Autocomplete: "family-name", Value: "Doe"},
		{Name: "client.email", Label: "E-mail", Type: "email", Autocomplete: "email", Value: "jane." + visitor + "@example.com"},
		{Name: "client.phone", Label: "Phone", Type: "tel", Autocomplete: "tel", Value: "+49 30 901820"},
		{Name: "client.address1", Label: "Street and number", Autocomplete: "address-line1", Value: "Hauptstr. 1"},
		{Name: "client.postcode", Label: "Postcode", Autocomplete: "postal-code", Value: "10115"},
		{Name: "client.city", Label: "City", Autocomplete: "address-level2", Value: "Berlin"},
		{Name: "client.state", Label: "State or region", Autocomplete: "address-level1", Value: "Berlin"},
		{Name: "client.country", Label: "Country, two letters", Autocomplete: "country", Value: "DE"},
	}
	for i := range fields {
		if given.Has(fields[i].Name) {
			fields[i].Value = strings.TrimSpace(given.Get(fields[i].Name))
		}
	}
	return fields
}

// request is the cart of a filled form. The price is the one that the catalogue showed, never one that
// came from the browser.
func request(p product, currency, ip string, fields []field) map[string]any {
	client, item := map[string]any{"ip": ip}, map[string]any{"sku": p.SKU}
	for _, f := range fields {
		var value any = f.Value
		if number, err := strconv.Atoi(f.Value); err == nil && f.Type == "number" {
			value = number
		}
		if name, ok := strings.CutPrefix(f.Name, "client."); ok {
			client[name] = value
		} else {
			item[strings.TrimPrefix(f.Name, "items[0].")] = value
		}
	}
	addresses, _ := item["ipv4"].(int) // what is no number is the gateway's to refuse
	cycle, _ := item["cycle"].(string)
	if slices.ContainsFunc(p.in(currency), func(offered price) bool { return offered.Cycle == cycle }) && addresses >= 0 {
		item["expect_price"] = p.first(currency, cycle, addresses)
	}
	return map[string]any{"reference": "example shop", "client": client, "items": []any{item}, "currency": currency}
}
