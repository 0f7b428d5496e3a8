package whmcs_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/signing"
	"metalease/internal/stack"
	"metalease/internal/temporaltest"
	"metalease/workflows/api"
)

// quick is a clock for tests: everything that is a delay in production is short.
const quick = `
defaults: {install_timeout: 60s, grace: 1h}
timing: {tick: 100ms, power_timeout: 30s, repeat: 2s, follow_delay: 300ms, install_settle: 3s, release_timeout: 20s, retry_cap: 1s, heartbeat: 2s}
log: {format: console, level: info}
`

// installTime leaves a test the time to look at a server that is being built.
const installTime = 4 * time.Second

// world is one WHMCS with the module, and the whole set beside it. Its subtests
// share it: each has services of its own.
type world struct {
	*stack.Stack
	*host
	// products by name, and the server entry that all use.
	products map[string]int
	entry    int
}

// shop are the products of the world: module settings by position.
var shop = map[string]product{
	"server":     {settings: record{"10": "1h"}},
	"impatient":  {settings: record{"10": "4s"}},
	"accepted":   {settings: record{"10": "1h", "11": "acceptance"}},
	"by hand":    {settings: record{"10": "1h", "11": "create"}},
	"autosetup":  {settings: record{"10": "1h"}, autosetup: "payment"},
	"unwatched":  {settings: record{"4": "on", "10": "1h"}},
	"impossible": {settings: record{"1": "NO-SUCH-PACKAGE", "10": "1h"}},
}

type product struct {
	settings  record
	autosetup string
}

// newWorld starts everything; what must hold at its end is checked then.
func newWorld(t *testing.T) *world {
	t.Helper()
	cli, err := temporaltest.Program()
	require.NoError(t, err)
	h := startHost(t, t.TempDir(), moduleTree)
	t.Cleanup(h.stop)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	s, err := stack.Start(ctx, stack.Options{
		Root: "../..", Dir: t.TempDir(), Bin: programs, TemporalCLI: cli, Config: quick + catalogue, WHMCSAddress: h.address,
		PanelConfig: "max_releases_per_hour: 1000, max_blocks_per_hour: 1000", // more than a billing run should
		PanelFlags:  []string{"--servers", "60", "--packages", "E3-16G", "--install-time", installTime.String(), "--power-time", "100ms", "--flag-delay", "100ms"},
	})
	require.NoError(t, err)
	w := &world{Stack: s, host: h, products: map[string]int{}}
	t.Cleanup(func() { w.end(t) })
	w.furnish(t)
	return w
}

// furnish does what docs/whmcs.md tells a host to do: a server entry for the
// panel, products that use it.
func (w *world) furnish(t *testing.T) {
	t.Helper()
	var made struct{ ID, Group int }
	w.ask(t, "server", record{"name": "Panel", "type": "metalease", "hostname": "127.0.0.1", "port": w.Ports.Gateway,
		"username": stack.Panel, "password": stack.GatewaySecret, "secure": ""}, &made)
	w.entry = made.ID
	group := made.Group
	for name, p := range shop {
		settings := record{"1": "E3-16G", "2": "ISPsystem__Debian-12-x86_64", "5": "s@ID@.example.com"}
		for position, value := range p.settings {
			settings[position] = value
		}
		w.ask(t, "product", record{"name": name, "servertype": "metalease", "servergroup": group, "autosetup": p.autosetup, "settings": settings,
			"options": []record{{"name": "IP", "type": "quantity"}, {"name": "IPv6", "type": "quantity"}}}, &made)
		w.products[name] = made.ID
	}
	w.ask(t, "setting", record{"name": "MetaleaseInstallation", "value": stack.Installation}, nil)
}

// end checks what must hold after every test, and stops the set.
func (w *world) end(t *testing.T) {
	defer w.Stop()
	if t.Failed() {
		t.Logf("worker:\n%s", tail(w.Worker.Log()))
		t.Logf("gateway:\n%s", tail(w.Gateway.Log()))
		return
	}
	require.Empty(t, w.panel(t).Violations)
	w.searchSecrets(t)
	w.searchFaults(t)
}

func tail(text string) string {
	const most = 6000
	return text[max(0, len(text)-most):]
}

// client adds a customer.
func (w *world) client(t *testing.T) int {
	t.Helper()
	var made struct{ ID int }
	w.ask(t, "client", record{}, &made)
	return made.ID
}

