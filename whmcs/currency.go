package whmcs

import (
	"context"
	"encoding/json"
	"regexp"
)

// Currency is one that WHMCS bills in. A client has one, and is billed in no other.
type Currency struct {
	ID             int
	Code           string
	Prefix, Suffix string
}

type currencyRow struct {
	ID     number `json:"id"`
	Code   text   `json:"code"`
	Prefix text   `json:"prefix"`
	Suffix text   `json:"suffix"`
}

// flattened is a key such as currencies[currency][0][id], by which the manual's example
// writes the list (docs/whmcs-api.md 1.6).
var flattened = regexp.MustCompile(`^currencies\[currency\]\[(\d{1,4})\]\[(\w+)\]$`)

// currencies reads the list in either form.
type currencies struct{ rows list[currencyRow] }

// UnmarshalJSON takes the nested list, or the flattened keys.
func (c *currencies) UnmarshalJSON(b []byte) error {
	var nested struct {
		Currencies list[currencyRow] `json:"currencies"`
	}
	if err := json.Unmarshal(b, &nested); err != nil {
		return err
	}
	c.rows = nested.Currencies
	var keys map[string]json.RawMessage
	if len(c.rows) > 0 || json.Unmarshal(b, &keys) != nil {
		return nil
	}
	rows := map[string]map[string]json.RawMessage{}
	for key, value := range keys {
		if m := flattened.FindStringSubmatch(key); m != nil {
			if rows[m[1]] == nil {
				rows[m[1]] = map[string]json.RawMessage{}
			}
			rows[m[1]][m[2]] = value
		}
	}
	joined, err := json.Marshal(rows) // a list with numeric keys, which list takes
	if err != nil {
		return err
	}
	return json.Unmarshal(joined, &c.rows)
}

// Currencies reads the currencies of WHMCS.
func (c *Client) Currencies(ctx context.Context) ([]Currency, error) {
	var answer currencies
	if err := c.do(ctx, call{action: "GetCurrencies"}, &answer); err != nil {
		return nil, err
	}
	var all []Currency
	for _, row := range answer.rows {
		all = append(all, Currency{int(row.ID), string(row.Code), string(row.Prefix), string(row.Suffix)})
	}
	return all, nil
}

// PaymentMethod is a payment gateway that is switched on.
type PaymentMethod struct {
	// Module is the system name, which AddOrder takes; Name is for people.
	Module, Name string
}

// PaymentMethods reads the payment gateways that are switched on.
func (c *Client) PaymentMethods(ctx context.Context) ([]PaymentMethod, error) {
	var answer struct {
		Methods list[struct {
			Module text `json:"module"`
			Name   text `json:"displayname"`
		}] `json:"paymentmethods"`
	}
	if err := c.do(ctx, call{action: "GetPaymentMethods"}, &answer); err != nil {
		return nil, err
	}
	var methods []PaymentMethod
	for _, m := range answer.Methods {
		methods = append(methods, PaymentMethod{string(m.Module), string(m.Name)})
	}
	return methods, nil
}
