package panel

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/internal/simulated"
	"metalease/activities/tenant"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
	"metalease/internal/hostname"
)

func (w *world) addresses(in tenant.Addresses) (tenant.Changed, error) {
	return simulated.Run[tenant.Changed](w, w.p.ChangeAddresses, in)
}

func wanted(in tenant.Server, v4, v6 int) tenant.Addresses {
	return tenant.Addresses{Server: in, IPv4: &v4, IPv6: &v6, Hostname: "s102.example.com"}
}

// name gives an address of server 1 a name, as its customer does in the panel.
func (w *world) name(ip, name string) {
	w.T.Helper()
	have, err := w.p.backend.Addresses(w.T.Context(), "1")
	require.NoError(w.T, err)
	for _, address := range have {
		if address.IP == ip {
			require.NoError(w.T, w.p.backend.NameAddress(w.T.Context(), "1", address.ID, name))
		}
	}
}

func TestMoreAddressesAreAdded(t *testing.T) {
	w := newWorld(t)
	w.Attempts()
	in := w.rented()
	w.Lose(panelsim.CloseAfter, "iplist.edit!", 1)
	_, err := w.addresses(wanted(in, 2, 1))
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
	is, err := w.addresses(wanted(in, 2, 1))
	require.NoError(t, err)
	require.Len(t, is.Extra, 3, "a lost reply adds none")
	require.Empty(t, is.Surplus)
	require.Equal(t, w.Server("1").IP, is.Main)
	require.Equal(t, w.Server("1").Hostname, is.Hostname)
	require.Len(t, w.Server("1").Addresses, 4)
	for _, a := range w.Server("1").Addresses[1:] {
		require.Equal(t, "s102.example.com", a.Domain)
	}
	again, err := w.addresses(tenant.Addresses{Server: in})
	require.NoError(t, err, "without counts nothing is wanted")
	require.Equal(t, is, again)
	w.RequireClean()
}

// TestAddressesInUseAreNotTakenWithoutAWord: what is more than wanted is named, the newest first, and
// what has a name of its own last.
func TestAddressesInUseAreNotTakenWithoutAWord(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	had, err := w.addresses(wanted(in, 4, 2))
	require.NoError(t, err)
	v4 := had.Extra[:4]
	w.name(v4[3], "mail.customer.example")
	before := w.Server("1")
	for want, surplus := range map[int][]string{3: {v4[2]}, 1: {v4[2], v4[1], v4[0]}, 0: {v4[2], v4[1], v4[0], v4[3]}} {
		is, err := w.addresses(wanted(in, want, 2))
		require.NoError(t, err)
		require.Equal(t, surplus, is.Surplus)
	}
	require.Equal(t, before, w.Server("1"), "nothing was done")
	require.Zero(t, w.calls("iplist.delete"))
}

func TestWhatAPersonHasAgreedToLoseIsTaken(t *testing.T) {
	w := newWorld(t)
	w.Attempts()
	in := w.rented()
	had, err := w.addresses(wanted(in, 3, 0))
	require.NoError(t, err)
	less := wanted(in, 1, 0)
	less.Take = []string{had.Extra[0], had.Extra[2]}
	w.Lose(panelsim.CloseAfter, "iplist.delete", 1)
	_, err = w.addresses(less)
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
	for range 2 {
		is, err := w.addresses(less)
		require.NoError(t, err)
		require.Equal(t, []string{had.Extra[1]}, is.Extra)
		require.Empty(t, is.Surplus)
	}
	require.Equal(t, 2, w.calls("iplist.delete"))

	stale := wanted(in, 1, 0) // somebody has ordered more since the word was given
	stale.Take = had.Extra
	is, err := w.addresses(stale)
	require.NoError(t, err)
	require.Equal(t, []string{had.Extra[1]}, is.Extra, "no more than there are too many")
	w.RequireClean()
}

func TestWhatMustNotBeDoneToAddressesIsRefusedBeforeAnything(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	had, err := w.addresses(wanted(in, 1, 0))
	require.NoError(t, err)
	before := w.Server("1")
	for name, change := range map[string]func(*tenant.Addresses){
		"the main address is taken": func(a *tenant.Addresses) { a.Take = []string{had.Main} },
		"an address of another server": func(a *tenant.Addresses) {
			a.Domains = append(a.Domains, hostname.Named{IP: w.Server("2").IP, Name: "a.example.org"})
		},
		"the name of a free server": func(a *tenant.Addresses) {
			a.Domains = append(a.Domains, hostname.Named{IP: had.Main, Name: "FREE.ds"})
		},
		"a name that is none": func(a *tenant.Addresses) {
			a.Domains = append(a.Domains, hostname.Named{IP: had.Main, Name: "192.0.2.1"})
		},
	} {
		in := wanted(in, 3, 0)
		in.Domains = hostname.Names{{IP: had.Extra[0], Name: "good.example.org"}}
		change(&in)
		_, err := w.addresses(in)
		require.Error(t, err, name)
		simulated.RequireType(t, err, edge.ErrBadOrder, false)
		require.Equal(t, before, w.Server("1"), name)
	}
}

