package dci5_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/simulator"
)

// change is a change of the panel and what its effect looks like.
type change struct {
	function string
	prepare  func(t *testing.T, s *simulated)
	call     func(context.Context, *simulated) error
	done     func(simulator.State) bool
}

var changes = map[string]change{
	"create account": {
		function: "user.edit",
		call: func(ctx context.Context, s *simulated) error {
			_, err := s.CreateAccount(ctx, "cust42", "long enough")
			return err
		},
		done: func(s simulator.State) bool { return len(s.Users) == 2 },
	},
	"update": {
		function: "server.edit!",
		call:     func(ctx context.Context, s *simulated) error { return save(ctx, s, "1", "3", "") },
		done:     func(s simulator.State) bool { return s.Servers[0].Owner == "3" },
	},
	"disable": {
		function: "server.disable",
		call:     func(ctx context.Context, s *simulated) error { return s.Block(ctx, "1") },
		done:     func(s simulator.State) bool { return s.Servers[0].Disabled },
	},
	"enable": {
		function: "server.enable",
		prepare:  func(t *testing.T, s *simulated) { require.NoError(t, s.Block(t.Context(), "1")) },
		call:     func(ctx context.Context, s *simulated) error { return s.Unblock(ctx, "1") },
		done:     func(s simulator.State) bool { return !s.Servers[0].Disabled },
	},
	"power on": {
		function: "server.poweron",
		call:     func(ctx context.Context, s *simulated) error { return s.Power(ctx, "1", dcim.PowerOn) },
		done:     func(s simulator.State) bool { return s.Servers[0].Power == simulator.PowerOn },
	},
	"power off": {
		function: "server.poweroff",
		prepare:  func(t *testing.T, s *simulated) { require.NoError(t, s.Power(t.Context(), "1", dcim.PowerOn)) },
		call:     func(ctx context.Context, s *simulated) error { return s.Power(ctx, "1", dcim.PowerOff) },
		done:     func(s simulator.State) bool { return s.Servers[0].Power == simulator.PowerOff },
	},
	"reboot": {
		function: "server.reboot",
		call:     func(ctx context.Context, s *simulated) error { return s.Power(ctx, "1", dcim.Reboot) },
		done:     func(s simulator.State) bool { return s.Servers[0].Tenancy.Touched },
	},
	"install": {
		function: "server.operations!",
		call: func(ctx context.Context, s *simulated) error {
			return s.Install(ctx, "1", dcim.Install{Template: debian, Password: "long enough"})
		},
		done: func(s simulator.State) bool { return len(s.Installs) == 1 },
	},
	"cancel": {
		function: "server.opercancel",
		prepare: func(t *testing.T, s *simulated) {
			require.NoError(t, s.Install(t.Context(), "1", dcim.Install{Template: debian, Password: "long enough"}))
		},
		call: func(ctx context.Context, s *simulated) error { return s.CancelOperation(ctx, "1") },
		done: func(s simulator.State) bool { return !s.Servers[0].Installing },
	},
	"add address": {
		function: "iplist.edit!",
		call: func(ctx context.Context, s *simulated) error {
			_, err := s.AddAddress(ctx, "1", dcim.NewAddress{Domain: "web.example.com", Group: "public", Family: "ipv4"})
			return err
		},
		done: func(s simulator.State) bool { return len(s.Servers[0].Addresses) == 2 },
	},
	"name address": {
		function: "iplist.edit!",
		call: func(ctx context.Context, s *simulated) error {
			return s.NameAddress(ctx, "1", s.State().Servers[0].Addresses[0].ID, "web.example.com")
		},
		done: func(s simulator.State) bool { return s.Servers[0].Hostname == "web.example.com" },
	},
	"delete address": {
		function: "iplist.delete",
		call: func(ctx context.Context, s *simulated) error {
			return s.DeleteAddress(ctx, "1", s.State().Servers[0].Addresses[0].ID)
		},
		done: func(s simulator.State) bool { return len(s.Servers[0].Addresses) == 0 },
	},
	"connection off": {
		function: "server.connection.off",
		call: func(ctx context.Context, s *simulated) error {
			return s.SwitchPort(ctx, "1", s.State().Servers[0].Connections[0].ID, false)
		},
		done: func(s simulator.State) bool { return !s.Servers[0].Connections[0].On },
	},
}

// TestFaults: whatever goes wrong with a change, its kind says truly whether the
// change may have been made, and it was asked for once.
func TestFaults(t *testing.T) {
	for effect, want := range map[simulator.Effect]struct {
		kind dcim.Kind
		done bool
	}{
		simulator.Error:       {dcim.KindValue, false},
		simulator.HTTP500:     {dcim.KindNotAPanel, false},
		simulator.Garbage:     {dcim.KindNotAPanel, false},
		simulator.CloseBefore: {dcim.KindMayHaveHappened, false},
		simulator.CloseAfter:  {dcim.KindMayHaveHappened, true},
	} {
		for name, c := range changes {
			t.Run(string(effect)+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := simulate(t, simulator.Config{Servers: 1, InstallTime: time.Hour})
				if c.prepare != nil {
					c.prepare(t, s)
				}
				function := strings.TrimSuffix(c.function, "!")
				before := s.State().Functions[function].Requests
				require.NoError(t, s.Fault(simulator.Rule{Function: c.function, Effect: effect}))

				err := c.call(t.Context(), s)
				require.Equal(t, want.kind, dcim.KindOf(err), "%v", err)
				require.ErrorContains(t, err, "panel dc1, "+function)
				if c.done != nil {
					require.Equal(t, want.done, c.done(s.State()))
				}
				reads := 0
				if c.function == "server.edit!" {
					reads = 1
				}
				require.Equal(t, before+reads+1, s.State().Functions[function].Requests, "asked once")
			})
		}
	}
}

// TestFaultsOfReads: a read that failed changed nothing, and says what to do.
func TestFaultsOfReads(t *testing.T) {
	for effect, want := range map[simulator.Effect]dcim.Kind{
		simulator.Error: dcim.KindValue, simulator.HTTP500: dcim.KindNotAPanel, simulator.Garbage: dcim.KindNotAPanel,
		simulator.CloseBefore: dcim.KindUnreachable, simulator.CloseAfter: dcim.KindUnreachable,
	} {
		s := simulate(t, simulator.Config{Servers: 1})
		require.NoError(t, s.Fault(simulator.Rule{Effect: effect}))
		_, err := s.Servers(t.Context())
		require.Equal(t, want, dcim.KindOf(err), "%s: %v", effect, err)
		_, err = s.Record(t.Context(), "1")
		require.Equal(t, want, dcim.KindOf(err), "%s: %v", effect, err)
		s.ClearFaults()
		_, err = s.Record(t.Context(), "1")
		require.NoError(t, err)
	}
}
