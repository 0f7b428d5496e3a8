package dci5_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
	"metalease/dcim/simulator"
)

// browser posts a sign-on as a browser does, from an address of this machine, and returns where
// it ended and what it saw there. Then it opens further addresses.
func (s *simulated) browser(t *testing.T, from string, to dcim.SignOn, then ...string) (where, page string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	transport := s.web.Clone()
	transport.DialContext = (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}).DialContext
	defer transport.CloseIdleConnections()
	form := url.Values{}
	for name, value := range to.Fields {
		form.Set(name, value)
	}
	client := &http.Client{Transport: transport, Jar: jar}
	resp, err := client.PostForm(to.URL, form)
	for _, address := range then {
		require.NoError(t, err)
		_ = resp.Body.Close()
		resp, err = client.Get(address)
	}
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.Request.URL.RequestURI(), string(text)
}

// TestABrowserIsLetIn: once, as the account, within the life of the key, and nothing secret is
// left in its address.
func TestABrowserIsLetIn(t *testing.T) {
	s, account := rented(t, simulator.Config{Servers: 2, KeyLife: time.Minute})
	api, err := s.Self(t.Context())
	require.NoError(t, err)
	for _, who := range []dcim.Account{account, api} {
		to, err := s.SignOn(t.Context(), who)
		require.NoError(t, err)
		where, page := s.browser(t, "127.0.0.2", to)
		require.Equal(t, "/dcimgr", where)
		require.Contains(t, page, "user="+who.Name)
		require.Equal(t, who == api, strings.Contains(page, "id=2 "), "a customer sees the own server only")
		require.Contains(t, page, "id=1 ")

		_, page = s.browser(t, "127.0.0.2", to)
		require.NotContains(t, page, "user="+who.Name, "a key works once")
		late, err := s.SignOn(t.Context(), who)
		require.NoError(t, err)
		s.wait(2 * time.Minute)
		_, page = s.browser(t, "127.0.0.2", late)
		require.NotContains(t, page, "user="+who.Name, "a key does not last")
	}
	to, err := s.SignOn(t.Context(), account)
	require.NoError(t, err)
	delete(to.Fields, "checkcookie")
	_, page := s.browser(t, "127.0.0.2", to)
	require.NotContains(t, page, "user=cust42", "a browser that was never there has no cookie")
}

// TestAConsole in all ways in which a panel may answer.
// TestABrowserIsSentWhereItReachesThePanel, which may be another address than ours.
func TestABrowserIsSentWhereItReachesThePanel(t *testing.T) {
	const public = "https://panel.example.com:1500"
	s, account := rented(t, simulator.Config{Servers: 2}, func(c *dci5.Config) { c.PublicURL = public + "/dcimgr" })
	panel, err := s.SignOn(t.Context(), account)
	require.NoError(t, err)
	require.Equal(t, public+"/dcimgr", panel.URL)
	console, err := s.Console(t.Context(), account, "1")
	require.NoError(t, err)
	for _, address := range []string{console.URL, console.Inside} {
		require.True(t, strings.HasPrefix(address, public+"/"), address)
	}
	_, err = dci5.New(dci5.Config{URL: "https://dci.example.com", PublicURL: "http://panel.example.com/"})
	require.ErrorContains(t, err, "the public url must begin with https://")
}

