package simulator

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/signing"
)

// transcript is one recorded call of a function of the PHP module:
// test/whmcs/testdata/transcripts/README.md.
type transcript struct {
	Function string    `json:"function"`
	Now      time.Time `json:"now"`
	Service  struct {
		ID            int    `json:"id"`
		Status        string `json:"status"`
		Domain        string `json:"domain"`
		NextDue       string `json:"next_due"`
		SuspendReason string `json:"suspend_reason"`
		MainIP        string `json:"main_ip"`
	} `json:"service"`
	Order struct {
		ID       int       `json:"id"`
		ClientID int       `json:"client_id"`
		PaidAt   time.Time `json:"paid_at"`
	} `json:"order"`
	Product map[string]string `json:"product"`
	Choices struct {
		OS     string `json:"os"`
		Recipe string `json:"recipe"`
		IP     int    `json:"IP"`
		IPv6   int    `json:"IPv6"`
	} `json:"choices"`
	Module struct {
		NamedServer     string  `json:"named_server"`
		HandedOver      bool    `json:"handed_over"`
		IspsystemServer *string `json:"ispsystem_server"`
	} `json:"module"`
	Params  map[string]string `json:"params"`
	Gateway []struct {
		Status  int             `json:"status"`
		Body    json.RawMessage `json:"body"`
		Refused bool            `json:"refused"`
	} `json:"gateway"`
	Calls []recordedCall    `json:"calls"`
	Text  string            `json:"text"`
	After map[string]string `json:"after"`
}

type recordedCall struct {
	Method string         `json:"method"`
	Path   string         `json:"path"`
	Body   map[string]any `json:"body"`
}

// functions are what the double has of the module. The buttons of staff it has
// not: nobody presses them at a double.
var functions = map[string]function{
	"CreateAccount": createAccount, "SuspendAccount": suspendAccount, "UnsuspendAccount": unsuspendAccount,
	"Renew": renew, "TerminateAccount": terminateAccount,
}

var buttonsOfStaff = []string{"retry", "replace", "accept", "hold", "unhold", "releasenow"}

func TestTheDoubleSaysWhatTheModuleSays(t *testing.T) {
	files, err := filepath.Glob("../../test/whmcs/testdata/transcripts/*.json")
	require.NoError(t, err)
	played := map[string]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var c transcript
		require.NoError(t, json.Unmarshal(text, &c), file)
		if slices.Contains(buttonsOfStaff, c.Function) {
			continue
		}
		require.Contains(t, functions, c.Function, file)
		played[c.Function]++
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), c.play)
	}
	require.Len(t, played, len(functions), "each function has its transcripts: %v", played)
}

func (c transcript) play(t *testing.T) {
	gateway := &recorder{t: t, script: c}
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	if len(c.Gateway) > 0 && c.Gateway[0].Refused {
		server.Close()
	}
	w := c.furnish(t, server.URL)
	before, _ := w.service(c.Service.ID)
	params := url.Values{}
	for key, value := range c.Params {
		params.Set(key, value)
	}
	text, err := functions[c.Function].run(w, before, params)
	if err != nil {
		text = err.Error()
	}
	require.Equal(t, c.Text, strings.ReplaceAll(text, server.URL, "{gateway}"))
	require.Equal(t, c.Calls, append([]recordedCall{}, gateway.calls...))
	c.comparesOrder(t, w)

	after, _ := w.service(c.Service.ID)
	changed := map[string]string{}
	if after.Status != before.Status {
		changed["status"] = after.Status
	}
	if after.DedicatedIP != before.DedicatedIP {
		changed["main_ip"] = after.DedicatedIP
	}
	for _, row := range w.State().Ispsystem {
		was := ""
		if c.Module.IspsystemServer != nil {
			was = *c.Module.IspsystemServer
		}
		if row.ServerID != was {
			changed["ispsystem_server"] = row.ServerID
		}
	}
	require.Equal(t, c.After, map[string]string(nilWhenEmpty(changed)))
}

