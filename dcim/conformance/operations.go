package conformance

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/internal/lanes"
)

func (s *suite) install() {
	s.start(Options{})
	s.hold("1", "metalease:main/service-7 installing 1")
	require.NoError(s, s.b.Install(s.ctx(), "1", dcim.Install{Template: Template, Password: "long enough"}))
	s.p.Pass(Soon)
	require.True(s, s.server("1").Installing)
	progress, err := s.b.Progress(s.ctx(), "1")
	require.NoError(s, err)
	require.NotEmpty(s, progress)
	s.p.Pass(InstallTime)
	require.False(s, s.server("1").Installing || s.server("1").OperationFailed)
	installed, err := s.b.InstalledTemplate(s.ctx(), "1")
	require.NoError(s, err)
	require.Equal(s, Template, installed)

	err = s.b.Install(s.ctx(), "1", dcim.Install{Template: "no__such", Password: "long enough"})
	require.ErrorIs(s, err, dcim.ErrValue)
	require.True(s, dcim.Refused(err))
	require.ErrorContains(s, err, "no__such")
}

func (s *suite) cancelledInstall() {
	s.start(Options{})
	s.hold("1", "metalease:main/service-7 installing 1")
	require.NoError(s, s.b.Install(s.ctx(), "1", dcim.Install{Template: Template, Password: "long enough"}))
	s.p.Pass(Soon)
	require.True(s, s.server("1").Installing)
	require.NoError(s, s.b.CancelOperation(s.ctx(), "1"))
	s.p.Pass(Soon)
	require.False(s, s.server("1").Installing)
}

func (s *suite) diagnostics() {
	s.start(Options{})
	s.hold("1", "metalease:main/service-7 releasing")
	require.NoError(s, s.b.Diagnose(s.ctx(), "1"))
	s.p.Pass(Soon)
	require.True(s, s.server("1").Diagnostics)
	s.p.Pass(InstallTime)
	require.False(s, s.server("1").Diagnostics || s.server("1").HardwareProblem)
}

// addresses: the main one is among them, and its name is the hostname.
func (s *suite) addresses() {
	s.start(Options{})
	server := s.server("1")
	before, err := s.b.Addresses(s.ctx(), "1")
	require.NoError(s, err)
	require.Len(s, before, 1)
	require.Equal(s, server.IP, before[0].IP)
	require.Equal(s, dcim.FreeHostname, before[0].Domain)

	want := before
	for _, family := range []string{dcim.IPv4, dcim.IPv6} {
		added, err := s.b.AddAddress(s.ctx(), "1", dcim.NewAddress{Domain: "web.example.com", Group: "public", Family: family})
		require.NoError(s, err)
		require.NotEmpty(s, added.ID)
		require.Equal(s, "web.example.com", added.Domain)
		want = append(want, added)
	}
	got, err := s.b.Addresses(s.ctx(), "1")
	require.NoError(s, err)
	require.Equal(s, spelled(s, want), spelled(s, got))

	require.NoError(s, s.b.NameAddress(s.ctx(), "1", before[0].ID, "web.example.com"))
	require.Equal(s, "web.example.com", s.server("1").Hostname)
	require.NoError(s, s.b.DeleteAddress(s.ctx(), "1", want[2].ID))
	got, err = s.b.Addresses(s.ctx(), "1")
	require.NoError(s, err)
	require.Len(s, got, 2)
	require.Equal(s, server.IP, s.server("1").IP)

	for {
		if _, err = s.b.AddAddress(s.ctx(), "1", dcim.NewAddress{Domain: "web.example.com", Group: "public", Family: dcim.IPv4}); err != nil {
			break
		}
	}
	require.ErrorIs(s, err, dcim.ErrLimit)
	require.True(s, dcim.Refused(err))
}

// spelled are addresses in one spelling: lists may differ in that of IPv6 (docs/dcimanager.md 5).
func spelled(s *suite, addresses []dcim.Address) []dcim.Address {
	s.Helper()
	same := slices.Clone(addresses)
	for i := range same {
		ip, err := netip.ParseAddr(same[i].IP)
		require.NoError(s, err)
		same[i].IP = ip.String()
	}
	return same
}

