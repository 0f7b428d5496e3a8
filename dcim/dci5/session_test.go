package dci5_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
	"metalease/dcim/simulator"
)

const (
	sessionID = "b2f1c3d4e5f6a7b8c9d0"
	users     = `<doc><elem><id>3</id><name>whmcsapi</name><level>29</level></elem><elem><id>4</id><name>boss</name><level>29</level></elem>
		<elem><id>17</id><name>cust42</name><level>16</level></elem></doc>`
)

var customer = dcim.Account{ID: "17", Name: "cust42"}

// answers is a stub that answers by function, and as a panel does where a test says nothing.
func answers(t *testing.T, documents map[string]string) *stub {
	return newStub(t, func(w http.ResponseWriter, r *http.Request) {
		document, told := documents[r.Form.Get("func")]
		switch {
		case told:
		case r.Form.Get("func") == "user":
			document = users
		case r.Form.Get("func") == "auth":
			document = `<doc><auth id="` + sessionID + `" level="16">` + sessionID + `</auth></doc>`
		case r.Form.Get("func") == "server":
			document = `<doc><elem><id>5</id><ipmi>IPMI S5 of A1</ipmi></elem></doc>`
		default:
			document = `<doc><ok/></doc>`
		}
		_, _ = io.WriteString(w, document)
	})
}

// inTheName are the calls that a panel gets in the name of an account.
var inTheName = map[string]func(context.Context, dcim.Backend, dcim.Account) error{
	"power": func(ctx context.Context, b dcim.Backend, as dcim.Account) error {
		return b.PowerAs(ctx, as, "5", dcim.Reboot)
	},
	"install": func(ctx context.Context, b dcim.Backend, as dcim.Account) error {
		return b.InstallAs(ctx, as, "5", dcim.Install{Template: "A__one", Password: "root+pw"})
	},
	"sign-on": func(ctx context.Context, b dcim.Backend, as dcim.Account) error {
		_, err := b.SignOn(ctx, as)
		return err
	},
	"console": func(ctx context.Context, b dcim.Backend, as dcim.Account) error {
		_, err := b.Console(ctx, as, "5")
		return err
	},
}

// TestWhatIsSentInTheNameOfAnAccount: a key of its own for each call, and nobody's credentials
// but the session's with the call itself (docs/dcimanager.md 2.3).
func TestWhatIsSentInTheNameOfAnAccount(t *testing.T) {
	login := []string{"user", "session.newkey", "auth"}
	keys := map[string]bool{}
	for name, want := range map[string]struct {
		functions []string
		last      url.Values
	}{
		"power": {append(login, "server.reboot"), url.Values{"func": {"server.reboot"}, "elid": {"5"}}},
		"install": {append(login, "server.operations"), url.Values{"func": {"server.operations"}, "sok": {"ok"}, "elid": {"5"}, "operation": {"ostemplate"},
			"ostemplate": {"A__one"}, "passwd": {"root+pw"}, "confirm": {"root+pw"}, "checkpasswd": {"root+pw"}}},
		"console": {append(login, "server", "ipmiredirect"), url.Values{"func": {"ipmiredirect"}, "elid": {"5"}, "newwindow": {"yes"}, "value": {"IPMI S5 of A1"}}},
	} {
		panel := answers(t, nil)
		require.NoError(t, inTheName[name](t.Context(), panel.client(t), customer), name)
		var functions []string
		for _, asked := range panel.requests() {
			functions = append(functions, asked.Form.Get("func"))
			require.Equal(t, "/dcimgr", asked.RequestURI, "nothing may stand in the URL")
		}
		require.Equal(t, want.functions, functions, name)
		made, spent, last := panel.requests()[1].Form, panel.requests()[2].Form, panel.last(t).Form
		key := made.Get("key")
		require.Regexp(t, `^[a-z2-7]{26}$`, key)
		require.False(t, keys[key], "no key is used twice")
		keys[key] = true
		require.Equal(t, url.Values{"out": {"xml"}, "func": {"session.newkey"}, "username": {"cust42"}, "key": {key}, "authinfo": {apiUser + ":" + apiPassword}}, made)
		require.Equal(t, url.Values{"out": {"xml"}, "func": {"auth"}, "username": {"cust42"}, "key": {key}}, spent)
		want.last.Set("out", "xml")
		want.last.Set("auth", sessionID)
		require.Equal(t, want.last, last, "%s: no authinfo beside the session", name)
	}
}