func TestAConsole(t *testing.T) {
	for _, c := range []struct {
		config simulator.Config
		from   string
		opens  bool
		path   string
	}{
		{simulator.Config{RoamingSessions: true}, "127.0.0.2", true, "/ipmi/1"},
		{simulator.Config{}, "127.0.0.1", true, "/ipmi/1"},
		{simulator.Config{}, "127.0.0.2", false, "/ipmi/1"}, // the session is bound to our address
		{simulator.Config{Console: simulator.ConsoleRelative}, "127.0.0.1", true, "/ipmi/1"},
		{simulator.Config{Console: simulator.ConsoleCookie}, "127.0.0.1", false, "/ipmi/1"},
		{simulator.Config{Console: simulator.ConsoleNone}, "127.0.0.1", false, "/dcimgr"},
		{simulator.Config{Console: simulator.ConsoleForeign}, "", false, "/"},
	} {
		c.config.Servers = 1
		s, account := rented(t, c.config)
		to, err := s.Console(t.Context(), account, "1")
		require.NoError(t, err, c.config.Console)
		address, err := url.Parse(to.URL)
		require.NoError(t, err)
		require.Empty(t, address.RawQuery, c.config.Console)
		require.Equal(t, c.path, address.Path)
		if c.from == "" {
			require.Empty(t, to.Fields, "nobody else gets our session")
			continue
		}
		where, page := s.browser(t, c.from, to)
		require.Equal(t, c.path, where)
		require.Equal(t, c.opens, strings.Contains(page, "Console of server 1 for cust42"), "%s: %s", c.config.Console, page)

		in, err := s.SignOn(t.Context(), account)
		require.NoError(t, err)
		require.NotContains(t, to.Inside, in.Fields["key"])
		require.NotContains(t, to.Inside, "auth=")
		_, page = s.browser(t, "127.0.0.2", in, to.Inside)
		require.Equal(t, c.config.Console != simulator.ConsoleNone, strings.Contains(page, "Console of server 1 for cust42"),
			"%s: a browser with a session of its own: %s", c.config.Console, page)
	}
	s, account := rented(t, simulator.Config{Servers: 2, Console: simulator.ConsolePath})
	_, err := s.Console(t.Context(), account, "1")
	require.ErrorIs(t, err, dcim.ErrUnsupported, "the session cannot be taken out of a path")
	require.ErrorContains(t, err, "open the console in the panel")
	_, err = s.Console(t.Context(), account, "2")
	require.ErrorIs(t, err, dcim.ErrMissed, "the panel shows a customer the own servers only")
	require.Empty(t, s.Violations())
}

// TestAddressesOfConsoles: what may be logged holds no secret, and what cannot be opened is said.
func TestAddressesOfConsoles(t *testing.T) {
	for address, want := range map[string]struct {
		path   string
		fields map[string]string
		fails  string
	}{
		"PANEL/ipmi/5?auth=SID&x=1":           {path: "PANEL/ipmi/5", fields: map[string]string{"auth": "SID", "x": "1"}},
		"/dcimgr?func=ipmi.proxy&auth=SID":    {path: "PANEL/dcimgr", fields: map[string]string{"func": "ipmi.proxy", "auth": "SID"}},
		"https://bmc.example.com/?a=1&auth=S": {path: "https://bmc.example.com/?a=1", fields: map[string]string{"auth": "S"}},
		"https://bmc.example.com/?a=xSIDx":    {path: "https://bmc.example.com/", fields: map[string]string{"a": "xSIDx"}},
		"http://198.51.100.72/":               {path: "http://198.51.100.72/", fields: map[string]string{}},
		"http://198.51.100.72/?auth=SID":      {fails: "not encrypted"},
		"https://root:pw@bmc.example.com/":    {fails: "cannot be taken out"},
		"PANEL/ipmi/SID":                      {fails: "cannot be taken out"},
		"PANEL/ipmi/#SID":                     {fails: "cannot be taken out"},
		"PANEL/ipmi?auth=SID&auth=2":          {fails: "several times"},
		"PANEL/ipmi?auth=%zz":                 {fails: "cannot be read"},
		"javascript:alert(1)":                 {fails: "is none"},
		"data:text/html,x":                    {fails: "is none"},
		"https://":                            {fails: "is none"},
	} {
		documents := map[string]string{}
		panel := answers(t, documents)
		filled := func(text string) string {
			return strings.NewReplacer("PANEL", panel.URL, "SID", sessionID).Replace(text)
		}
		var escaped strings.Builder
		require.NoError(t, xml.EscapeText(&escaped, []byte(filled(address))))
		documents["ipmiredirect"] = "<doc><ok type=\"url\">" + escaped.String() + "</ok></doc>"
		got, err := panel.client(t).Console(t.Context(), customer, "5")
		if want.fails != "" {
			require.ErrorIs(t, err, dcim.ErrUnsupported, address)
			require.ErrorContains(t, err, want.fails, address)
			requireClean(t, err, sessionID)
			continue
		}
		require.NoError(t, err, address)
		require.Equal(t, filled(want.path), got.URL)
		for name, value := range want.fields {
			want.fields[name] = filled(value)
		}
		require.Equal(t, want.fields, got.Fields, address)
	}
	panel := answers(t, nil)
	got, err := panel.client(t).Console(t.Context(), customer, "5")
	require.NoError(t, err, "without an address the browser asks")
	require.Equal(t, panel.URL+"/dcimgr", got.URL)
	require.Equal(t, panel.URL+"/dcimgr?elid=5&func=ipmiredirect&newwindow=yes&value=IPMI+S5+of+A1", got.Inside)
	require.Equal(t, map[string]string{"func": "ipmiredirect", "elid": "5", "newwindow": "yes", "value": "IPMI S5 of A1", "auth": sessionID}, got.Fields)
}

