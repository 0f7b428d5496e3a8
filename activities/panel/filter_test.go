package panel

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
)

// lists counts what a call asks of the panel's list: requests and bytes.
func (w *world) lists(call func()) (requests int, bytes int64) {
	before := w.Panel.State().Functions["server"]
	call()
	after := w.Panel.State().Functions["server"]
	return after.Requests - before.Requests, after.Bytes - before.Bytes
}

// TestOneServerIsAskedForAlone where the panel filters; elsewhere the whole list is read, and the filter is tried no more.
func TestOneServerIsAskedForAlone(t *testing.T) {
	for filter, c := range map[panelsim.Filter]struct {
		tries int
		small bool
	}{
		panelsim.FilterExact:    {tries: 1, small: true},
		panelsim.FilterContains: {tries: 1, small: true},
		panelsim.FilterIgnored:  {tries: mostTries},
		panelsim.FilterRefused:  {tries: mostTries},
	} {
		t.Run(string(filter), func(t *testing.T) {
			w := newWorld(t, func(c *panelsim.Config) { c.Servers, c.Filter = 60, filter })
			fresh := func() {
				server, err := w.p.fresh(t.Context(), "7")
				require.NoError(t, err)
				require.Equal(t, "7", server.ID)
				require.True(t, server.Free())
			}
			requests, whole := w.lists(fresh)
			require.Equal(t, 1, requests, "there is nothing to compare an answer with")
			for range c.tries {
				requests, _ = w.lists(fresh)
				require.Equal(t, 2, requests, "a try is followed by the whole list")
			}
			requests, bytes := w.lists(fresh)
			require.Equal(t, 1, requests)
			if c.small {
				require.Less(t, bytes, whole/6)
			} else {
				require.Equal(t, whole, bytes)
			}
			w.Administer("7", map[string]any{"owner": "whmcsapi"})
			server, err := w.p.fresh(t.Context(), "7")
			require.NoError(t, err)
			require.NotEmpty(t, server.Owner)
		})
	}
}

// TestManyServersOfOneOwnerAreAskedForAtOnce: what all builds wait for is one request about what the API account owns.
func TestManyServersOfOneOwnerAreAskedForAtOnce(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.Servers = 100 })
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		w.Administer(id, map[string]any{"owner": "whmcsapi", "power": "on"})
	}
	w.Administer("6", map[string]any{"owner": "whmcsapi", "notes": "metalease:main/service-9 quarantine broken"})
	w.p.Reader.list.tick = 20 * time.Millisecond
	look := func() {
		answers := make(chan error)
		for _, id := range []string{"1", "2", "3", "4", "5"} {
			go func() { _, err := w.p.Reader.list.freshOf(t.Context(), false, id); answers <- err }()
		}
		for range 5 {
			require.NoError(t, <-answers)
		}
	}
	_, whole := w.lists(func() { _, err := w.p.Reader.Fresh(t.Context(), true); require.NoError(t, err) })
	look() // the try
	require.True(t, w.p.Reader.list.filters.byOwner.counts)
	requests, bytes := w.lists(look)
	require.LessOrEqual(t, requests, 2)
	require.Less(t, bytes, int64(requests)*whole/10)

	requests, bytes = w.lists(func() {
		found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: 7})
		require.NoError(t, err)
		require.Nil(t, found.Server)
	})
	require.Equal(t, 1, requests)
	require.Less(t, bytes, whole/10, "an order looks for its server among those that it may have")
}

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

// TestWhatAFilteredListLacksIsReadWhole: it may be there.
func TestWhatAFilteredListLacksIsReadWhole(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.Servers = 60 })
	for _, id := range []string{"1", "2", "3"} {
		w.Administer(id, map[string]any{"owner": "whmcsapi", "power": "on"})
	}
	api, err := w.p.Reader.APIAccount(t.Context())
	require.NoError(t, err)
	owned := func() *Listing {
		listing, err := w.p.Reader.list.ownedBy(t.Context(), []dcim.Account{api})
		require.NoError(t, err)
		return listing
	}
	require.False(t, owned().part, "nothing is known of the filter")
	w.p.Reader.list.filters.byOwner.counts = true
	require.True(t, owned().part)
	w.Administer("3", map[string]any{"owner": ""})
	listing := owned()
	require.False(t, listing.part, "one that was there is missing: what became of it the whole list shows")
	require.Len(t, listing.Servers, 60)
	require.True(t, owned().part)

	w.p.Reader.list.filters.byID.counts = true
	require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "server", Effect: panelsim.Garbage, Count: 1}))
	_, err = w.p.fresh(t.Context(), "9")
	require.ErrorIs(t, err, dcim.ErrNotAPanel, "a panel that is not well is asked again by whoever wants to know")
}

