package panel

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
)

// TestWhatWasJustClaimedIsAskedForWithTheOthers: the last list shows it as nobody's. What was given back is asked for alone.
func TestWhatWasJustClaimedIsAskedForWithTheOthers(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.Servers = 100 })
	w.Administer("6", map[string]any{"owner": "whmcsapi", "power": "on", "notes": "metalease:main/service-9 quarantine broken"})
	list := &w.p.Reader.list
	_, err := w.p.Reader.APIAccount(t.Context())
	require.NoError(t, err)
	_, whole := w.lists(func() { _, err := w.p.Reader.Fresh(t.Context(), true); require.NoError(t, err) })
	list.filters.byOwner.counts, list.filters.byID.counts = true, true
	var claimed []Target
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		service := w.Order(7)
		_, err := w.p.seize(t.Context(), ClaimRequest{ServerID: id, ServiceID: service.ID, Package: "E3-16G"}, w.p.Reader.api, w.p.mark(service.ID, holding.StateClaimed))
		require.NoError(t, err)
		claimed = append(claimed, Target{ServiceID: service.ID, ServerID: id})
	}
	planned := func() plan {
		wanted := demand{}
		for _, t := range claimed {
			wanted.server(t.ServerID)
		}
		list.mu.Lock()
		defer list.mu.Unlock()
		return list.plan(&wanted)
	}
	require.Len(t, planned().wheres, 1)
	requests, bytes := w.lists(func() {
		listing, err := w.p.Reader.list.freshOf(t.Context(), true, "1")
		require.NoError(t, err)
		server, _ := listing.Server("1")
		require.True(t, w.p.Reader.api.Owns(server.Owner))
	})
	require.Equal(t, 1, requests)
	require.Less(t, bytes, whole/10)

	require.NoError(t, simulated.Do(w, w.p.ReturnClaim, claimed[0]))
	require.Equal(t, []dcim.Where{{ID: "1"}, {Owner: list.filters.rows["2"].Owner}}, planned().wheres)
}

// TestASaveThatKeepsTheOwnerChangesNothingOfLists: a customer's server that a filter lacks is read whole, as before.
func TestASaveThatKeepsTheOwnerChangesNothingOfLists(t *testing.T) {
	all := servers(1, 300)
	for i := range 3 {
		all[i].Owner, all[i].PowerOn = "2", true
	}
	all[5].Owner = "9"
	api := dcim.Account{ID: "2", Name: "whmcsapi"}
	list := &serverList{panel: "fra1", fetch: func(context.Context) ([]dcim.Server, error) { return all, nil },
		some: func(_ context.Context, where dcim.Where) ([]dcim.Server, error) {
			return map[string][]dcim.Server{"2": all[:3]}[where.Owner], nil
		}}
	list.filters.byOwner.counts = true
	_, err := list.fresh(t.Context(), true)
	require.NoError(t, err)
	list.saved(all[5].ID, dcim.Assign(dcim.Account{ID: "9", Name: "u9"}, "mark"), api)
	list.saved(all[0].ID, dcim.Assign(api, "mark"), api)
	require.Empty(t, list.filters.rows)
	listing, err := list.ownedBy(t.Context(), []dcim.Account{api, {ID: "9", Name: "u9"}})
	require.NoError(t, err)
	require.Contains(t, listing.All(), all[5])
}
