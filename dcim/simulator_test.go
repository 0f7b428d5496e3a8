package dcim_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/simulator"
)

const debian = "ISPsystem__Debian-12-x86_64"

// simulated is a panel with state, over TLS, whose time a test moves.
type simulated struct {
	*simulator.Panel
	*dcim.Client
	mu  sync.Mutex
	now time.Time
}

func simulate(t *testing.T, config simulator.Config, changes ...func(*dcim.Config)) *simulated {
	t.Helper()
	s := &simulated{now: time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)}
	config.User, config.Password = apiUser, apiPassword
	config.Clock = func() time.Time {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.now
	}
	panel, err := simulator.New(config)
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(panel)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // connections that are refused or dropped on purpose
	server.StartTLS()
	t.Cleanup(func() {
		panel.Close()
		server.Close()
	})
	sum := sha256.Sum256(server.Certificate().Raw)
	of := dcim.Config{Name: "dc1", URL: server.URL + "/dcimgr", User: apiUser, Password: apiPassword, Fingerprint: hex.EncodeToString(sum[:]), Rate: 100_000}
	for _, change := range changes {
		change(&of)
	}
	s.Panel = panel
	s.Client, err = dcim.New(of)
	require.NoError(t, err)
	return s
}

func (s *simulated) wait(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// server is the row of one server.
func (s *simulated) server(t *testing.T, id string) dcim.Server {
	t.Helper()
	servers, err := s.Servers(t.Context())
	require.NoError(t, err)
	for _, server := range servers {
		if server.ID == id {
			return server
		}
	}
	t.Fatalf("the panel lists no server %s", id)
	return dcim.Server{}
}

// save changes owner and notes of a server: the whole form, read and written.
func (s *simulated) save(t *testing.T, id, owner, notes string) {
	t.Helper()
	form, err := s.Form(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, id, form.ID())
	form.SetOwner(owner)
	form.SetNotes(notes)
	require.NoError(t, s.SaveForm(t.Context(), form))
}

// TestLifeOfAServer takes a server from stock to a customer and back.
func TestLifeOfAServer(t *testing.T) {
	const mark = "metalease:main/service-7 "
	ctx := t.Context()
	s := simulate(t, simulator.Config{
		Servers: 3, Packages: []string{"E3-16G", "E5-64G"}, InstallTime: 10 * time.Minute, PowerTime: 20 * time.Second, FlagDelay: 5 * time.Second, FormOwnerAsName: true, EmptyFlags: true,
	})
	require.NoError(t, s.Probe(ctx))
	id, err := s.CreateUser(ctx, "cust42", "customer-password")
	require.NoError(t, err)
	users, err := s.Users(ctx)
	require.NoError(t, err)
	require.Contains(t, users, dcim.User{ID: id, Name: "cust42", Level: dcim.LevelUser})
	api := users[0]
	require.Equal(t, apiUser, api.Name)

	stock := s.server(t, "1")
	require.True(t, stock.Free() && stock.Matches("E3-16G") && !stock.Matches("E5-64G"))
	s.save(t, "1", api.ID, mark+"claimed")
	require.False(t, s.server(t, "1").Free())

	extra, err := s.AddAddress(ctx, "1", dcim.NewAddress{Domain: "web.example.com", Group: "public", Family: "ipv6"})
	require.NoError(t, err)
	addresses, err := s.Addresses(ctx, "1")
	require.NoError(t, err)
	require.Len(t, addresses, 2, "headings are no addresses")
	require.Equal(t, extra, addresses[1])
	require.NoError(t, s.SetAddressDomain(ctx, "1", addresses[0].ID, "web.example.com"))
	require.Equal(t, "web.example.com", s.server(t, "1").Hostname)

	require.NoError(t, s.PowerOn(ctx, "1"))
	require.False(t, s.server(t, "1").PowerOn, "the flag follows")
	s.wait(time.Minute)
	require.True(t, s.server(t, "1").PowerOn)

	s.save(t, "1", api.ID, mark+"installing 1")
	_, choices, err := s.CurrentTemplate(ctx, "1")
	require.NoError(t, err)
	require.Contains(t, choices, dcim.OSTemplate{ID: debian, Title: "Debian-12-x86_64"})
	templates, err := s.OSTemplates(ctx)
	require.NoError(t, err)
	require.Contains(t, templates, dcim.OSTemplate{ID: debian, Title: debian})
	require.NoError(t, s.Install(ctx, "1", dcim.Install{Template: debian, Password: "root-password"}))
	s.wait(5 * time.Minute)
	require.True(t, s.server(t, "1").Installing)
	progress, err := s.Progress(ctx, "1")
	require.NoError(t, err)
	require.Contains(t, progress, debian)
	s.wait(10 * time.Minute)
	require.False(t, s.server(t, "1").Installing)
	current, _, err := s.CurrentTemplate(ctx, "1")
	require.NoError(t, err)
	require.Equal(t, debian, current)
	installs := s.State().Installs
	require.Len(t, installs, 1)
	require.Equal(t, "null", installs[0].Recipe)
	require.Equal(t, "root-password", installs[0].Password)

	s.save(t, "1", id, mark+"active")
	require.NoError(t, s.NewSessionKey(ctx, "cust42", "0123456789abcdef0123456789abcdef"))
	session, err := s.LoginWithKey(ctx, "cust42", "0123456789abcdef0123456789abcdef")
	require.NoError(t, err)
	require.NotEmpty(t, session)
	session, err = s.LoginWithPassword(ctx, "cust42", "customer-password")
	require.NoError(t, err)
	require.NotEmpty(t, session)
	require.NoError(t, s.Reboot(ctx, "1"))

	require.NoError(t, s.Disable(dcim.Urgent(ctx), "1"))
	s.wait(6 * time.Second)
	require.True(t, s.server(t, "1").IsBlocked())
	form, err := s.Form(ctx, "1")
	require.NoError(t, err)
	require.True(t, form.Disabled())
	require.Equal(t, "cust42", form.Owner(), "here the panel shows a name")

	s.save(t, "1", api.ID, mark+"releasing")
	require.NoError(t, s.PowerOff(ctx, "1"))
	s.wait(time.Minute)
	require.True(t, s.server(t, "1").PowerOff)
	require.NoError(t, s.DeleteAddress(ctx, "1", extra.ID))
	require.NoError(t, s.SetAddressDomain(ctx, "1", addresses[0].ID, "free.ds"))
	require.NoError(t, s.Enable(ctx, "1"))
	s.wait(6 * time.Second)
	require.False(t, s.server(t, "1").IsBlocked())

	form, err = s.Form(ctx, "1")
	require.NoError(t, err)
	form.SetNoOwner()
	form.SetNotes("")
	require.NoError(t, s.SaveForm(ctx, form))
	require.True(t, s.server(t, "1").Free())
	require.Equal(t, form.Label(), s.server(t, "1").Name)
	require.Empty(t, s.Violations())
}

func TestConnectionsAreSwitched(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 1, FlagDelay: 5 * time.Second})
	find := func() dcim.Connection {
		connections, err := s.Connections(t.Context(), "1")
		require.NoError(t, err)
		require.Equal(t, "Switch", connections[0].Type)
		return connections[0]
	}
	port := find()
	require.False(t, port.Busy)
	require.NoError(t, s.ConnectionOff(t.Context(), "1", port.ID))
	require.True(t, find().Busy)
	s.wait(6 * time.Second)
	require.False(t, find().Busy)
	require.False(t, s.State().Servers[0].Connections[0].On)
	require.NoError(t, s.ConnectionOn(t.Context(), "1", port.ID))
	require.True(t, s.State().Servers[0].Connections[0].On)
}

