package whmcs

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Promotion is what WHMCS knows of a promotion code (docs/whmcs-api.md 1.6).
type Promotion struct {
	ID   int
	Code string
	// Type is Percentage, Fixed Amount, Price Override or Free Setup; Value is its number.
	Type  string
	Value Amount
	// Cycles and Products are those that it is for; none is all.
	Cycles   []string
	Products []int
	// Begins and Ends are its first and last day; either may not be set.
	Begins, Ends Date
	// MaxUses 0 is no limit.
	Uses, MaxUses int
	// NewClients: for a first order only. ExistingClients: never for a first one.
	// OncePerClient: not for one who had it before. Requires are products of which the
	// client must have one, or order one along.
	NewClients, ExistingClients, OncePerClient bool
	Requires                                   []int
}

// Promotion reads one promotion by its code; KindNotFound when there is none. Letters of
// either case are one code.
func (c *Client) Promotion(ctx context.Context, code string) (Promotion, error) {
	var answer struct {
		Promotions list[promotionRow] `json:"promotions"`
	}
	if err := c.do(ctx, call{action: "GetPromotions", params: url.Values{"code": {code}}}, &answer); err != nil {
		return Promotion{}, err
	}
	for _, row := range answer.Promotions { // a WHMCS that does not know the filter answers with all
		if code != "" && strings.EqualFold(string(row.Code), code) {
			return row.promotion(), nil
		}
	}
	return Promotion{}, &Error{Action: "GetPromotions", Kind: KindNotFound, Message: "there is no such promotion code"}
}

type promotionRow struct {
	ID              number `json:"id"`
	Code            text   `json:"code"`
	Type            text   `json:"type"`
	Value           text   `json:"value"`
	Cycles          text   `json:"cycles"`
	AppliesTo       text   `json:"appliesto"`
	Requires        text   `json:"requires"`
	Begins          Date   `json:"startdate"`
	Ends            Date   `json:"expirationdate"`
	MaxUses         number `json:"maxuses"`
	Uses            number `json:"uses"`
	NewClients      flag   `json:"newsignups"`
	ExistingClients flag   `json:"existingclient"`
	OncePerClient   flag   `json:"onceperclient"`
}

func (r promotionRow) promotion() Promotion {
	value, _ := ParseAmount(string(r.Value)) // for people only: WHMCS computes
	return Promotion{
		ID: int(r.ID), Code: string(r.Code), Type: string(r.Type), Value: value, Cycles: labels(r.Cycles), Products: numbers(r.AppliesTo),
		Begins: r.Begins, Ends: r.Ends, Uses: int(r.Uses), MaxUses: int(r.MaxUses), NewClients: bool(r.NewClients),
		ExistingClients: bool(r.ExistingClients), OncePerClient: bool(r.OncePerClient), Requires: numbers(r.Requires),
	}
}

// labels are the cycles of a text such as Monthly,One Time.
func labels(t text) []string {
	var all []string
	for part := range strings.SplitSeq(string(t), ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// numbers are the ids of a text such as 1,2.
func numbers(t text) []int {
	var ids []int
	for part := range strings.SplitSeq(string(t), ",") {
		if id, err := strconv.Atoi(strings.TrimSpace(part)); err == nil && id > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// Refuses says why the code gives nothing for a product and a cycle on a day; empty when
// it may. What depends on the client, only WHMCS knows: AddOrder says nothing about a code
// that it did not take, so the order is read afterwards (docs/whmcs-api.md 5.2).
func (p Promotion) Refuses(product int, cycle Cycle, day time.Time) string {
	today := day.Format(time.DateOnly)
	switch {
	case !p.Begins.IsZero() && today < p.Begins.String():
		return "it begins on " + p.Begins.String()
	case !p.Ends.IsZero() && today > p.Ends.String():
		return "it ended on " + p.Ends.String()
	case p.MaxUses > 0 && p.Uses >= p.MaxUses:
		return fmt.Sprintf("it was used %d times, which is all", p.Uses)
	case len(p.Products) > 0 && !slices.Contains(p.Products, product):
		return "it is not for this product"
	case len(p.Cycles) > 0 && !slices.ContainsFunc(p.Cycles, cycle.is):
		return "it is not for this billing cycle"
	}
	return ""
}

// is tells whether a label of WHMCS, such as Semi-Annually or One Time, is this cycle.
func (c Cycle) is(label string) bool {
	plain := strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(label))
	return plain == string(c) || c == CycleFree && plain == "freeaccount"
}
