package panel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/activities/tenant"
	"metalease/dcim/dci5"
	panelsim "metalease/dcim/simulator"
	"metalease/internal/hostname"
	"metalease/internal/signon"
)

// rented takes a new service to a customer who has server 1, installed and Active in WHMCS.
func (w *world) rented() tenant.Server {
	w.T.Helper()
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	require.NoError(w.T, simulated.Do(w, w.p.MakeReady, b))
	require.NoError(w.T, simulated.Do(w, w.p.StartInstall, b))
	require.NoError(w.T, simulated.Do(w, w.p.AwaitInstall, b))
	account, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
	require.NoError(w.T, err)
	b.Account = account
	require.NoError(w.T, simulated.Do(w, w.p.HandOver, b))
	for _, act := range []string{"paid", "create"} {
		_, err := w.Billing.Act(service.ID, act)
		require.NoError(w.T, err)
	}
	return tenant.Server{ServiceID: service.ID, ClientID: service.ClientID, ServerID: "1", Account: account, AsCustomer: true}
}

// wishes are all that can be wished of a customer's server, each of which would change something.
func wishes(t *testing.T, w *world) map[string]func(tenant.Server) error {
	key, err := signon.NewKey()
	require.NoError(t, err)
	power := func(action string) func(tenant.Server) error {
		return func(in tenant.Server) error {
			return simulated.Do(w, w.p.SwitchPower, tenant.Power{Server: in, Action: action, Limit: time.Second})
		}
	}
	network := func(on bool) func(tenant.Server) error {
		return func(in tenant.Server) error {
			return simulated.Do(w, w.p.SwitchNetwork, tenant.Network{Server: in, On: on})
		}
	}
	one := 1
	return map[string]func(tenant.Server) error{
		"off": power("off"), "reboot": power("reboot"), "network off": network(false), "network on": network(true),
		"addresses": func(in tenant.Server) error {
			return simulated.Do(w, w.p.ChangeAddresses, tenant.Addresses{Server: in, IPv4: &one, Domains: hostname.Names{{IP: w.Server("1").IP, Name: "own.example.org"}}})
		},
		"reinstall": func(in tenant.Server) error {
			return simulated.Do(w, w.p.StartReinstall, tenant.Reinstall{Server: in, OSTemplate: "ISPsystem__AlmaLinux-9-x86_64", Number: 2})
		},
		"panel": func(in tenant.Server) error {
			return simulated.Do(w, w.p.SignOn, tenant.SignOn{Server: in, Key: key.Public()})
		},
		"console": func(in tenant.Server) error {
			return simulated.Do(w, w.p.SignOn, tenant.SignOn{Server: in, Key: key.Public(), Console: true})
		},
	}
}

// writes counts all that a panel was asked to change.
func (w *world) writes() int {
	n := 0
	for _, function := range []string{"session.newkey", "server.poweron", "server.poweroff", "server.reboot", "server.connection.on", "server.connection.off", "iplist.delete"} {
		n += w.calls(function)
	}
	return n + len(w.Panel.State().Installs)
}

// TestAWishIsRefused, with its reason and before anything is written.
func TestAWishIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]any
		kind   string
		// words are in the reason.
		words string
		// but these wishes are granted all the same.
		but []string
	}{
		"blocked":                {map[string]any{"blocked": true, "disabled": true}, edge.ErrNotNow, "is blocked", []string{"network off"}},
		"an operation runs":      {map[string]any{"install_in_progress": true}, edge.ErrNotNow, "an operation runs on server 1", []string{"network on", "panel", "console"}},
		"the hardware is tested": {map[string]any{"diag_in_progress": true}, edge.ErrNotNow, "being tested", []string{"network on", "network off", "panel", "console"}},
		"another owner":          {map[string]any{"owner": "u-other"}, edge.ErrOwnership, "belongs to", nil},
		"no mark":                {map[string]any{"notes": "rack 4"}, edge.ErrOwnership, "no mark", nil},
		"another service's mark": {map[string]any{"notes": "metalease:main/service-999 active"}, edge.ErrOwnership, "another service", nil},
		"two marks":              {map[string]any{"notes": "metalease:main/service-102 active\nmetalease:other/service-1 active"}, edge.ErrOwnership, "2 marks", nil},
		"a mark of no customer":  {map[string]any{"notes": "metalease:main/service-102 quarantine"}, edge.ErrOwnership, "quarantine", nil},
		"taken back":             {map[string]any{"owner": "whmcsapi", "notes": "metalease:main/service-102 releasing"}, edge.ErrNotNow, "given back", nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(c *panelsim.Config) {
				c.Users = []panelsim.User{{Name: "u-other", Level: 16, Password: "long-enough-1"}}
			})
			in := w.rented()
			require.Equal(t, 102, in.ServiceID, "the table names it")
			w.Administer("1", c.change)
			for name, wish := range wishes(t, w) {
				before, writes := w.Server("1"), w.writes()
				err := wish(in)
				if contained(c.but, name) {
					require.NoError(t, err, name)
					continue
				}
				require.ErrorContains(t, err, c.words, name)
				simulated.RequireType(t, err, c.kind, false)
				require.Equal(t, before, w.Server("1"), name)
				require.Equal(t, writes, w.writes(), name)
			}
			w.RequireClean()
		})
	}
}