// TestTheFormOfASignOn: the browser gets the key in fields, and logs in without a cookie.
func TestTheFormOfASignOn(t *testing.T) {
	for _, account := range []dcim.Account{customer, {ID: "17"}, {Name: "cust42"}, {ID: "3", Name: apiUser}} {
		panel := answers(t, nil)
		got, err := panel.client(t).SignOn(t.Context(), account)
		require.NoError(t, err)
		made := panel.last(t).Form
		require.Equal(t, "session.newkey", made.Get("func"), "the key is left for the browser")
		require.Equal(t, panel.URL+"/dcimgr", got.URL)
		require.Equal(t, map[string]string{"func": "auth", "username": made.Get("username"), "key": made.Get("key"), "checkcookie": "no"}, got.Fields)
		require.Contains(t, []string{"cust42", apiUser}, made.Get("username"))
		require.WithinDuration(t, time.Now().Add(2*time.Minute), got.ExpiresAt, time.Minute)
	}
}

// TestWhoseNameIsLent: a customer's or our own, and only if name and id are one account.
func TestWhoseNameIsLent(t *testing.T) {
	for _, c := range []struct {
		account dcim.Account
		want    error
	}{
		{dcim.Account{ID: "4", Name: "boss"}, dcim.ErrDenied},
		{dcim.Account{Name: "boss"}, dcim.ErrDenied},
		{dcim.Account{Name: "root"}, dcim.ErrMissed},
		{dcim.Account{ID: "18", Name: "cust42"}, dcim.ErrMissed},
		{dcim.Account{ID: "17", Name: "cust4"}, dcim.ErrMissed},
		{dcim.Account{}, dcim.ErrValue},
	} {
		for name, call := range inTheName {
			panel := answers(t, nil)
			err := call(t.Context(), panel.client(t), c.account)
			require.ErrorIs(t, err, c.want, "%s as %v", name, c.account)
			require.False(t, dcim.Uncertain(err) || dcim.Refused(err), "%v", err)
			for _, asked := range panel.requests() {
				require.Equal(t, "user", asked.Form.Get("func"), "%s as %v: no key was made", name, c.account)
			}
		}
	}
}

// TestWhatIsRefusedBeforeAnythingIsSent: a wrong call makes no key.
func TestWhatIsRefusedBeforeAnythingIsSent(t *testing.T) {
	panel := answers(t, nil)
	client := panel.client(t)
	_, console := client.Console(t.Context(), customer, "5, 6")
	for _, err := range []error{
		client.PowerAs(t.Context(), customer, "5, 6", dcim.PowerOn),
		client.PowerAs(t.Context(), customer, "5", "sideways"),
		client.InstallAs(t.Context(), customer, "", dcim.Install{Template: "A__one", Password: "pw"}),
		client.InstallAs(t.Context(), customer, "5", dcim.Install{Template: "A__one", Password: "pw", Recipe: "#local__web"}),
		console,
	} {
		require.ErrorIs(t, err, dcim.ErrValue)
	}
	require.Empty(t, panel.requests())
}

// TestWhoIsRefused: what the account may not do is no trouble with our own login, and the text
// says in whose name it was.
func TestWhoIsRefused(t *testing.T) {
	for kind, want := range map[string]error{"auth": dcim.ErrDenied, "access": dcim.ErrDenied, "value": dcim.ErrValue, "missed": dcim.ErrMissed} {
		refusal := `<doc><error type="` + kind + `" object="disabled"><msg>The server is disabled</msg></error></doc>`
		err := answers(t, map[string]string{"server.reboot": refusal}).client(t).PowerAs(t.Context(), customer, "5", dcim.Reboot)
		require.ErrorIs(t, err, want)
		require.True(t, dcim.Refused(err), "the panel has said no to the command itself")
		require.ErrorContains(t, err, "server.reboot of 5 as cust42: "+kind+": The server is disabled")

		err = answers(t, map[string]string{"auth": refusal}).client(t).PowerAs(t.Context(), customer, "5", dcim.Reboot)
		require.ErrorIs(t, err, want)
		require.False(t, dcim.Refused(err) || dcim.Uncertain(err), "the command was never made")
		require.ErrorContains(t, err, "auth as cust42: ")
	}
	err := answers(t, map[string]string{"session.newkey": `<doc><error type="access"><msg>no</msg></error></doc>`}).client(t).PowerAs(t.Context(), customer, "5", dcim.Reboot)
	require.ErrorIs(t, err, dcim.ErrAccess, "it is our own account that may not make keys")
	_, err = answers(t, map[string]string{"auth": `<doc><ok/></doc>`}).client(t).Console(t.Context(), customer, "5")
	require.ErrorIs(t, err, dcim.ErrNotAPanel)
}

