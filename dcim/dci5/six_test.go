package dci5_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

func TestSixIsRefusedByName(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"login page": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `<!DOCTYPE html><html><head><title>DCImanager 6</title></head><body><div id="app"></div></body></html>`)
		},
		"cookie": func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "ses6", Value: "x"})
			_, _ = io.WriteString(w, `<html></html>`)
		},
		"error of dci": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			_, _ = io.WriteString(w, `{"error":{"code":1002,"msg":"no such function","value":{}}}`)
		},
		"error of auth": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(401)
			_, _ = io.WriteString(w, `{"code":4,"error":"unauthorized","field":"token"}`)
		},
	} {
		client := newStub(t, answer).client(t)
		for _, err := range []error{probe(t, client), client.Block(t.Context(), "5")} {
			require.Equal(t, dcim.KindUnsupported, dcim.KindOf(err), "%s: %v", name, err)
			require.ErrorContains(t, err, "DCImanager 6")
			require.ErrorContains(t, err, "metalease works with DCImanager 5")
		}
	}
}

// TestSelfAsksTheAPIOfSix where the page at the URL says nothing.
func TestSelfAsksTheAPIOfSix(t *testing.T) {
	panel := newStub(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/auth/v4/whoami" {
			http.NotFound(w, r)
			return
		}
		w.WriteHeader(401)
		_, _ = io.WriteString(w, `{"error":"unauthorized","code":4}`)
	})
	require.Equal(t, dcim.KindUnsupported, dcim.KindOf(probe(t, panel.client(t))))
	asked := panel.last(t)
	require.Equal(t, http.MethodGet, asked.Method)
	require.Empty(t, asked.Form, "no credentials")
	require.Equal(t, "/api/auth/v4/whoami", asked.RequestURI)
}

func TestSelf(t *testing.T) {
	require.NoError(t, probe(t, says(t, `<doc><elem><id>3</id><name>whmcsapi</name><level>29</level></elem></doc>`).client(t)))
	for document, want := range map[string]dcim.Kind{
		`<doc><error type="auth"/></doc>`:     dcim.KindCredentials,
		`<html>a shop</html>`:                 dcim.KindNotAPanel,
		`{"error":"quota"}`:                   dcim.KindNotAPanel,
		`{"error":{"reason":"no"},"code":[]}`: dcim.KindNotAPanel,
		`{"list":[],"size":0}`:                dcim.KindNotAPanel,
	} {
		require.Equal(t, want, dcim.KindOf(probe(t, says(t, document).client(t))), document)
	}
}

// TestFiveMayNameSix: what staff write about a server makes no DCImanager 6.
func TestFiveMayNameSix(t *testing.T) {
	client := says(t, `<doc><elid>5</elid><name>A</name><mac/><type>3</type><notes>moved to DCImanager 6, header isp-box-instance</notes></doc>`).client(t)
	read, err := client.Record(t.Context(), "5")
	require.NoError(t, err)
	require.Contains(t, read.Notes, "DCImanager 6")
}

// TestAnAccountThatIsInNoList: nothing could be held for it. The superuser root is one.
func TestAnAccountThatIsInNoList(t *testing.T) {
	err := probe(t, says(t, `<doc><elem><id>17</id><name>cust42</name><level>16</level></elem></doc>`).client(t))
	require.ErrorIs(t, err, dcim.ErrCredentials)
	require.ErrorContains(t, err, `does not list its API account "whmcsapi"`)
	require.NotContains(t, err.Error(), "check user and password", "these are right")
}
