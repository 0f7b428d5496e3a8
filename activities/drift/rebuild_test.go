package drift

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

func nobody(v *View) { v.Lives = nil }

// TestWhatCanBeRebuilt: mark, owner and WHMCS say the same, or a person decides.
func TestWhatCanBeRebuilt(t *testing.T) {
	for name, c := range map[string]struct {
		change []func(*View)
		way    Way
		// wrong are the ids of what a person decides.
		wrong []string
		looks bool
	}{
		"active":                        {way: WayServe},
		"blocked by us":                 {change: []func(*View){status(whmcs.StatusSuspended), blocked, state("active blocked")}, way: WayServe},
		"blocked, and paid":             {change: []func(*View){blocked}, way: WayServe},
		"installed anew":                {change: []func(*View){state("active installing 2")}, way: WayServe, looks: true},
		"it runs":                       {change: []func(*View){func(v *View) { v.Lives = wellView().Lives }}, way: WayNone},
		"being built":                   {change: []func(*View){status(whmcs.StatusPending), owner("whmcsapi"), state("installing 1")}, way: WayBuild, looks: true},
		"handed over, still Pending":    {change: []func(*View){status(whmcs.StatusPending)}, way: WayBuild},
		"releasing for expiry":          {change: []func(*View){status(whmcs.StatusSuspended), owner("3"), state("releasing was-off")}, way: WayRelease, looks: true},
		"releasing, ended":              {change: []func(*View){status(whmcs.StatusTerminated), owner("whmcsapi"), state(holding.StateReleasing)}, way: WayRelease, looks: true},
		"ended, and still theirs":       {change: []func(*View){status(whmcs.StatusTerminated)}, wrong: []string{"orphan-101-12"}},
		"deleted":                       {change: []func(*View){deleted}, wrong: []string{"orphan-101-12"}},
		"deleted while it was built":    {change: []func(*View){deleted, owner("3"), state(holding.StateClaimed)}, wrong: []string{"orphan-101-12"}},
		"Active, and never handed over": {change: []func(*View){owner("3"), state("installing 1")}, wrong: []string{"orphan-101-12", "owner-101-12"}},
		"another customer's":            {change: []func(*View){owner("stranger")}, wrong: []string{"orphan-101-12", "owner-101-12"}},
		"nobody's":                      {change: []func(*View){owner("")}, wrong: []string{"orphan-101-12", "free-101-12"}},
		"two marks": {change: []func(*View){marks(holding.Mark{Installation: "main", ServiceID: 101, State: "active"}, holding.Mark{Installation: "shop", ServiceID: 5, State: "active"})},
			wrong: []string{"contested-12"}},
		"two servers": {change: []func(*View){func(v *View) { v.Servers[0].Marks, v.Servers[0].Owner = v.Servers[1].Marks, "u101" }}, wrong: []string{"twice-101"}},
		"no server":   {change: []func(*View){marks(), func(v *View) { v.Services[0].IP = "" }}, wrong: []string{"missing-101"}},
		"suspended, and no server": {change: []func(*View){marks(), status(whmcs.StatusSuspended), func(v *View) { v.Services[0].IP = "" }},
			wrong: []string{"missing-101"}},
		"marked for another installation": {change: []func(*View){marks(holding.Mark{Installation: "shop", ServiceID: 5, State: "active"})}, wrong: []string{"foreign-101-12"}},
		"a row that cannot be read":       {change: []func(*View){func(v *View) { v.Services[0].Unreadable = "too long" }}, wrong: []string{"orphan-101-12", "unreadable-101"}},
		"a record that cannot be read":    {change: []func(*View){func(v *View) { v.Servers[0].Unreadable = "refused" }}, way: WayServe, wrong: []string{"unreadable-11"}},
		"paid, and without a server": {change: []func(*View){marks(), status(whmcs.StatusPending), func(v *View) {
			v.Services[0].IP, v.Orders = "", []Order{{ServiceID: 101, Due: true, Panel: "fra1"}}
		}}, wrong: []string{"unstarted-101"}},
	} {
		t.Run(name, func(t *testing.T) {
			v := wellView()
			nobody(&v)
			for _, change := range c.change {
				change(&v)
			}
			r := Rebuild(true, v)
			var wrong []string
			for _, w := range r.Wrong {
				wrong = append(wrong, w.ID)
				require.NotEmpty(t, w.What)
				require.NotEmpty(t, w.Advice+w.Repair, w.ID)
			}
			require.ElementsMatch(t, c.wrong, wrong)
			taken := c.way != WayNone || name == "it runs"
			require.Equal(t, taken, len(r.Taken) == 1)
			if taken {
				require.Equal(t, []any{c.way, 101, "12", "fra1"}, []any{r.Taken[0].Way, r.Taken[0].ID, r.Taken[0].Server.ID, r.Taken[0].Panel})
				require.Equal(t, "17", r.Taken[0].Account.ID)
				require.Equal(t, c.looks, r.Taken[0].Looks())
			}
		})
	}
}

