package simulator

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (w *WHMCS) getPromotions(params url.Values) object {
	state := w.State()
	var rows []object
	for i, p := range w.config.Promotions {
		if code := params.Get("code"); code != "" && !strings.EqualFold(code, p.Code) {
			continue
		}
		var products []string
		for _, id := range p.Products {
			products = append(products, strconv.Itoa(id))
		}
		rows = append(rows, object{"id": i + 1, "code": p.Code, "type": "Percentage", "recurring": 0, "value": strconv.Itoa(p.Percent) + ".00",
			"cycles": strings.Join(p.Cycles, ","), "appliesto": strings.Join(products, ","), "requires": "", "requiresexisting": 0,
			"startdate": "0000-00-00", "expirationdate": or(p.Ends, "0000-00-00"), "maxuses": p.MaxUses, "uses": state.uses(p.Code),
			"lifetimepromo": 0, "applyonce": 0, "newsignups": 0, "existingclient": 0, "onceperclient": 0, "notes": ""})
	}
	return success(object{"totalresults": len(rows), "promotions": object{"promotion": rows}})
}

// uses counts the orders that a code was taken for.
func (s *State) uses(code string) int {
	uses := 0
	for _, o := range s.Orders {
		if strings.EqualFold(o.PromoCode, code) && code != "" {
			uses++
		}
	}
	return uses
}

// promotion finds a code that gives something today; nil says nothing why not, as AddOrder does.
func (w *WHMCS) promotion(state *State, code string) *Promotion {
	i := slices.IndexFunc(w.config.Promotions, func(p Promotion) bool { return strings.EqualFold(p.Code, code) })
	if i < 0 {
		return nil
	}
	p := w.config.Promotions[i]
	if p.Ends != "" && p.Ends < w.config.Now().Format(time.DateOnly) || p.MaxUses > 0 && state.uses(p.Code) >= p.MaxUses {
		return nil
	}
	return &p
}

// discount is what the code takes off an item, rounded to the next hundredth.
func (p *Promotion) discount(i item) int64 {
	if p == nil || len(p.Products) > 0 && !slices.Contains(p.Products, i.product.ID) ||
		len(p.Cycles) > 0 && !slices.Contains(p.Cycles, labels[i.cycle]) {
		return 0
	}
	return (i.first*int64(p.Percent) + 50) / 100
}
