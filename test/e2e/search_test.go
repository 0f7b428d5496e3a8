package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/stretchr/testify/require"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"

	"metalease/internal/codec"
	"metalease/internal/stack"
	"metalease/test/harness"
)

// searchAndReplay exports every history, looks for every password in it and in
// the logs, and replays it: the code must make the same decisions again.
func (w *world) searchAndReplay() {
	w.t.Helper()
	text := w.Worker.Log() + w.Gateway.Log() + harness.Replay(w.t, w.dial(), func(history *historypb.History) string {
		_, searchable, err := neutral(history)
		require.NoError(w.t, err)
		return searchable
	})
	for _, secret := range slices.Concat(w.servicePasswords(), w.secrets, []string{stack.PanelPassword, stack.APISecret, stack.GatewaySecret}) {
		if bytes.Contains([]byte(text), []byte(secret)) {
			w.t.Errorf("a secret stands in a history or a log")
		}
	}
}

// dial is a client of the world's Temporal.
func (w *world) dial() client.Client {
	w.t.Helper()
	keys, err := codec.New(w.keys)
	require.NoError(w.t, err)
	encrypted, err := keys.DialOptions()
	require.NoError(w.t, err)
	c, err := client.Dial(client.Options{
		HostPort: fmt.Sprintf("127.0.0.1:%d", w.Ports.Temporal), Logger: harness.Silent(), ConnectionOptions: client.ConnectionOptions{DialOptions: encrypted},
	})
	require.NoError(w.t, err)
	w.t.Cleanup(c.Close)
	return c
}

// servicePasswords asks api.php, which answers them in clear.
func (w *world) servicePasswords() []string {
	form := bytes.NewBufferString("action=GetClientsProducts&responsetype=json&limitnum=1000&identifier=" + stack.Identifier + "&secret=" + stack.APISecret)
	resp, err := http.Post(w.WHMCSURL("/includes/api.php"), "application/x-www-form-urlencoded", form)
	require.NoError(w.t, err)
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Products struct {
			Product []struct {
				Password string `json:"password"`
			} `json:"product"`
		} `json:"products"`
	}
	body, err := io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	_ = json.Unmarshal(body, &answer) // an empty list has another shape
	var passwords []string
	for _, p := range answer.Products.Product {
		require.NotEmpty(w.t, p.Password)
		passwords = append(passwords, p.Password)
	}
	return passwords
}