func TestSingleAddressesAreNamed(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.LongIPv6 = true })
	in := w.rented()
	had, err := w.addresses(wanted(in, 1, 1))
	require.NoError(t, err)
	is, err := w.addresses(tenant.Addresses{Server: in, Domains: hostname.Names{{IP: had.Main, Name: "www.customer.example"}, {IP: w.Server("1").Addresses[2].IP, Name: "six.customer.example"}}})
	require.NoError(t, err)
	require.Equal(t, "www.customer.example", is.Hostname)
	require.Equal(t, "www.customer.example", w.Server("1").Hostname, "the main one is the server's")
	require.Equal(t, "six.customer.example", w.Server("1").Addresses[2].Domain)
	require.NotEqual(t, "six.customer.example", w.Server("1").Addresses[1].Domain)
	calls := w.calls("iplist.edit")
	_, err = w.addresses(tenant.Addresses{Server: in, Domains: hostname.Names{{IP: had.Main, Name: "WWW.customer.example"}}})
	require.NoError(t, err)
	require.Equal(t, calls, w.calls("iplist.edit"), "it is called that")
}

func TestAnEmptyPoolIsNamedToACustomerToo(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.PoolSize = 1 })
	in := w.rented()
	_, err := w.addresses(wanted(in, 2, 0))
	simulated.RequireType(t, err, edge.ErrAddressPool, false)
	require.Len(t, w.Server("1").Addresses, 2, "what there was is the customer's")
}

// pausing are brakes that somebody has pulled.
type pausing struct{ asked []engine.Permit }

func (p *pausing) Permit(_ context.Context, _ string, permit engine.Permit) error {
	p.asked = append(p.asked, permit)
	return edge.Expected(edge.ErrPaused, "panel fra1 is paused: fire in the hall")
}

// TestNothingIsTakenWhileDestroyingIsPaused, nor of a service that is not the client's and Active. A pause ends
// the wish: it is not granted hours later.
func TestNothingIsTakenWhileDestroyingIsPaused(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(w *world, in *tenant.Addresses)
		kind    string
	}{
		"paused":           {func(w *world, _ *tenant.Addresses) { w.p.Brakes = &pausing{} }, edge.ErrNotNow},
		"suspended":        {func(w *world, in *tenant.Addresses) { _, _ = w.Billing.Act(in.ServiceID, "suspend") }, edge.ErrNotNow},
		"another client's": {func(_ *world, in *tenant.Addresses) { in.ClientID++ }, edge.ErrClient},
		"blocked meanwhile": {func(w *world, _ *tenant.Addresses) {
			w.p.Brakes = meanwhile(func() { w.Administer("1", map[string]any{"blocked": true, "disabled": true}) })
		}, edge.ErrNotNow},
		"given away meanwhile": {func(w *world, _ *tenant.Addresses) {
			w.p.Brakes = meanwhile(func() { w.Administer("1", map[string]any{"owner": "u-other"}) })
		}, edge.ErrOwnership},
		"too late meanwhile": {func(w *world, in *tenant.Addresses) {
			in.Until = time.Now().Add(300 * time.Millisecond)
			w.p.Brakes = meanwhile(func() {
				require.Eventually(w.T, func() bool { return time.Now().After(in.Until) }, time.Second, time.Millisecond)
			})
		}, edge.ErrTooLate},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(c *panelsim.Config) {
				c.Users = []panelsim.User{{Name: "u-other", Level: 16, Password: "long-enough-1"}}
			})
			in := w.rented()
			had, err := w.addresses(wanted(in, 2, 0))
			require.NoError(t, err)
			less := wanted(in, 0, 0)
			less.Take = had.Extra
			c.prepare(w, &less)
			_, err = w.addresses(less)
			simulated.RequireType(t, err, c.kind, false)
			require.Len(t, w.Server("1").Addresses, 3)
			require.Zero(t, w.calls("iplist.delete"))
		})
	}
}

func TestANameOfOnesOwnIsWorthMoreThanAge(t *testing.T) {
	two := 0
	is := changed(partition([]dcim.Address{
		{ID: "1", IP: "192.0.2.1", Domain: "s1.example.com"}, {ID: "9", IP: "192.0.2.9", Domain: "s1.example.com"},
		{ID: "10", IP: "192.0.2.10", Domain: "s1.example.com"}, {ID: "11", IP: "192.0.2.11", Domain: "own.example.org"},
	}, "192.0.2.1"), tenant.Addresses{IPv4: &two})
	require.Equal(t, []string{"192.0.2.10", "192.0.2.9", "192.0.2.11"}, is.Surplus)
	require.Empty(t, changed(partition(nil, ""), tenant.Addresses{}).Extra)
}
