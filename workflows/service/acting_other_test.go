package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/activities/tenant"
	"metalease/workflows/api"
	"metalease/workflows/internal/operation"
)

// TestAResetDropsWhatMayHaveBeenDone: what was not begun at its point may have been done after it, and comes again.
func TestAResetDropsWhatMayHaveBeenDone(t *testing.T) {
	for _, wish := range wishes() {
		for _, begun := range []bool{false, true} {
			s := remembered(api.PhaseActive)
			s.Journal.record(api.EventRecord{EventID: "e1", Kind: wish.kind, Outcome: api.OutcomePending})
			s.Acting.Now = newAction(wish.kind, wish.event, time.Now())
			s.Acting.Now.Begun = begun
			w := newWorld(t)
			drop := func(ctx workflow.Context) error {
				(&lifecycle{s: s, ctx: ctx}).dropUnsure()
				return nil
			}
			w.RegisterWorkflow(drop)
			w.ExecuteWorkflow(drop)
			require.NoError(t, w.GetWorkflowError())
			if begun || wish.kind == api.SignalAddresses {
				require.NotNil(t, s.Acting.Now, wish.kind)
				continue
			}
			require.Nil(t, s.Acting.Now, wish.kind)
			require.Equal(t, api.OutcomeFailed, s.Journal.Events[0].Outcome)
			require.Equal(t, doneBefore, s.Acting.Last.Problem)
		}
	}
}

// stoppedOn is what a run remembers of a reinstall that failed on server 9.
func stoppedOn(w *world) *State {
	s := begun(w, reinstallOf("e1"))
	s.Server.Install = operation.Install{State: operation.InstallFailed, Number: 2, Anew: true}
	s.Acting.Stopped = &Stopped{Action: *s.Acting.Now, ServerID: "9", Code: api.CodeInstallFailed, Message: "no DHCP answer"}
	s.Acting.Now = nil
	return s
}

// TestAWordAboutAnotherServerInstallsNothing: the customer was moved to server 10 by hand.
func TestAWordAboutAnotherServerInstallsNothing(t *testing.T) {
	w := newWorld(t)
	s := stoppedOn(w)
	w.found.Server.ID = "10"
	w.look(hour, func(s api.Status) {
		require.Equal(t, "10", s.Server.ID)
		require.Nil(t, s.Attention)
		tells(t, s, "reinstall with "+debian13+", asked for by client jane@example.com: nothing is left to decide, the service has server 10 now")
	})
	w.at(90*time.Minute, api.SignalRetry, nil)
	w.again(s, 2*hour)
	require.Zero(t, len(w.reinstalls))
}

// TestTheEndOfAnotherServersInstallIsNotThisOnes: the reinstall that runs is server 9's.
func TestTheEndOfAnotherServersInstallIsNotThisOnes(t *testing.T) {
	w := newWorld(t)
	w.when = map[string]func(){"StartReinstall": func() { w.takes = 30 * time.Minute }}
	w.wants(hour, reinstallOf("e1"))
	w.RegisterDelayedCallback(func() {
		w.view, w.found = nil, customers(false)
		w.found.Server.ID = "10"
	}, hour+time.Minute)
	w.at(hour+time.Minute, "look", nil)
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, "10", s.Server.ID)
		require.Contains(t, s.Action.Problem, "the service has server 10 now")
	})
	w.live(order(), 3*hour)
}

// TestAReinstallThatOnlyTheMarkToldOfIsRepeatedWithATemplate: it failed, and nobody remembers with what.
func TestAReinstallThatOnlyTheMarkToldOfIsRepeatedWithATemplate(t *testing.T) {
	w := newWorld(t)
	s := begun(w, power("e1", "reboot"))
	s.Acting, s.Journal = Acting{}, Journal{}
	w.found.State, w.inspected = "active installing 2 accepted was=ISPsystem__Debian-12-x86_64", panel.InstallFailed
	w.at(hour, api.SignalRetry, api.Event{Order: []byte(`{"os_template":"` + debian13 + `"}`)})
	w.again(s, 2*hour)
	require.Len(t, w.reinstalls, 1)
	require.Equal(t, debian13, w.reinstalls[0].OSTemplate)
}

// TestAServerThatGoesWhileItIsLookedAtStopsNothing: the run goes on, whatever answer comes after it.
func TestAServerThatGoesWhileItIsLookedAtStopsNothing(t *testing.T) {
	w := newWorld(t)
	s := stoppedOn(w)
	w.delays = map[string]time.Duration{"InspectReinstall": 10 * time.Minute}
	w.at(hour, api.SignalRetry, nil)
	w.at(hour+time.Minute, "look", nil) // and no server is found
	w.look(hour+5*time.Minute, func(s api.Status) { require.Nil(t, s.Server) })
	w.look(2*hour, func(s api.Status) { require.Contains(t, s.Action.Problem, "is not the service's any more") })
	w.again(s, 3*hour)
	require.Zero(t, len(w.reinstalls))
}

