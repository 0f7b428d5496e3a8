package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/tenant"
	"metalease/internal/hostname"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
	"metalease/workflows/internal/operation"
)

var (
	jane  = api.Actor{Kind: api.ActorClient, Name: "jane@example.com"}
	staff = api.Actor{Kind: api.ActorStaff, Name: "sam"}
)

const debian13 = "ISPsystem__Debian-13-x86_64"

func count(n int) *int { return &n }

// wish is a signal by which somebody has something done with a running server.
type wish struct {
	kind  string
	event api.Event
}

func power(id, action string) wish {
	return wish{api.SignalPower, api.Event{EventID: id, Action: action, Actor: jane}}
}

func reinstallOf(id string) wish {
	return wish{api.SignalReinstall, api.Event{EventID: id, OSTemplate: debian13, Confirm: "S101.example.com.", Actor: jane}}
}

func network(id, state string) wish {
	return wish{api.SignalNetwork, api.Event{EventID: id, State: state, Actor: staff}}
}

func addresses(id string, ipv4 int) wish {
	return wish{api.SignalAddresses, api.Event{EventID: id, IPv4: count(ipv4), Actor: api.Actor{Name: "WHMCS"}}}
}

// wishes are one of each kind.
func wishes() []wish {
	return []wish{power("e1", running.PowerReboot), reinstallOf("e1"), network("e1", "on"), addresses("e1", 2)}
}

func (w *world) wants(after time.Duration, wish wish) { w.at(after, wish.kind, wish.event) }

// became is what became of an event.
func became(t *testing.T, s api.Status, id string) api.EventRecord {
	t.Helper()
	for _, e := range s.Events {
		if e.EventID == id {
			return e
		}
	}
	require.Fail(t, "no such event", "%s in %+v", id, s.Events)
	return api.EventRecord{}
}

// tells requires a line of the timeline.
func tells(t *testing.T, s api.Status, words string) {
	t.Helper()
	for _, e := range s.Timeline {
		if e.What == words {
			return
		}
	}
	require.Fail(t, "not in the timeline", "%q in %v", words, s.Timeline)
}

// tenants is a service whose customer has the server.
func tenanted() *State {
	s := active()
	s.Order, s.Server.Hostname = order(), "s101.example.com"
	s.Server.Install = operation.Install{State: operation.InstallFinished, Number: 1}
	return s
}

// TestWhatCannotBeDoneNow: each wish is refused with a reason that a customer can read.
func TestWhatCannotBeDoneNow(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*State)
		why    string
	}{
		"waiting":    {func(s *State) { s.Life.Phase = api.PhaseWaiting }, "the order waits for a server"},
		"building":   {func(s *State) { s.Life.Phase, s.Life.Step = api.PhasePending, api.StepInstall }, "the server is being built"},
		"stuck":      {func(s *State) { s.Life.Phase = api.PhaseAttention }, "the server is being built"},
		"installing": {func(s *State) { s.Server.Install.State = operation.InstallRunning }, "the server is being installed"},
		"blocked": {func(s *State) {
			s.Life.Phase, s.Server.Blocked, s.Blocks.Expiry = api.PhaseBlocked, true, &Expiry{}
		}, "the server is blocked: Overdue on Payment"},
		"to be blocked": {func(s *State) { s.Blocks.suspend("abuse of jim@example.com", "cli", noon) }, "the server is blocked: Suspended by staff"},
		"unblocking": {func(s *State) {
			s.Life.Phase, s.Server.Blocked = api.PhaseBlocked, true
		}, "the server is being unblocked: ask again in a moment"},
		"terminated": {func(s *State) { s.Operator.Terminate = &Ending{} }, "the server is being given back"},
		"releasing":  {func(s *State) { s.Life.Phase = api.PhaseReleasing }, "the server is being given back"},
		"released":   {func(s *State) { s.Life.Phase, s.Server = api.PhaseReleased, nil }, "the server was given back"},
		"detached":   {func(s *State) { s.Operator.Detach = &Ending{} }, "the service is leaving metalease"},
		"not seen":   {func(s *State) { s.Life.Unseen, s.Life.Blind = true, true }, "whose the server is has to be found out first"},
	} {
		for _, wish := range wishes() {
			s := tenanted()
			c.change(s)
			require.Equal(t, ignored(c.why), s.decideRunning(wish.kind, wish.event, noon), "%s while %s", wish.kind, name)
			require.Nil(t, s.Acting.Now)
			require.Nil(t, s.Acting.Next)
		}
	}
}

