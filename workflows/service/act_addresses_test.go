package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/tenant"
	"metalease/workflows/api"
)

// extra has the panel give as many addresses as are wanted.
func extra(in tenant.Addresses) tenant.Changed {
	all := []string{"192.0.2.101", "192.0.2.102", "192.0.2.103"}
	return tenant.Changed{Main: "192.0.2." + in.ServerID, Hostname: in.Hostname, Extra: all[:*in.IPv4]}
}

// TestPaidAddressesFollow: the order, the status and WHMCS show what was reached.
func TestPaidAddressesFollow(t *testing.T) {
	w := newWorld(t)
	w.changed = extra
	o := order()
	o.AddressGroup = "customers"
	w.wants(hour, addresses("e1", 2))
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.OutcomeApplied, became(t, s, "e1").Outcome)
		require.Equal(t, []string{"192.0.2.101", "192.0.2.102"}, s.Server.ExtraIPs)
		require.Equal(t, 2, s.Order.IPv4)
		require.Zero(t, s.Order.IPv6)
		require.Nil(t, s.Attention)
	})
	w.live(o, 3*hour)
	require.Len(t, w.changes, 1)
	asked := w.changes[0]
	require.Equal(t, "customers", asked.Group)
	require.Equal(t, "s101.example.com", asked.Hostname)
	require.Nil(t, asked.IPv6)
	require.Zero(t, asked.Until, "it was paid for, and is not too late")
	require.Equal(t, []string{"192.0.2.101", "192.0.2.102"}, w.delivered[len(w.delivered)-1].ExtraIPs)
	w.requireOrder("Activate", "ChangeAddresses", "Readdress")
}

// TestANameOfTheMainAddressIsTheHostName: WHMCS's domain follows, and so does what a reinstall has to confirm.
func TestANameOfTheMainAddressIsTheHostName(t *testing.T) {
	w := newWorld(t)
	w.changed = func(in tenant.Addresses) tenant.Changed {
		return tenant.Changed{Main: "192.0.2.5", Hostname: in.Domains[0].Name}
	}
	w.wants(hour, wish{api.SignalAddresses, api.Event{EventID: "e1", Domains: named, Actor: jane}})
	w.wants(2*hour, reinstallOf("e2"))
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, "www.example.com", s.Server.Hostname)
		require.Equal(t, "www.example.com", s.Order.Domain)
		require.Contains(t, became(t, s, "e2").Reason, "confirm must be www.example.com")
	})
	w.live(order(), 4*hour)
	require.True(t, w.changes[0].AsCustomer)
	require.Equal(t, "www.example.com", w.delivered[len(w.delivered)-1].Domain)
}

// TestSurplusIsTakenWithAWordAlone: exactly what was named, and the rest is named next.
func TestSurplusIsTakenWithAWordAlone(t *testing.T) {
	w := newWorld(t)
	have := []string{"192.0.2.101", "192.0.2.102"}
	w.changed = func(in tenant.Addresses) tenant.Changed {
		for range in.Take {
			have = have[:len(have)-1]
		}
		changed := tenant.Changed{Main: "192.0.2.5", Hostname: in.Hostname, Extra: have}
		if n := *in.IPv4; len(have) > n {
			changed.Surplus = have[n:]
		}
		return changed
	}
	w.wants(hour, addresses("e1", 1))
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.CodeAddressesLeft, s.Attention.Code)
		require.Contains(t, s.Attention.Message, "192.0.2.102")
		require.NotContains(t, s.Attention.Message, "192.0.2.101")
		require.Equal(t, api.OutcomeApplied, became(t, s, "e1").Outcome)
		require.Contains(t, became(t, s, "e1").Reason, "stay until staff have agreed")
		require.Zero(t, s.Order.IPv4, "not reached yet")
	})
	w.at(3*hour, api.SignalRetry, nil) // only looks again
	w.look(4*hour, func(s api.Status) { require.Equal(t, api.CodeAddressesLeft, s.Attention.Code) })
	w.at(5*hour, api.SignalAccept, api.Event{EventID: "a1"})
	w.look(6*hour, func(s api.Status) {
		require.Nil(t, s.Attention)
		require.Equal(t, 1, s.Order.IPv4)
		require.Equal(t, []string{"192.0.2.101"}, s.Server.ExtraIPs)
	})
	w.live(order(), 7*hour)
	require.Len(t, w.changes, 3)
	require.Empty(t, w.changes[0].Take)
	require.Empty(t, w.changes[1].Take)
	require.Equal(t, []string{"192.0.2.102"}, w.changes[2].Take)
}