// TestSeveralPanelsAreRebuiltTogether: what is on one panel is not missing on another.
func TestSeveralPanelsAreRebuiltTogether(t *testing.T) {
	first, second := wellView(), wellView()
	nobody(&first)
	nobody(&second)
	second.Panel, second.Servers = "ams1", []Sight{
		{Server: dcim.Server{ID: "21", Owner: "whmcsapi"}, Read: true, Marks: []holding.Mark{{Installation: "main", ServiceID: 9, State: "quarantine no power"}}},
		{Server: dcim.Server{ID: "22", Owner: "stranger"}, Read: true, Marks: []holding.Mark{{Installation: "shop", ServiceID: 9, State: "active"}}},
	}
	r := Rebuild(true, first, second)
	require.Len(t, r.Taken, 1)
	require.Empty(t, r.Wrong)
	require.Equal(t, []int{1, 1}, []int{r.Quarantined, r.Foreign})

	second.Servers[1].Marks, second.Servers[1].Owner = first.Servers[1].Marks, "u101"
	r = Rebuild(true, first, second)
	require.Empty(t, r.Taken)
	require.Equal(t, []string{"twice-101"}, []string{r.Wrong[0].ID})
	require.Contains(t, r.Wrong[0].What, "12 of panel fra1 22 of panel ams1")

	// Read alone, a panel says nothing of services that may be on the other one.
	second.Servers = second.Servers[:1]
	second.Home = Home(false, nil)
	require.Empty(t, Rebuild(false, second).Wrong)
}

func TestHome(t *testing.T) {
	for _, c := range []struct {
		only    bool
		entries []string
		entry   string
		want    bool
	}{{true, nil, "", true}, {false, nil, "", false}, {false, []string{"fra"}, "fra", true}, {true, []string{"fra"}, "ams", false}, {true, []string{"fra"}, "", true}} {
		require.Equal(t, c.want, Home(c.only, c.entries)(Billed{Entry: c.entry}), fmt.Sprint(c))
	}
}

// TestServersOfTwoPanelsMayHaveOneID: panels number their servers alike, and what is wrong with each is told.
func TestServersOfTwoPanelsMayHaveOneID(t *testing.T) {
	one := wellView()
	two := View{Panel: "ams1", Installation: one.Installation, API: one.API, Now: one.Now}
	contested := func(service int) Sight {
		return Sight{Server: dcim.Server{ID: "77", Owner: "3"}, Read: true, Marks: []holding.Mark{
			{Installation: "main", ServiceID: service, State: "active"}, {Installation: "main", ServiceID: service + 1, State: "active"},
		}}
	}
	one.Servers, two.Servers = append(one.Servers, contested(901)), []Sight{contested(903)}
	var panels []string
	for _, wrong := range Rebuild(false, one, two).Wrong {
		if wrong.Kind == DriftContested {
			panels = append(panels, wrong.Panel)
		}
	}
	require.ElementsMatch(t, []string{one.Panel, "ams1"}, panels)
}
