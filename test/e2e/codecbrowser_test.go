package e2e

import (
	"fmt"
	"path/filepath"
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

// staffToken is shown to the codec server.
const staffToken = "the-token-of-staff"

// TestTheWebUIShowsWhatIsEncryptedWithTheCodecAlone: staff open the input of a service in a browser. Without the codec server they see
// that it is encrypted, with it the order.
func TestTheWebUIShowsWhatIsEncryptedWithTheCodecAlone(t *testing.T) {
	t.Parallel()
	b := newBrowser(t) // first: without a browser nothing needs to be started
	port, _, err := stack.Port(0)
	require.NoError(t, err)
	listen := fmt.Sprint("127.0.0.1:", port)
	key := strings.Repeat("a1", 32)
	w := newWorldWith(t, stack.Options{
		WebUI: true, PanelConfig: loose,
		Config:        quick + fmt.Sprintf("temporal: {encryption: {keys: [{id: \"2026\", key: %q}], codec_token: %s}}\n", key, staffToken),
		TemporalFlags: []string{"--ui-codec-endpoint", "http://" + listen},
	})
	w.keys = config.Encryption{Keys: []config.EncryptionKey{{ID: "2026", Key: secret.New(key)}}}
	w.secrets = append(w.secrets, key, staffToken)
	service := w.order(simulator.Order{})
	hostname := w.awaitPhase(service, api.PhaseActive).Server.Hostname
	page := w.UIURL(fmt.Sprintf("/namespaces/default/workflows/%s/%s/history", api.ServiceWorkflowID(service), w.runID(service)))

	b.open(page)
	b.await(`document.body.innerText.includes("encryption-key-id")`)
	b.picture("codec-without")
	require.NotContains(t, b.page(), hostname, "nobody decodes")

	server := stack.NewProcess(t.TempDir(), "codec", filepath.Join(programs, "starter"), w.Env, "codec", "--listen", listen, "--origin", w.UIURL(""))
	require.NoError(t, server.Start())
	t.Cleanup(server.Stop)
	require.True(t, w.eventually(func() bool { return strings.Contains(server.Log(), "codec server ready") }), server.Log())
	b.open("http://staff:" + staffToken + "@" + listen + "/")
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
