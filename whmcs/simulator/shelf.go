package simulator

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// stockShelves puts the products of the configuration on their shelves, as far as the
// state does not know them.
func (w *WHMCS) stockShelves() {
	if w.state.Shelves == nil {
		w.state.Shelves = map[int]Shelf{}
	}
	for _, p := range w.config.Products {
		if _, known := w.state.Shelves[p.ID]; !known {
			w.state.Shelves[p.ID] = p.Shelf
		}
	}
}

// take takes so many from the stock, below nothing too; less than none puts back.
func (s *State) take(product, number int) {
	if shelf := s.Shelves[product]; shelf.StockControl {
		shelf.Stock -= number
		s.Shelves[product] = shelf
	}
}

// priced is a product at the prices of now.
func (s State) priced(p Product) Product {
	if changed := s.Shelves[p.ID].Prices; changed != nil {
		p.Prices = changed
	}
	return p
}

// sells tells whether a checked order may have this item.
func (s *State) sells(i item) bool {
	shelf := s.Shelves[i.product.ID]
	return !shelf.Retired && i.offered && (!shelf.StockControl || shelf.Stock > 0)
}

// getProducts shows hidden and retired products like any other, without a word, and no
// stock where there is no stock control: 0, as when nothing is left (docs/whmcs-api.md W20).
func (w *WHMCS) getProducts(params url.Values) object {
	wanted := strings.Split(params.Get("pid"), ",")
	state := w.State()
	var rows []object
	for _, p := range w.config.Products {
		p = state.priced(p)
		if params.Get("pid") != "" && !slices.Contains(wanted, strconv.Itoa(p.ID)) || params.Get("module") != "" && params.Get("module") != p.Module {
			continue
		}
		available := w.config.QuantityWithoutStockControl // [UNCONFIRMED, docs/whmcs-api.md W20]
		if shelf := state.Shelves[p.ID]; shelf.StockControl {
			available = max(0, shelf.Stock)
		}
		slug := strings.ToLower(strings.ReplaceAll(p.Name, " ", "-"))
		rows = append(rows, object{"pid": p.ID, "gid": "1", "type": p.Type, "name": p.Name, "slug": slug, "product-url": w.config.SystemURL + "/store/servers/" + slug,
			"description": p.Description, "module": p.Module, "paytype": p.PayType, "allowqty": p.Quantity, "quantity_available": available,
			"pricing": w.pricing(p.Prices), "customfields": p.fields(), "configoptions": w.options(p)})
	}
	return success(object{"totalresults": strconv.Itoa(len(rows)), "products": object{"product": rows}})
}

// fields and options are an empty text when there is none.
func (p Product) fields() any {
	var rows []object
	for _, f := range p.Fields {
		required := ""
		if f.Required {
			required = "on"
		}
		rows = append(rows, object{"id": f.ID, "name": f.Name, "description": "", "required": required})
	}
	if len(rows) == 0 {
		return ""
	}
	return object{"customfield": rows}
}

func (w *WHMCS) options(p Product) any {
	var rows []object
	for _, o := range p.Options {
		var choices []object
		for _, c := range o.Choices {
			_, label, barred := strings.Cut(c.Name, "|")
			row := object{"id": c.ID, "name": c.Name, "rawName": nil, "recurring": 0, "required": nil, "pricing": w.pricing(c.Prices)}
			if barred {
				row["name"], row["rawName"] = label, c.Name
			}
			choices = append(choices, row)
		}
		rows = append(rows, object{"id": o.ID, "name": o.Name, "type": strconv.Itoa(o.Kind), "minqty": o.Min, "maxqty": o.Max, "options": object{"option": choices}})
	}
	if len(rows) == 0 {
		return ""
	}
	return object{"configoption": rows}
}

// postProduct changes how a product is sold, as an administrator does.
func (w *WHMCS) postProduct(r *http.Request) (any, error) {
	var e struct {
		Hidden       *bool `json:"hidden"`
		Retired      *bool `json:"retired"`
		StockControl *bool `json:"stock_control"`
		Stock        *int  `json:"stock"`
		// Prices replace all of the product's.
		Prices Prices `json:"prices"`
	}
	if err := strict(r.Body, &e); err != nil {
		return nil, err
	}
	id, err := strconv.Atoi(r.PathValue("id"))
	if _, there := w.config.product(id); err != nil || !there {
		return nil, fmt.Errorf("there is no product %s", r.PathValue("id"))
	}
	w.change(func(state *State) {
		shelf := state.Shelves[id]
		set(&shelf.Hidden, e.Hidden)
		set(&shelf.Retired, e.Retired)
		set(&shelf.StockControl, e.StockControl)
		set(&shelf.Stock, e.Stock)
		if e.Prices != nil {
			shelf.Prices = e.Prices
		}
		state.Shelves[id] = shelf
	})
	return object{"ok": true}, nil
}

// postClient changes a client, as an administrator does.
func (w *WHMCS) postClient(r *http.Request) (any, error) {
	var e struct {
		Status   *string `json:"status"`
		Currency *int    `json:"currency"`
		NoSSO    *bool   `json:"no_sso"`
		Bills    *int    `json:"bills"`
	}
	if err := strict(r.Body, &e); err != nil {
		return nil, err
	}
	id, _ := strconv.Atoi(r.PathValue("id")) // zero is nobody
	err := fmt.Errorf("there is no client %s", r.PathValue("id"))
	w.change(func(state *State) {
		if client := state.Client(id); client != nil {
			set(&client.Status, e.Status)
			set(&client.Currency, e.Currency)
			set(&client.NoSSO, e.NoSSO)
			set(&client.Bills, e.Bills)
			err = nil
		}
	})
	return object{"ok": err == nil}, err
}