func TestCancelledOperation(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 1, InstallTime: time.Hour})
	s.save(t, "1", "3", "metalease:main/service-7 installing 1")
	require.NoError(t, s.Install(t.Context(), "1", dcim.Install{Template: debian, Recipe: "#local__web", Password: "root-password"}))
	require.True(t, s.server(t, "1").Installing)
	require.NoError(t, s.CancelOperation(t.Context(), "1"))
	require.False(t, s.server(t, "1").Installing)
	require.Equal(t, "#local__web", s.State().Installs[0].Recipe)
}

func TestRefusalsOfThePanel(t *testing.T) {
	ctx := t.Context()
	s := simulate(t, simulator.Config{Servers: 1, PoolSize: 1, MinPassword: 8})
	add := dcim.NewAddress{Domain: "web.example.com", Group: "public", Family: "ipv4"}
	_, err := s.AddAddress(ctx, "1", add)
	require.NoError(t, err)
	_, err = s.AddAddress(ctx, "1", add)
	require.Equal(t, dcim.KindLimit, dcim.KindOf(err), "the pool is empty: %v", err)

	_, err = s.CreateUser(ctx, "cust42", "short")
	require.Equal(t, dcim.KindValue, dcim.KindOf(err))
	require.ErrorContains(t, err, "passwd")
	_, err = s.CreateUser(ctx, apiUser, "long enough")
	require.Equal(t, dcim.KindExists, dcim.KindOf(err), "%v", err)
	_, err = s.Form(ctx, "99")
	require.Equal(t, dcim.KindMissed, dcim.KindOf(err), "%v", err)
	require.ErrorContains(t, err, "99")
	err = s.Install(ctx, "1", dcim.Install{Template: "no__such", Password: "long enough"})
	require.Equal(t, dcim.KindValue, dcim.KindOf(err))
	require.ErrorContains(t, err, "no__such")
	_, err = s.LoginWithPassword(ctx, apiUser, "wrong")
	require.Equal(t, dcim.KindCredentials, dcim.KindOf(err), "%v", err)
}

