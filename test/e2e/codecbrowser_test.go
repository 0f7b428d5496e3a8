package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/secret"
	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// TestTheWebUIShowsWhatIsEncryptedWithTheCodecAlone: staff open the input of a service in a browser. Without the codec server they see
// that it is encrypted, with it the order.
func TestTheWebUIShowsWhatIsEncryptedWithTheCodecAlone(t *testing.T) {
	t.Parallel()
	b := newBrowser(t) // first: without a browser nothing needs to be started
	port, _, err := stack.Port(0)
	require.NoError(t, err)
	listen := fmt.Sprint("127.0.0.1:", port)
	w := newWorldWith(t, stack.Options{
		WebUI: true, PanelConfig: loose, Config: quick + encrypted,
		TemporalFlags: []string{"--ui-codec-endpoint", "http://" + listen},
	})
	w.keys = config.Encryption{Keys: []config.EncryptionKey{{ID: "2026", Key: secret.New(encryptionKey)}}}
	w.secrets = append(w.secrets, encryptionKey, codecToken)
	service := w.order(simulator.Order{})
	hostname := w.awaitPhase(service, api.PhaseActive).Server.Hostname
	page := w.UIURL(fmt.Sprintf("/namespaces/default/workflows/%s/%s/history", api.ServiceWorkflowID(service), w.runID(service)))

	b.open(page)
	b.await(`document.body.innerText.includes("encryption-key-id")`)
	b.picture("codec-without")
	require.NotContains(t, b.page(), hostname, "nobody decodes")

	w.serveCodec("codec", "--listen", listen, "--origin", w.UIURL(""))
	b.open("http://staff:" + codecToken + "@" + listen + "/")
	b.await(`document.body.innerText.includes("signed in")`)
	b.open(page)
	// What the form "Codec Server" of the Web UI keeps: this address, with "include cross-origin credentials".
	ask(b, chromedp.Evaluate[bool](fmt.Sprintf(`Object.entries({endpoint: %q, includeCredentials: true, overrideRemoteCodecConfiguration: true})
		.every(([key, value]) => { localStorage.setItem(key, JSON.stringify(value)); return true })`, "http://"+listen)))
	b.open(page)
	b.await(fmt.Sprintf("document.body.innerText.includes(%q)", hostname))
	require.NotContains(t, b.page(), "encryption-key-id")
	b.picture("codec-with")
}

// runID is the run of a service that runs.
func (w *world) runID(service int) string {
	w.t.Helper()
	out := w.temporal("workflow", "describe", "--workflow-id", api.ServiceWorkflowID(service), "--output", "json")
	_, rest, found := strings.Cut(out, `"runId": "`)
	require.True(w.t, found, out)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}