func contained(list []string, one string) bool {
	for _, other := range list {
		if other == one {
			return true
		}
	}
	return false
}

func TestAWishThatIsTooLateIsNotGranted(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	before, writes := w.Server("1"), w.writes()
	in.Until = time.Now().Add(-time.Second)
	for name, wish := range wishes(t, w) {
		err := wish(in)
		require.Error(t, err, name)
		simulated.RequireType(t, err, edge.ErrTooLate, false)
	}
	require.Equal(t, before, w.Server("1"))
	require.Equal(t, writes, w.writes())

	in.Until = time.Now().Add(time.Minute)
	require.NoError(t, wishes(t, w)["off"](in))
}

// TestAWishWithoutAnAccountIsNotGranted: nobody's server is everybody's.
func TestAWishWithoutAnAccountIsNotGranted(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	writes := w.writes()
	in.Account = holding.Account{}
	for name, wish := range wishes(t, w) {
		err := wish(in)
		require.Error(t, err, name)
		simulated.RequireType(t, err, edge.ErrOwnership, false)
	}
	require.Equal(t, writes, w.writes())
}

func TestAnObservedPanelGrantsNoWish(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	dial := w.Dial
	dial.ReadOnly = true
	backend, err := dci5.New(dial)
	require.NoError(t, err)
	before, writes := w.Server("1"), w.writes()
	*w.p = *New(Options{Reader: NewReader(backend, time.Millisecond), WHMCS: w.API, Installation: simulated.Installation, Settle: w.p.Settle, ReleaseTimeout: w.p.ReleaseTimeout})
	for name, wish := range wishes(t, w) {
		err := wish(in)
		require.Error(t, err, name)
		simulated.RequireType(t, err, edge.ErrObserved, false)
	}
	require.Equal(t, before, w.Server("1"))
	require.Equal(t, writes, w.writes())

	facts, err := simulated.Run[tenant.Facts](w, w.p.Facts, in)
	require.NoError(t, err, "looking is allowed")
	require.Equal(t, "on", facts.Power)
	_, err = simulated.Run[tenant.Usage](w, w.p.Usage, tenant.Servers{IDs: []string{"1"}})
	require.NoError(t, err)
}

// TestAPanelThatIsDownIsAskedAgain: each wish is repeated, and then granted.
func TestAPanelThatIsDownIsAskedAgain(t *testing.T) {
	names := wishes(t, newWorld(t))
	for name := range names {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			in := w.rented()
			w.Attempts()
			w.Lose(panelsim.HTTP500, "", 0)
			before, writes := w.Server("1"), w.writes()
			wish := wishes(t, w)[name]
			simulated.RequireType(t, wish(in), edge.ErrPanelUnavailable, true)
			require.Equal(t, before, w.Server("1"))
			require.Equal(t, writes, w.writes())
			w.Panel.ClearFaults()
			require.NoError(t, wish(in))
			w.RequireClean()
		})
	}
}

// TestAWishEndsInTimeThoughThePanelIsDown: until it is back, the wish would stand in the way of every other one.
func TestAWishEndsInTimeThoughThePanelIsDown(t *testing.T) {
	for _, name := range []string{"off", "reboot", "network off", "network on"} {
		w := newWorld(t)
		w.Attempts()
		in, wish := w.rented(), wishes(t, w)[name]
		require.NoError(t, w.Panel.Fault(panelsim.Rule{Effect: panelsim.HTTP500}))
		in.Until = time.Now().Add(time.Minute)
		simulated.RequireType(t, wish(in), edge.ErrPanelUnavailable, true)
		in.Until = time.Now().Add(-time.Second)
		simulated.RequireType(t, wish(in), edge.ErrTooLate, false)
	}
}
