package drift

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
	"metalease/whmcs"
)

// unbuiltView is wellView with a paid order, service 102 of client 7, that nobody looks after.
func unbuiltView(change ...func(*View)) View {
	v := wellView()
	v.Services = append(v.Services, Billed{ID: 102, ClientID: 7, Status: whmcs.StatusPending, Username: "u101", Entry: "fra1"})
	v.Orders = []Order{{ServiceID: 102, Due: true, PaidAt: noon.Add(-time.Hour), Panel: "fra1"}}
	v.Builds = func(panel string) bool { return panel == "fra1" || panel == "" }
	for _, c := range change {
		c(&v)
	}
	return v
}

func lived(l Life) func(*View) {
	l.ServiceID = 102
	return func(v *View) { v.Lives = append(v.Lives, l) }
}

// TestAPaidOrderThatNobodyBuilds is drift, and its repair starts it.
func TestAPaidOrderThatNobodyBuilds(t *testing.T) {
	order := func(change func(*Order)) func(*View) { return func(v *View) { change(&v.Orders[0]) } }
	for name, c := range map[string]struct {
		change   []func(*View)
		severity Severity
		remedy   Remedy
		says     string
	}{
		"it was never started":          {severity: SeverityHigh, remedy: RemedyStart, says: "it was not started"},
		"terminated while it waited":    {change: []func(*View){lived(Life{Panel: "fra1", Ending: "terminated"})}, severity: SeverityHigh, remedy: RemedyStart, says: "has ended (terminated)"},
		"its lifecycle ended by itself": {change: []func(*View){lived(Life{Panel: "fra1", Ending: "completed"})}, severity: SeverityMedium, remedy: RemedyStart, says: "has ended"},
		"the gateway refused it": {
			change: []func(*View){order(func(o *Order) { o.Notice = "It is not started: os_template" })}, severity: SeverityHigh, remedy: RemedyStart, says: "os_template",
		},
		"no order can be made of it": {
			change: []func(*View){order(func(o *Order) { o.Problem = `"my web server" is no host name` })}, severity: SeverityHigh, says: "is no host name",
		},
		"no panel is named": {change: []func(*View){order(func(o *Order) { o.Panel, o.Problem = "", "No server entry" })}, severity: SeverityHigh, says: "No server entry"},
		"the customer has a server": {
			change: []func(*View){func(v *View) { v.Services[1].IP = "192.0.2.13" }}, severity: SeverityHigh, says: "starter adopt --service 102",
		},
	} {
		t.Run(name, func(t *testing.T) {
			found := Find(unbuiltView(c.change...))
			require.Len(t, found, 1, "%+v", found)
			d := found[0]
			require.Equal(t, DriftUnstarted, d.Kind)
			require.Equal(t, c.severity, d.Severity)
			require.Equal(t, c.remedy, d.Remedy)
			require.Equal(t, d.Remedy == RemedyNone, d.Repair == "")
			require.NotEqual(t, d.Repair == "", d.Advice == "")
			require.Contains(t, d.What+d.Cause+d.Advice, c.says)
			require.False(t, d.Remedy.Destructive())
		})
	}
	for name, change := range map[string]func(*View){
		"not paid":                order(func(o *Order) { o.Due = false }),
		"paid in this moment":     order(func(o *Order) { o.PaidAt = noon.Add(-time.Second) }),
		"another panel's":         order(func(o *Order) { o.Panel = "ams1" }),
		"WHMCS was not asked":     func(v *View) { v.Orders = nil },
		"it waits":                lived(Life{Panel: "fra1", Running: true, Phase: "waiting"}),
		"another panel builds it": lived(Life{Panel: "ams1", Running: true, Phase: "pending"}),
		"cancelled":               func(v *View) { v.Services[1].Status = whmcs.StatusCancelled },
	} {
		require.Empty(t, Find(unbuiltView(change)), name)
	}
	marked := func(v *View) {
		v.Servers[0].Marks, v.Servers[0].Owner = []holding.Mark{{Installation: "main", ServiceID: 102, State: "installing 1"}}, "whmcsapi"
	}
	require.Equal(t, []string{"orphan-102-11"}, ids(Find(unbuiltView(marked))), "its server says more")
}

// TestADeliveredServiceThatWHMCSShowsPending is drift: nobody bills for it. The repair tells
// WHMCS, and no second welcome mail goes out.
func TestADeliveredServiceThatWHMCSShowsPending(t *testing.T) {
	v := wellView()
	status(whmcs.StatusPending)(&v)
	found := Find(v)
	require.Equal(t, []string{"pending-101-12"}, ids(found))
	require.Equal(t, RemedyShow, found[0].Remedy)
	require.Equal(t, whmcs.StatusActive, found[0].Show)
	require.False(t, found[0].Remedy.Destructive())

	v.Lives[0].Phase, v.Lives[0].Reason = lifeBlocked, "Overdue on Payment"
	blocked(&v)
	found = Find(v)
	require.Equal(t, []string{"pending-101-12"}, ids(found))
	require.Equal(t, whmcs.StatusSuspended, found[0].Show)
	require.Equal(t, "Overdue on Payment", found[0].Reason)

	phase("pending")(&v)
	require.Empty(t, Find(v), "it is being built")
	v = wellView()
	status(whmcs.StatusPending)(&v)
	owner("stranger")(&v)
	require.Equal(t, []string{"owner-101-12"}, ids(Find(v)), "who has it comes first")
}

// TestAServiceOfAnotherClient is drift, with a way out.
func TestAServiceOfAnotherClient(t *testing.T) {
	v := wellView()
	v.Lives[0].ClientID = 7
	require.Empty(t, Find(v))
	v.Services[0].ClientID = 8
	found := Find(v)
	require.Equal(t, []string{"client-101-12"}, ids(found))
	require.Contains(t, found[0].What, "client 8's in WHMCS, but client 7's for its lifecycle")
	require.Contains(t, found[0].Advice, "starter detach 101, then starter adopt --service 101")
	require.Equal(t, 8, found[0].ClientID, "WHMCS is right")
	v.Lives[0].ClientID = 0
	require.Empty(t, Find(v), "an unknown client is no other client")

	v = wellView() // service 102 was built in the account of service 101, and one of them was moved
	second := v.Servers[1]
	second.ID, second.IP, second.Marks = "14", "192.0.2.14", []holding.Mark{{Installation: "main", ServiceID: 102, State: holding.StateActive}}
	v.Servers = append(v.Servers, second)
	v.Services = append(v.Services, Billed{ID: 102, ClientID: 7, Status: whmcs.StatusActive, Username: "u101", IP: "192.0.2.14", Entry: "fra1"})
	v.Lives = append(v.Lives, Life{ServiceID: 102, ClientID: 7, Panel: "fra1", Running: true, Phase: lifeActive, ServerID: "14", Updated: noon.Add(-time.Hour)})
	require.Empty(t, Find(v), "a client's servers share his account")
	v.Services[1].ClientID, v.Lives[1].ClientID = 8, 8
	found = Find(v)
	require.Equal(t, []string{"client-102-14"}, ids(found))
	require.Contains(t, found[0].What, "is in account u101, with service 101 of client 7")
}