// TestAnEmptyPoolAfterAPaidChangeIsForStaff: retry goes on.
func TestAnEmptyPoolAfterAPaidChangeIsForStaff(t *testing.T) {
	w := newWorld(t)
	w.changed = extra
	w.fail["ChangeAddresses"] = final(edge.ErrAddressPool, "group customers has no free address left")
	w.wants(hour, addresses("e1", 2))
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, "addresses_exhausted", s.Attention.Code)
		require.Equal(t, api.OutcomeFailed, became(t, s, "e1").Outcome)
		require.Zero(t, s.Order.IPv4)
		delete(w.fail, "ChangeAddresses")
	})
	w.at(3*hour, api.SignalRetry, nil)
	w.look(4*hour, func(s api.Status) {
		require.Nil(t, s.Attention)
		require.Equal(t, 2, s.Order.IPv4)
	})
	w.live(order(), 5*hour)
}

// TestPaidAddressesWaitForTheirTurn: behind what is done now; of several wishes the newest words are done.
func TestPaidAddressesWaitForTheirTurn(t *testing.T) {
	w := newWorld(t)
	w.changed = extra
	w.delays = map[string]time.Duration{"SwitchPower": 5 * time.Minute}
	w.wants(hour, power("p1", "reboot"))
	w.wants(hour+time.Minute, addresses("e1", 3))
	w.wants(hour+2*time.Minute, addresses("e2", 2))
	w.wants(hour+2*time.Minute, wish{api.SignalAddresses, api.Event{EventID: "e3", IPv6: count(1), Domains: named}})
	w.look(hour+3*time.Minute, func(s api.Status) {
		require.Equal(t, "reboot", s.Action.What)
		require.Equal(t, api.OutcomePending, became(t, s, "e1").Outcome)
		require.Zero(t, w.count("ChangeAddresses"))
	})
	w.look(2*hour, func(s api.Status) {
		for _, id := range []string{"p1", "e1", "e2", "e3"} {
			require.Equal(t, api.OutcomeApplied, became(t, s, id).Outcome, id)
		}
		require.Equal(t, []int{2, 1}, []int{s.Order.IPv4, s.Order.IPv6})
	})
	w.live(order(), 3*hour)
	require.Len(t, w.changes, 1)
	require.Equal(t, named, w.changes[0].Domains)
}

// TestAWishBehindARunningChangeHasItsOwnOutcome: the first one fails, the second does not.
func TestAWishBehindARunningChangeHasItsOwnOutcome(t *testing.T) {
	w := newWorld(t)
	w.changed = extra
	w.delays = map[string]time.Duration{"ChangeAddresses": 5 * time.Minute}
	w.fail["ChangeAddresses"] = final(edge.ErrPanelRefused, "no")
	w.wants(hour, addresses("e1", 3))
	w.wants(hour+time.Minute, addresses("e2", 2))
	w.RegisterDelayedCallback(func() { delete(w.fail, "ChangeAddresses") }, hour+6*time.Minute)
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.OutcomeFailed, became(t, s, "e1").Outcome)
		require.Equal(t, api.OutcomeApplied, became(t, s, "e2").Outcome)
		require.Nil(t, s.Attention, "what was reached since settles it")
		require.Equal(t, 2, s.Order.IPv4)
	})
	w.live(order(), 3*hour)
}

// TestABlockHasPaidAddressesWait: they are given when it is over.
func TestABlockHasPaidAddressesWait(t *testing.T) {
	w := newWorld(t)
	w.changed = extra
	w.delays = map[string]time.Duration{"ChangeAddresses": hour}
	w.wants(hour, addresses("e1", 2))
	w.at(hour+time.Minute, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.look(90*time.Minute, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, api.OutcomePending, became(t, s, "e1").Outcome)
		require.Nil(t, s.Attention)
	})
	w.RegisterDelayedCallback(func() { w.delays = nil }, 100*time.Minute)
	w.at(2*hour, api.SignalUnsuspend, nil)
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.OutcomeApplied, became(t, s, "e1").Outcome)
		require.Equal(t, 2, s.Order.IPv4)
	})
	w.live(order(), 4*hour)
}

// TestAReleaseDropsWhatWaits: it has an outcome all the same.
func TestAReleaseDropsWhatWaits(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"SwitchPower": hour}
	w.wants(hour, power("p1", "reboot"))
	w.wants(hour+time.Minute, addresses("e1", 2))
	end := w.live(order(), hour+2*time.Minute)
	require.Equal(t, api.OutcomeSuperseded, became(t, end, "e1").Outcome)
	require.Equal(t, api.OutcomeFailed, became(t, end, "p1").Outcome)
	require.Zero(t, w.count("ChangeAddresses"))
}
