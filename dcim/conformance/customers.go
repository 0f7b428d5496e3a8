package conformance

import (
	"context"
	"strings"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

// inTheNameOf: a customer switches the own server, and no other.
func (s *suite) inTheNameOf() {
	s.start(Options{})
	account := s.rent("1")
	for _, c := range []struct {
		to dcim.Power
		on bool
	}{{dcim.PowerOn, true}, {dcim.Reboot, true}, {dcim.PowerOff, false}} {
		require.NoError(s, s.b.PowerAs(s.ctx(), account, "1", c.to))
		s.p.Pass(Soon)
		require.Equal(s, c.on, s.server("1").PowerOn)
		require.Equal(s, !c.on, s.server("1").PowerOff)
	}
	writes := s.p.Writes()
	require.ErrorIs(s, s.b.PowerAs(s.ctx(), account, "1", "sideways"), dcim.ErrValue)
	require.Equal(s, writes, s.p.Writes())

	err := s.b.PowerAs(s.ctx(), account, "2", dcim.PowerOn)
	require.ErrorIs(s, err, dcim.ErrDenied)
	require.True(s, dcim.Refused(err))
	require.ErrorContains(s, err, customer.Name)
	s.p.Pass(Soon)
	require.False(s, s.server("2").PowerOn)

	api, err := s.b.Self(s.ctx())
	require.NoError(s, err)
	require.NoError(s, s.b.PowerAs(s.ctx(), api, "2", dcim.PowerOn), "staff may")
	s.p.Pass(Soon)
	require.True(s, s.server("2").PowerOn)
	s.noSecondOwner()
}

// noSecondOwner: a name in use belongs to one account; of two that differ neither is lent.
func (s *suite) noSecondOwner() {
	s.Helper()
	err := s.b.PowerAs(s.ctx(), dcim.Account{ID: "999999", Name: customer.Name}, "1", dcim.PowerOn)
	require.ErrorIs(s, err, dcim.ErrMissed)
	s.p.Pass(Soon)
	require.False(s, s.server("1").PowerOn)
}

// whoseName: no account, no key.
func (s *suite) whoseName() {
	s.start(Options{})
	writes := s.p.Writes()
	for want, account := range map[error]dcim.Account{dcim.ErrValue: {}, dcim.ErrMissed: {Name: "nobody"}} {
		_, console := s.b.Console(s.ctx(), account, "1")
		_, signOn := s.b.SignOn(s.ctx(), account)
		for _, err := range []error{console, signOn, s.b.PowerAs(s.ctx(), account, "1", dcim.PowerOn)} {
			require.ErrorIs(s, err, want)
			require.False(s, dcim.Refused(err) || dcim.Uncertain(err))
		}
	}
	require.Equal(s, writes, s.p.Writes())
}

// reinstall: a customer's install runs as any other, and carries no recipe.
func (s *suite) reinstall() {
	s.start(Options{})
	account := s.rent("1")
	in := dcim.Install{Template: Template, Password: "long enough"}
	require.NoError(s, s.b.InstallAs(s.ctx(), account, "1", in))
	s.p.Pass(Soon)
	require.True(s, s.server("1").Installing)
	s.p.Pass(InstallTime)
	require.False(s, s.server("1").Installing || s.server("1").OperationFailed)
	installed, err := s.b.InstalledTemplate(s.ctx(), "1")
	require.NoError(s, err)
	require.Equal(s, Template, installed)
	require.True(s, account.Owns(s.record("1").Owner), "the owner stays")

	require.ErrorIs(s, s.b.InstallAs(s.ctx(), account, "2", in), dcim.ErrDenied)
	in.Recipe = "#local__web"
	writes := s.p.Writes()
	require.ErrorIs(s, s.b.InstallAs(s.ctx(), account, "1", in), dcim.ErrValue)
	require.Equal(s, writes, s.p.Writes())
	require.NoError(s, s.b.Block(s.ctx(), "1"))
	s.p.Pass(Soon)
	in.Recipe = ""
	require.True(s, dcim.Refused(s.b.InstallAs(s.ctx(), account, "1", in)), "not while it is blocked")
	require.True(s, dcim.Refused(s.b.PowerAs(s.ctx(), account, "1", dcim.PowerOn)))
}

// signOn: a browser comes in as the account, and sees the console of its server.
func (s *suite) signOn() {
	s.start(Options{})
	account := s.rent("1")
	api, err := s.b.Self(s.ctx())
	require.NoError(s, err)
	for _, who := range []dcim.Account{account, api} {
		in, err := s.b.SignOn(s.ctx(), who)
		require.NoError(s, err)
		require.NotContains(s, in.URL, "?")
		require.Contains(s, s.p.Browse(s.T, in), who.Name)
		other, err := s.b.SignOn(s.ctx(), who)
		require.NoError(s, err)
		require.NotEqual(s, in.Fields, other.Fields)
		console, err := s.b.Console(s.ctx(), who, "1")
		require.NoError(s, err)
		require.NotContains(s, console.URL, "?")
		require.Contains(s, s.p.Browse(s.T, console), "server 1")
		require.NotEmpty(s, console.Inside)
		for _, secret := range console.Fields {
			require.False(s, len(secret) > 16 && strings.Contains(console.URL+console.Inside, secret))
		}
	}
	_, err = s.b.Console(s.ctx(), account, "2")
	require.Error(s, err)
	require.False(s, dcim.Uncertain(err))
}

// beforeTheCall: what fails before a call in somebody's name has changed nothing, and is no doubt.
func (s *suite) beforeTheCall() {
	s.start(Options{})
	account := s.rent("1")
	for _, verb := range []Verb{MakeKey, LogIn} {
		for _, fault := range []Fault{Refused, Garbage, LostRequest, LostReply} {
			s.p.Break(s.T, verb, fault)
			err := s.b.PowerAs(s.ctx(), account, "1", dcim.PowerOn)
			require.Error(s, err, "%s: %s", verb, fault)
			require.False(s, dcim.Uncertain(err) || dcim.Refused(err), "%s, %s: %v", verb, fault, err)
			s.p.Mend()
			s.p.Pass(Soon)
			require.False(s, s.server("1").PowerOn)
		}
	}
	for _, fault := range []Fault{Refused, Garbage, LostRequest, LostReply} {
		for _, c := range []struct {
			verb Verb
			call func(context.Context) (dcim.SignOn, error)
		}{
			{MakeKey, func(ctx context.Context) (dcim.SignOn, error) { return s.b.SignOn(ctx, account) }},
			{Console, func(ctx context.Context) (dcim.SignOn, error) { return s.b.Console(ctx, account, "1") }},
		} {
			s.p.Break(s.T, c.verb, fault)
			got, err := c.call(s.ctx())
			require.Error(s, err, "%s: %s", c.verb, fault)
			require.False(s, dcim.Uncertain(err), "%v", err)
			require.Empty(s, got.URL)
			s.p.Mend()
		}
	}
	require.NoError(s, s.b.PowerAs(s.ctx(), account, "1", dcim.PowerOn), "the next call has a session of its own")
}
