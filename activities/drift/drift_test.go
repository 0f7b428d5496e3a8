package drift

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

// The view of a panel on which all is well: service 101 of client 7 has server 12.
func wellView() View {
	return View{
		Panel: "fra1", Installation: "main", API: holding.Account{ID: "3", Name: "whmcsapi"},
		Now: noon, Settle: 20 * time.Second, Home: func(b Billed) bool { return b.Entry == "fra1" },
		Accounts: []holding.Account{{ID: "17", Name: "u101"}, {ID: "18", Name: "stranger"}},
		Servers: []Sight{
			{Server: dcim.Server{ID: "11", Label: "A1-11", Hostname: "free.ds", IP: "192.0.2.11"}, Read: true},
			{Server: dcim.Server{ID: "12", Label: "A1-12", Hostname: "s101.example.com", IP: "192.0.2.12", Owner: "u101"}, Read: true,
				Marks: []holding.Mark{{Installation: "main", ServiceID: 101, State: holding.StateActive}}},
			{Server: dcim.Server{ID: "13", Label: "A1-13", Hostname: "web.example.org", IP: "192.0.2.13", Owner: "stranger"}},
		},
		Services: []Billed{{ID: 101, ClientID: 7, Status: whmcs.StatusActive, Username: "u101", IP: "192.0.2.12", Entry: "fra1"}},
		Lives:    []Life{{ServiceID: 101, Panel: "fra1", Running: true, Phase: lifeActive, ServerID: "12", Updated: noon.Add(-time.Hour)}},
	}
}

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

// alone leaves the service without a lifecycle; how is how the last one ended.
func alone(how string) func(*View) {
	return func(v *View) { v.Lives = []Life{{ServiceID: 101, Panel: "fra1", Ending: how}} }
}

func status(s whmcs.Status) func(*View) { return func(v *View) { v.Services[0].Status = s } }

func deleted(v *View) { v.Services = nil }

func phase(p string) func(*View) { return func(v *View) { v.Lives[0].Phase = p } }

func owner(name string) func(*View) { return func(v *View) { v.Servers[1].Owner = name } }

func marks(m ...holding.Mark) func(*View) { return func(v *View) { v.Servers[1].Marks = m } }

func state(s string) func(*View) {
	return marks(holding.Mark{Installation: "main", ServiceID: 101, State: s})
}

func blocked(v *View) { v.Servers[1].Blocked = true }

