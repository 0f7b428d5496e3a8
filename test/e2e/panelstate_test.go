package e2e

import (
	"encoding/json"

	"metalease/test/harness"
)

// panelState is what the tests read of dcimsim.
type panelState struct {
	Servers []server `json:"servers"`
	Users   []struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Level int    `json:"level"`
	} `json:"users"`
	Installs   []install         `json:"installs"`
	Violations []json.RawMessage `json:"violations"`
	Pool       struct {
		FreeIPv4 int `json:"free_ipv4"`
	} `json:"pool"`
}

// install is an OS install that dcimsim has accepted.
type install struct {
	Server   string `json:"server"`
	Template string `json:"template"`
	Recipe   string `json:"recipe"`
	Password string `json:"password"`
	By       string `json:"by"`
	Mark     string `json:"mark"`
}

func (w *world) panel() panelState {
	w.t.Helper()
	return harness.Panel[panelState](w.t, w.Stack)
}

// server is one machine as dcimsim shows it.
type server struct {
	ID         string `json:"id"`
	Owner      string `json:"owner"`
	OwnerName  string `json:"owner_name"`
	Notes      string `json:"notes"`
	Hostname   string `json:"hostname"`
	Disabled   bool   `json:"disabled"`
	Power      string `json:"power"`
	Installing bool   `json:"install_in_progress"`
	Addresses  []struct {
		IP     string `json:"ip"`
		Domain string `json:"domain"`
		Main   bool   `json:"main"`
	} `json:"addresses"`
	MAC         string       `json:"mac"`
	Connections []connection `json:"connections"`
}

// connection is a port of a switch or power unit, or the IPMI.
type connection struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Port string `json:"port"`
	On   bool   `json:"on"`
}

// port is the first connection of a kind.
func (s server) port(kind string) connection {
	for _, c := range s.Connections {
		if c.Type == kind {
			return c
		}
	}
	return connection{}
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
