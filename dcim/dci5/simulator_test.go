package dci5_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
	"metalease/dcim/simulator"
	"metalease/internal/lanes"
)

const debian = "ISPsystem__Debian-12-x86_64"

// simulated is a panel with state, over TLS, whose time a test moves.
type simulated struct {
	*simulator.Panel
	*dci5.Client
	mu     sync.Mutex
	now    time.Time
	writes int
	// web trusts the panel's certificate, as a browser does.
	web *http.Transport
}

func simulate(t *testing.T, config simulator.Config, changes ...func(*dci5.Config)) *simulated {
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
	server := httptest.NewUnstartedServer(s.counted(panel))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // connections that are refused or dropped on purpose
	server.StartTLS()
	t.Cleanup(func() {
		panel.Close()
		server.Close()
	})
	sum := sha256.Sum256(server.Certificate().Raw)
	of := dci5.Config{Name: "dc1", URL: server.URL + "/dcimgr", User: apiUser, Password: apiPassword, Fingerprint: hex.EncodeToString(sum[:]), Rate: 100_000}
	for _, change := range changes {
		change(&of)
	}
	s.Panel = panel
	s.web, _ = server.Client().Transport.(*http.Transport)
	s.Client, err = dci5.New(of)
	require.NoError(t, err)
	return s
}

// counted counts the writes that arrive, whatever becomes of them.
func (s *simulated) counted(panel http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		sent, _ := url.ParseQuery(string(body))
		if sent.Get("sok") != "" && sent.Get("func") != "traffic" || slices.Contains(onlyWrites, sent.Get("func")) {
			s.mu.Lock()
			s.writes++
			s.mu.Unlock()
		}
		panel.ServeHTTP(w, r)
	})
}

