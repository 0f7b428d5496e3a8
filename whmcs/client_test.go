package whmcs_test

import (
	"context"
	"crypto/sha256"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

const (
	identifier = "api-identifier"
	apiSecret  = "api s3cret/+&"
)

func clientOf(t *testing.T, url string, change ...func(*whmcs.Config)) *whmcs.Client {
	t.Helper()
	config := whmcs.Config{URL: url, Identifier: identifier, Secret: apiSecret, Rate: 10_000, Timeout: 2 * time.Second, ModuleTimeout: 2 * time.Second}
	for _, c := range change {
		c(&config)
	}
	client, err := whmcs.New(config)
	require.NoError(t, err)
	return client
}

func newWHMCS(t *testing.T) (*simulator.WHMCS, *whmcs.Client) {
	t.Helper()
	billing, err := simulator.New(simulator.Config{Identifier: identifier, Secret: apiSecret})
	require.NoError(t, err)
	server := httptest.NewServer(billing)
	t.Cleanup(server.Close)
	return billing, clientOf(t, server.URL)
}

func place(t *testing.T, billing *simulator.WHMCS, o simulator.Order) simulator.Placed {
	t.Helper()
	o.Unpaid = true
	placed, err := billing.PlaceOrder(o)
	require.NoError(t, err)
	return placed
}

func TestServicesAreReadAndWritten(t *testing.T) {
	billing, client := newWHMCS(t)
	placed := place(t, billing, simulator.Order{Services: 230})
	services, err := client.ClientServices(t.Context(), placed.ClientID)
	require.NoError(t, err)
	require.Len(t, services, 230, "all pages")
	id := placed.Services[0].ServiceID

	service, err := client.Service(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, whmcs.StatusPending, service.Status)
	require.Len(t, service.Password.Reveal(), 16)
	ip, more, notes := "192.0.2.5", "192.0.2.6\n192.0.2.7", "a note"
	require.NoError(t, client.UpdateService(t.Context(), id, whmcs.ServiceUpdate{DedicatedIP: &ip, AssignedIPs: &more, Notes: &notes}))
	service, err = client.Service(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, []string{"192.0.2.6", "192.0.2.7"}, service.AssignedIPs)
	require.NoError(t, client.UpdateService(t.Context(), id, whmcs.ServiceUpdate{Unset: []string{"assignedips", "notes"}}))
	service, err = client.Service(t.Context(), id)
	require.NoError(t, err)
	require.Empty(t, service.AssignedIPs)
	require.Empty(t, service.Notes)
	require.Equal(t, ip, service.DedicatedIP)

	products, err := client.Products(t.Context(), 1, 2)
	require.NoError(t, err)
	require.Equal(t, "metalease", products[1].Module)
	version, err := client.Version(t.Context())
	require.NoError(t, err)
	require.Equal(t, "8.13.1-release.1", version)
	_, err = client.Service(t.Context(), 999_999)
	require.Equal(t, whmcs.KindNotFound, whmcs.KindOf(err))
}

func TestModuleCalls(t *testing.T) {
	billing, client := newWHMCS(t)
	id := place(t, billing, simulator.Order{}).Services[0].ServiceID
	require.NoError(t, client.ModuleCreate(t.Context(), id))
	require.Equal(t, whmcs.KindRefused, whmcs.KindOf(client.ModuleCreate(t.Context(), id)), "already created")
	require.NoError(t, client.ModuleSuspend(t.Context(), id, "abuse"))
	require.Equal(t, "abuse", billing.State().Service(id).Suspended)
	require.NoError(t, client.ModuleUnsuspend(t.Context(), id))
	require.NoError(t, client.ModuleTerminate(t.Context(), id))
	require.Equal(t, "Terminated", billing.State().Service(id).Status)
	require.Equal(t, whmcs.KindNotFound, whmcs.KindOf(client.ModuleCreate(t.Context(), 999_999)))
	require.Len(t, billing.State().Mails, 1)
}

func TestLostReplies(t *testing.T) {
	billing, client := newWHMCS(t)
	id := place(t, billing, simulator.Order{}).Services[0].ServiceID
	require.NoError(t, billing.Fault(simulator.Fault{Function: "ModuleCreate", Effect: "close-after", Count: 1}))
	err := client.ModuleCreate(t.Context(), id)
	require.Equal(t, whmcs.KindResultUnknown, whmcs.KindOf(err))
	require.Equal(t, "Active", billing.State().Service(id).Status, "and it was done")

	require.NoError(t, billing.Fault(simulator.Fault{Function: "ModuleSuspend", Effect: "hang", Count: 1}))
	quick := clientOf(t, serverURL(t, billing), func(c *whmcs.Config) { c.ModuleTimeout = 50 * time.Millisecond })
	require.Equal(t, whmcs.KindResultUnknown, whmcs.KindOf(quick.ModuleSuspend(t.Context(), id, "x")))
}

// A reply that is none leaves a change as open as a lost one, and a question that
// was never sent, or never answered, changed nothing.
func TestWhatMayHaveBeenDone(t *testing.T) {
	billing, client := newWHMCS(t)
	id := place(t, billing, simulator.Order{}).Services[0].ServiceID
	for _, c := range []struct {
		effect string
		want   whmcs.Kind
	}{
		{"close-before", whmcs.KindResultUnknown}, {"close-after", whmcs.KindResultUnknown},
		{"garbage", whmcs.KindNotAnAnswer}, {"http500", whmcs.KindNotAnAnswer}, {"error", whmcs.KindRefused},
	} {
		require.NoError(t, billing.Fault(simulator.Fault{Effect: c.effect, Count: 1}))
		require.Equal(t, c.want, whmcs.KindOf(client.ModuleSuspend(t.Context(), id, "x")), c.effect)
	}
	require.NoError(t, billing.Fault(simulator.Fault{Effect: "close-after", Count: 1}))
	_, err := client.Service(t.Context(), id)
	require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(err), "a question")
	nobody := clientOf(t, "http://127.0.0.1:1")
	require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(nobody.ModuleCreate(t.Context(), id)), "never sent")
}

