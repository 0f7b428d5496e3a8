package conformance

import (
	"context"
	"errors"
	"slices"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

func (s *suite) self() {
	s.start(Options{})
	require.NotEmpty(s, s.b.Name())
	require.False(s, s.b.ReadOnly())
	api, err := s.b.Self(s.ctx())
	require.NoError(s, err)
	require.NotEmpty(s, api.ID)
	require.NotEmpty(s, api.Name)
	again, err := s.b.Self(s.ctx())
	require.NoError(s, err)
	require.Equal(s, api, again)
}

func (s *suite) accounts() {
	s.start(Options{})
	api, err := s.b.Self(s.ctx())
	require.NoError(s, err)
	before, err := s.b.Accounts(s.ctx())
	require.NoError(s, err)
	require.NotContains(s, before, api, "we are no customer")

	created, err := s.b.CreateAccount(s.ctx(), "cust42", "long enough")
	require.NoError(s, err)
	require.NotEmpty(s, created.ID)
	require.Equal(s, "cust42", created.Name)
	after, err := s.b.Accounts(s.ctx())
	require.NoError(s, err)
	require.Equal(s, append(before, created), after)

	_, err = s.b.CreateAccount(s.ctx(), "cust42", "long enough")
	require.ErrorIs(s, err, dcim.ErrExists)
	require.True(s, dcim.Refused(err))
	_, err = s.b.CreateAccount(s.ctx(), "cust43", "x")
	require.ErrorIs(s, err, dcim.ErrValue)
	require.NotContains(s, err.Error(), `"x"`)
	all, err := s.b.Accounts(s.ctx())
	require.NoError(s, err)
	require.Equal(s, after, all)
}

// filters: one that works shows the servers as the whole list does; one that does not may show all of them, or be refused.
func (s *suite) filters() {
	s.start(Options{})
	api := s.hold("2", "metalease:main/service-7 claimed")
	owner := s.server("2").Owner
	require.True(s, api.Owns(owner))
	for _, where := range []dcim.Where{{ID: "2"}, {Owner: owner}} {
		servers, err := s.b.ServersWhere(s.ctx(), where)
		if err != nil {
			require.True(s, dcim.AboutOne(err), err)
			continue
		}
		require.Contains(s, servers, s.server("2"))
	}
	for _, where := range []dcim.Where{{}, {ID: "2", Owner: owner}} {
		_, err := s.b.ServersWhere(s.ctx(), where)
		require.ErrorIs(s, err, dcim.ErrValue)
	}
}

func (s *suite) stock() {
	s.start(Options{})
	servers, err := s.b.Servers(s.ctx())
	require.NoError(s, err)
	require.Len(s, servers, 4)
	for i, server := range servers {
		require.Equal(s, string(rune('1'+i)), server.ID)
		require.True(s, server.Free() && server.Matches(PackageOne) && server.Package() == PackageOne, "%+v", server)
		require.NotEmpty(s, server.IP)
		record := s.record(server.ID)
		require.Equal(s, server.ID, record.ID)
		require.Equal(s, server.Label, record.Label)
		require.NotEmpty(s, record.MAC)
		require.Empty(s, record.Owner)
		require.False(s, record.Blocked)
	}
	templates, err := s.b.Templates(s.ctx())
	require.NoError(s, err)
	require.True(s, slices.ContainsFunc(templates, func(t dcim.Template) bool { return t.ID == Template && t.Title != "" }), templates)
	ports, err := s.b.Ports(s.ctx(), "1")
	require.NoError(s, err)
	require.NotEmpty(s, ports)
	for _, port := range ports {
		require.False(s, port.Busy)
	}
}

// update keeps what it does not name, and is seen in the record and in the list.
func (s *suite) update() {
	s.start(Options{})
	before := s.record("1")
	notes := "rack key is with Ann\nmetalease:main/service-7 claimed"
	api := s.hold("1", notes)
	held := s.record("1")
	require.True(s, api.Owns(held.Owner))
	require.Equal(s, notes, held.Notes)
	require.True(s, api.Owns(s.server("1").Owner))
	require.False(s, s.server("1").Free())
	require.Equal(s, before.Label, held.Label)
	require.Equal(s, before.MAC, held.MAC)

	customer, err := s.b.CreateAccount(s.ctx(), "cust42", "long enough")
	require.NoError(s, err)
	require.NoError(s, s.b.Update(s.ctx(), "1", func(have dcim.Record) (dcim.Change, error) {
		require.Equal(s, held, have)
		return dcim.Assign(customer, have.Notes), nil
	}))
	require.True(s, customer.Owns(s.record("1").Owner))
	require.Equal(s, notes, s.record("1").Notes)
	s.hold("1", "metalease:main/service-7 releasing")
	require.NoError(s, s.b.Update(s.ctx(), "1", func(dcim.Record) (dcim.Change, error) { return dcim.Unassign(""), nil }))
	require.Equal(s, before, s.record("1"))
	require.True(s, s.server("1").Free())

	writes := s.p.Writes()
	err = s.b.Update(s.ctx(), "1", func(dcim.Record) (dcim.Change, error) { return dcim.Assign(dcim.Account{Name: "cust42"}, ""), nil })
	require.ErrorIs(s, err, dcim.ErrValue, "an owner without an id")
	require.Equal(s, writes, s.p.Writes())
}

func (s *suite) updateDecides() {
	s.start(Options{})
	s.hold("1", "ours")
	writes := s.p.Writes()
	stop := errors.New("it is somebody's")
	for _, want := range []error{nil, stop} {
		require.Equal(s, want, s.b.Update(s.ctx(), "1", func(dcim.Record) (dcim.Change, error) { return dcim.Change{}, want }))
	}
	require.Equal(s, writes, s.p.Writes(), "nothing was to be saved")
	require.Equal(s, "ours", s.record("1").Notes)

	customer, err := s.b.CreateAccount(s.ctx(), "cust42", "long enough")
	require.NoError(s, err)
	s.p.SetOwner(s.T, "1", customer)
	require.Equal(s, stop, s.b.Update(s.ctx(), "1", func(have dcim.Record) (dcim.Change, error) {
		require.True(s, customer.Owns(have.Owner), "what a person has just done is seen: %+v", have)
		return dcim.Change{}, stop
	}))
}

// updateInOneTurn: with one common slot, another call of ours waits until the save is made.
func (s *suite) updateInOneTurn() {
	s.start(Options{Concurrency: 2})
	api, err := s.b.Self(s.ctx())
	require.NoError(s, err)
	other := make(chan dcim.Record, 1)
	require.NoError(s, s.b.Update(s.ctx(), "1", func(dcim.Record) (dcim.Change, error) {
		go func() {
			record, err := s.b.Record(s.ctx(), "1")
			if err != nil {
				s.Error(err)
			}
			other <- record
		}()
		return dcim.Assign(api, "ours"), nil
	}))
	require.Equal(s, "ours", (<-other).Notes)
}

// turn: with one common slot, another call of ours waits until the turn is over; those of the turn
// wait for nothing, and neither does a turn within it.
func (s *suite) turn() {
	s.start(Options{Concurrency: 2})
	api, err := s.b.Self(s.ctx())
	require.NoError(s, err)
	other := make(chan dcim.Record, 1)
	require.NoError(s, s.b.Turn(s.ctx(), "1", 3, func(ctx context.Context) error {
		go func() {
			record, err := s.b.Record(s.ctx(), "1")
			if err != nil {
				s.Error(err)
			}
			other <- record
		}()
		_, err := s.b.Record(ctx, "1")
		require.NoError(s, err)
		return s.b.Update(ctx, "1", func(dcim.Record) (dcim.Change, error) { return dcim.Assign(api, "ours"), nil })
	}))
	require.Equal(s, "ours", (<-other).Notes)
	stop := errors.New("it is somebody's")
	for range 3 { // each gives its turn back
		require.Equal(s, stop, s.b.Turn(s.ctx(), "1", 1, func(context.Context) error { return stop }))
	}
	ended, cancel := context.WithCancel(s.ctx())
	cancel()
	require.ErrorIs(s, s.b.Turn(ended, "1", 1, func(context.Context) error { s.Error("it is not its turn"); return nil }), context.Canceled)
}

// updateWithoutARead: nothing was sent, and the error says so, whatever came back.
func (s *suite) updateWithoutARead() {
	s.start(Options{})
	api, err := s.b.Self(s.ctx())
	require.NoError(s, err)
	for _, fault := range []Fault{Refused, Garbage, LostRequest, LostReply} {
		s.p.Break(s.T, UpdateRead, fault)
		writes := s.p.Writes()
		err := s.b.Update(s.ctx(), "1", func(dcim.Record) (dcim.Change, error) { return dcim.Assign(api, "ours"), nil })
		require.Error(s, err)
		require.False(s, dcim.Uncertain(err), "%s: %v", fault, err)
		require.False(s, dcim.Refused(err), "%s: %v", fault, err)
		require.Equal(s, writes, s.p.Writes())
		s.p.Mend()
	}
	require.Empty(s, s.record("1").Owner)
}

func (s *suite) block() {
	s.start(Options{})
	require.NoError(s, s.b.Block(s.ctx(), "1"))
	s.p.Pass(Soon)
	require.True(s, s.server("1").Blocked)
	require.True(s, s.record("1").Blocked)
	require.False(s, s.server("1").Free())
	require.NoError(s, s.b.Block(s.ctx(), "1"), "it may be said twice")
	require.NoError(s, s.b.Unblock(s.ctx(), "1"))
	s.p.Pass(Soon)
	require.False(s, s.server("1").Blocked)
	require.False(s, s.record("1").Blocked)
	require.False(s, s.server("2").Blocked)
}

func (s *suite) power() {
	s.start(Options{})
	require.NoError(s, s.b.Power(s.ctx(), "1", dcim.PowerOn))
	s.p.Pass(Soon)
	require.True(s, s.server("1").PowerOn && !s.server("1").PowerOff)
	require.NoError(s, s.b.Power(s.ctx(), "1", dcim.Reboot))
	s.p.Pass(Soon)
	require.True(s, s.server("1").PowerOn)
	require.NoError(s, s.b.Power(s.ctx(), "1", dcim.PowerOff))
	s.p.Pass(Soon)
	require.True(s, s.server("1").PowerOff && !s.server("1").PowerOn)
	writes := s.p.Writes()
	require.ErrorIs(s, s.b.Power(s.ctx(), "1", "sideways"), dcim.ErrValue)
	require.Equal(s, writes, s.p.Writes())
}
