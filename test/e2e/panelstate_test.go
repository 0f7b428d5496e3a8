package e2e

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/stretchr/testify/require"
)

// panelState is what the tests read of dcimsim.
type panelState struct {
	Servers []server `json:"servers"`
	Users   []struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Level int    `json:"level"`
	} `json:"users"`
	Installs []struct {
		Server string `json:"server"`
		Mark   string `json:"mark"`
	} `json:"installs"`
	Violations []json.RawMessage `json:"violations"`
}

func (w *world) panel() panelState {
	w.t.Helper()
	var state panelState
	require.NoError(w.t, w.AskPanel(context.Background(), http.MethodGet, "/_sim/state", nil, &state))
	return state
}

// server is one machine as dcimsim shows it.
type server struct {
	ID        string `json:"id"`
	Owner     string `json:"owner"`
	OwnerName string `json:"owner_name"`
	Notes     string `json:"notes"`
	Hostname  string `json:"hostname"`
	Disabled  bool   `json:"disabled"`
	Power     string `json:"power"`
	Addresses []struct {
		IP     string `json:"ip"`
		Domain string `json:"domain"`
		Main   bool   `json:"main"`
	} `json:"addresses"`
}

// free counts the servers that the panel itself would call free.
func (s panelState) free() int {
	n := 0
	for _, server := range s.Servers {
		if server.Owner == "" && server.Hostname == "free.ds" && !server.Disabled && server.Notes == "" {
			n++
		}
	}
	return n
}
