package conformance

import (
	"slices"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

// switchPort is the first port of a server on a switch.
func (s *suite) switchPort(serverID string) dcim.Port {
	s.Helper()
	ports, err := s.b.Ports(s.ctx(), serverID)
	require.NoError(s, err)
	i := slices.IndexFunc(ports, func(p dcim.Port) bool { return p.Type == dcim.PortSwitch })
	require.GreaterOrEqual(s, i, 0, "%v", ports)
	return ports[i]
}

// ports: each is switched alone and shows that it is at work; the details say where it ends.
func (s *suite) ports() {
	s.start(Options{})
	plain, err := s.b.Ports(s.ctx(), "1")
	require.NoError(s, err)
	ports, err := s.b.PortDetails(s.ctx(), "1")
	require.NoError(s, err)
	require.Len(s, ports, len(plain))
	kinds := map[string]int{}
	for i, port := range ports {
		require.Equal(s, []string{plain[i].ID, plain[i].Type}, []string{port.ID, port.Type})
		kinds[port.Type]++
		switch port.Type {
		case dcim.PortSwitch:
			require.NotEmpty(s, port.Name)
			require.Empty(s, port.IP)
		case dcim.PortIPMI:
			require.NotEmpty(s, port.IP)
		}
	}
	require.Positive(s, kinds[dcim.PortSwitch])
	require.Positive(s, kinds[dcim.PortIPMI])

	port := s.switchPort("1")
	for _, on := range []bool{false, true} {
		require.NoError(s, s.b.SwitchPort(s.ctx(), "1", port.ID, on))
		require.True(s, s.switchPort("1").Busy)
		s.p.Pass(Soon)
		require.False(s, s.switchPort("1").Busy)
	}
	require.ErrorIs(s, s.b.SwitchPort(s.ctx(), "2", port.ID, true), dcim.ErrMissed, "another server's")
	require.NoError(s, s.b.Block(s.ctx(), "1"))
	s.p.Pass(Soon)
	require.True(s, dcim.Refused(s.b.SwitchPort(s.ctx(), "1", port.ID, true)), "not while it is blocked")
	require.NoError(s, s.b.SwitchPort(s.ctx(), "1", port.ID, false))
}

// traffic: all servers in one call, and no figure where there is none.
func (s *suite) traffic() {
	s.start(Options{})
	writes := s.p.Writes()
	traffic, err := s.b.Traffic(s.ctx())
	require.NoError(s, err)
	require.Len(s, traffic, 4)
	for _, server := range s.list() {
		of := traffic[server.ID]
		require.NotNil(s, of.Burst, server.ID)
		require.GreaterOrEqual(s, *of.Burst, 0.0)
		require.NotNil(s, of.In, server.ID)
		require.NotNil(s, of.Out, server.ID)
	}
	require.Equal(s, writes, s.p.Writes())

	s.p.Break(s.T, Traffic, Refused)
	traffic, err = s.b.Traffic(s.ctx())
	require.NoError(s, err)
	for id, of := range traffic {
		require.True(s, of.Burst == nil || of.In == nil && of.Out == nil, "%s: what is refused is missing", id)
	}
}

// namesOfAddresses: each address is named alone, whatever its family; the main one is the host's.
func (s *suite) namesOfAddresses() {
	s.start(Options{})
	for _, family := range []string{dcim.IPv4, dcim.IPv6} {
		_, err := s.b.AddAddress(s.ctx(), "1", dcim.NewAddress{Domain: "web.example.com", Group: "public", Family: family})
		require.NoError(s, err)
	}
	want := s.addressesOf("1")
	require.Len(s, want, 3)
	main := slices.IndexFunc(want, func(a dcim.Address) bool { return a.IP == s.server("1").IP })
	require.Zero(s, main)
	for i, domain := range []string{"host.example.com", "four.example.com", "six.example.com"} {
		require.NoError(s, s.b.NameAddress(s.ctx(), "1", want[i].ID, domain))
		want[i].Domain = domain
		require.Equal(s, want, s.addressesOf("1"))
		require.Equal(s, "host.example.com", s.server("1").Hostname)
	}
}

// failingReads: a read that failed is no doubt, and no answer either.
func (s *suite) failingReads() {
	s.start(Options{})
	for _, c := range []struct {
		verb Verb
		read func() (int, error)
	}{
		{Traffic, func() (int, error) { all, err := s.b.Traffic(s.ctx()); return len(all), err }},
		{Ports, func() (int, error) { all, err := s.b.Ports(s.ctx(), "1"); return len(all), err }},
		{PortDetails, func() (int, error) { all, err := s.b.PortDetails(s.ctx(), "1"); return len(all), err }},
	} {
		verb, read := c.verb, c.read
		for _, fault := range []Fault{Refused, Garbage, LostRequest, LostReply} {
			if verb == Traffic && fault == Refused {
				continue // a report that the panel refuses is one that it does not have
			}
			s.p.Break(s.T, verb, fault)
			n, err := read()
			require.Error(s, err, "%s: %s", verb, fault)
			require.Zero(s, n)
			require.False(s, dcim.Uncertain(err) || dcim.Refused(err), "%s, %s: %v", verb, fault, err)
			s.p.Mend()
		}
		_, err := read()
		require.NoError(s, err)
	}
}
