package panel

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
	w.p.Reader.list.tick = 200 * time.Millisecond
	look := func() { // all have asked long before the tick is over
		var waiting []*refresh
		for _, id := range []string{"1", "2", "3", "4", "5"} {
			waiting = append(waiting, w.p.Reader.list.join(t.Context(), false, func(d *demand) { d.server(id) }))
		}
		for _, r := range waiting {
			_, err := r.wait(t.Context())
			require.NoError(t, err)
		}
	}
	_, whole := w.lists(func() { _, err := w.p.Reader.Fresh(t.Context(), true); require.NoError(t, err) })
	look() // the try
	require.True(t, w.p.Reader.list.filters.byOwner.counts)
	requests, bytes := w.lists(look)
	require.Equal(t, 1, requests)
	require.Less(t, bytes, whole/10)

	find := func() {
		found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: 7})
		require.NoError(t, err)
		require.Nil(t, found.Server)
	}
	requests, bytes = w.lists(find)
	require.Equal(t, 1, requests)
	require.Less(t, bytes, whole/10, "an order looks for its server among those that it may have")

	w.p.Reader.list.filters.byOwner = filter{}
	requests, _ = w.lists(find)
	require.Equal(t, 2, requests, "or tries whether it can, right before the whole list")
	require.True(t, w.p.Reader.list.filters.byOwner.counts)
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

// TestWhoWantsAllIsShownAllWhileAFilterIsTried: it counts by the time of its answer, for an urgent list has tried it too.
func TestWhoWantsAllIsShownAllWhileAFilterIsTried(t *testing.T) {
	all := servers(1, 30)
	for i := range 3 {
		all[i].Owner, all[i].PowerOn = "2", true
	}
	list := &serverList{panel: "fra1", fetch: func(context.Context) ([]dcim.Server, error) { return all, nil }}
	list.some = func(context.Context, dcim.Where) ([]dcim.Server, error) {
		list.mu.Lock()
		defer list.mu.Unlock()
		list.filters.byOwner.counts = true
		return all[:3], nil
	}
	_, err := list.fresh(t.Context(), true)
	require.NoError(t, err)
	listing, err := list.ownedBy(t.Context(), []dcim.Account{{ID: "2", Name: "whmcsapi"}})
	require.NoError(t, err)
	require.Len(t, listing.Servers, 30)
	listing, err = list.ownedBy(t.Context(), []dcim.Account{{ID: "2", Name: "whmcsapi"}})
	require.NoError(t, err)
	require.Len(t, listing.Servers, 3)
}
