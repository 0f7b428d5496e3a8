// Package simulated is the world of the activity tests: both vendors over real HTTP, their
// clients, and an activity environment as a worker has it. Only tests import it.
package simulated

import (
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"metalease/activities/edge"
	"metalease/dcim"
	"metalease/dcim/dci5"
	panelsim "metalease/dcim/simulator"
	"metalease/whmcs"
	billingsim "metalease/whmcs/simulator"
)

// Installation is the name of the WHMCS in marks.
const Installation = "main"

// moduleSecret is what our module in WHMCS and the worker share.
const moduleSecret = "0123456789abcdef"

// Vendors are one panel and one WHMCS, and the clients that activities get.
type Vendors struct {
	T       *testing.T
	Panel   *panelsim.Panel
	Billing *billingsim.WHMCS
	Backend dcim.Backend
	// Dial is how the backend reaches the panel.
	Dial dci5.Config
	API  *whmcs.Client
	// Env runs activities as a worker does, with its interceptors.
	Env *testsuite.TestActivityEnvironment
}

// New starts both vendors; the test's end stops them.
func New(t *testing.T, change ...func(*panelsim.Config)) *Vendors {
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
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: panelServer.Certificate().Raw}), 0o600))

	billing, err := billingsim.New(billingsim.Config{Installation: Installation, GatewaySecret: moduleSecret})
	require.NoError(t, err)
	billingServer := httptest.NewServer(billing)
	t.Cleanup(billingServer.Close)

	dial := dci5.Config{Name: "fra1", URL: panelServer.URL + "/dcimgr", User: "whmcsapi", Password: "secret", CAFile: ca, Rate: 10_000, Concurrency: 16}
	backend, err := dci5.New(dial)
	require.NoError(t, err)
	api, err := whmcs.New(whmcs.Config{URL: billingServer.URL, Identifier: "identifier", Secret: "secret",
		Installation: Installation, ModuleSecret: moduleSecret, Rate: 10_000})
	require.NoError(t, err)
	v := &Vendors{T: t, Panel: panel, Billing: billing, Backend: backend, Dial: dial, API: api}
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	v.Env = suite.NewTestActivityEnvironment()
	v.Env.SetWorkerOptions(worker.Options{Interceptors: edge.Interceptors()})
	return v
}

// World is whatever embeds Vendors.
type World interface{ vendors() *Vendors }

func (v *Vendors) vendors() *Vendors { return v }

// Run runs an activity through the SDK and reads its result.
func Run[T any](w World, activity any, input any) (T, error) {
	var result T
	value, err := w.vendors().Env.ExecuteActivity(activity, input)
	if err != nil {
		return result, err
	}
	if value.HasValue() {
		require.NoError(w.vendors().T, value.Get(&result))
	}
	return result, nil
}

// Do runs an activity of which the result does not matter.
func Do(w World, activity any, input any) error {
	_, err := w.vendors().Env.ExecuteActivity(activity, input)
	return err
}

// Order places one in WHMCS; nobody starts it.
func (v *Vendors) Order(client int) *billingsim.Service {
	v.T.Helper()
	placed, err := v.Billing.PlaceOrder(billingsim.Order{ClientID: client, Unpaid: true})
	require.NoError(v.T, err)
	return v.Billing.State().Service(placed.Services[0].ServiceID)
}

// Administer is a person in the panel.
func (v *Vendors) Administer(id string, change map[string]any) {
	v.T.Helper()
	text, err := json.Marshal(change)
	require.NoError(v.T, err)
	_, err = v.Panel.Administer(id, text)
	require.NoError(v.T, err)
}

// Server is a server as the panel has it now.
func (v *Vendors) Server(id string) panelsim.Server {
	v.T.Helper()
	for _, s := range v.Panel.State().Servers {
		if s.ID == id {
			return s
		}
	}
	v.T.Fatalf("there is no server %s", id)
	return panelsim.Server{}
}

// Lose has the panel's next calls of a function end badly.
func (v *Vendors) Lose(effect panelsim.Effect, function string, count int) {
	v.T.Helper()
	require.NoError(v.T, v.Panel.Fault(panelsim.Rule{Function: function, Effect: effect, Count: count}))
}

// RequireClean requires that the panel saw no violation.
func (v *Vendors) RequireClean() {
	v.T.Helper()
	require.Empty(v.T, v.Panel.Violations())
}

// RequireType checks the stable type of an application error, and whether it is retried.
func RequireType(t *testing.T, err error, kind string, retried bool) {
	t.Helper()
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	require.Equal(t, kind, app.Type(), app.Message())
	require.Equal(t, retried, !app.NonRetryable())
}

// FaultOf is a fault of the next call of WHMCS's API.
func FaultOf(effect, message string) billingsim.Fault {
	return billingsim.Fault{Effect: effect, Message: message, Count: 1}
}
