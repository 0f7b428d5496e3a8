package e2e

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"

	"metalease/internal/signon"
	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// visitor is a browser that has never been at the panel; its client keeps cookies.
type visitor struct {
	http.Client
	// addresses are all that it was led to.
	addresses []string
	via       http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (v *visitor) RoundTrip(r *http.Request) (*http.Response, error) {
	v.addresses = append(v.addresses, r.URL.String(), r.Referer())
	return v.via.RoundTrip(r)
}

func (w *world) visitor() *visitor {
	w.t.Helper()
	pem, err := os.ReadFile(filepath.Join(w.Dir, "dcimsim.pem"))
	require.NoError(w.t, err)
	roots := x509.NewCertPool()
	require.True(w.t, roots.AppendCertsFromPEM(pem))
	jar, err := cookiejar.New(nil)
	require.NoError(w.t, err)
	v := &visitor{via: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	v.Client = http.Client{Jar: jar, Transport: v}
	return v
}

// enters posts the fields of a door, as the page behind the button does, and returns what is to be read then.
func (w *world) enters(v *visitor, door signon.Door) string {
	w.t.Helper()
	fields := url.Values{}
	for name, value := range door.Fields {
		fields.Set(name, value)
	}
	resp, err := v.PostForm(door.URL, fields)
	require.NoError(w.t, err)
	defer func() { _ = resp.Body.Close() }()
	page, err := io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	return string(page)
}

// door asks the gateway for a way in, at the moment of a click.
func (w *world) door(id int, target string, by api.Actor) signon.Door {
	w.t.Helper()
	code, answer := w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/sso", id), running.SignOn{Target: target, Actor: by})
	require.Equal(w.t, http.StatusOK, code, string(answer))
	var door signon.Door
	require.NoError(w.t, json.Unmarshal(answer, &door))
	require.Empty(w.t, addressSecrets(w, door), "nothing secret stands in the address")
	return door
}

// addressSecrets are the fields of a door that its address shows too.
func addressSecrets(w *world, door signon.Door) []string {
	w.t.Helper()
	var shown []string
	for _, name := range []string{"key", "auth"} {
		if value := door.Fields[name]; value != "" && strings.Contains(door.URL, value) {
			shown = append(shown, name)
		}
	}
	return shown
}

// TestSignOn: a click lets one browser in once, and what opened the door stands nowhere afterwards.
func TestSignOn(t *testing.T) {
	t.Parallel()
	port, _, err := stack.Port(0)
	require.NoError(t, err)
	metrics := fmt.Sprintf("127.0.0.1:%d", port)
	w := newWorld(t, quick+fmt.Sprintf("worker: {metrics_listen: %q}\n", metrics), "--log", "--servers", "3")
	// The account has the password of the first service, the second one's server its own.
	ids := []int{w.order(simulator.Order{ClientID: 70}), w.order(simulator.Order{ClientID: 70})}
	for _, id := range ids {
		w.awaitPhase(id, api.PhaseActive)
	}
	id := ids[1]
	status := w.status(id)
	browser := w.visitor()
	door := w.door(id, running.SignOnPanel, jane)
	require.Contains(t, w.enters(browser, door), "user="+status.Account)
	require.NotContains(t, w.enters(w.visitor(), door), "user=", "the door opens once")
	secrets := []string{door.Fields["key"]}

	staff := w.visitor()
	door = w.door(id, running.SignOnPanel, admin)
	require.Contains(t, w.enters(staff, door), "user="+stack.PanelUser)
	console := w.visitor()
	secrets = append(secrets, door.Fields["key"])
	door = w.door(id, running.SignOnConsole, jane)
	require.Contains(t, w.enters(console, door), fmt.Sprintf("Console of server %s for %s", status.Server.ID, status.Account))
	secrets = append(secrets, door.Fields["auth"])
	panel, err := url.Parse(w.PanelURL("/dcimgr"))
	require.NoError(t, err)
	for _, v := range []*visitor{browser, staff} {
		for _, cookie := range v.Jar.Cookies(panel) {
			if len(cookie.Value) >= 16 { // the language is none
				secrets = append(secrets, cookie.Value)
			}
		}
	}
	require.Len(t, secrets, 5, "two keys, two sessions, and that of the console")

	again := running.SignOn{EventID: "click", Target: running.SignOnPanel, Actor: jane}
	code, answer := w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/sso", id), again)
	require.Equal(t, http.StatusOK, code, string(answer))
	code, answer = w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/sso", id), again)
	require.Equal(t, http.StatusConflict, code, "the same click makes no second way in")
	require.Contains(t, string(answer), "already-answered")
	w.send(id, api.SignalSuspend)
	w.blocked(id, true)
	code, answer = w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/sso", id), running.SignOn{Target: running.SignOnPanel, Actor: jane})
	require.Equal(t, http.StatusConflict, code, string(answer))
	require.Contains(t, string(answer), "not-now")

	w.secrets = secrets // histories and logs are searched at the end
	text := strings.Join(append(append(browser.addresses, staff.addresses...), console.addresses...), "\n") + w.PanelSim.Log() + w.WHMCSSim.Log()
	text += w.page("http://"+metrics+"/metrics") + w.page(w.GatewayURL("/metrics")) + w.memos() + w.starter("status", fmt.Sprint(id))
	_, answer = w.call(http.MethodGet, fmt.Sprintf("/v1/services/%d", id), nil)
	text += string(answer)
	require.Contains(t, text, "was let into the console")
	for _, secret := range append(w.servicePasswords(), secrets...) {
		require.NotContains(t, text, secret)
		require.NotContains(t, text, base64.StdEncoding.EncodeToString([]byte(secret)))
	}
}

func (w *world) page(address string) string {
	w.t.Helper()
	resp, err := http.Get(address)
	require.NoError(w.t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	require.Equal(w.t, http.StatusOK, resp.StatusCode)
	return string(text)
}

// memos are all that lists of Temporal show of workflows.
func (w *world) memos() string {
	w.t.Helper()
	page, err := w.dial().ListWorkflow(w.ctx, &workflowservice.ListWorkflowExecutionsRequest{PageSize: 200})
	require.NoError(w.t, err)
	var text strings.Builder
	for _, run := range page.GetExecutions() {
		text.WriteString(run.String())
		for _, payload := range run.GetMemo().GetFields() {
			text.Write(payload.GetData())
		}
	}
	return text.String()
}