func TestDriftRules(t *testing.T) {
	for name, c := range map[string]struct {
		change []func(*View)
		// want is each finding's id and remedy, the most severe first.
		want []string
		says string
	}{
		"its customer reinstalls it in the panel": {change: []func(*View){func(v *View) { v.Servers[1].Installing = true }}},
		"it is reinstalled":                       {change: []func(*View){state("active installing 2 accepted"), func(v *View) { v.Servers[1].Installing = true }}},
		"all is well":                             {},

		"a mark without a lifecycle, paid for": {
			change: []func(*View){alone("terminated")},
			want:   []string{"orphan-101-12"}, says: "(Active in WHMCS), whose lifecycle has ended (terminated)",
		},
		"a half-built server of a cancelled order": {
			change: []func(*View){alone("terminated"), status(whmcs.StatusCancelled), owner("whmcsapi"), state("installing 1")},
			want:   []string{"orphan-101-12 give-back"}, says: `marked "installing 1"`,
		},
		"a half-built server of an order that is still pending": {
			change: []func(*View){alone(""), status(whmcs.StatusPending), owner("whmcsapi"), state(holding.StateClaimed)},
			want:   []string{"orphan-101-12"}, says: "which has no lifecycle",
		},
		"a half-built server of an order whose lifecycle was ended by force": {
			change: []func(*View){alone("terminated"), status(whmcs.StatusPending), owner("whmcsapi"), state("installing 1")},
			want:   []string{"orphan-101-12 restart"},
		},
		"a half-built server whose service was deleted": {
			change: []func(*View){alone("failed"), deleted, owner("3"), state(holding.StateClaimed)},
			want:   []string{"orphan-101-12 give-back", "account-u101"}, says: "(deleted in WHMCS)",
		},
		"a release that was cut short": {
			change: []func(*View){alone("terminated"), status(whmcs.StatusTerminated), owner("whmcsapi"), state(holding.StateReleasing)},
			want:   []string{"orphan-101-12 give-back"},
		},
		"a release that was cut short of an order that is pending again": {
			change: []func(*View){alone("terminated"), status(whmcs.StatusPending), owner("whmcsapi"), state(holding.StateReleasing)},
			want:   []string{"orphan-101-12 give-back"},
		},
		"an active server that somebody gave to the API account": {
			change: []func(*View){alone("terminated"), status(whmcs.StatusTerminated), owner("whmcsapi")},
			want:   []string{"orphan-101-12"},
		},
		"a release that was cut short of a service that is paid": {
			change: []func(*View){alone("terminated"), owner("whmcsapi"), state(holding.StateReleasing)},
			want:   []string{"orphan-101-12", "owner-101-12"},
		},
		"a customer keeps a server that ended in WHMCS, nobody looks after it": {
			change: []func(*View){alone("terminated"), status(whmcs.StatusTerminated)},
			want:   []string{"orphan-101-12"}, says: "belongs to account u101",
		},
		"a mark of a service that lives elsewhere": {
			change: []func(*View){func(v *View) { v.Lives[0].Panel = "ams1" }},
			want:   []string{"orphan-101-12"}, says: "holds server 12 of panel ams1",
		},
		"quarantine is set aside on purpose": {
			change: []func(*View){alone("completed"), status(whmcs.StatusTerminated), owner("whmcsapi"), state("quarantine 2026-01-05 install failed")},
		},
		"another installation's mark": {
			change: []func(*View){alone(""), deleted, owner("whmcsapi"), marks(holding.Mark{Installation: "other", ServiceID: 101, State: holding.StateActive})},
		},

		"active, but another account owns it": {
			change: []func(*View){owner("stranger")},
			want:   []string{"owner-101-12"}, says: "belongs to account stranger",
		},
		"active, but the owner is shown by id": {change: []func(*View){owner("17")}},
		"active, but a user that is none owns it": {
			change: []func(*View){owner("99")}, want: []string{"owner-101-12"}, says: "belongs to user 99",
		},
		"active, but nobody owns it": {
			change: []func(*View){owner("")}, want: []string{"free-101-12"},
		},
		"active, but blocked": {
			change: []func(*View){blocked}, want: []string{"blocked-101-12"}, says: "is blocked",
		},
		"active in WHMCS, but the lifecycle blocks": {
			change: []func(*View){blocked, phase(lifeBlocked)},
			want:   []string{"blocked-101-12"}, says: "its lifecycle has a reason for it",
		},
		"active, but its server is gone": {
			change: []func(*View){func(v *View) { v.Servers = v.Servers[:1] }}, want: []string{"gone-101-12"},
		},
		"the lifecycle's server has lost its mark": {
			change: []func(*View){marks()}, want: []string{"markless-101-12"}, says: "metalease:main/service-101 active",
		},
		"the mark was removed while a build waits for a person": {
			change: []func(*View){marks(), owner("whmcsapi"), phase(lifeAttention), status(whmcs.StatusPending)},
			want:   []string{"markless-101-12"},
		},
		"a form that was not read says nothing of marks": {
			change: []func(*View){marks(), func(v *View) { v.Servers[1].Read = false }},
		},

		"suspended, but open": {
			change: []func(*View){status(whmcs.StatusSuspended), func(v *View) { v.Services[0].Reason = "abuse" }},
			want:   []string{"open-101-12 suspend"}, says: "Suspended in WHMCS (abuse)",
		},
		"suspended and blocked": {change: []func(*View){status(whmcs.StatusSuspended), blocked, phase(lifeBlocked)}},
		"suspended, the lifecycle believes it blocked": {
			change: []func(*View){status(whmcs.StatusSuspended), phase(lifeBlocked)}, want: []string{"open-101-12"},
		},
		"suspended, but held by a person": {
			change: []func(*View){status(whmcs.StatusSuspended), func(v *View) { v.Lives[0].Held = "legal case" }},
		},

		"terminated, but still held": {
			change: []func(*View){status(whmcs.StatusTerminated)}, want: []string{"ended-101-12 terminate"},
		},
		"fraud, the build waits for a person": {
			change: []func(*View){status(whmcs.StatusFraud), phase(lifeAttention), owner("whmcsapi"), state(holding.StateClaimed)},
			want:   []string{"ended-101-12 terminate"},
		},
		"deleted, but still held": {
			change: []func(*View){deleted}, want: []string{"ended-101-12 terminate"}, says: "is deleted in WHMCS",
		},
		"a build that waits for a person is no drift": {
			change: []func(*View){status(whmcs.StatusPending), phase(lifeAttention), owner("whmcsapi"), state("installing 1")},
		},

		"on its way: pending": {change: []func(*View){phase("pending"), owner("whmcsapi"), state(holding.StateClaimed)}},
		"on its way: releasing": {
			change: []func(*View){phase("releasing"), status(whmcs.StatusTerminated), owner("whmcsapi"), state(holding.StateReleasing), blocked},
		},
		"changed a moment ago": {
			change: []func(*View){blocked, func(v *View) { v.Lives[0].Updated = noon.Add(-19 * time.Second) }},
		},

		"held by the API account without a mark": {
			change: []func(*View){func(v *View) { v.Servers[0].Owner = "whmcsapi" }},
			want:   []string{"unmarked-11"}, says: "the API account owns server 11",
		},
		"held without a mark while another program installs it": {
			change: []func(*View){func(v *View) { v.Servers[0].Owner, v.Servers[0].Installing = "whmcsapi", true }},
		},
		"two servers of one service": {
			change: []func(*View){func(v *View) {
				v.Servers[0].Marks = []holding.Mark{{Installation: "main", ServiceID: 101, State: holding.StateClaimed}}
			}},
			want: []string{"twice-101"}, says: "servers 11 and 12",
		},
		"one server with two marks": {
			change: []func(*View){func(v *View) {
				v.Servers[0].Marks = []holding.Mark{{Installation: "main", ServiceID: 102, State: holding.StateClaimed}, {Installation: "other", ServiceID: 5, State: holding.StateActive}}
			}},
			want: []string{"contested-11"}, says: "carries 2 marks",
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := wellView()
			for _, change := range c.change {
				change(&v)
			}
			drifts := Find(v)
			var got []string
			for _, d := range drifts {
				text := d.ID
				if d.Remedy != RemedyNone {
					text += " " + string(d.Remedy)
				}
				got = append(got, text)
				require.NotEqual(t, d.Repair == "", d.Advice == "", "%s: either a repair or an advice", d.ID)
				require.Equal(t, d.Remedy == RemedyNone, d.Repair == "", d.ID)
				require.Contains(t, Kinds, d.Kind)
				require.Contains(t, severities, d.Severity)
				require.LessOrEqual(t, len([]rune(d.What)), 160)
			}
			require.Equal(t, c.want, got, drifts)
			if c.says != "" {
				require.Contains(t, drifts[0].What+drifts[0].Advice, c.says)
			}
		})
	}
}

