package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
)

// productsPage answers for what the API does not show of products.
func (w *WHMCS) productsPage(question []byte) (int, any) {
	var asked struct {
		Products []int `json:"products"`
	}
	if json.Unmarshal(question, &asked) != nil || len(asked.Products) == 0 {
		return http.StatusUnprocessableEntity, object{"title": `Ask for {"products": [1, 2]}`}
	}
	state := w.State()
	rows := []object{}
	for _, p := range w.config.Products {
		if slices.Contains(asked.Products, p.ID) {
			shelf := state.Shelves[p.ID]
			rows = append(rows, object{"id": p.ID, "hidden": shelf.Hidden, "retired": shelf.Retired})
		}
	}
	return http.StatusOK, object{"products": rows}
}