// onlyWrites are functions that change something without saving a form.
var onlyWrites = []string{
	"server.enable", "server.disable", "server.poweron", "server.poweroff", "server.reboot", "server.opercancel",
	"server.connection.on", "server.connection.off", "iplist.delete", "session.newkey", "user.delete",
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

// save changes owner and notes of a server.
func (s *simulated) save(t *testing.T, id, owner, notes string) {
	t.Helper()
	require.NoError(t, save(t.Context(), s, id, owner, notes))
}

// TestLifeOfAServer takes a server from stock to a customer and back.
func TestLifeOfAServer(t *testing.T) {
	const mark = "metalease:main/service-7 "
	ctx := t.Context()
	s := simulate(t, simulator.Config{
		Servers: 3, Packages: []string{"E3-16G", "E5-64G"}, InstallTime: 10 * time.Minute, PowerTime: 20 * time.Second, FlagDelay: 5 * time.Second, FormOwnerAsName: true, EmptyFlags: true,
	})
	customer, err := s.CreateAccount(ctx, "cust42", "customer-password")
	require.NoError(t, err)
	accounts, err := s.Accounts(ctx)
	require.NoError(t, err)
	require.Equal(t, []dcim.Account{customer}, accounts, "we are no customer")
	api, err := s.Self(ctx)
	require.NoError(t, err)
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
	require.NoError(t, s.NameAddress(ctx, "1", addresses[0].ID, "web.example.com"))
	require.Equal(t, "web.example.com", s.server(t, "1").Hostname)

	require.NoError(t, s.Power(ctx, "1", dcim.PowerOn))
	require.False(t, s.server(t, "1").PowerOn, "the flag follows")
	s.wait(time.Minute)
	require.True(t, s.server(t, "1").PowerOn)

	s.save(t, "1", api.ID, mark+"installing 1")
	_, choices, err := s.InstallChoices(ctx, "1")
	require.NoError(t, err)
	require.Contains(t, choices, dcim.Template{ID: debian, Title: "Debian-12-x86_64"})
	templates, err := s.Templates(ctx)
	require.NoError(t, err)
	require.Contains(t, templates, dcim.Template{ID: debian, Title: debian})
	require.NoError(t, s.Install(ctx, "1", dcim.Install{Template: debian, Password: "root-password"}))
	s.wait(5 * time.Minute)
	require.True(t, s.server(t, "1").Installing)
	progress, err := s.Progress(ctx, "1")
	require.NoError(t, err)
	require.Contains(t, progress, debian)
	s.wait(10 * time.Minute)
	require.False(t, s.server(t, "1").Installing)
	current, err := s.InstalledTemplate(ctx, "1")
	require.NoError(t, err)
	require.Equal(t, debian, current)
	installs := s.State().Installs
	require.Len(t, installs, 1)
	require.Equal(t, "null", installs[0].Recipe)
	require.Equal(t, "root-password", installs[0].Password)

	s.save(t, "1", customer.ID, mark+"active")
	require.NoError(t, s.PowerAs(ctx, customer, "1", dcim.Reboot))

	require.NoError(t, s.Block(lanes.Urgent(ctx), "1"))
	s.wait(6 * time.Second)
	require.True(t, s.server(t, "1").Blocked)
	record, err := s.Record(ctx, "1")
	require.NoError(t, err)
	require.True(t, record.Blocked)
	require.Equal(t, "cust42", record.Owner, "here the panel shows a name")

	s.save(t, "1", api.ID, mark+"releasing")
	require.NoError(t, s.Power(ctx, "1", dcim.PowerOff))
	s.wait(time.Minute)
	require.True(t, s.server(t, "1").PowerOff)
	require.NoError(t, s.DeleteAddress(ctx, "1", extra.ID))
	require.NoError(t, s.NameAddress(ctx, "1", addresses[0].ID, "free.ds"))
	require.NoError(t, s.Unblock(ctx, "1"))
	s.wait(6 * time.Second)
	require.False(t, s.server(t, "1").Blocked)

	require.NoError(t, s.Update(ctx, "1", func(dcim.Record) (dcim.Change, error) { return dcim.Unassign(""), nil }))
	require.True(t, s.server(t, "1").Free())
	require.Equal(t, record.Label, s.server(t, "1").Label)
	require.Empty(t, s.Violations())
}

func TestConnectionsAreSwitched(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 1, FlagDelay: 5 * time.Second})
	find := func() dcim.Port {
		connections, err := s.Ports(t.Context(), "1")
		require.NoError(t, err)
		require.Equal(t, "Switch", connections[0].Type)
		return connections[0]
	}
	port := find()
	require.False(t, port.Busy)
	require.NoError(t, s.SwitchPort(t.Context(), "1", port.ID, false))
	require.True(t, find().Busy)
	s.wait(6 * time.Second)
	require.False(t, find().Busy)
	require.False(t, s.State().Servers[0].Connections[0].On)
	require.NoError(t, s.SwitchPort(t.Context(), "1", port.ID, true))
	s.wait(6 * time.Second)
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

	_, err = s.CreateAccount(ctx, "cust42", "short")
	require.Equal(t, dcim.KindValue, dcim.KindOf(err))
	require.ErrorContains(t, err, "passwd")
	_, err = s.CreateAccount(ctx, apiUser, "long enough")
	require.Equal(t, dcim.KindExists, dcim.KindOf(err), "%v", err)
	_, err = s.Record(ctx, "99")
	require.Equal(t, dcim.KindMissed, dcim.KindOf(err), "%v", err)
	require.ErrorContains(t, err, "99")
	err = s.Install(ctx, "1", dcim.Install{Template: "no__such", Password: "long enough"})
	require.Equal(t, dcim.KindValue, dcim.KindOf(err))
	require.ErrorContains(t, err, "no__such")
}

// TestWrongPassword in both ways in which a panel may say so (docs/dcimanager.md 2.2).
func TestWrongPassword(t *testing.T) {
	for _, kind := range []string{"auth", "access"} {
		s := simulate(t, simulator.Config{Servers: 1, AuthErrorType: kind, ErrorStatus: 403}, func(c *dci5.Config) { c.Password = "wrong S3cret" })
		for _, err := range []error{probe(t, s), s.Block(t.Context(), "1")} {
			require.Equal(t, dcim.KindCredentials, dcim.KindOf(err), "%v", err)
			require.ErrorContains(t, err, "check user and password of this panel")
			requireClean(t, err, "wrong S3cret", apiPassword)
		}
	}
}

func TestCustomerHasNoAccess(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 1, Users: []simulator.User{{Name: "cust42", Password: "customer-password"}}},
		func(c *dci5.Config) { c.User, c.Password = "cust42", "customer-password" })
	require.Equal(t, dcim.KindAccess, dcim.KindOf(s.Block(t.Context(), "1")))
}