// TestDriftOfServicesWithoutAnyTrace: what ISPsystem's module has set up carries no mark and
// has no lifecycle; its delivered address leads to the server.
func TestDriftOfServicesWithoutAnyTrace(t *testing.T) {
	unmanaged := func(change ...func(*View)) []string {
		v := wellView()
		v.Lives, v.Servers[1].Marks = nil, nil
		for _, c := range change {
			c(&v)
		}
		return ids(Find(v))
	}
	require.Empty(t, unmanaged())
	require.Equal(t, []string{"blocked-101-12"}, unmanaged(blocked))
	require.Equal(t, []string{"owner-101-12"}, unmanaged(owner("stranger")))
	require.Equal(t, []string{"free-101-12"}, unmanaged(owner("")))
	require.Equal(t, []string{"open-101-12"}, unmanaged(status(whmcs.StatusSuspended)))
	require.Equal(t, []string{"ended-101-12"}, unmanaged(status(whmcs.StatusTerminated)))
	require.Empty(t, unmanaged(status(whmcs.StatusTerminated), owner("stranger")), "it was sold again")
	again := func(v *View) {
		v.Services = append(v.Services, Billed{ID: 102, ClientID: 7, Status: whmcs.StatusActive, Username: "u101", IP: "192.0.2.12"})
	}
	require.Empty(t, unmanaged(status(whmcs.StatusTerminated), again), "the same client rents it again")
	nowhere := func(v *View) { v.Services[0].IP = "" }
	require.Equal(t, []string{"missing-101"}, unmanaged(nowhere, owner("")))
	require.Empty(t, unmanaged(nowhere, owner(""), func(v *View) { v.Services[0].Entry = "ams1" }), "it is another panel's")
	require.Empty(t, unmanaged(nowhere, owner(""), func(v *View) { v.Home = nil }))
	require.Equal(t, []string{"blocked-101-12"}, unmanaged(blocked, func(v *View) {
		v.Services[0].IP, v.Servers[1].IP = "2001:db8::c", "2001:0db8:0:0::c"
	}), "addresses are compared by value")
}

func TestDriftOfAccounts(t *testing.T) {
	v := wellView()
	v.Accounts = append(v.Accounts, holding.Account{ID: "20", Name: "u55"}, holding.Account{ID: "21", Name: "former"}, holding.Account{ID: "22", Name: "keeper"}, holding.Account{ID: "3", Name: "whmcsapi"})
	v.Services = append(v.Services,
		Billed{ID: 60, Status: whmcs.StatusTerminated, Username: "former"},
		Billed{ID: 61, Status: whmcs.StatusCancelled, Username: "keeper"})
	v.Servers[0].Owner = "keeper"
	r := NewRules(v)
	found := r.All()
	require.Equal(t, []string{"account-keeper", "account-u55"}, ids(found))
	require.Equal(t, "11", found[0].ServerID)
	require.Equal(t, SeverityLow, found[1].Severity)
	require.Equal(t, 1, r.Strangers, "nothing is said about an account that no service of ours ever had")
	require.Equal(t, 1, r.Retired, "a release keeps the account")

	v.Servers[2].Marks = []holding.Mark{{Installation: "other", ServiceID: 5, State: holding.StateActive}}
	require.Equal(t, []string{"account-keeper"}, ids(Find(v)), "on a shared panel u55 may be another installation's")
}

func TestDriftsKnowWhoseTheyAre(t *testing.T) {
	v := wellView()
	blocked(&v)
	d := Find(v)[0]
	require.Equal(t, 7, d.ClientID)
	require.Equal(t, "A1-12", d.Label)
	require.Equal(t, SeverityHigh, d.Severity)
}

func ids(drifts []Drift) []string {
	var all []string
	for _, d := range drifts {
		all = append(all, d.ID)
	}
	return all
}
