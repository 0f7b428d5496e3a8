package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
	"metalease/whmcs"
)

// fromOldModule is a service as ISPsystem's module leaves it: its account owns the server,
// and nothing says so but that module's table.
func (w *world) fromOldModule() (Target, whmcs.IspsystemRecord) {
	w.T.Helper()
	service := w.Order(7)
	b := w.handOver(service)
	active := whmcs.StatusActive
	require.NoError(w.T, w.w.Client.UpdateService(w.T.Context(), service.ID, whmcs.ServiceUpdate{Status: &active}))
	require.NoError(w.T, simulated.Do(w, w.p.Detach, b.Target))
	return b.Target, whmcs.IspsystemRecord{ServiceID: service.ID, ServerID: b.ServerID}
}

func (w *world) adoptions(records ...whmcs.IspsystemRecord) []Adoption {
	w.T.Helper()
	answer, err := simulated.Run[AdoptionAnswer](w, w.p.Adoptions, AdoptionQuestion{Records: records})
	require.NoError(w.T, err)
	require.Equal(w.T, len(records), answer.Total)
	return answer.Adoptions
}

func TestAnAdoptionWritesTheMarkAndNothingElse(t *testing.T) {
	w := newWorld(t)
	target, record := w.fromOldModule()
	plan := w.adoptions(record)[0]
	require.Empty(t, plan.Problem)
	require.Equal(t, target.Account, plan.Account)
	require.Equal(t, "E3-16G", plan.Package)
	require.False(t, plan.Marked)

	before := w.Server(target.ServerID)
	w.Lose(panelsim.CloseAfter, "server.edit!", 1)
	err := simulated.Do(w, w.p.Adopt, target)
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
	adopted, err := simulated.Run[Adopted](w, w.p.Adopt, target)
	require.NoError(t, err)
	require.Equal(t, before.Hostname, adopted.Server.Hostname)
	after := w.Server(target.ServerID)
	require.Equal(t, w.p.mark(target.ServiceID, holding.StateActive).String(), after.Notes)
	before.Notes = after.Notes
	require.Equal(t, before, after)
	require.True(t, w.adoptions(record)[0].Marked)
	w.RequireClean()
}

func TestWhatCannotBeAdoptedSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]any
		record func(*whmcs.IspsystemRecord)
		status whmcs.Status
		why    string
		writes bool // what the adoption itself refuses as well
	}{
		"another owner":    {change: map[string]any{"owner": "u-other"}, why: "belongs to", writes: true},
		"no owner":         {change: map[string]any{"owner": ""}, why: "belongs to", writes: true},
		"a mark":           {change: map[string]any{"notes": "metalease:main/service-999 active"}, why: "mark of another service", writes: true},
		"a foreign mark":   {change: map[string]any{"notes": "metalease:other/service-1 active"}, why: "mark of another service", writes: true},
		"not active":       {status: whmcs.StatusTerminated, why: "WHMCS shows it as Terminated"},
		"no server":        {record: func(r *whmcs.IspsystemRecord) { r.ServerID = "" }, why: "names no server"},
		"an unknown one":   {record: func(r *whmcs.IspsystemRecord) { r.ServerID = "999" }, why: "has no server 999"},
		"no such service":  {record: func(r *whmcs.IspsystemRecord) { r.ServiceID = 9999 }, why: "no such service"},
		"another panel's":  {record: func(r *whmcs.IspsystemRecord) { r.Entry.Name = "Amsterdam" }, why: "which is not panel fra1"},
		"everything right": {},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(c *panelsim.Config) {
				c.Users = []panelsim.User{{Name: "u-other", Level: 16, Password: "long-enough-1"}}
			})
			w.p.Entries = []string{"Frankfurt"}
			target, record := w.fromOldModule()
			if c.change != nil {
				w.Administer(target.ServerID, c.change)
			}
			if c.status != "" {
				require.NoError(t, w.w.Client.UpdateService(t.Context(), target.ServiceID, whmcs.ServiceUpdate{Status: &c.status}))
			}
			if c.record != nil {
				c.record(&record)
			}
			before := w.Server(target.ServerID)
			plan := w.adoptions(record)[0]
			if c.why == "" {
				require.Empty(t, plan.Problem)
			}
			require.Contains(t, plan.Problem, c.why)
			if c.writes {
				simulated.RequireType(t, simulated.Do(w, w.p.Adopt, target), edge.ErrNotAdoptable, false)
			}
			require.Equal(t, before, w.Server(target.ServerID))
		})
	}
}

func TestTwoRecordsOfOneServerAreBothRefused(t *testing.T) {
	w := newWorld(t)
	_, record := w.fromOldModule()
	other := record
	other.ServiceID = w.Order(8).ID
	for _, plan := range w.adoptions(record, other) {
		require.NotEmpty(t, plan.Problem)
	}
}

// TestAnOrphanIsAdoptedByItsMark: the table does not know the service, which was ordered through us.
func TestAnOrphanIsAdoptedByItsMark(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.handOver(service)
	active := whmcs.StatusActive
	require.NoError(t, w.w.Client.UpdateService(t.Context(), service.ID, whmcs.ServiceUpdate{Status: &active}))
	plan := w.adoptions(whmcs.IspsystemRecord{ServiceID: service.ID})[0]
	require.Empty(t, plan.Problem)
	require.Equal(t, b.ServerID, plan.Server.ID)
	require.True(t, plan.Marked)
}
