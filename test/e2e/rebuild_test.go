package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

const (
	// rebuiltServices is the fleet whose lifecycles are lost: more than WHMCS shows on a page.
	rebuiltServices = 120
	servicesAClient = 4
)

// lost are services whose lifecycles were lost, and servers that are no service's.
type lost struct {
	active []int
	// unpaid is in its grace period, abuse was suspended by staff, releasing was not paid and was being released, building was being installed.
	unpaid, abuse, releasing, building int
	// doubled has its mark on two servers, gone has no server, unstarted is paid and was waiting.
	doubled, gone, unstarted int
	// quarantined, stray and foreign are servers.
	quarantined, stray, foreign string
}

// TestTheLifecyclesAreRebuiltFromTheMarks: with a new database, all lifecycles gone, what the panel and WHMCS show is enough.
func TestTheLifecyclesAreRebuiltFromTheMarks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, calm, "--servers", fmt.Sprint(rebuiltServices+8), "--install-time", "4s")
	l := w.loses()
	before := w.panel()
	w.loseTemporal()

	out := w.starter("adopt", "--from-marks", "--dry-run")
	require.Contains(t, out, "would go on being built")
	require.Contains(t, out, "would go on being released")
	require.Equal(t, "no services\n", w.starter("list"), "a dry run begins nothing")

	forms := w.requests("server.edit")
	out, err := w.Starter(w.ctx, "adopt", "--from-marks", "--json")
	require.Error(t, err, "some need a person")
	answer := rebuiltOf(t, out)
	wrong := map[string]bool{}
	for _, found := range answer.Wrong {
		wrong[found.ID] = true
	}
	require.Equal(t, map[string]bool{
		fmt.Sprintf("twice-%d", l.doubled): true, fmt.Sprintf("missing-%d", l.gone): true, fmt.Sprintf("unstarted-%d", l.unstarted): true,
		fmt.Sprintf("orphan-%d-%s", strayService, l.stray): true,
	}, wrong)
	require.Equal(t, []int{1, 1}, []int{answer.Quarantined, answer.Foreign})
	require.Len(t, answer.Services, len(l.active)+4)
	t.Logf("%d services, %d reads and writes of records", len(answer.Services), w.requests("server.edit")-forms)
	require.Less(t, w.requests("server.edit")-forms, 4*rebuiltServices, "a record is read for the survey, and when its service is taken up")

	w.requireRebuilt(l, before)
	w.starter("resume", "--all")
	w.goesOnRebuilt(l)

	out, _ = w.Starter(w.ctx, "adopt", "--from-marks", "--json")
	again := map[string]int{}
	for _, service := range rebuiltOf(t, out).Services {
		again[service.Outcome]++
	}
	require.Equal(t, 1, len(again), "%v", again)
	require.NotZero(t, again["runs already"], "%v", again)
}

// rebuiltAnswer is what starter prints.
type rebuiltAnswer struct {
	Services []struct {
		ServiceID int    `json:"service_id"`
		Outcome   string `json:"outcome"`
	} `json:"services"`
	Wrong                []struct{ ID string }
	Quarantined, Foreign int
}

func rebuiltOf(t *testing.T, out string) rebuiltAnswer {
	t.Helper()
	var answer rebuiltAnswer
	require.NoError(t, json.NewDecoder(strings.NewReader(out[strings.Index(out, "\n{\n")+1:])).Decode(&answer), out)
	return answer
}

// strayService is one that WHMCS does not have.
const strayService = 99_000

// loses builds a fleet in all its states.
func (w *world) loses() lost {
	w.t.Helper()
	var l lost
	var ids []int
	for client := range rebuiltServices / servicesAClient {
		var placed simulator.Placed
		require.NoError(w.t, w.AskWHMCS(w.ctx, http.MethodPost, "/_sim/orders", simulator.Order{ClientID: 100 + client, Services: servicesAClient, IPv4: client % 2, Grace: "2h"}, &placed))
		for _, service := range placed.Services {
			require.Empty(w.t, service.Error)
			ids = append(ids, service.ServiceID)
		}
	}
	active := func() bool {
		n := 0
		for _, s := range w.whmcs().Services {
			if s.Status == "Active" {
				n++
			}
		}
		return n == len(ids)
	}
	require.True(w.t, w.within(5*time.Minute, time.Second, active), "%d services are built", len(ids))
	l.unpaid, l.abuse, l.releasing, l.doubled, l.active = ids[0], ids[1], ids[2], ids[3], ids[4:]
	w.bill(l.unpaid, "overdue")
	w.bill(l.releasing, "overdue")
	w.bill(l.abuse, "suspend")
	for _, id := range []int{l.unpaid, l.releasing, l.abuse} {
		w.blocked(id, true)
	}
	l.building = w.order(simulator.Order{ClientID: 500})
	w.await(l.building, "installing", func(s api.Status) bool { return s.Install != nil && !s.Install.AcceptedAt.IsZero() })
	release := w.awaitPhase(l.releasing, api.PhaseBlocked).Server.ID
	for _, p := range []interface{ Kill() }{w.Worker, w.Gateway} {
		p.Kill()
	}
	l.unstarted = w.unpaidOrder("paid")
	l.gone = w.unpaidOrder("")
	require.NoError(w.t, w.AskWHMCS(w.ctx, http.MethodPost, fmt.Sprintf("/_sim/services/%d", l.gone), map[string]any{"status": "Active"}, nil))
	// What the panel shows in the middle of a release, and what it shows of servers that are no service's.
	w.administer(release, map[string]any{"owner": "metalease", "notes": fmt.Sprintf("metalease:demo/service-%d releasing", l.releasing)})
	free := w.freeServers()
	l.quarantined, l.stray, l.foreign = free[0], free[1], free[2]
	w.administer(l.quarantined, map[string]any{"owner": "metalease", "hostname": "q.example.com", "notes": "metalease:demo/service-1 quarantine no power"})
	w.administer(l.stray, map[string]any{"owner": "metalease", "hostname": "s.example.com", "notes": fmt.Sprintf("metalease:demo/service-%d claimed", strayService)})
	w.administer(l.foreign, map[string]any{"owner": "metalease", "hostname": "f.example.com", "notes": "metalease:other/service-7 active"})
	w.administer(free[3], map[string]any{"owner": "metalease", "hostname": "d.example.com", "notes": fmt.Sprintf("metalease:demo/service-%d active", l.doubled)})
	return l
}

