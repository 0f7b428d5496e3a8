package whmcs_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// panelState is what the tests read of dcimsim.
type panelState struct {
	Servers    []panelServer     `json:"servers"`
	Violations []json.RawMessage `json:"violations"`
	Installs   []struct {
		Mark string `json:"mark"`
	} `json:"installs"`
}

type panelServer struct {
	ID        string `json:"id"`
	OwnerName string `json:"owner_name"`
	Owner     string `json:"owner"`
	Notes     string `json:"notes"`
	Hostname  string `json:"hostname"`
	Disabled  bool   `json:"disabled"`
	Power     string `json:"power"`
	Addresses []struct {
		IP   string `json:"ip"`
		Main bool   `json:"main"`
	} `json:"addresses"`
}

func (w *world) panel(t *testing.T) panelState {
	t.Helper()
	var state panelState
	require.NoError(t, w.AskPanel(context.Background(), http.MethodGet, "/_sim/state", nil, &state))
	return state
}

// server is the one whose mark names the service; none is an empty one.
func (s panelState) server(service int) panelServer {
	mark := "service-" + strconv.Itoa(service)
	for _, server := range s.Servers {
		if slices.Contains(strings.FieldsFunc(server.Notes, func(r rune) bool { return r == '/' || r == ' ' || r == '\n' }), mark) {
			return server
		}
	}
	return panelServer{}
}

func (s panelState) byID(id string) panelServer {
	for _, server := range s.Servers {
		if server.ID == id {
			return server
		}
	}
	return panelServer{}
}

// free is the panel's own definition.
func (s panelServer) free() bool {
	return s.ID != "" && s.Owner == "" && s.Hostname == "free.ds" && !s.Disabled && s.Notes == "" && len(s.Addresses) == 1
}

// requireDelivered checks what panel, WHMCS and customer see of an active service:
// Active, one welcome mail, and in it the address of the server.
func (w *world) requireDelivered(t *testing.T, id int) panelServer {
	t.Helper()
	service := w.awaitShown(t, id, "Active")
	server := w.panel(t).server(id)
	require.NotEmpty(t, server.ID, "no server has the mark of service %d", id)
	require.Equal(t, "on", server.Power)
	require.False(t, server.Disabled)
	var ip string
	var extra []string
	for _, address := range server.Addresses {
		if address.Main {
			ip = address.IP
		} else {
			extra = append(extra, address.IP)
		}
	}
	require.Equal(t, ip, service.IP)
	require.ElementsMatch(t, extra, strings.Fields(service.ExtraIPs))
	require.True(t, eventually(func() bool { return w.of(t, id).mailsOf(id) > 0 }), "no welcome mail")
	state := w.of(t, id)
	require.Equal(t, 1, state.mailsOf(id), "one welcome mail")
	for _, mail := range state.Mails {
		if mail.ServiceID == id {
			require.Equal(t, ip, mail.Fields.IP)
			require.ElementsMatch(t, extra, strings.Fields(mail.Fields.ExtraIPs))
			require.Equal(t, service.Username, mail.Fields.Username)
			require.Equal(t, service.Password, mail.Fields.Password)
		}
	}
	return server
}

// requireFree waits until a service's server is back in stock: free, or sold to
// another service since.
func (w *world) requireFree(t *testing.T, service int, server string) {
	t.Helper()
	require.True(t, eventually(func() bool {
		now := w.panel(t)
		return now.server(service).ID == "" && (now.byID(server).free() || now.byID(server).Notes != "")
	}), "server %s of service %d is not free: %+v", server, service, w.panel(t).byID(server))
}

// requireBlocked waits until the panel has cut a server off, or let it back.
func (w *world) requireBlocked(t *testing.T, id string, want bool) {
	t.Helper()
	require.True(t, eventually(func() bool { return w.panel(t).byID(id).Disabled == want }), "blocked is not %t: %+v", want, w.panel(t).byID(id))
}