// comparesOrder has the page of orders show what a start sends. A restart's time is of now.
func (c transcript) comparesOrder(t *testing.T, w *WHMCS) {
	t.Helper()
	i := slices.IndexFunc(c.Calls, func(call recordedCall) bool { return call.Path == "/v1/services" })
	if i < 0 || c.Calls[i].Body["restart"] == true {
		return
	}
	status, answer := w.soldOrders([]byte(fmt.Sprintf(`{"services": [%d]}`, c.Service.ID)))
	require.Equal(t, http.StatusOK, status)
	text, err := json.Marshal(answer)
	require.NoError(t, err)
	var page struct {
		Orders []struct {
			Order map[string]any `json:"order"`
		} `json:"orders"`
	}
	require.NoError(t, json.Unmarshal(text, &page))
	require.Len(t, page.Orders, 1)
	require.Equal(t, c.Calls[i].Body, page.Orders[0].Order)
}

func nilWhenEmpty(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	return m
}

// furnish makes a WHMCS in the state of the transcript.
func (c transcript) furnish(t *testing.T, gateway string) *WHMCS {
	t.Helper()
	product := Product{ID: 1, Module: moduleName, Package: c.Product["package"], OS: c.Product["os_template"], Recipe: c.Product["recipe"],
		DontWait: c.Product["dont_wait"] == "on", Domain: c.Product["domain"], Group: c.Product["address_group"], Panel: c.Product["panel"],
		InstallTimeout: c.Product["install_timeout"], Grace: c.Product["grace"]}
	if attempts := c.Product["install_attempts"]; attempts != "" {
		require.NoError(t, json.Unmarshal([]byte(attempts), &product.InstallAttempts))
	}
	w, err := New(Config{Gateway: gateway, GatewaySecret: "shared", Installation: "main", Panel: "fra1", Products: []Product{product},
		Now: func() time.Time { return c.Now }})
	require.NoError(t, err)
	row := OrderRow{ID: c.Order.ID, ClientID: c.Order.ClientID, At: c.Order.PaidAt, Status: "Pending", Paid: true}
	s := w.newService(c.Service.ID, Order{OS: c.Choices.OS, Recipe: c.Choices.Recipe, IPv4: c.Choices.IP, IPv6: c.Choices.IPv6,
		Domain: c.Service.Domain, ServerID: c.Module.NamedServer}, w.config.Products[0], row)
	s.Status, s.NextDueDate, s.Suspended, s.DedicatedIP = c.Service.Status, c.Service.NextDue, c.Service.SuspendReason, c.Service.MainIP
	if c.Module.HandedOver {
		s.HandedOver = c.Now
	}
	w.change(func(state *State) {
		state.Orders, state.Services, state.Ispsystem = append(state.Orders, &row), append(state.Services, &s), []IspsystemRow{}
		if old := c.Module.IspsystemServer; old != nil {
			state.Ispsystem = append(state.Ispsystem, IspsystemRow{ServiceID: s.ID, ServerID: *old})
		}
	})
	return w
}

// recorder is a gateway that gives the answers of a transcript.
type recorder struct {
	t      *testing.T
	script transcript

	mu    sync.Mutex
	calls []recordedCall
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err == nil {
		err = signing.Verify(req, body, "main", "shared", r.script.Now)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	call := recordedCall{Method: req.Method, Path: req.URL.RequestURI()}
	if err != nil || len(r.calls) >= len(r.script.Gateway) {
		r.t.Errorf("%s %s: unexpected: %v", call.Method, call.Path, err)
		return
	}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &call.Body); err != nil {
			r.t.Errorf("%s %s: %v", call.Method, call.Path, err)
		}
		r.takeVolatile(call)
	}
	answer := r.script.Gateway[len(r.calls)]
	r.calls = append(r.calls, call)
	var text string
	if json.Unmarshal(answer.Body, &text) != nil {
		text = string(answer.Body)
	}
	w.WriteHeader(answer.Status)
	_, _ = io.WriteString(w, text) // a caller that went away is its own affair
}

// takeVolatile takes out what differs at each call, and must be there.
func (r *recorder) takeVolatile(call recordedCall) {
	if call.Path == "/v1/services" {
		return
	}
	id, _ := call.Body["event_id"].(string)
	at, _ := call.Body["at"].(string)
	moment, err := time.Parse(time.RFC3339, at)
	if id == "" || err != nil || !moment.Equal(r.script.Now) {
		r.t.Errorf("%s: event_id is %q, at is %q", call.Path, id, at)
	}
	maps.DeleteFunc(call.Body, func(key string, _ any) bool { return key == "event_id" || key == "at" })
}