// TestWhatNobodyCanWant: the fields are wrong.
func TestWhatNobodyCanWant(t *testing.T) {
	for _, c := range []struct {
		wish wish
		why  string
	}{
		{power("", "explode"), "action must be on, off or reboot"},
		{wish{api.SignalNetwork, api.Event{State: "off", Actor: jane}}, "actor.kind only staff switch the network"},
		{wish{api.SignalReinstall, api.Event{OSTemplate: debian13, Confirm: "s102.example.com", Actor: jane}},
			"confirm must be s101.example.com, the host name of the server: all its data will be lost"},
		{wish{api.SignalReinstall, api.Event{OSTemplate: debian13, Confirm: "s101.example.com", Recipe: "lamp", Actor: jane}}, "recipe is for staff"},
		{wish{api.SignalAddresses, api.Event{}}, "domains or ipv4, or ipv6 must say what is to change"},
		{wish{api.SignalPower, api.Event{Action: "off", At: api.Moment{Time: noon.Add(-6 * time.Minute)}}},
			"it was asked for at 2026-03-01T11:54:00Z and not begun within 5m0s: ask again"},
	} {
		s := tenanted()
		if c.wish.event.At.IsZero() {
			c.wish.event.At.Time = noon
		}
		require.Equal(t, ignored(c.why), s.decideRunning(c.wish.kind, c.wish.event, noon))
		require.Nil(t, s.Acting.Now)
	}
}

// TestPaidCountsAreNotTooLate: whatever kept them waiting.
func TestPaidCountsAreNotTooLate(t *testing.T) {
	s, e := tenanted(), addresses("", 2).event
	e.At.Time = noon.Add(-day)
	require.Equal(t, pending(), s.decideRunning(api.SignalAddresses, e, noon))
}

// TestACustomerReboots: as the customer, with the limit of the configuration, and told with who did it.
func TestACustomerReboots(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"SwitchPower": time.Minute}
	w.wants(hour, power("e1", running.PowerReboot))
	w.look(hour+time.Second, func(s api.Status) {
		require.Equal(t, api.OutcomePending, became(t, s, "e1").Outcome)
		require.Equal(t, api.Action{Kind: api.SignalPower, What: "reboot", By: jane, Since: s.Action.Since}, *s.Action)
		tells(t, s, "client jane@example.com asks for: reboot")
	})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.OutcomeApplied, became(t, s, "e1").Outcome)
		require.Empty(t, s.Action.Problem)
		require.Equal(t, s.Action.Since.Add(time.Minute), s.Action.EndedAt)
		tells(t, s, "reboot, asked for by client jane@example.com: applied")
		require.Nil(t, s.Attention)
	})
	w.live(order(), 3*hour)
	require.Len(t, w.powered, 1)
	asked := w.powered[0]
	require.Equal(t, tenant.Power{
		Server: tenant.Server{ServiceID: 101, ClientID: 7, ServerID: "5", Account: asked.Account, AsCustomer: true, Until: asked.Until},
		Action: "reboot", Limit: 10 * time.Minute,
	}, asked)
	require.Equal(t, "u101", asked.Account.Name)
	require.WithinDuration(t, w.times[0].Add(hour+running.WishLasts), asked.Until, time.Minute)
}

// TestADoubleClickIsOneAction: and both have its outcome.
func TestADoubleClickIsOneAction(t *testing.T) {
	for _, fails := range []bool{false, true} {
		w, outcome := newWorld(t), api.OutcomeApplied
		w.delays = map[string]time.Duration{"SwitchPower": time.Minute}
		if fails {
			w.fail["SwitchPower reboot"], outcome = final(edge.ErrPower, "the server did not come back within 10m0s"), api.OutcomeFailed
		}
		w.wants(hour, power("e1", running.PowerReboot))
		w.wants(hour+time.Second, power("e2", running.PowerReboot))
		w.wants(hour+time.Second, power("e2", running.PowerReboot)) // a retry of the call
		w.wants(hour+2*time.Second, power("e3", running.PowerOff))
		w.look(hour+10*time.Second, func(s api.Status) {
			e := became(t, s, "e3")
			require.Equal(t, api.OutcomeIgnored, e.Outcome)
			require.Contains(t, e.Reason, "reboot is under way since 2026-01-01T13:00:00Z")
		})
		w.look(2*hour, func(s api.Status) {
			require.Equal(t, outcome, became(t, s, "e1").Outcome)
			require.Equal(t, outcome, became(t, s, "e2").Outcome)
			if fails {
				require.Equal(t, "the server did not come back within 10m0s", s.Action.Problem)
				require.Equal(t, s.Action.Problem, became(t, s, "e1").Reason)
			}
			require.Nil(t, s.Attention, "it is the customer's to see")
		})
		w.live(order(), 3*hour)
		require.Equal(t, 1, w.count("SwitchPower reboot"))
		require.Zero(t, w.count("SwitchPower off"))
	}
}