// TestWrongPassword in both ways in which a panel may say so (reference 2.2).
func TestWrongPassword(t *testing.T) {
	for _, kind := range []string{"auth", "access"} {
		s := simulate(t, simulator.Config{Servers: 1, AuthErrorType: kind, ErrorStatus: 403}, func(c *dcim.Config) { c.Password = "wrong S3cret" })
		for _, err := range []error{s.Probe(t.Context()), s.Disable(t.Context(), "1")} {
			require.Equal(t, dcim.KindCredentials, dcim.KindOf(err), "%v", err)
			require.ErrorContains(t, err, "check user and password of this panel")
			requireClean(t, err, "wrong S3cret", apiPassword)
		}
	}
}

func TestCustomerHasNoAccess(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 1, Users: []simulator.User{{Name: "cust42", Password: "customer-password"}}},
		func(c *dcim.Config) { c.User, c.Password = "cust42", "customer-password" })
	require.Equal(t, dcim.KindAccess, dcim.KindOf(s.Disable(t.Context(), "1")))
}

// change is a change of the panel and what its effect looks like.
type change struct {
	function string
	prepare  func(t *testing.T, s *simulated)
	call     func(context.Context, *simulated) error
	done     func(simulator.State) bool
}

var changes = map[string]change{
	"create user": {
		function: "user.edit",
		call: func(ctx context.Context, s *simulated) error {
			_, err := s.CreateUser(ctx, "cust42", "long enough")
			return err
		},
		done: func(s simulator.State) bool { return len(s.Users) == 2 },
	},
	"save form": {
		function: "server.edit!",
		call: func(ctx context.Context, s *simulated) error {
			form, err := s.Form(ctx, "1")
			if err != nil {
				return err
			}
			form.SetOwner("3")
			return s.SaveForm(ctx, form)
		},
		done: func(s simulator.State) bool { return s.Servers[0].Owner == "3" },
	},
	"disable": {
		function: "server.disable",
		call:     func(ctx context.Context, s *simulated) error { return s.Disable(ctx, "1") },
		done:     func(s simulator.State) bool { return s.Servers[0].Disabled },
	},
	"enable": {
		function: "server.enable",
		prepare:  func(t *testing.T, s *simulated) { require.NoError(t, s.Disable(t.Context(), "1")) },
		call:     func(ctx context.Context, s *simulated) error { return s.Enable(ctx, "1") },
		done:     func(s simulator.State) bool { return !s.Servers[0].Disabled },
	},
	"power on": {
		function: "server.poweron",
		call:     func(ctx context.Context, s *simulated) error { return s.PowerOn(ctx, "1") },
		done:     func(s simulator.State) bool { return s.Servers[0].Power == simulator.PowerOn },
	},
	"power off": {
		function: "server.poweroff",
		prepare:  func(t *testing.T, s *simulated) { require.NoError(t, s.PowerOn(t.Context(), "1")) },
		call:     func(ctx context.Context, s *simulated) error { return s.PowerOff(ctx, "1") },
		done:     func(s simulator.State) bool { return s.Servers[0].Power == simulator.PowerOff },
	},
	"reboot": {
		function: "server.reboot",
		call:     func(ctx context.Context, s *simulated) error { return s.Reboot(ctx, "1") },
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
			return s.SetAddressDomain(ctx, "1", s.State().Servers[0].Addresses[0].ID, "web.example.com")
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
			return s.ConnectionOff(ctx, "1", s.State().Servers[0].Connections[0].ID)
		},
		done: func(s simulator.State) bool { return !s.Servers[0].Connections[0].On },
	},
	"session key": {
		function: "session.newkey",
		call: func(ctx context.Context, s *simulated) error {
			return s.NewSessionKey(ctx, "whmcsapi", "0123456789abcdef")
		},
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
		_, err = s.Form(t.Context(), "1")
		require.Equal(t, want, dcim.KindOf(err), "%s: %v", effect, err)
		s.ClearFaults()
		_, err = s.Form(t.Context(), "1")
		require.NoError(t, err)
	}
}