// TestAServerThatIsListedNowhereIsNotHiddenByAFilter: what the whole list lacks, though the panel has it,
// a filtered one lacks too, and cannot tell of it.
func TestAServerThatIsListedNowhereIsNotHiddenByAFilter(t *testing.T) {
	all := servers(1, 30)
	for i := range 3 {
		all[i].Owner, all[i].PowerOn = "2", true
	}
	panel := &recorded{has: map[string]bool{"003": true}}
	lacking := slices.Delete(slices.Clone(all), 2, 3)
	list := &serverList{panel: "fra1", absent: absent{record: panel.record}, fetch: func(context.Context) ([]dcim.Server, error) { return all, nil },
		some: func(context.Context, dcim.Where) ([]dcim.Server, error) { return lacking[:2], nil }}
	list.filters.byOwner.counts = true
	for range 2 {
		_, err := list.fresh(t.Context(), true)
		require.NoError(t, err)
		list.fetch = func(context.Context) ([]dcim.Server, error) { return lacking, nil }
	}
	listing, err := list.ownedBy(t.Context(), []dcim.Account{{ID: "2", Name: "whmcsapi"}})
	require.NoError(t, err)
	require.Contains(t, listing.All(), all[2], "a service whose server it is would get a second one")
}

// TestWhatProvesAFilter: some of the whole list's servers, as that shows them.
func TestWhatProvesAFilter(t *testing.T) {
	var whole Listing
	whole.fill([]dcim.Server{
		{ID: "1", Owner: "2", PowerOn: true}, {ID: "2", Owner: "2", Installing: true}, {ID: "3", Owner: "9", PowerOff: true}, {ID: "4", PowerOff: true}, {ID: "5"},
	})
	one, two := whole.Servers[0], whole.Servers[1]
	dark := func(s dcim.Server) dcim.Server { s.PowerOn, s.Installing = false, false; return s }
	for name, c := range map[string]struct {
		where   dcim.Where
		servers []dcim.Server
		proves  bool
	}{
		"the server":               {dcim.Where{ID: "1"}, []dcim.Server{one}, true},
		"it among others":          {dcim.Where{ID: "1"}, []dcim.Server{one, two}, true},
		"another one":              {dcim.Where{ID: "1"}, []dcim.Server{two}, false},
		"all":                      {dcim.Where{ID: "1"}, whole.Servers, false},
		"one over and over":        {dcim.Where{ID: "1"}, []dcim.Server{one, one, one, one, one, one}, true},
		"none":                     {dcim.Where{ID: "1"}, nil, false},
		"one that is not listed":   {dcim.Where{ID: "1"}, []dcim.Server{one, {ID: "77"}}, false},
		"without its flags":        {dcim.Where{ID: "1"}, []dcim.Server{dark(one)}, false},
		"one without any flag":     {dcim.Where{ID: "5"}, []dcim.Server{{ID: "5"}}, false},
		"the owner's":              {dcim.Where{Owner: "2"}, []dcim.Server{one, two}, true},
		"not all of them":          {dcim.Where{Owner: "2"}, []dcim.Server{one}, false},
		"the owner's, and more":    {dcim.Where{Owner: "2"}, []dcim.Server{one, two, whole.Servers[2]}, true},
		"the owner's, flags aside": {dcim.Where{Owner: "2"}, []dcim.Server{dark(one), dark(two)}, false},
	} {
		require.Equal(t, c.proves, proves(c.where, c.servers, &whole), name)
	}
}

// TestAServerThatAFilterHidesIsNotClaimedTwice: the filter by owner was proven, and lacks by now a server that
// another process has claimed since the last whole list. The allocator reads the whole one, and gives the
// service what it has.
func TestAServerThatAFilterHidesIsNotClaimedTwice(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.Servers = 60 })
	service := w.Order(7)
	w.Administer("5", map[string]any{"owner": "whmcsapi", "power": "on"})
	list := &w.p.Reader.list
	_, err := w.p.Reader.Fresh(t.Context(), true)
	require.NoError(t, err)
	list.filters.byOwner.counts = true
	some := list.some
	list.some = func(ctx context.Context, where dcim.Where) ([]dcim.Server, error) {
		servers, err := some(ctx, where)
		return slices.DeleteFunc(servers, func(s dcim.Server) bool { return s.ID == "1" }), err
	}
	w.Administer("1", map[string]any{"owner": "whmcsapi", "notes": "metalease:" + simulated.Installation + "/service-" + strconv.Itoa(service.ID) + " claimed"})
	found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: service.ID})
	require.NoError(t, err)
	require.Nil(t, found.Server, "the filter hides it")

	survey, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{Wants: []Want{{Package: "E3-16G", Count: 1}}, Services: []int{service.ID}})
	require.NoError(t, err)
	require.Equal(t, map[int]string{service.ID: "1"}, survey.Held)
	for _, offered := range []string{"1", "3"} {
		got, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: offered, ServiceID: service.ID, ClientID: 7, Package: "E3-16G"})
		require.NoError(t, err)
		require.Equal(t, ClaimGranted, got.Outcome)
		require.Equal(t, "1", got.Server.ID)
	}
	require.Empty(t, w.Server("3").Owner)
}
