package simulator

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"

	"metalease/internal/signing"
)

// IspsystemRow is a row of the table of ISPsystem's own module.
type IspsystemRow struct {
	ServiceID int    `json:"service_id"`
	ServerID  string `json:"server_id"`
	Label     string `json:"label"`
}

// SetIspsystem replaces the rows of the table, as a host that comes from that module has them.
func (w *WHMCS) SetIspsystem(rows []IspsystemRow) {
	w.change(func(state *State) { state.Ispsystem = rows })
}

// signedPage is a page of our module for the worker: a question in JSON, signed as calls to
// the gateway are.
func (w *WHMCS) signedPage(found func(question []byte) (int, any)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		answer := func(code int, body any) {
			rw.Header().Set("Content-Type", "application/json")
			rw.WriteHeader(code)
			_ = json.NewEncoder(rw).Encode(body) // a caller that went away is its own affair
		}
		text, err := io.ReadAll(r.Body)
		if err == nil {
			err = signing.Verify(r, text, w.config.Installation, w.config.GatewaySecret, time.Now())
		}
		if err != nil {
			answer(http.StatusUnauthorized, object{"title": err.Error()})
			return
		}
		answer(found(text))
	}
}

// ispsystemRecords answers for the table; it only reads.
func (w *WHMCS) ispsystemRecords(question []byte) (int, any) {
	var asked struct {
		Services []int `json:"services"`
		Product  int   `json:"product"`
	}
	if json.Unmarshal(question, &asked) != nil || (len(asked.Services) > 0) == (asked.Product > 0) {
		return http.StatusUnprocessableEntity, object{"title": `Ask for {"services": [101, 102]} or for {"product": 7}`}
	}
	state := w.State()
	records := []object{}
	for _, row := range state.Ispsystem {
		s := state.Service(row.ServiceID)
		if s == nil || asked.Product > 0 && s.ProductID != asked.Product || asked.Product == 0 && !slices.Contains(asked.Services, s.ID) {
			continue
		}
		records = append(records, object{
			"service_id": s.ID, "client_id": s.ClientID, "product_id": s.ProductID, "status": s.Status, "username": s.Username,
			"server_id": row.ServerID, "label": row.Label, "server_entry": object{"name": "", "hostname": "", "ip": "", "username": ""},
		})
	}
	return http.StatusOK, object{"records": records}
}