// missing: what is not there is said by name, for reads and writes alike.
func (s *suite) missing() {
	s.start(Options{})
	for name, call := range map[string]func() error{
		"record":  func() error { _, err := s.b.Record(s.ctx(), "99"); return err },
		"update":  func() error { return s.give("99", dcim.Account{ID: "1"}) },
		"block":   func() error { return s.b.Block(s.ctx(), "99") },
		"unblock": func() error { return s.b.Unblock(s.ctx(), "99") },
		"power":   func() error { return s.b.Power(s.ctx(), "99", dcim.PowerOn) },
		"install": func() error {
			return s.b.Install(s.ctx(), "99", dcim.Install{Template: Template, Password: "long enough"})
		},
		"addresses": func() error { _, err := s.b.Addresses(s.ctx(), "99"); return err },
		"ports":     func() error { _, err := s.b.Ports(s.ctx(), "99"); return err },
		"delete":    func() error { return s.b.DeleteAddress(s.ctx(), "1", "999999") },
		"name":      func() error { return s.b.NameAddress(s.ctx(), "1", "999999", "web.example.com") },
		"details":   func() error { _, err := s.b.PortDetails(s.ctx(), "99"); return err },
		"port":      func() error { return s.b.SwitchPort(s.ctx(), "1", "999999", true) },
		"account":   func() error { return s.b.PowerAs(s.ctx(), dcim.Account{Name: "nobody"}, "1", dcim.PowerOn) },
		"sign-on":   func() error { _, err := s.b.SignOn(s.ctx(), dcim.Account{Name: "nobody"}); return err },
	} {
		err := call()
		require.ErrorIs(s, err, dcim.ErrMissed, name)
		require.ErrorContains(s, err, s.b.Name(), name)
		require.False(s, dcim.Uncertain(err), name)
	}
}

// ids: a call is about one object, or it is not made.
func (s *suite) ids() {
	s.start(Options{})
	writes := s.p.Writes()
	for _, id := range []string{"", " ", "1, 2", "1,2", "1\n"} {
		for name, err := range map[string]error{
			"update":  s.give(id, dcim.Account{ID: "1"}),
			"block":   s.b.Block(s.ctx(), id),
			"unblock": s.b.Unblock(s.ctx(), id),
			"power":   s.b.Power(s.ctx(), id, dcim.PowerOff),
			"delete":  s.b.DeleteAddress(s.ctx(), id, "1"),
			"address": s.b.DeleteAddress(s.ctx(), "1", id),
			"port":    s.b.SwitchPort(s.ctx(), "1", id, true),
			"server":  s.b.SwitchPort(s.ctx(), id, "1", true),
			"as":      s.b.PowerAs(s.ctx(), customer, id, dcim.PowerOff),
			"install": s.b.InstallAs(s.ctx(), customer, id, dcim.Install{Template: Template, Password: "long enough"}),
		} {
			require.ErrorIs(s, err, dcim.ErrValue, "%s of %q", name, id)
		}
	}
	require.Equal(s, writes, s.p.Writes())
}

// observed: no write of any kind leaves for the panel, and reads work as ever.
func (s *suite) observed() {
	s.start(Options{ReadOnly: true})
	require.True(s, s.b.ReadOnly())
	require.True(s, s.server("1").Free())
	s.record("1")
	for _, w := range writes {
		err := w.call(s.ctx(), s)
		require.ErrorIs(s, err, dcim.ErrReadOnly, w.verb)
		require.False(s, dcim.Uncertain(err) || dcim.Refused(err), w.verb)
	}
	_, err := s.b.SignOn(s.ctx(), customer)
	require.ErrorIs(s, err, dcim.ErrReadOnly)
	_, err = s.b.Console(s.ctx(), customer, "1")
	require.ErrorIs(s, err, dcim.ErrReadOnly)
	require.Zero(s, s.p.Writes())
}

// urgent: with the common part of the panel taken by calls that hang, a block passes.
func (s *suite) urgent() {
	s.start(Options{Concurrency: 2})
	s.p.Break(s.T, Servers, Hang)
	hanging, giveUp := context.WithCancel(s.ctx())
	ended := make(chan error, 1)
	go func() { _, err := s.b.Servers(hanging); ended <- err }()
	// The list has the only common slot as soon as a common call gets no turn any more.
	for {
		soon, cancel := context.WithTimeout(s.ctx(), 50*time.Millisecond)
		_, err := s.b.Record(soon, "1")
		cancel()
		if err != nil {
			require.ErrorIs(s, err, dcim.ErrUnreachable)
			break
		}
	}
	require.NoError(s, s.b.Block(lanes.Urgent(s.ctx()), "1"))
	giveUp()
	require.ErrorIs(s, <-ended, context.Canceled)
	s.p.Mend()
	s.p.Pass(Soon)
	require.True(s, s.server("1").Blocked)
}

// givenUp: a write that was given up before it had a turn was not sent.
func (s *suite) givenUp() {
	s.start(Options{})
	ctx, cancel := context.WithCancel(s.ctx())
	cancel()
	writes := s.p.Writes()
	require.ErrorIs(s, s.b.Block(ctx, "1"), context.Canceled)
	require.ErrorIs(s, s.b.Update(ctx, "1", func(dcim.Record) (dcim.Change, error) { return dcim.Unassign(""), nil }), context.Canceled)
	require.Equal(s, writes, s.p.Writes())
}

func (s *suite) give(serverID string, to dcim.Account) error {
	return s.b.Update(s.ctx(), serverID, func(dcim.Record) (dcim.Change, error) { return dcim.Assign(to, "ours"), nil })
}
