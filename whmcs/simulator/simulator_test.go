package simulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/signing"
	"metalease/whmcs/simulator"
)

// fakeGateway checks signatures and remembers what it was told.
type fakeGateway struct {
	t  *testing.T
	mu sync.Mutex
	// calls are method, path and the parts of the body that matter.
	calls  []string
	bodies []map[string]any
	status int
	ready  bool
	// unknown services are 404 until they are started; answer replaces the status.
	unknown bool
	answer  string
}

func (g *fakeGateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	require.NoError(g.t, err)
	require.NoError(g.t, signing.Verify(r, body, "main", "shared", time.Now()))
	var fields map[string]any
	_ = json.Unmarshal(body, &fields) // a GET has none
	g.mu.Lock()
	defer g.mu.Unlock()
	call := r.Method + " " + r.URL.Path
	for _, key := range []string{"reason", "source", "due", "expires_at"} {
		if value, there := fields[key]; there {
			call += " " + key + "=" + value.(string)
		}
	}
	g.calls, g.bodies = append(g.calls, call), append(g.bodies, fields)
	if g.unknown && r.Method == http.MethodGet {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"type":"/problems/unknown-service","title":"There is no such service"}`)
		return
	}
	w.WriteHeader(g.status)
	if g.answer != "" {
		_, _ = io.WriteString(w, g.answer)
		return
	}
	status := map[string]any{"ready": g.ready, "phase": "pending", "step": "install"}
	switch {
	case g.status >= 300:
		_ = json.NewEncoder(w).Encode(map[string]any{"title": "not now"})
	case r.Method == http.MethodGet:
		_ = json.NewEncoder(w).Encode(status)
	default:
		outcome := map[int]string{http.StatusOK: "applied", http.StatusAccepted: "pending"}[g.status]
		_ = json.NewEncoder(w).Encode(map[string]any{"outcome": outcome, "status": status})
	}
}

func (g *fakeGateway) last() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls[len(g.calls)-1]
}

func newPair(t *testing.T) (*simulator.WHMCS, *fakeGateway, simulator.Placed) {
	t.Helper()
	gateway := &fakeGateway{t: t, status: http.StatusCreated}
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	w, err := simulator.New(simulator.Config{Gateway: server.URL, GatewaySecret: "shared", Installation: "main"})
	require.NoError(t, err)
	placed, err := w.PlaceOrder(simulator.Order{Package: "E5-64G", IPv4: 2})
	require.NoError(t, err)
	gateway.status = http.StatusOK
	return w, gateway, placed
}

func TestACheckoutCallsTheGatewayAsTheHookDoes(t *testing.T) {
	w, gateway, placed := newPair(t)
	require.Equal(t, http.StatusCreated, placed.Services[0].Gateway)
	require.Equal(t, []string{"POST /v1/services"}, gateway.calls)
	service := w.State().Service(placed.Services[0].ServiceID)
	require.Equal(t, "Pending", service.Status)
	require.Equal(t, "E5-64G", service.Order["package"])
	require.Equal(t, 2, service.Order["ipv4"])
	require.NotContains(t, service.Order, "password")
}

func TestTheModuleTurnsActiveOnlyWhatIsReady(t *testing.T) {
	w, gateway, placed := newPair(t)
	id := placed.Services[0].ServiceID
	act := func(what string) string {
		answer, err := w.Act(id, what)
		require.NoError(t, err)
		text, err := json.Marshal(answer)
		require.NoError(t, err)
		return string(text)
	}
	require.Contains(t, act("create"), "In progress")
	require.Equal(t, "Pending", w.State().Service(id).Status)
	require.Len(t, w.State().Queue, 1)
	require.Equal(t, "CreateAccount", w.State().Queue[0].Action)
	gateway.ready = true
	require.Contains(t, act("create"), "success")
	require.Contains(t, act("create"), "already created")
	require.Len(t, w.State().MailsOf(id), 1, "one welcome mail")

	act("suspend")
	require.Equal(t, "POST /v1/services/"+strconv.Itoa(id)+"/suspend reason=abuse source=whmcs", gateway.last())
	act("unsuspend")
	require.Equal(t, "Active", w.State().Service(id).Status)
	act("overdue")
	require.Contains(t, gateway.last(), "/expire source=whmcs due=")
	require.Equal(t, "Suspended", w.State().Service(id).Status)
	act("paid")
	require.Contains(t, gateway.calls[len(gateway.calls)-2], "/unsuspend")
	require.Contains(t, gateway.last(), "/renew source=whmcs expires_at=", "the renewal goes last")
	require.Equal(t, "Active", w.State().Service(id).Status)
	gateway.status = http.StatusInternalServerError
	act("terminate")
	require.Equal(t, "Active", w.State().Service(id).Status, "an error leaves the status as it was")
	gateway.status = http.StatusAccepted
	require.Contains(t, act("terminate"), "Not yet", "a promise is no success")
	require.Equal(t, "Active", w.State().Service(id).Status)
	gateway.status = http.StatusOK
	act("terminate")
	require.Equal(t, "Terminated", w.State().Service(id).Status)
}

func TestTheAPIRefusesStrangers(t *testing.T) {
	w, _, _ := newPair(t)
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	ask := func(form url.Values) (int, string) {
		resp, err := http.PostForm(server.URL+"/includes/api.php", form)
		require.NoError(t, err)
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp.StatusCode, string(body)
	}
	code, body := ask(url.Values{"action": {"GetProducts"}, "identifier": {"identifier"}, "secret": {"wrong"}})
	require.Equal(t, http.StatusForbidden, code)
	require.Contains(t, body, "Authentication Failed")
	_, body = ask(url.Values{"action": {"NoSuch"}, "identifier": {"identifier"}, "secret": {"secret"}})
	require.Contains(t, body, "Invalid API Action")
	_, body = ask(url.Values{"action": {"GetClientsProducts"}, "serviceid": {"1"}, "identifier": {"identifier"}, "secret": {"secret"}})
	require.Contains(t, body, `"products":""`, "an empty list is a text here")
}

func TestControlNamesWhatIsWrong(t *testing.T) {
	w, _, _ := newPair(t)
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	for path, body := range map[string]string{
		"/_sim/orders": `{"colour":"red"}`, "/_sim/orders?": `{"package":"E9"}`, "/_sim/faults": `{"effect":"explode"}`,
		"/_sim/faults?": `[{"effect":"hang","action":"ModuleCreate"}]`, "/_sim/faults??": `{"effect":"hang","probability":2}`,
		"/_sim/services/1/paid": `{}`, "/_sim/services/x/paid": `{}`, "/_sim/services/1": `{}`, "/_sim/services/102/explode": `{}`,
		"/_sim/services/102": `{"status":"active"}`, "/_sim/services/102?": `{"colour":"red"}`,
	} {
		resp, err := http.Post(server.URL+path, "application/json", strings.NewReader(body))
		require.NoError(t, err)
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusBadRequest, resp.StatusCode, path)
		require.NotEmpty(t, bytes.TrimSpace(text))
	}
}

func TestTheStateFileSurvives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	first, err := simulator.New(simulator.Config{StateFile: file})
	require.NoError(t, err)
	placed, err := first.PlaceOrder(simulator.Order{})
	require.NoError(t, err)
	require.NoError(t, first.Save())
	second, err := simulator.New(simulator.Config{StateFile: file})
	require.NoError(t, err)
	before, after := first.State().Services[0], second.State().Service(placed.Services[0].ServiceID)
	require.Equal(t, before.Username, after.Username)
	require.Equal(t, before.Password, after.Password)
}