// TestFaultsBeforeTheCall: whatever goes wrong with list, key or login, the command was not sent
// and the error is no doubt about it.
func TestFaultsBeforeTheCall(t *testing.T) {
	kinds := map[simulator.Effect]dcim.Kind{
		simulator.HTTP500: dcim.KindNotAPanel, simulator.Garbage: dcim.KindNotAPanel,
		simulator.CloseBefore: dcim.KindUnreachable, simulator.CloseAfter: dcim.KindUnreachable,
	}
	for effect, kind := range kinds {
		for _, function := range []string{"user", "session.newkey", "auth"} {
			t.Run(string(effect)+"/"+function, func(t *testing.T) {
				t.Parallel()
				s, account := rented(t, simulator.Config{Servers: 2, InstallTime: time.Hour})
				require.NoError(t, s.Fault(simulator.Rule{Function: function, Effect: effect}))
				err := s.PowerAs(t.Context(), account, "1", dcim.PowerOn)
				require.Equal(t, kind, dcim.KindOf(err), "%v", err)
				require.False(t, dcim.Uncertain(err) || dcim.Refused(err), "%v", err)
				require.Zero(t, s.State().Functions["server.poweron"].Requests)
				if function != "user" { // a read may be made on another connection
					require.Equal(t, 1, s.State().Functions[function].Requests, "nothing is repeated")
				}
				s.ClearFaults()
				require.NoError(t, s.PowerAs(t.Context(), account, "1", dcim.PowerOn), "the next one has a key of its own")
			})
		}
	}
}

// rented is a panel whose server 1 belongs to a customer.
func rented(t *testing.T, config simulator.Config, changes ...func(*dci5.Config)) (*simulated, dcim.Account) {
	t.Helper()
	config.Users = []simulator.User{{Name: "cust42", Password: "customer-password"}, {Name: "cust43", Password: "customer-password"}}
	s := simulate(t, config, changes...)
	_, err := s.Administer("1", []byte(`{"owner":"cust42"}`))
	require.NoError(t, err)
	accounts, err := s.Accounts(t.Context())
	require.NoError(t, err)
	return s, accounts[0]
}

// TestASessionIsOnesOwn: the panel keeps a customer to the own servers, and off them while they
// are disabled; who tries has done something that no client may.
func TestASessionIsOnesOwn(t *testing.T) {
	s, account := rented(t, simulator.Config{Servers: 2})
	require.NoError(t, s.PowerAs(t.Context(), account, "1", dcim.PowerOn))
	require.True(t, s.server(t, "1").PowerOn)
	require.Empty(t, s.Violations())

	install := dcim.Install{Template: debian, Password: "root-password"}
	err := s.PowerAs(t.Context(), account, "2", dcim.PowerOn)
	require.ErrorIs(t, err, dcim.ErrDenied)
	require.ErrorIs(t, s.InstallAs(t.Context(), account, "2", install), dcim.ErrDenied)
	require.False(t, s.server(t, "2").PowerOn)
	var kinds []string
	for _, violation := range s.Violations() {
		kinds = append(kinds, violation.Kind)
	}
	require.Equal(t, []string{simulator.SessionForeign, simulator.SessionForeign}, kinds)

	require.NoError(t, s.Block(t.Context(), "1"))
	err = s.PowerAs(t.Context(), account, "1", dcim.PowerOff)
	require.ErrorIs(t, err, dcim.ErrDenied)
	require.ErrorContains(t, err, "disabled")
	require.ErrorIs(t, s.InstallAs(t.Context(), account, "1", install), dcim.ErrDenied)
	_, err = s.Console(t.Context(), account, "1")
	require.ErrorIs(t, err, dcim.ErrDenied)
	require.True(t, s.server(t, "1").PowerOn)
	require.Empty(t, s.State().Installs)
	require.NoError(t, s.PowerAs(t.Context(), dcim.Account{Name: apiUser}, "1", dcim.PowerOff), "staff may")
}

// TestAReinstallOfACustomer carries no recipe, and is the customer's.
func TestAReinstallOfACustomer(t *testing.T) {
	s, account := rented(t, simulator.Config{Servers: 1, InstallTime: time.Hour})
	require.NoError(t, s.InstallAs(t.Context(), account, "1", dcim.Install{Template: debian, Password: "root-password"}))
	require.True(t, s.server(t, "1").Installing)
	installs := s.State().Installs
	require.Len(t, installs, 1)
	require.Equal(t, []string{"cust42", "", "root-password"}, []string{installs[0].By, installs[0].Recipe, installs[0].Password})
	require.Empty(t, s.Violations())
	require.True(t, dcim.Refused(s.InstallAs(t.Context(), account, "1", dcim.Install{Template: debian, Password: "root-password"})), "one runs already")
}