// TestABlindLookWithoutAServerWaits: what the run knows holds until the next look, unless that is nothing. The end
// of an install that ran meanwhile is nobody's then.
func TestABlindLookWithoutAServerWaits(t *testing.T) {
	w := newWorld(t)
	w.when = map[string]func(){"StartReinstall": func() { w.takes = 30 * time.Minute }}
	w.wants(hour, reinstallOf("e1"))
	w.RegisterDelayedCallback(func() { w.view = &billing.OrderView{Status: "Active", ClientID: 7} }, hour+time.Minute)
	w.at(hour+time.Minute, "look", nil) // and no server is found
	w.look(hour+2*time.Minute, func(s api.Status) {
		require.Nil(t, s.Server)
		w.fail["CheckOrder"] = final(edge.ErrWHMCSRefused, "no such action")
	})
	w.at(hour+3*time.Minute, api.SignalRetry, nil)
	w.wants(2*hour, power("e2", "on"))
	w.look(2*hour+time.Minute, func(s api.Status) {
		require.Equal(t, "whose the server is has to be found out first", became(t, s, "e2").Reason)
	})
	w.live(order(), 3*hour)
}

// TestTwoThingsToDecideStandOneBehindTheOther: addresses that are to be taken, and a reinstall that failed.
func TestTwoThingsToDecideStandOneBehindTheOther(t *testing.T) {
	w := newWorld(t)
	w.reinstallFails = "no DHCP answer"
	w.changed = func(in tenant.Addresses) tenant.Changed {
		changed := tenant.Changed{Main: "192.0.2.5", Hostname: in.Hostname}
		if len(in.Take) == 0 {
			changed.Extra = []string{"192.0.2.101"}
			changed.Surplus = changed.Extra
		}
		return changed
	}
	w.wants(hour, addresses("e1", 0))
	w.wants(2*hour, reinstallOf("e2"))
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.CodeInstallFailed, s.Attention.Code, "what is worse comes first")
		require.Contains(t, s.Action.Problem, "no DHCP answer")
		w.reinstallFails = ""
	})
	w.at(3*hour, api.SignalRetry, nil)
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, api.CodeAddressesLeft, s.Attention.Code, "and the other one is shown again")
		require.Equal(t, []string{"192.0.2.101"}, s.Server.ExtraIPs)
	})
	w.at(4*hour, api.SignalAccept, nil)
	w.look(5*hour, func(s api.Status) {
		require.Nil(t, s.Attention)
		require.Empty(t, s.Server.ExtraIPs)
	})
	w.live(order(), 6*hour)
	require.Len(t, w.reinstalls, 2)
	require.Len(t, w.changes, 2)
	require.Equal(t, []string{"192.0.2.101"}, w.changes[1].Take, "what staff have accepted is done")
}

// TestAWorseOneIsNotPutAside: addresses that were not added wait behind a reinstall that failed.
func TestAWorseOneIsNotPutAside(t *testing.T) {
	w := newWorld(t)
	w.reinstallFails = "no DHCP answer"
	w.changed = extra
	w.fail["ChangeAddresses"] = final(edge.ErrAddressPool, "no free address")
	w.wants(hour, reinstallOf("e1"))
	w.wants(2*hour, addresses("e2", 2))
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.CodeInstallFailed, s.Attention.Code)
		delete(w.fail, "ChangeAddresses")
	})
	w.at(3*hour, api.SignalAccept, nil)
	w.look(4*hour, func(s api.Status) { require.Contains(t, s.Attention.Message, "no free address") })
	w.at(4*hour, api.SignalRetry, nil)
	w.look(5*hour, func(s api.Status) {
		require.Nil(t, s.Attention)
		require.Equal(t, 2, s.Order.IPv4)
	})
	w.live(order(), 6*hour)
}

// TestAWordThatALookOvertakesIsNotCalledApplied: nothing was done about it.
func TestAWordThatALookOvertakesIsNotCalledApplied(t *testing.T) {
	w := newWorld(t)
	s := stoppedOn(w)
	s.Operator.Attentions, s.Acting.Stopped.Attention = 1, 1
	s.Attention = &api.Attention{Number: 1, Code: api.CodeInstallFailed, Message: "no DHCP answer", Actions: []string{api.SignalRetry}}
	w.at(time.Second, api.SignalRetry, api.Event{EventID: "r1"})
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.OutcomeIgnored, became(t, s, "r1").Outcome)
		require.Equal(t, api.CodeInstallFailed, s.Attention.Code)
		require.Equal(t, 2, s.Attention.Number)
	})
	w.at(hour, api.SignalRetry, api.Event{EventID: "r2"})
	w.look(90*time.Minute, func(s api.Status) { require.Equal(t, api.OutcomeApplied, became(t, s, "r2").Outcome) })
	w.again(s, 2*hour)
	require.Len(t, w.reinstalls, 1)
}
