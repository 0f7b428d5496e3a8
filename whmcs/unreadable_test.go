package whmcs_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// Whatever stands in the row of one service, the others are read, and so is it where it can be.
func TestOneRowCostsItself(t *testing.T) {
	for effect, notes := range map[string]string{"control": "Z\ufffd\nrich", "bad-utf8": "Z\ufffd\ufffdrich", "latin1": "Z\u00fcrich", "odd-row": ""} {
		billing, client := newWHMCS(t)
		placed := place(t, billing, simulator.Order{Services: 3}).Services
		bad := placed[1].ServiceID
		require.NoError(t, billing.Fault(simulator.Fault{Function: "GetClientsProducts", Effect: effect, Service: bad}))
		state := billing.State().Service(bad)
		for name, read := range map[string]func() ([]whmcs.Service, error){
			"client":   func() ([]whmcs.Service, error) { return client.ClientServices(t.Context(), state.ClientID) },
			"product":  func() ([]whmcs.Service, error) { return client.ProductServices(t.Context(), state.ProductID) },
			"username": func() ([]whmcs.Service, error) { return client.UsernameServices(t.Context(), state.Username) },
		} {
			services, err := read()
			require.NoError(t, err, "%s of a %s", effect, name)
			found := false
			for _, s := range services {
				require.Equal(t, effect == "odd-row" && s.ID == bad, s.Unreadable != "", "%s: %+v", effect, s)
				require.Equal(t, whmcs.StatusPending, s.Status)
				require.Equal(t, state.ClientID, s.ClientID)
				if s.ID == bad {
					found = true
					require.Equal(t, notes, s.Notes, effect)
					require.Equal(t, state.Username, s.Username)
				}
			}
			require.True(t, found, effect)
		}
		_, err := client.Service(t.Context(), placed[0].ServiceID)
		require.NoError(t, err)
		_, err = client.Service(t.Context(), bad)
		if effect == "odd-row" {
			require.ErrorIs(t, err, whmcs.ErrUnreadable)
			require.ErrorContains(t, err, fmt.Sprintf("the row of service %d cannot be read: a list holds the unexpected key", bad))
		} else {
			require.NoError(t, err)
		}
	}
}

func TestRowsThatAreNone(t *testing.T) {
	for row, why := range map[string]string{
		`"none"`: "string", `[1]`: "array", `{"id":7,"notes":"` + strings.Repeat("x", 70_000) + `"}`: "longer than 65536",
		`{"id":7,"customfields":{"customfield":[{"id":1,"name":[],"value":"s3cret-value"},"s3cret-value"]}}`: "string",
	} {
		client, _ := recorded(t, `{"result":"success","totalresults":2,"products":{"product":[{"id":"6","username":"u"},`+row+`]}}`)
		services, err := client.ProductServices(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, 6, services[0].ID)
		if strings.HasPrefix(row, "{") {
			require.Len(t, services, 2)
			require.Contains(t, services[1].Unreadable, why)
			require.NotContains(t, services[1].Unreadable, "s3cret-value")
			continue
		}
		require.Len(t, services, 1)
		_, err = client.ClientServices(t.Context(), 5)
		require.ErrorIs(t, err, whmcs.ErrUnreadable, "whose row it is nobody knows, but it is one of this client's")
		require.ErrorContains(t, err, "a row of client 5 is no service")
	}
}

func TestAnswersInAnotherForm(t *testing.T) {
	for name, c := range map[string]struct{ kind, body, want string }{
		"a byte order mark": {"", "\ufeff" + `{"result":"success","whmcs":{"version":"8"}}`, "8"},
		"windows-1251":      {"application/json; charset=windows-1251", "{\"result\":\"success\",\"whmcs\":{\"version\":\"\xc2\"}}", "\u0412"},
		"unknown":           {"application/json; charset=x-nobody", `{"result":"success","whmcs":{"version":"8"}}`, "8"},
		"escapes":           {"", "{\"result\":\"success\",\n\"whmcs\":{\"version\":\"\\\"\x02\\\\\"}}", "\"\ufffd\\"},
		"half an escape":    {"", "{\"result\":\"success\",\"whmcs\":{\"version\":\"\\ud800x\"}}", "\ufffdx"},
	} {
		client := clientOf(t, serverURL(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			_, _ = w.Write([]byte(c.body))
		})))
		version, err := client.Version(t.Context())
		require.NoError(t, err, name)
		require.Equal(t, c.want, version, name)
	}
}
