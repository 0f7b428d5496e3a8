package panel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
)

func planOf(w *world, service, client int, change ...func(*PlanInput)) Plan {
	w.T.Helper()
	in := PlanInput{ServiceID: service, ClientID: client, Package: "E3-16G", OSTemplate: "ISPsystem__Debian-12-x86_64"}
	for _, c := range change {
		c(&in)
	}
	plan, err := simulated.Run[Plan](w, w.p.Plan, in)
	require.NoError(w.T, err)
	return plan
}

func TestPlanTellsWhyNotTheOthers(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.Servers = 6 })
	held := w.Order(8)
	w.claim(held)
	w.Administer("2", map[string]any{"hostname": "mine.example.com"})
	failed := time.Now().UTC().Format(time.DateOnly)
	w.Administer("3", map[string]any{"notes": "metalease-failed:main " + failed + " " + failed})
	service := w.Order(7)
	plan := planOf(w, service.ID, service.ClientID)
	require.NotNil(t, plan.Server)
	require.Equal(t, "4", plan.Server.ID, "the first good one in the panel's order")
	require.False(t, plan.LastResort)
	require.True(t, plan.Template)
	require.Equal(t, PlannedOwner{Name: service.Username, Kind: "new", Why: "no account of the client yet"}, plan.Account)
	why := map[string]string{}
	for _, other := range plan.Others {
		why[other.ID] = other.Why
	}
	require.Contains(t, why["1"], "held by us: "+w.p.mark(held.ID, holding.StateClaimed).String())
	require.Contains(t, why["2"], "mine.example.com")
	require.Contains(t, why["3"], "offered last")
	require.Contains(t, why["5"], "free too")
	require.Len(t, plan.Others, 5)

	result, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: plan.Server.ID, ServiceID: service.ID, ClientID: 7, Package: "E3-16G"})
	require.NoError(t, err)
	require.Equal(t, ClaimGranted, result.Outcome, "what is planned can be had")
	plan = planOf(w, service.ID, service.ClientID)
	require.True(t, plan.Held)
	require.Equal(t, "4", plan.Server.ID)
	w.RequireClean()
}

func TestPlanOfANamedServerAndOfNone(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	plan := planOf(w, service.ID, 7, func(in *PlanInput) { in.ServerID = "3"; in.OSTemplate = "none" })
	require.Equal(t, "3", plan.Server.ID)
	require.False(t, plan.Template)
	plan = planOf(w, service.ID, 7, func(in *PlanInput) { in.Package = "E9" })
	require.Nil(t, plan.Server)
	require.Empty(t, plan.Others)
}

func TestAPlanIsBounded(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.Servers = 2 * PlanOthers })
	service := w.Order(7)
	plan := planOf(w, service.ID, 7)
	require.Len(t, plan.Others, PlanOthers)
	require.Equal(t, []ReasonCount{{"free too: the first in the panel's order is taken", 2*PlanOthers - 1}}, plan.Reasons)
}