func TestACallThatWaitsForItsTurn(t *testing.T) {
	billing, _ := newWHMCS(t)
	require.NoError(t, billing.Fault(simulator.Fault{Function: "WhmcsDetails", Effect: "hang"}))
	client := clientOf(t, serverURL(t, billing), func(c *whmcs.Config) { c.Concurrency = 1 })
	hung := make(chan error, 1)
	go func() { _, err := client.Version(t.Context()); hung <- err }()
	require.Eventually(t, func() bool { return billing.State().Counters["WhmcsDetails"].Requests == 1 }, 5*time.Second, time.Millisecond)

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(client.ModuleCreate(ctx, 1)), "its time ran out")
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, client.ModuleCreate(ctx, 1), context.Canceled)
	require.Zero(t, billing.State().Counters["ModuleCreate"].Requests)
	billing.ClearFaults()
	require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(<-hung))
}

func TestTheRateIsKept(t *testing.T) {
	billing, _ := newWHMCS(t)
	client := clientOf(t, serverURL(t, billing), func(c *whmcs.Config) { c.Rate = 0.001 })
	_, err := client.Version(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err = client.Version(ctx)
	require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(err), "it does not fit into the time that is left")
	require.Equal(t, 1, billing.State().Counters["WhmcsDetails"].Requests)
}

