package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"metalease/internal/control"
	"metalease/internal/stack"
	"metalease/test/harness"
	"metalease/test/postgres/cluster"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// patience is how long a condition may take: shards of a killed server are taken over within tens of seconds.
const (
	patience = 2 * time.Minute
	pollEach = 100 * time.Millisecond
)

// world is a set on PostgreSQL: two of everything that is ours, and one address for both gateways.
type world struct {
	*stack.Stack
	*cluster.Cluster
	t   *testing.T
	ctx context.Context

	gateways *cluster.Balancer
	// worker2 reaches the panel through wire.
	worker2, gateway2 *stack.Process
	gateway2Address   string
	wire              *cluster.Balancer
}

// options of a world, beside those of every one.
type options struct {
	config, panelConfig string
	panelFlags          []string
	polite              bool
	// dynamic is added to the dynamic configuration of Temporal.
	dynamic string
	// lone leaves the second worker to the test.
	lone bool
}

func newWorld(t *testing.T, o options) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	w := &world{Cluster: newCluster(t, o.dynamic), t: t, ctx: ctx, gateways: newBalancer(t)}
	var err error
	w.Stack, err = stack.Start(ctx, stack.Options{
		Root: root, Dir: t.TempDir(), Bin: programs, TemporalCLI: w.CLI, TemporalAddress: w.Address, Namespace: cluster.Namespace,
		Config: harness.Quick + o.config, PanelConfig: strings.Trim(harness.Loose+", "+o.panelConfig, ", "), Polite: o.polite,
		PanelFlags: append([]string{"--servers", "30", "--packages", "E3-16G", "--install-time", "1s", "--power-time", "100ms", "--flag-delay", "100ms"}, o.panelFlags...),
		WHMCSFlags: []string{"--gateway", "http://" + w.gateways.Address},
	})
	require.NoError(t, err)
	t.Cleanup(w.Stop)
	w.gateways.Add(strings.TrimPrefix(w.GatewayURL(""), "http://"))
	w.wire = newBalancer(t, cluster.Local(w.Ports.Panel))
	if !o.lone {
		w.addWorker(func(config string) string {
			return strings.ReplaceAll(config, cluster.Local(w.Ports.Panel), w.wire.Address)
		})
	}
	w.gateway2, w.gateway2Address, err = w.AddGateway(ctx, "gateway-2")
	require.NoError(t, err)
	w.gateways.Add(strings.TrimPrefix(w.gateway2Address, "http://"))
	t.Cleanup(w.end)
	return w
}

// addWorker starts the second worker with a configuration that is changed.
func (w *world) addWorker(change func(string) string) {
	w.t.Helper()
	var err error
	w.worker2, err = w.AddWorker(w.ctx, "worker-2", change)
	require.NoError(w.t, err)
}

// end checks what must hold after every test.
func (w *world) end() {
	if w.t.Failed() {
		for _, p := range []*stack.Process{w.Worker, w.worker2, w.Gateway, w.gateway2, w.Servers[0].Process, w.Servers[1].Process, w.DB.Process} {
			if p == nil {
				continue
			}
			w.t.Logf("%s:\n%s", p.Name, harness.Tail(p.Log()))
		}
		return
	}
	text := harness.Replay(w.t, w.dial(), nil) + w.Worker.Log() + w.worker2.Log() + w.Gateway.Log() + w.gateway2.Log()
	for _, secret := range []string{stack.PanelPassword, stack.APISecret, stack.GatewaySecret, cluster.Password} {
		require.NotContains(w.t, text, secret, "a secret stands in a history or a log")
	}
	require.Empty(w.t, w.panel().Violations)
	require.NotContains(w.t, w.DB.Log(), "too many clients", "what docker-compose.yml allows is enough for both servers, also while one comes back")
	w.t.Logf("connections to PostgreSQL: %s", w.psql("SELECT count(*) FROM pg_stat_activity WHERE client_port IS NOT NULL"))
}

func (w *world) dial() client.Client {
	w.t.Helper()
	c, err := client.Dial(client.Options{HostPort: w.Address, Namespace: cluster.Namespace, Logger: harness.Silent()})
	require.NoError(w.t, err)
	w.t.Cleanup(c.Close)
	return c
}

