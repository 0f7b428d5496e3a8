package postgres

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
	// suspended was active, and was suspended by staff afterwards.
	suspended int
	// fresh was ordered afterwards, and got the server of another.
	fresh int
	// graceEnds is when paid would have been released.
	graceEnds time.Time
}

// alive are those that have a server.
func (f fates) alive() []int {
	return []int{f.paid, f.building, f.waiting, f.untouched, f.suspended, f.fresh}
}

// status is what WHMCS shows of one of them.
func (f fates) status(id int) string {
	if id == f.suspended {
		return "Suspended"
	}
	return "Active"
}

// A database that is older than the world: nothing is taken from anybody, nothing is installed again, and what is not true any more is
// found before anything goes on.
func TestARestoreOfAnOldBackup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{panelFlags: []string{"--servers", "6", "--install-time", "8s"}})
	f := w.upToTheBackup()
	w.dump()
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
	for i, id := range []*int{&f.paid, &f.released, &f.another, &f.untouched, &f.suspended} {
		*id = w.order(simulator.Order{ClientID: 70 + i, IPv4: 1, Grace: "60s"})
	}
	for _, id := range []int{f.paid, f.released, f.another, f.untouched, f.suspended} {
		w.awaitPhase(id, api.PhaseActive)
	}
	w.bill(f.paid, "overdue")
	f.graceEnds = *w.awaitPhase(f.paid, api.PhaseBlocked).GraceEndsAt
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
	w.starter("suspend", fmt.Sprint(f.suspended), "--reason", "abuse", "--wait", "20s")
	w.requireShown(*f)
}

// requireShown waits until WHMCS shows what is true.
func (w *world) requireShown(f fates) {
	w.t.Helper()
	for _, id := range f.alive() {
		require.True(w.t, w.eventually(func() bool { return w.whmcs().Service(id).Status == f.status(id) }), "service %d", id)
	}
}

// disaster ends all that runs and puts the old database back.
func (w *world) disaster() {
	w.t.Helper()
	for _, p := range []interface{ Kill() }{w.Worker, w.worker2, w.Gateway, w.gateway2, w.Servers[0], w.Servers[1]} {
		p.Kill()
	}
	w.restore()
	require.NoError(w.t, w.Serve(w.ctx))
}

// mend does what the comparison advises until nothing is wrong. It is the table of docs/restore.md.
func (w *world) mend(f fates) {
	w.t.Helper()
	did := map[string]bool{}
	clean := func() bool {
		var views []control.DriftView
		require.NoError(w.t, json.Unmarshal([]byte(w.json("drift", "--now")), &views))
		for _, d := range views[0].Report.Drifts {
			if did[d.ID] {
				continue // it was done; the next comparison sees the effect
			}
			did[d.ID] = true
			w.t.Logf("%s: %s. %s%s", d.ID, d.What, d.Repair, d.Advice)
			for _, command := range strings.Split(d.Advice, "starter ")[1:] {
				command, _, _ = strings.Cut(command, ";")
				command, _, _ = strings.Cut(command, ":")
				command, _, _ = strings.Cut(command, ",")
				if !strings.HasPrefix(command, "status") && !strings.HasPrefix(command, "unsuspend") {
					w.starter(strings.Fields(command)...)
				}
			}
			if d.Repair != "" {
				w.starter("drift", "repair", d.ID, "--yes")
			}
		}
		return views[0].Report.Wrong() == ""
	}
	require.True(w.t, w.eventually(clean), "the differences end")
	want := map[string]bool{}
	for kind, id := range map[string]int{"orphan": f.fresh, "blocked": f.paid, "open": f.suspended} {
		want[fmt.Sprintf("%s-%d-%s", kind, id, w.marked(id)[0])] = true
	}
	want[fmt.Sprintf("orphan-%d-%s", f.waiting, w.marked(f.waiting)[0])] = true
	want[fmt.Sprintf("ended-%d-%s", f.released, w.marked(f.waiting)[0])] = true
	want[fmt.Sprintf("ended-%d-%s", f.another, w.marked(f.fresh)[0])] = true
	require.Equal(w.t, want, did, "each was found by its name")
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

// goesOn looks at the world when the pause has ended and the grace period is over that was paid: every lifecycle knows what it has.
func (w *world) goesOn(before panel, f fates) {
	w.t.Helper()
	for _, id := range f.alive() {
		phase := api.PhaseActive
		if id == f.suspended {
			phase = api.PhaseBlocked
		}
		status := w.awaitPhase(id, phase)
		require.Equal(w.t, w.marked(id), []string{status.Server.ID}, "service %d", id)
	}
	require.True(w.t, w.eventually(func() bool { return time.Now().After(f.graceEnds) }))
	w.requireShown(f)
	w.requireAsBefore(before, f)

	// A server that becomes free is nobody's who has one.
	w.bill(f.untouched, "terminate")
	w.awaitPhase(f.untouched, api.PhaseReleased)
	next := w.order(simulator.Order{ClientID: 90})
	w.requireDelivered(next, w.awaitPhase(next, api.PhaseActive))
	w.starter("unsuspend", fmt.Sprint(f.suspended), "--wait", "20s")
	w.awaitPhase(f.suspended, api.PhaseActive)
}