// TestNoKeyOrSessionInErrors: a panel that repeats key and session everywhere gets neither into
// an error.
func TestNoKeyOrSessionInErrors(t *testing.T) {
	for _, function := range []string{"session.newkey", "auth", "server", "server.reboot", "server.operations", "ipmiredirect"} {
		var made atomic.Value
		made.Store("")
		panel := newStub(t, func(w http.ResponseWriter, r *http.Request) {
			asked := r.Form.Get("func")
			if asked == "session.newkey" {
				made.Store(r.Form.Get("key"))
			}
			switch {
			case asked == function:
				leak := strings.Join(append(echoes(made.Load().(string)), echoes(sessionID)...), " ; ")
				_, _ = fmt.Fprintf(w, `<doc><error type="%[1]s" object="%[1]s"><param name="object">%[1]s</param><param name="value">%[1]s</param><msg>%[1]s</msg></error></doc>`, strings.NewReplacer(`"`, "&quot;", "&", "&amp;", "<", "&lt;").Replace(leak))
			case asked == "user":
				_, _ = io.WriteString(w, users)
			case asked == "auth":
				_, _ = io.WriteString(w, `<doc><auth>`+sessionID+`</auth></doc>`)
			case asked == "server":
				_, _ = io.WriteString(w, `<doc><elem><id>5</id></elem></doc>`)
			default:
				_, _ = io.WriteString(w, `<doc><ok/></doc>`)
			}
		})
		var failed int
		for _, call := range inTheName {
			if err := call(t.Context(), panel.client(t), customer); err != nil {
				failed++
				secrets := []string{made.Load().(string), apiPassword}
				if function != "session.newkey" && function != "auth" { // the session was not made yet
					secrets = append(secrets, sessionID)
				}
				requireClean(t, err, secrets...)
			}
		}
		require.Positive(t, failed, function)
	}
}

// TestNothingIsLoggedOfKeysAndSessions: what the panel and its state write holds none of them.
func TestNothingIsLoggedOfKeysAndSessions(t *testing.T) {
	var log lines
	s, account := rented(t, simulator.Config{Servers: 1, Log: &log})
	for _, call := range []func(context.Context) (dcim.SignOn, error){
		func(ctx context.Context) (dcim.SignOn, error) { return s.SignOn(ctx, account) },
		func(ctx context.Context) (dcim.SignOn, error) { return s.Console(ctx, account, "1") },
	} {
		to, err := call(t.Context())
		require.NoError(t, err)
		_, page := s.browser(t, "127.0.0.1", to)
		state := fmt.Sprintf("%+v", s.State())
		for _, field := range []string{"key", "auth"} {
			if secret := to.Fields[field]; secret != "" {
				require.Greater(t, len(secret), 16)
				require.NotContains(t, log.String(), secret)
				require.NotContains(t, page, secret)
				require.NotContains(t, state, secret)
				require.NotContains(t, to.URL, secret)
			}
		}
	}
	require.Contains(t, log.String(), "session.newkey")
}

// lines keeps what is written, by whomever.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