// place orders one service of each product for a client; nothing is paid.
func (w *world) place(t *testing.T, client int, products ...string) placed {
	t.Helper()
	var items []record
	for _, name := range products {
		require.Contains(t, w.products, name)
		items = append(items, record{"pid": w.products[name], "options": record{"IP": 1}})
	}
	var order placed
	w.ask(t, "order", record{"clientid": client, "items": items}, &order)
	require.Empty(t, order.Errors)
	require.Len(t, order.ServiceIDs, len(products))
	return order
}

// order places and pays one service.
func (w *world) order(t *testing.T, client int, product string) int {
	t.Helper()
	order := w.place(t, client, product)
	w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	return order.ServiceIDs[0]
}

// renew makes a renewal invoice and pays it.
func (w *world) renew(t *testing.T, id int) {
	t.Helper()
	var invoice placed
	w.ask(t, "invoice", record{"serviceid": id}, &invoice)
	w.ask(t, "pay", record{"invoiceid": invoice.InvoiceID}, nil)
}

// overdue moves the due date into the past and runs the daily cron.
func (w *world) overdue(t *testing.T, ids ...int) {
	t.Helper()
	past := time.Now().UTC().AddDate(0, 0, -3).Format(time.DateOnly)
	for _, id := range ids {
		w.edit(t, id, record{"nextduedate": past})
	}
	w.ask(t, "cron", record{"daily": true}, nil)
}

func (w *world) edit(t *testing.T, id int, columns record) {
	t.Helper()
	w.ask(t, "edit", record{"table": "tblhosting", "id": id, "columns": columns}, nil)
}

// press is an administrator's button; the text is the module's.
func (w *world) press(t *testing.T, id int, action string, params record) string {
	t.Helper()
	var answer struct{ Result string }
	w.ask(t, "button", record{"serviceid": id, "action": action, "params": params}, &answer)
	return answer.Result
}

// insist presses a button until it succeeds. What it says before that must allow a
// repeat: under load the effect may take longer than the module waits.
func (w *world) insist(t *testing.T, id int, action string, params record) {
	t.Helper()
	var answer string
	require.True(t, eventually(func() bool {
		answer = w.press(t, id, action, params)
		return answer == "success" || !strings.Contains(answer, "retry does no harm")
	}))
	require.Equal(t, "success", answer, "%s of service %d", action, id)
}

// orderAction is what staff do to an order.
func (w *world) orderAction(t *testing.T, order placed, action string) {
	t.Helper()
	w.ask(t, "order/action", record{"orderid": order.OrderID, "action": action}, nil)
}

// status asks the gateway; known is false when it has never heard of the service.
func (w *world) status(t *testing.T, id int) (status api.Status, known bool) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.GatewayURL(fmt.Sprintf("/v1/services/%d", id)), nil)
	require.NoError(t, err)
	signing.Sign(req, nil, stack.Installation, stack.GatewaySecret, time.Now())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return status, false // it is being restarted
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	if resp.StatusCode != http.StatusOK {
		return status, false
	}
	require.NoError(t, json.Unmarshal(answer, &status))
	return status, true
}

// patience is how long a condition may take; polls are cheap.
const (
	patience = 60 * time.Second
	pollEach = 200 * time.Millisecond
)

// awaitStatus waits for the gateway's status of a service.
func (w *world) awaitStatus(t *testing.T, id int, what string, wanted func(api.Status) bool) api.Status {
	t.Helper()
	var last api.Status
	if !eventually(func() bool { last, _ = w.status(t, id); return wanted(last) }) {
		text, _ := json.MarshalIndent(last, "", " ")
		t.Fatalf("service %d is not %s: %s", id, what, text)
	}
	return last
}

func (w *world) awaitPhase(t *testing.T, id int, phase api.Phase) api.Status {
	t.Helper()
	return w.awaitStatus(t, id, string(phase), func(s api.Status) bool { return s.Phase == phase })
}

// awaitShown waits until WHMCS shows a status.
func (w *world) awaitShown(t *testing.T, id int, status string) hostService {
	t.Helper()
	var last hostService
	if !eventually(func() bool { last = w.of(t, id).service(id); return last.Status == status }) {
		known, _ := w.status(t, id)
		text, _ := json.MarshalIndent(known, "", " ")
		t.Fatalf("WHMCS shows service %d as %q, not %q: %s", id, last.Status, status, text)
	}
	return last
}

func eventually(condition func() bool) bool {
	limit := time.NewTimer(patience)
	defer limit.Stop()
	poll := time.NewTicker(pollEach)
	defer poll.Stop()
	for !condition() {
		select {
		case <-limit.C:
			return false
		case <-poll.C:
		}
	}
	return true
}
