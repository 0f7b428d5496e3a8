package panel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
)

// TestWhatTheOwnershipCheckAsksFor: id, owner and mark, all three.
func TestWhatTheOwnershipCheckAsksFor(t *testing.T) {
	p := New(Options{Reader: NewReader(newWorld(t).Backend, time.Millisecond), Installation: "main"})
	api, customer := holding.Account{ID: "3", Name: "whmcsapi"}, holding.Account{ID: "17", Name: "u101"}
	target := Target{ServiceID: 101, ServerID: "5", Account: customer}
	good := dcim.Record{ID: "5", Owner: "17", Notes: "rack 4\nmetalease:main/service-101 active"}
	have, err := p.verify(good, target, api, customer)
	require.NoError(t, err)
	require.Equal(t, holder{record: good, mark: holding.Mark{Installation: "main", ServiceID: 101, State: "active"}, owner: customer}, have)

	for name, change := range map[string]func(*dcim.Record){
		"another server":          func(r *dcim.Record) { r.ID = "6" },
		"no id":                   func(r *dcim.Record) { r.ID = "" },
		"nobody's":                func(r *dcim.Record) { r.Owner = "" },
		"another account's":       func(r *dcim.Record) { r.Owner = "18" },
		"no mark":                 func(r *dcim.Record) { r.Notes = "rack 4" },
		"another service's":       func(r *dcim.Record) { r.Notes = "metalease:main/service-102 active" },
		"another installation's":  func(r *dcim.Record) { r.Notes = "metalease:other/service-101 active" },
		"two marks":               func(r *dcim.Record) { r.Notes += "\nmetalease:other/service-1 active" },
		"a mark in other words":   func(r *dcim.Record) { r.Notes = "see metalease:main/service-101 active" },
		"an owner in other words": func(r *dcim.Record) { r.Owner = "U101" },
	} {
		record := good
		change(&record)
		_, err := p.verify(record, target, api, customer)
		simulated.RequireType(t, err, edge.ErrOwnership, false)
		require.ErrorContains(t, err, "nothing was written", name)
	}
}

// TestAFailedReadIsNotTheFailureOfTheWrite: what was not sent was neither refused nor lost.
func TestAFailedReadIsNotTheFailureOfTheWrite(t *testing.T) {
	t.Run("power off", func(t *testing.T) {
		w := newWorld(t)
		b := w.handOver(w.Order(7))
		require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
		require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "server.edit", Effect: panelsim.Error, Type: "db", Count: 1}))
		simulated.RequireType(t, simulated.Do(w, w.p.PowerDown, b.Target), edge.ErrPanelUnavailable, true)
		require.NoError(t, simulated.Do(w, w.p.PowerDown, b.Target))
		w.RequireClean()
	})
	t.Run("install", func(t *testing.T) {
		w := newWorld(t, func(c *panelsim.Config) { c.InstallTime = 100 * time.Millisecond })
		service := w.Order(7)
		b := w.build(service, w.claim(service))
		// The read before the announcement's save and the request, as often as it is tried.
		require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "server.edit", Effect: panelsim.HTTP500, Count: 3}))
		_, err := simulated.Run[Started](w, w.p.StartInstall, b)
		simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
		require.Empty(t, w.Panel.State().Installs)
		require.Equal(t, w.p.mark(service.ID, holding.StateClaimed).String(), w.Server("1").Notes, "nothing was announced")
		_, err = simulated.Run[Started](w, w.p.StartInstall, b)
		require.NoError(t, err, "and the next attempt asks")
		require.Len(t, w.Panel.State().Installs, 1)
		w.RequireClean()
	})
	t.Run("address", func(t *testing.T) {
		w := newWorld(t)
		service := w.Order(7)
		b := w.build(service, w.claim(service))
		b.IPv4 = 1
		require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "server.edit", Effect: panelsim.Error, Type: "limit", Count: 1}))
		_, err := simulated.Run[Addresses](w, w.p.AssignAddresses, b)
		simulated.RequireType(t, err, edge.ErrPanelRefused, false)
	})
}

// TestAnErrorOfAClientLeavesWithItsType: the activity itself says nothing of types.
func TestAnErrorOfAClientLeavesWithItsType(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.Order(7))
	w.Lose(panelsim.HTTP500, "server.edit", 1)
	simulated.RequireType(t, simulated.Do(w, w.p.Detach, b.Target), edge.ErrPanelUnavailable, true)
	require.NoError(t, simulated.Do(w, w.p.Detach, b.Target))
	require.Empty(t, holding.ParseMarks(w.Server("1").Notes))
	require.NoError(t, simulated.Do(w, w.p.Detach, b.Target), "a repeat finds it done")
}
