package whmcs_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
)

const (
	gatewaySecret = stack.GatewaySecret
	panelPassword = stack.PanelPassword
	apiSecret     = stack.APISecret
)

// encodings are the forms in which a secret may stand in a text.
func encodings(secret string) map[string]string {
	quoted, _ := json.Marshal(secret) // a text can always be encoded
	inner := strings.Trim(string(quoted), `"`)
	raw := []byte(secret)
	return map[string]string{
		"in clear": secret, "of a query": url.QueryEscape(secret), "of a path": url.PathEscape(secret), "of HTML": html.EscapeString(secret),
		"of PHP's HTML": strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#039;").Replace(html.EscapeString(secret)),
		"of JSON":       inner, "of PHP's JSON": strings.ReplaceAll(inner, "/", `\/`),
		"in base64": strings.TrimRight(base64.StdEncoding.EncodeToString(raw), "="), "in base64 of URLs": base64.RawURLEncoding.EncodeToString(raw),
		"in hex": hex.EncodeToString(raw), "in HEX": strings.ToUpper(hex.EncodeToString(raw)),
	}
}

// searchIn looks for each secret in each form, as the text is and as it was before
// it was written as JSON.
func searchIn(t *testing.T, place, text string, secrets map[string]string) {
	t.Helper()
	plain := strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\/`, `/`, `\n`, "\n").Replace(text)
	for name, secret := range secrets {
		for form, encoded := range encodings(secret) {
			if strings.Contains(text, encoded) || strings.Contains(plain, encoded) {
				t.Errorf("%s stands %s in %s", name, form, place)
			}
		}
	}
}

// searchSecrets looks for every secret of the world wherever people look.
func (w *world) searchSecrets(t *testing.T) {
	t.Helper()
	state := w.state(t)
	secrets := map[string]string{"the gateway's secret": gatewaySecret, "the panel's password": panelPassword, "the API's secret": apiSecret}
	for _, service := range state.Services {
		if service.Password != "" {
			secrets[fmt.Sprintf("the password of service %d", service.ID)] = service.Password
		}
	}
	require.NotEmpty(t, state.ModuleLog, "the module log shows what was asked")
	places := map[string]any{"the module log": state.ModuleLog, "the activity log": state.Activity, "the module queue": state.Queue,
		"notifications": state.Notifications, "tickets": state.Tickets, "answers of functions": state.Calls}
	for place, rows := range places {
		var text strings.Builder
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		require.NoError(t, encoder.Encode(rows))
		searchIn(t, place, text.String(), secrets)
	}
	searchIn(t, "PHP's log", w.phpLog(t), secrets)
	searchIn(t, "the gateway's log", w.Gateway.Log(), secrets)
	searchIn(t, "the worker's log", w.Worker.Log(), secrets)
	for id, history := range w.histories(t) {
		searchIn(t, "the history of "+id, history, secrets)
	}
	require.NotRegexp(t, `v1=[0-9a-f]{64}`, fmt.Sprint(state.ModuleLog), "a signature can be sent again for five minutes")
}

// histories are those of all workflows, by id.
func (w *world) histories(t *testing.T) map[string]string {
	t.Helper()
	var list []struct {
		Execution struct {
			WorkflowID string `json:"workflowId"`
			RunID      string `json:"runId"`
		} `json:"execution"`
	}
	out, err := w.TemporalCommand(context.Background(), "workflow", "list", "--output", "json", "--limit", "200")
	require.NoError(t, err, out)
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	require.NotEmpty(t, list)
	histories := map[string]string{}
	for _, row := range list {
		id, run := row.Execution.WorkflowID, row.Execution.RunID
		history, err := w.TemporalCommand(context.Background(), "workflow", "show", "-w", id, "-r", run, "--output", "json")
		require.NoError(t, err, history)
		histories[id+" "+run] = history
	}
	return histories
}

// phpLog is what PHP has complained about.
func (h *host) phpLog(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(h.log)
	if !os.IsNotExist(err) { // PHP makes it at the first complaint
		require.NoError(t, err)
	}
	return string(text)
}

// searchFaults fails for every warning, notice and fault that PHP had in the module,
// and for every fault that the module has caught itself.
func (w *world) searchFaults(t *testing.T) {
	t.Helper()
	log := w.phpLog(t)
	for _, line := range strings.Split(log, "\n") {
		if strings.Contains(line, "PHP ") && (strings.Contains(line, "/modules/servers/metalease/") || strings.Contains(line, "/includes/hooks/metalease")) {
			t.Error(line)
		}
	}
	state := w.state(t)
	for _, line := range state.Activity {
		if strings.Contains(fmt.Sprint(line["description"]), "internal error") {
			t.Errorf("%s: %s; PHP's log:\n%s", line["date"], line["description"], log)
		}
	}
	for _, call := range state.Calls {
		if strings.HasPrefix(call.Result, "Uncaught") {
			t.Errorf("%s of service %d: %s", call.Function, call.ServiceID, call.Result)
		}
	}
}
