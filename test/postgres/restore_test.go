package postgres

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/drift"
	"metalease/internal/control"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// fates are services that went on after the backup, each in its own way.
type fates struct {
	// paid was blocked and in its grace period, and was paid afterwards.
	paid int
	// released and another were active, and were released and sold again.
	released, another int
	// building was being installed, and became active.
	building int
	// waiting had no server, and got that of released.
	waiting int
	// untouched was active all the time.
	untouched int
	// fresh was ordered afterwards, and got the server of another.
	fresh int
}

func (f fates) alive() []int { return []int{f.paid, f.building, f.waiting, f.untouched, f.fresh} }

// A database that is older than the world: nothing is taken from anybody, nothing is installed again, and what is not true any more is
// found before anything goes on.
func TestARestoreOfAnOldBackup(t *testing.T) {
	w := newWorld(t, options{panelFlags: []string{"--servers", "5", "--install-time", "8s"}})
	f := w.upToTheBackup()
	w.db.dump()
	w.afterTheBackup(&f)
	before := w.panel()

	w.disaster()
	// Whatever runs begins with this; docs/restore.md.
	w.starter("pause", "--all", "--reason", "restored from a backup")
	for _, again := range []func() error{
		func() error { return w.AwaitWorker(w.ctx) }, func() error { return w.StartWorker(w.ctx, w.worker2) },
		func() error { return w.AwaitGateway(w.ctx) }, func() error { return w.StartGateway(w.ctx, w.gateway2, w.gateway2Address) },
	} {
		require.NoError(t, again())
	}

	_, err := w.Starter(w.ctx, "resume", "--all", "--when-clean")
	require.Error(t, err, "what is wrong keeps the panel paused")
	require.Contains(t, w.starter("stock"), "restored from a backup")
	w.mend(f)
	w.requireAsBefore(before, f)
	require.Eventually(t, func() bool {
		_, err := w.Starter(w.ctx, "resume", "--all", "--when-clean")
		return err == nil
	}, patience, time.Second, "it is clean")
	w.goesOn(before, f)
}

// upToTheBackup brings the services to where the backup finds them.
func (w *world) upToTheBackup() fates {
	w.t.Helper()
	var f fates
	for i, id := range []*int{&f.paid, &f.released, &f.another, &f.untouched} {
		*id = w.order(simulator.Order{ClientID: 70 + i, IPv4: 1, Grace: "90s"})
	}
	for _, id := range []int{f.paid, f.released, f.another, f.untouched} {
		w.awaitPhase(id, api.PhaseActive)
	}
	w.bill(f.paid, "overdue")
	w.awaitPhase(f.paid, api.PhaseBlocked)
	f.building = w.order(simulator.Order{ClientID: 80, IPv4: 1})
	f.waiting = w.order(simulator.Order{ClientID: 81})
	w.awaitPhase(f.waiting, api.PhaseWaiting)
	w.await(f.building, "installing", func(s control.Status) bool { return s.Install != nil && !s.Install.AcceptedAt.IsZero() })
	require.Equal(w.t, api.PhasePending, w.status(f.building).Phase)
	return f
}

func (w *world) afterTheBackup(f *fates) {
	w.t.Helper()
	w.bill(f.paid, "paid")
	w.awaitPhase(f.paid, api.PhaseActive)
	w.awaitPhase(f.building, api.PhaseActive)
	w.bill(f.released, "terminate")
	w.awaitPhase(f.released, api.PhaseReleased)
	w.awaitPhase(f.waiting, api.PhaseActive)
	w.bill(f.another, "terminate")
	w.awaitPhase(f.another, api.PhaseReleased)
	f.fresh = w.order(simulator.Order{ClientID: 82})
	w.awaitPhase(f.fresh, api.PhaseActive)
	for _, id := range f.alive() {
		require.True(w.t, w.eventually(func() bool { return w.whmcs().Service(id).Status == "Active" }), "service %d", id)
	}
}

// disaster ends all that runs and puts the old database back.
func (w *world) disaster() {
	w.t.Helper()
	for _, p := range []interface{ Kill() }{w.Worker, w.worker2, w.Gateway, w.gateway2, w.servers[0], w.servers[1]} {
		p.Kill()
	}
	w.db.restore()
	w.cluster.start()
}

// mend does what the comparison advises until it finds nothing.
func (w *world) mend(f fates) {
	w.t.Helper()
	done := map[string]bool{}
	clean := func() bool {
		var views []control.DriftView
		require.NoError(w.t, json.Unmarshal([]byte(w.json("drift", "--now")), &views))
		found := views[0].Report.Drifts
		for _, d := range found {
			if done[d.ID] {
				continue
			}
			done[d.ID] = true
			w.t.Logf("%s: %s; repair: %s; advice: %s", d.ID, d.What, d.Repair, d.Advice)
			switch {
			case d.Remedy == drift.RemedyTerminate, d.Remedy == drift.RemedyRestart, d.Remedy == drift.RemedyStart, d.Remedy == drift.RemedyShow:
				out, err := w.Starter(w.ctx, "drift", "repair", d.ID, "--yes", "--wait", "5s")
				w.t.Logf("repair %s: %v %s", d.ID, err, out)
			case strings.Contains(d.Advice, "starter adopt --service"):
				out, err := w.Starter(w.ctx, "adopt", "--service", fmt.Sprint(d.ServiceID))
				w.t.Logf("adopt %d: %v %s", d.ServiceID, err, out)
			case strings.Contains(d.Advice, "starter detach"):
				out, err := w.Starter(w.ctx, "detach", fmt.Sprint(d.ServiceID), "--reason", "released after the backup")
				w.t.Logf("detach %d: %v %s", d.ServiceID, err, out)
			}
		}
		return views[0].Report.Wrong() == ""
	}
	require.True(w.t, w.eventually(clean), "the differences end")
}

// json runs a command of starter that prints JSON, without what it tells on the way.
func (w *world) json(args ...string) string {
	w.t.Helper()
	out := w.starter(append(args, "--json")...)
	return out[strings.IndexAny(out, "[{"):]
}

// requireAsBefore wants the panel as it was before the disaster: the same holders, no install, nothing blocked.
func (w *world) requireAsBefore(before panel, f fates) {
	w.t.Helper()
	now := w.panel()
	require.Len(w.t, now.Installs, len(before.Installs), "nothing is installed again")
	for i, server := range now.Servers {
		was := before.Servers[i]
		require.Equal(w.t, []any{was.ID, was.OwnerName, was.Hostname, was.Disabled}, []any{server.ID, server.OwnerName, server.Hostname, server.Disabled})
	}
	for _, id := range f.alive() {
		require.Len(w.t, w.marked(id), 1, "service %d", id)
	}
	require.Empty(w.t, slices.Concat(w.marked(f.released), w.marked(f.another)))
}

// goesOn looks at the world some time after the pause has ended: the grace period is over, which was paid.
func (w *world) goesOn(before panel, f fates) {
	w.t.Helper()
	for _, id := range f.alive() {
		w.t.Logf("service %d: %+v", id, w.status(id))
		require.True(w.t, w.eventually(func() bool { return w.whmcs().Service(id).Status == "Active" }), "service %d", id)
	}
	for _, id := range []int{f.released, f.another} {
		w.t.Logf("service %d: %+v", id, w.status(id))
	}
	w.requireAsBefore(before, f)
}
