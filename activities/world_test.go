package activities

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
	"metalease/whmcs"
	billingsim "metalease/whmcs/simulator"
)

const installation = "main"

// world is one panel and one WHMCS over real HTTP, and the activities between.
type world struct {
	t       *testing.T
	panel   *panelsim.Panel
	billing *billingsim.WHMCS
	p       *Panel
	w       *WHMCS
	env     *testsuite.TestActivityEnvironment
}

func newWorld(t *testing.T, change ...func(*panelsim.Config)) *world {
	t.Helper()
	config := panelsim.Config{Servers: 4, Packages: []string{"E3-16G"}, MinPassword: 8}
	for _, c := range change {
		c(&config)
	}
	panel, err := panelsim.New(config)
	require.NoError(t, err)
	t.Cleanup(panel.Close)
	panelServer := httptest.NewTLSServer(panel)
	t.Cleanup(panelServer.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate(panelServer).Raw}), 0o600))

	billing, err := billingsim.New(billingsim.Config{})
	require.NoError(t, err)
	billingServer := httptest.NewServer(billing)
	t.Cleanup(billingServer.Close)

	client, err := dcim.New(dcim.Config{Name: "fra1", URL: panelServer.URL + "/dcimgr", User: "whmcsapi", Password: "secret", CAFile: ca, Rate: 10_000, Concurrency: 16})
	require.NoError(t, err)
	api, err := whmcs.New(whmcs.Config{URL: billingServer.URL, Identifier: "identifier", Secret: "secret", Rate: 10_000})
	require.NoError(t, err)
	w := &world{t: t, panel: panel, billing: billing, w: &WHMCS{Client: api}, p: NewPanel(PanelOptions{
		Client: client, WHMCS: api, Installation: installation, User: "whmcsapi", Tick: time.Millisecond,
		Settle: 300 * time.Millisecond, ReleaseLimit: 2 * time.Second, Modules: []string{"metalease", "dcimanager"},
	})}
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	w.env = suite.NewTestActivityEnvironment()
	w.env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{NewHeartbeat()}})
	w.env.RegisterActivity(w.p)
	w.env.RegisterActivity(w.w)
	return w
}

func certificate(server *httptest.Server) *x509.Certificate { return server.Certificate() }

// run runs an activity through the SDK and reads its result.
func run[T any](w *world, activity any, input any) (T, error) {
	var result T
	value, err := w.env.ExecuteActivity(activity, input)
	if err != nil {
		return result, err
	}
	if value.HasValue() {
		require.NoError(w.t, value.Get(&result))
	}
	return result, nil
}

func do(w *world, activity any, input any) error {
	_, err := w.env.ExecuteActivity(activity, input)
	return err
}

// order places one in WHMCS; nobody starts it.
func (w *world) order(client int) *billingsim.Service {
	w.t.Helper()
	placed, err := w.billing.PlaceOrder(billingsim.Order{ClientID: client, Unpaid: true})
	require.NoError(w.t, err)
	return w.billing.State().Service(placed.Services[0].ServiceID)
}

// administer is a person in the panel.
func (w *world) administer(id string, change map[string]any) {
	w.t.Helper()
	text, err := json.Marshal(change)
	require.NoError(w.t, err)
	_, err = w.panel.Administer(id, text)
	require.NoError(w.t, err)
}

func (w *world) server(id string) panelsim.Server {
	w.t.Helper()
	for _, s := range w.panel.State().Servers {
		if s.ID == id {
			return s
		}
	}
	w.t.Fatalf("there is no server %s", id)
	return panelsim.Server{}
}

// claim turns server 1 into a service's.
func (w *world) claim(service *billingsim.Service) Target {
	w.t.Helper()
	result, err := run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "1", ServiceID: service.ID, ClientID: service.ClientID, Package: "E3-16G"})
	require.NoError(w.t, err)
	require.Equal(w.t, ClaimGranted, result.Outcome, result.Why)
	return Target{ServiceID: service.ID, ServerID: "1"}
}

// build is the work on a claimed server.
func (w *world) build(service *billingsim.Service, t Target) Build {
	return Build{Target: t, ClientID: service.ClientID, Hostname: service.Domain, OSTemplate: "ISPsystem__Debian-12-x86_64", Install: 1, Limit: 2 * time.Second}
}

// handOver takes a service to active.
func (w *world) handOver(service *billingsim.Service) Build {
	w.t.Helper()
	b := w.build(service, w.claim(service))
	account, err := run[Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
	require.NoError(w.t, err)
	_, err = run[Addresses](w, w.p.AssignAddresses, b)
	require.NoError(w.t, err)
	require.NoError(w.t, do(w, w.p.PowerUp, b))
	b.Account = account
	_, err = run[Addresses](w, w.p.HandOver, b)
	require.NoError(w.t, err)
	return b
}

func (w *world) lose(effect panelsim.Effect, function string, count int) {
	w.t.Helper()
	require.NoError(w.t, w.panel.Fault(panelsim.Rule{Function: function, Effect: effect, Count: count}))
}

// requireType checks the stable type of an application error, and whether it is retried.
func requireType(t *testing.T, err error, kind string, retried bool) {
	t.Helper()
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	require.Equal(t, kind, app.Type(), app.Message())
	require.Equal(t, retried, !app.NonRetryable())
}

func (w *world) requireClean() {
	w.t.Helper()
	require.Empty(w.t, w.panel.Violations())
}

func faultOf(effect, message string) billingsim.Fault {
	return billingsim.Fault{Effect: effect, Message: message, Count: 1}
}