// A WHMCS that gives no total, or moves rows while they are read.
func TestPagesWithoutATotal(t *testing.T) {
	pages := map[string]string{"0": `[{"id":1},{"id":2}]`, "2": `[{"id":2},{"id":3}]`, "4": `""`}
	client := clientOf(t, serverURL(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"result":"success","products":{"product":%s}}`, pages[r.PostFormValue("limitstart")])
	})))
	services, err := client.ClientServices(t.Context(), 5)
	require.NoError(t, err)
	require.Len(t, services, 3, "each once")
}

func TestAServiceWithOptionsAndFields(t *testing.T) {
	client, _ := recorded(t, `{"result":"success","totalresults":"1","products":{"product":[{"id":"7","assignedips":"192.0.2.6\r\n192.0.2.7\n",
		"serverid":"0","overideautosuspend":"on","overidesuspenduntil":"0000-00-00",
		"customfields":{"customfield":[{"id":3,"name":"Root","value":"hunter2"}]},
		"configoptions":{"configoption":{"0":{"id":"1","option":"IP","type":"quantity","value":2}}}}]}}`)
	service, err := client.Service(t.Context(), 7)
	require.NoError(t, err)
	require.Equal(t, []string{"192.0.2.6", "192.0.2.7"}, service.AssignedIPs)
	require.Equal(t, "192.0.2.6\r\n192.0.2.7\n", service.AssignedIPsText)
	require.True(t, service.OverrideAutoSuspend)
	require.True(t, service.OverrideSuspendUntil.IsZero())
	require.Equal(t, []whmcs.ConfigOption{{ID: 1, Name: "IP", Type: "quantity", Value: "2"}}, service.ConfigOptions)
	require.Equal(t, "hunter2", service.CustomFields[0].Value.Reveal())
	require.NotContains(t, fmt.Sprintf("%+v %#v", service, service), "hunter2")
}

func serverURL(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func TestCertificates(t *testing.T) {
	billing, err := simulator.New(simulator.Config{Identifier: identifier, Secret: apiSecret})
	require.NoError(t, err)
	server := httptest.NewTLSServer(billing)
	t.Cleanup(server.Close)
	pin := fmt.Sprintf("%x", sha256.Sum256(server.Certificate().Raw))
	_, err = clientOf(t, server.URL, func(c *whmcs.Config) { c.Fingerprint = pin }).Version(t.Context())
	require.NoError(t, err)
	_, err = clientOf(t, server.URL, func(c *whmcs.Config) { c.Fingerprint = strings.Repeat("0", 64) }).Version(t.Context())
	require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(err))
	_, err = clientOf(t, server.URL).Version(t.Context())
	require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(err), "the system's roots do not know it")
	file := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	_, err = clientOf(t, server.URL, func(c *whmcs.Config) { c.CAFile = file }).Version(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, billing.State().Counters["WhmcsDetails"].Requests, "only the trusted calls arrived")
}

func TestWhatIsNoConfiguration(t *testing.T) {
	for _, c := range []whmcs.Config{
		{URL: "http://billing.example.com/", Identifier: "i", Secret: "s"}, {URL: "billing", Identifier: "i", Secret: "s"},
		{URL: "https://billing.example.com/", Secret: "s"}, {URL: "https://billing.example.com/", Identifier: "i"},
		{URL: "https://billing.example.com/", Identifier: "i", Secret: "s", CAFile: "none.pem"},
		{URL: "https://billing.example.com/", Identifier: "i", Secret: "s", Fingerprint: "abc"},
	} {
		_, err := whmcs.New(c)
		require.Error(t, err)
	}
	_, err := whmcs.New(whmcs.Config{URL: "http://whmcssim:8085/", Identifier: "i", Secret: "s"})
	require.NoError(t, err, "a container beside this one")
}

func TestTheSecretFollowsNoRedirect(t *testing.T) {
	elsewhere := make(chan struct{}, 1)
	target := serverURL(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere <- struct{}{} }))
	client := clientOf(t, serverURL(t, http.RedirectHandler(target, http.StatusTemporaryRedirect)))
	_, err := client.Version(t.Context())
	require.Equal(t, whmcs.KindNotAnAnswer, whmcs.KindOf(err))
	require.Empty(t, elsewhere)
}

func TestTheAccessKey(t *testing.T) {
	billing, err := simulator.New(simulator.Config{Identifier: identifier, Secret: apiSecret, AccessKey: "key!of.(host)"})
	require.NoError(t, err)
	url := serverURL(t, billing)
	_, err = clientOf(t, url).Version(t.Context())
	require.Equal(t, whmcs.KindCredentials, whmcs.KindOf(err))
	require.ErrorContains(t, err, "API IP access", "the fix is named")
	_, err = clientOf(t, url, func(c *whmcs.Config) { c.AccessKey = "key!of.(host)" }).Version(t.Context())
	require.NoError(t, err)
}

func TestAnAnswerIsLimited(t *testing.T) {
	url := serverURL(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"result":"success","pad":%q}`, strings.Repeat("x", 2000))
	}))
	_, err := clientOf(t, url, func(c *whmcs.Config) { c.MaxAnswer = 1000 }).Version(t.Context())
	require.Equal(t, whmcs.KindTooLarge, whmcs.KindOf(err))
	require.ErrorContains(t, err, "larger than 1000 bytes")
	err = clientOf(t, url, func(c *whmcs.Config) { c.MaxAnswer = 1000 }).ModuleCreate(t.Context(), 7)
	require.Equal(t, whmcs.KindNotAnAnswer, whmcs.KindOf(err), "of a change nobody knows what was done")
	_, err = clientOf(t, url).Version(t.Context())
	require.NoError(t, err)
}
