package conformance

import (
	"context"
	"errors"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

// write is a write of the backend, what has to be there before, and what its effect looks like.
type write struct {
	verb    Verb
	prepare func(*suite)
	call    func(context.Context, *suite) error
	// done looks for the effect; nil where a backend has no way to see it.
	done func(*suite) bool
	// before is how many writes precede it: the key that opens a session.
	before int
}

var writes = []write{
	{
		verb: CreateAccount,
		call: func(ctx context.Context, s *suite) error {
			_, err := s.b.CreateAccount(ctx, "cust42", "long enough")
			return err
		},
		done: func(s *suite) bool {
			accounts, err := s.b.Accounts(s.ctx())
			require.NoError(s, err)
			return len(accounts) == 1
		},
	},
	{
		verb: UpdateWrite,
		call: func(ctx context.Context, s *suite) error {
			api, err := s.b.Self(ctx)
			if err != nil {
				return err
			}
			return s.b.Update(ctx, "1", func(dcim.Record) (dcim.Change, error) { return dcim.Assign(api, "ours"), nil })
		},
		done: func(s *suite) bool { return s.record("1").Notes == "ours" },
	},
	{
		verb: Block,
		call: func(ctx context.Context, s *suite) error { return s.b.Block(ctx, "1") },
		done: func(s *suite) bool { return s.server("1").Blocked },
	},
	{
		verb: Unblock, prepare: func(s *suite) { require.NoError(s, s.b.Block(s.ctx(), "1")) },
		call: func(ctx context.Context, s *suite) error { return s.b.Unblock(ctx, "1") },
		done: func(s *suite) bool { return !s.server("1").Blocked },
	},
	{
		verb: PowerOn,
		call: func(ctx context.Context, s *suite) error { return s.b.Power(ctx, "1", dcim.PowerOn) },
		done: func(s *suite) bool { return s.server("1").PowerOn },
	},
	{
		verb: PowerOff, prepare: func(s *suite) { require.NoError(s, s.b.Power(s.ctx(), "1", dcim.PowerOn)) },
		call: func(ctx context.Context, s *suite) error { return s.b.Power(ctx, "1", dcim.PowerOff) },
		done: func(s *suite) bool { return s.server("1").PowerOff },
	},
	{
		verb: Reboot,
		call: func(ctx context.Context, s *suite) error { return s.b.Power(ctx, "1", dcim.Reboot) },
	},
	{
		verb: Install, prepare: func(s *suite) { s.hold("1", "metalease:main/service-7 installing 1") },
		call: func(ctx context.Context, s *suite) error {
			return s.b.Install(ctx, "1", dcim.Install{Template: Template, Password: "long enough"})
		},
		done: func(s *suite) bool { return s.server("1").Installing },
	},
	{
		verb: Diagnose, prepare: func(s *suite) { s.hold("1", "metalease:main/service-7 releasing") },
		call: func(ctx context.Context, s *suite) error { return s.b.Diagnose(ctx, "1") },
		done: func(s *suite) bool { return s.server("1").Diagnostics },
	},
	{
		verb: CancelOperation,
		prepare: func(s *suite) {
			s.hold("1", "metalease:main/service-7 installing 1")
			require.NoError(s, s.b.Install(s.ctx(), "1", dcim.Install{Template: Template, Password: "long enough"}))
		},
		call: func(ctx context.Context, s *suite) error { return s.b.CancelOperation(ctx, "1") },
		done: func(s *suite) bool { return !s.server("1").Installing },
	},
	{
		verb: AddAddress,
		call: func(ctx context.Context, s *suite) error {
			_, err := s.b.AddAddress(ctx, "1", dcim.NewAddress{Domain: "web.example.com", Group: "public", Family: dcim.IPv4})
			return err
		},
		done: func(s *suite) bool { return len(s.addressesOf("1")) == 2 },
	},
	{
		verb: NameAddress,
		call: func(ctx context.Context, s *suite) error {
			return s.b.NameAddress(ctx, "1", s.addressesOf("1")[0].ID, "web.example.com")
		},
		done: func(s *suite) bool { return s.server("1").Hostname == "web.example.com" },
	},
	{
		verb: DeleteAddress,
		call: func(ctx context.Context, s *suite) error {
			return s.b.DeleteAddress(ctx, "1", s.addressesOf("1")[0].ID)
		},
		done: func(s *suite) bool { return len(s.addressesOf("1")) == 0 },
	},
	{
		verb: OpenPort,
		call: func(ctx context.Context, s *suite) error { return s.b.SwitchPort(ctx, "1", s.switchPort("1").ID, true) },
	},
	{
		verb: ClosePort,
		call: func(ctx context.Context, s *suite) error {
			return s.b.SwitchPort(ctx, "1", s.switchPort("1").ID, false)
		},
	},
	{
		verb: PowerOnAs, prepare: func(s *suite) { s.rent("1") }, before: 1,
		call: func(ctx context.Context, s *suite) error { return s.b.PowerAs(ctx, customer, "1", dcim.PowerOn) },
		done: func(s *suite) bool { return s.server("1").PowerOn },
	},
	{
		verb: InstallAs, prepare: func(s *suite) { s.rent("1") }, before: 1,
		call: func(ctx context.Context, s *suite) error {
			return s.b.InstallAs(ctx, customer, "1", dcim.Install{Template: Template, Password: "long enough"})
		},
		done: func(s *suite) bool { return s.server("1").Installing },
	},
}

// customer is who rents a server.
var customer = dcim.Account{Name: "cust42"}

// rent creates the customer, and gives him a server.
func (s *suite) rent(serverID string) dcim.Account {
	s.Helper()
	account, err := s.b.CreateAccount(s.ctx(), customer.Name, "long enough")
	require.NoError(s, err)
	s.p.SetOwner(s.T, serverID, account)
	return account
}

func (s *suite) addressesOf(serverID string) []dcim.Address {
	s.Helper()
	addresses, err := s.b.Addresses(s.ctx(), serverID)
	require.NoError(s, err)
	return addresses
}

// fault: whatever goes wrong with a write, its error says truly whether it may have been made,
// it left once, and a later read shows the truth.
func (s *suite) fault(w write, fault Fault) {
	s.start(Options{})
	if w.prepare != nil {
		w.prepare(s)
		s.p.Pass(Soon)
	}
	s.p.Break(s.T, w.verb, fault)
	before := s.p.Writes()
	err := s.broken(w, fault, before)
	require.Error(s, err)
	require.Equal(s, before+w.before+1, s.p.Writes(), "a write leaves once")
	require.ErrorContains(s, err, s.b.Name())

	var failure *dcim.Error
	require.True(s, errors.As(err, &failure))
	require.True(s, failure.Sent)
	require.Equal(s, fault == Refused, dcim.Refused(err), "%v", err)
	require.Equal(s, fault != Refused, dcim.Uncertain(err), "%v", err)
	if fault == LostRequest || fault == LostReply || fault == Hang {
		require.ErrorIs(s, err, dcim.ErrMayHaveHappened)
	}
	s.p.Mend()
	s.p.Pass(Soon)
	if w.done != nil {
		require.Equal(s, fault == LostReply, w.done(s))
	}
}

// broken makes a call that goes wrong. One that hangs is given up as soon as it has arrived.
func (s *suite) broken(w write, fault Fault, before int) error {
	if fault != Hang {
		return w.call(s.ctx(), s)
	}
	ctx, giveUp := context.WithCancel(s.ctx())
	ended := make(chan error, 1)
	go func() { ended <- w.call(ctx, s) }()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for s.p.Writes() < before+w.before+1 {
		select {
		case err := <-ended:
			s.Errorf("it did not hang: %v", err)
			giveUp()
			return err
		case <-look.C:
		}
	}
	giveUp()
	return <-ended
}