// TestAPowerSwitchThatNobodySawTheEndOfMayStillCome: the next one is told.
func TestAPowerSwitchThatNobodySawTheEndOfMayStillCome(t *testing.T) {
	w := newWorld(t)
	w.fail["SwitchPower off"] = final(edge.ErrPower, "not off within 10m0s")
	w.wants(hour, power("e1", running.PowerOff))
	w.wants(2*hour, power("e2", running.PowerOn))
	w.wants(3*hour, power("e3", running.PowerOn))
	w.live(order(), 4*hour)
	require.Len(t, w.powered, 3)
	require.Equal(t, []bool{false, true, false}, []bool{w.powered[0].Unsettled, w.powered[1].Unsettled, w.powered[2].Unsettled})
}

// TestThePanelSaysNotNow: a customer's own work there is not fought.
func TestThePanelSaysNotNow(t *testing.T) {
	w := newWorld(t)
	w.fail["StartReinstall"] = final(edge.ErrNotNow, "server 5 is being installed, not by us: wait until that is over")
	w.wants(hour, reinstallOf("e1"))
	w.look(2*hour, func(s api.Status) {
		e := became(t, s, "e1")
		require.Equal(t, api.OutcomeIgnored, e.Outcome)
		require.Equal(t, "server 5 is being installed, not by us: wait until that is over", e.Reason)
		require.Nil(t, s.Attention)
		require.Equal(t, "ISPsystem__Debian-12-x86_64", s.Order.OSTemplate)
		require.False(t, s.Install.FinishedAt.IsZero(), "the first install ended well, and is what the server has")
	})
	w.live(order(), 3*hour)
	require.Zero(t, w.count("KeepRootPassword"))
}

// TestAVendorThatIsDownIsAskedAgain: the first attempts fail.
func TestAVendorThatIsDownIsAskedAgain(t *testing.T) {
	w := newWorld(t)
	w.fail["SwitchPower on"] = edge.Retryable(edge.ErrPanelUnavailable, "no answer")
	w.wants(hour, power("e1", running.PowerOn))
	w.RegisterDelayedCallback(func() { delete(w.fail, "SwitchPower on") }, hour+10*time.Second)
	w.look(2*hour, func(s api.Status) { require.Equal(t, api.OutcomeApplied, became(t, s, "e1").Outcome) })
	w.live(order(), 3*hour)
	require.Greater(t, w.count("SwitchPower on"), 1)
}

// TestALostServerIsForStaff: whoever asked.
func TestALostServerIsForStaff(t *testing.T) {
	w := newWorld(t)
	w.fail["SwitchPower on"] = final(edge.ErrOwnership, "server 5 has another owner")
	w.wants(hour, power("e1", running.PowerOn))
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.OutcomeFailed, became(t, s, "e1").Outcome)
		require.Equal(t, "ownership_lost", s.Attention.Code)
	})
	w.live(order(), 3*hour)
}

// TestStaffSwitchTheNetwork: each port is told.
func TestStaffSwitchTheNetwork(t *testing.T) {
	w := newWorld(t)
	w.ports = []tenant.Port{{Switch: "sw1", Port: "12", State: "off"}, {Switch: "sw2", Port: "3", State: "off"}}
	w.wants(hour, network("e1", "off"))
	w.RegisterDelayedCallback(func() { w.ports[1] = tenant.Port{Switch: "sw2", Port: "3", Problem: "the switch does not answer"} }, 2*hour-time.Second)
	w.wants(2*hour, network("e2", "off"))
	w.RegisterDelayedCallback(func() { w.ports = nil }, 3*hour-time.Second)
	w.wants(3*hour, network("e3", "on"))
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, api.EventRecord{EventID: "e1", Kind: api.SignalNetwork, Outcome: api.OutcomeApplied, Reason: "sw1 port 12: off; sw2 port 3: off"}, became(t, s, "e1"))
		require.Equal(t, api.EventRecord{EventID: "e2", Kind: api.SignalNetwork, Outcome: api.OutcomeFailed, Reason: "sw1 port 12: off; sw2 port 3: the switch does not answer"}, became(t, s, "e2"))
		require.Equal(t, api.OutcomeFailed, became(t, s, "e3").Outcome)
		tells(t, s, "network off, asked for by staff sam: applied, sw1 port 12: off; sw2 port 3: off")
	})
	w.live(order(), 5*hour)
}

var named = hostname.Names{{IP: "192.0.2.5", Name: "www.example.com"}}
