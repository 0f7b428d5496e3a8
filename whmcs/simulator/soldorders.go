package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// soldOrders answers for orders, as the hook would post them now.
func (w *WHMCS) soldOrders(question []byte) (int, any) {
	var asked struct {
		Services []int `json:"services"`
	}
	if json.Unmarshal(question, &asked) != nil || len(asked.Services) == 0 || len(asked.Services) > 200 {
		return http.StatusUnprocessableEntity, object{"title": `Ask for {"services": [101, 102]}, at most 200`}
	}
	state := w.State()
	orders := []object{}
	for _, s := range state.Services {
		if !slices.Contains(asked.Services, s.ID) || !w.ours(*s) {
			continue
		}
		row := state.Order(s.OrderID)
		paidAt := ""
		if row.Paid {
			paidAt = row.PaidAt.UTC().Format(time.RFC3339Nano)
		}
		orders = append(orders, object{
			"service_id": s.ID, "status": s.Status, "due": w.due(s, row), "paid_at": paidAt, "panel": s.Order["panel"],
			"notice": s.Stopped, "problem": "", "order": s.Order,
		})
	}
	return http.StatusOK, object{"orders": orders}
}

// due tells whether what starts the service has happened.
func (w *WHMCS) due(s *Service, order *OrderRow) bool {
	product, _ := w.config.product(s.ProductID) // ours, as every service here
	switch {
	case order.Status == "Cancelled" || order.Status == "Fraud":
		return false
	case product.StartOn == StartOnPayment:
		return order.Paid
	}
	return product.StartOn == StartOnAcceptance && order.Status == "Active"
}
