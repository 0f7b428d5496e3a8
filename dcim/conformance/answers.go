package conformance

import (
	"unicode"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

// noCharacter: what somebody has typed into a field of one server costs that field at most. The
// others are listed as ever, the server itself can be held and given back, and its label stays
// byte for byte.
func (s *suite) noCharacter() {
	const label = "rack \x01\x1b[31m & <b> Z\u00fcrich"
	s.start(Options{})
	s.p.SetLabel(s.T, "2", label)
	servers, err := s.b.Servers(s.ctx())
	require.NoError(s, err)
	require.Len(s, servers, 4)
	for _, server := range servers {
		require.Empty(s, server.Unreadable)
		require.True(s, server.Free() && server.Matches(PackageOne), "%+v", server)
		require.NotRegexp(s, `[\x00-\x08\x1b]`, server.Label)
	}
	s.hold("2", "metalease:main/service-7 claimed")
	require.Equal(s, label, s.p.Label(s.T, "2"), "a save changes owner and notes only")
	record := s.record("2")
	require.NotContains(s, record.Label, "\x1b")
	require.Contains(s, record.Label, "& <b> Z")
	for _, r := range record.Label {
		require.False(s, unicode.IsControl(r), "%q", record.Label)
	}
	require.NoError(s, s.b.Update(s.ctx(), "2", func(dcim.Record) (dcim.Change, error) { return dcim.Unassign(""), nil }))
	require.Equal(s, label, s.p.Label(s.T, "2"))
	require.True(s, s.server("2").Free())
}

// listWithoutEnd: a read that answers too much is an error of its own kind, and says nothing
// about a later one.
func (s *suite) listWithoutEnd() {
	s.start(Options{})
	s.p.Break(s.T, Servers, Flood)
	_, err := s.b.Servers(s.ctx())
	require.ErrorIs(s, err, dcim.ErrTooLarge)
	require.ErrorContains(s, err, s.b.Name())
	require.False(s, dcim.Uncertain(err) || dcim.Refused(err))
	s.p.Mend()
	require.Len(s, s.list(), 4)
}

// nothingToCancel: an operation that has ended meanwhile is cancelled already, or the panel says
// no; it is never in doubt, and the server is as it was.
func (s *suite) nothingToCancel() {
	s.start(Options{})
	s.hold("1", "metalease:main/service-7 releasing")
	before := s.server("1")
	if err := s.b.CancelOperation(s.ctx(), "1"); err != nil {
		require.True(s, dcim.Refused(err), "%v", err)
		require.False(s, dcim.Uncertain(err), "%v", err)
	}
	s.p.Pass(Soon)
	require.Equal(s, before, s.server("1"))
}

func (s *suite) list() []dcim.Server {
	s.Helper()
	servers, err := s.b.Servers(s.ctx())
	require.NoError(s, err)
	return servers
}

func (s *suite) cancelledDiagnostics() {
	s.start(Options{})
	s.hold("1", "metalease:main/service-7 releasing")
	require.NoError(s, s.b.Diagnose(s.ctx(), "1"))
	s.p.Pass(Soon)
	require.True(s, s.server("1").Diagnostics)
	require.NoError(s, s.b.CancelOperation(s.ctx(), "1"))
	s.p.Pass(Soon)
	require.False(s, s.server("1").Diagnostics)
}

// oneOperation: while an install runs a test is refused, and the install goes on.
func (s *suite) oneOperation() {
	s.start(Options{})
	s.hold("1", "metalease:main/service-7 installing 1")
	require.NoError(s, s.b.Install(s.ctx(), "1", dcim.Install{Template: Template, Password: "long enough"}))
	s.p.Pass(Soon)
	require.True(s, dcim.Refused(s.b.Diagnose(s.ctx(), "1")))
	s.p.Pass(Soon)
	require.True(s, s.server("1").Installing)
	require.False(s, s.server("1").Diagnostics)
}