// panel is what dcimsim shows.
type panel struct {
	Servers []struct {
		ID        string `json:"id"`
		OwnerName string `json:"owner_name"`
		Notes     string `json:"notes"`
		Hostname  string `json:"hostname"`
		Disabled  bool   `json:"disabled"`
	} `json:"servers"`
	Installs   []json.RawMessage `json:"installs"`
	Violations []json.RawMessage `json:"violations"`
	Functions  map[string]struct {
		Requests int `json:"requests"`
	} `json:"functions"`
}

func (w *world) panel() panel {
	w.t.Helper()
	return harness.Panel[panel](w.t, w.Stack)
}

func (w *world) whmcs() simulator.State {
	w.t.Helper()
	return harness.WHMCS(w.t, w.Stack)
}

// order places and pays one.
func (w *world) order(o simulator.Order) int {
	w.t.Helper()
	placed := harness.Place(w.ctx, w.t, w.Stack, o)
	id, fault := placed.Services[0].ServiceID, placed.Services[0].Error
	if fault != "" {
		require.True(w.t, untaken(fault), fault)
		w.bill(id, "create")
	}
	return id
}

// untaken recognises a call that nobody has taken, for all that is known: the gateway answers so while a killed server's part of
// Temporal moves to the other one, and a gateway that is killed cuts the connection. WHMCS's cron and its module queue send it again.
func untaken(fault string) bool {
	return strings.Contains(fault, "Nothing is lost: send the call again") || strings.Contains(fault, "cannot be reached: EOF")
}

// bill has something happen to a service in WHMCS, as often as it takes until Temporal has heard of it.
func (w *world) bill(id int, act string) {
	w.t.Helper()
	taken := func() bool { return !untaken(harness.Act(w.ctx, w.t, w.Stack, id, act)) }
	require.True(w.t, w.eventually(taken), "service %d: %s is not taken", id, act)
}

// status is empty while nobody can tell it.
func (w *world) status(id int) control.Status {
	w.t.Helper()
	var status control.Status
	code, answer, err := stack.SignedCall(w.ctx, http.MethodGet, fmt.Sprintf("http://%s/v1/services/%d", w.gateways.Address, id), nil, time.Now())
	if err == nil && code == http.StatusOK {
		require.NoError(w.t, json.Unmarshal(answer, &status))
	}
	return status
}

func (w *world) await(id int, what string, wanted func(control.Status) bool) control.Status {
	w.t.Helper()
	var status control.Status
	if !w.eventually(func() bool { status = w.status(id); return wanted(status) }) {
		text, _ := json.MarshalIndent(status, "", " ")
		w.t.Fatalf("service %d is not %s: %s", id, what, text)
	}
	return status
}

func (w *world) awaitPhase(id int, phase api.Phase) control.Status {
	w.t.Helper()
	return w.await(id, string(phase), func(s control.Status) bool { return s.Phase == phase })
}

func (w *world) eventually(condition func() bool) bool {
	return harness.Within(patience, pollEach, condition)
}

// starter runs the command line.
func (w *world) starter(args ...string) string {
	w.t.Helper()
	return harness.Starter(w.ctx, w.t, w.Stack, args...)
}

// requireDelivered checks that an order had what it paid for, once.
func (w *world) requireDelivered(id int, status control.Status) {
	w.t.Helper()
	service := w.whmcs().Service(id)
	require.Equal(w.t, "Active", service.Status)
	require.Equal(w.t, status.Server.IP, service.DedicatedIP)
	require.Equal(w.t, strings.Join(status.Server.ExtraIPs, "\n"), service.AssignedIPs)
	require.Len(w.t, w.whmcs().MailsOf(id), 1, "one welcome mail")
	require.Equal(w.t, []string{status.Server.ID}, w.marked(id))
}

// marked are the servers that carry a service's mark.
func (w *world) marked(id int) []string {
	w.t.Helper()
	var found []string
	for _, server := range w.panel().Servers {
		if strings.Contains(server.Notes, fmt.Sprintf("/service-%d ", id)) {
			found = append(found, server.ID)
		}
	}
	return found
}