// unpaidOrder is one that nobody starts; then, if anything, it is paid.
func (w *world) unpaidOrder(act string) int {
	w.t.Helper()
	var placed simulator.Placed
	require.NoError(w.t, w.AskWHMCS(w.ctx, http.MethodPost, "/_sim/orders", simulator.Order{ClientID: 501, Unpaid: true}, &placed))
	id := placed.Services[0].ServiceID
	if act != "" {
		w.bill(id, act)
	}
	return id
}

func (w *world) administer(server string, change map[string]any) {
	w.t.Helper()
	require.NoError(w.t, w.AskPanel(w.ctx, http.MethodPost, "/_sim/servers/"+server, change, nil))
}

func (w *world) freeServers() []string {
	w.t.Helper()
	var free []string
	for _, s := range w.panel().Servers {
		if s.OwnerName == "" && s.Hostname == "free.ds" {
			free = append(free, s.ID)
		}
	}
	return free
}

// loseTemporal puts a new database in the place of the old one. What runs then begins with a pause; docs/restore.md.
func (w *world) loseTemporal() {
	w.t.Helper()
	w.Temporal.Kill()
	require.NoError(w.t, w.Temporal.Start())
	require.True(w.t, w.eventually(func() bool {
		_, err := w.TemporalCommand(w.ctx, "operator", "namespace", "describe", "default")
		return err == nil
	}))
	w.starter("pause", "--all", "--reason", "the database is lost")
	require.NoError(w.t, w.AwaitWorker(w.ctx))
	require.NoError(w.t, w.AwaitGateway(w.ctx))
}

// requireRebuilt wants each service as it was, and the panel too, but for what goes on by itself.
func (w *world) requireRebuilt(l lost, before panelState) {
	w.t.Helper()
	var lives []control.Row
	require.True(w.t, w.eventually(func() bool {
		lives = nil
		require.NoError(w.t, json.Unmarshal([]byte(w.starter("list", "--json")), &lives))
		phases := map[string]int{}
		for _, row := range lives {
			phases[row.Phase]++
		}
		return phases["active"] >= len(l.active) && phases["blocked"] == 2 && phases["releasing"] == 1
	}), "%v", lives)
	unpaid := w.status(l.unpaid)
	require.Equal(w.t, api.PhaseBlocked, unpaid.Phase)
	require.WithinDuration(w.t, time.Now().Add(2*time.Hour), *unpaid.GraceEndsAt, 10*time.Minute, "the grace period of its order")
	abuse := w.status(l.abuse)
	require.Equal(w.t, api.PhaseBlocked, abuse.Phase)
	require.Nil(w.t, abuse.GraceEndsAt)
	now := w.panel()
	require.Len(w.t, now.Installs, len(before.Installs), "nothing is installed again")
	for i, server := range now.Servers {
		was := before.Servers[i]
		if strings.Contains(was.Notes, fmt.Sprintf("service-%d ", l.building)) || strings.Contains(was.Notes, fmt.Sprintf("service-%d ", l.releasing)) {
			continue
		}
		server.Power, was.Power = "", ""
		require.Equal(w.t, was, server, "nothing was written")
	}
	for _, id := range []int{l.active[0], l.active[len(l.active)-1]} {
		status := w.status(id)
		require.Equal(w.t, []any{api.PhaseActive, true}, []any{status.Phase, status.Ready})
		require.Nil(w.t, status.Attention)
		require.NotEmpty(w.t, status.Order.OSTemplate, "the order as WHMCS has it")
	}
}

// goesOnRebuilt looks whether payments, expiries and what was under way go on.
func (w *world) goesOnRebuilt(l lost) {
	w.t.Helper()
	built := w.awaitPhase(l.building, api.PhaseActive)
	require.Len(w.t, w.whmcs().MailsOf(l.building), 1)
	require.NotEmpty(w.t, built.Server.ID)
	w.bill(l.unpaid, "paid")
	w.blocked(l.unpaid, false)
	w.bill(l.active[0], "overdue")
	w.blocked(l.active[0], true)
	w.awaitPhase(l.releasing, api.PhaseReleased)
	for _, server := range w.panel().Servers {
		require.NotContains(w.t, server.Notes, fmt.Sprintf("service-%d ", l.releasing))
		if server.ID == l.quarantined {
			require.Equal(w.t, "metalease:demo/service-1 quarantine no power", server.Notes)
		}
	}
	require.True(w.t, w.eventually(func() bool { return w.whmcs().Service(l.releasing).Status == "Terminated" }))
}
