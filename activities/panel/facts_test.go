package panel

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/activities/tenant"
	panelsim "metalease/dcim/simulator"
)

func TestFactsAreWhatThePanelShows(t *testing.T) {
	w := newWorld(t, ports, slowInstalls)
	in := w.rented()
	before, lists := w.Server("1"), w.calls("server")
	facts, err := simulated.Run[tenant.Facts](w, w.p.Facts, in)
	require.NoError(t, err)
	require.Equal(t, before, w.Server("1"), "it writes nothing")
	require.LessOrEqual(t, w.calls("server")-lists, 1)
	require.WithinDuration(t, time.Now(), facts.AsOf, 10*time.Second)
	is := w.Server("1")
	require.Equal(t, tenant.Facts{Label: is.Name, MAC: is.MAC, Rack: is.Rack, Power: "on", IPMIIP: is.Connections[1].Port, AsOf: facts.AsOf, Ports: []tenant.Port{
		{Switch: facts.Ports[0].Switch, Port: is.Connections[0].Port}, {Switch: facts.Ports[1].Switch, Port: is.Connections[3].Port}, {Switch: facts.Ports[2].Switch, Port: is.Connections[4].Port},
	}}, facts)
	require.NotEmpty(t, facts.Ports[0].Switch)

	_, err = w.reinstall(anew(in, alma))
	require.NoError(t, err)
	w.Administer("1", map[string]any{"blocked": true, "disabled": true, "power": "error"})
	w.look()
	facts, err = simulated.Run[tenant.Facts](w, w.p.Facts, in)
	require.NoError(t, err)
	require.Equal(t, "error", facts.Power)
	require.True(t, facts.Blocked)
	require.NotEmpty(t, facts.Operation)
	w.RequireClean()
}

// TestAFactThatCannotBeReadKeepsNoOtherBack; a panel that is down keeps all back.
func TestAFactThatCannotBeReadKeepsNoOtherBack(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "server.connection", Effect: panelsim.Error, Type: "value", Count: 1}))
	facts, err := simulated.Run[tenant.Facts](w, w.p.Facts, in)
	require.NoError(t, err)
	require.NotEmpty(t, facts.MAC)
	require.Empty(t, facts.IPMIIP)
	require.NotNil(t, facts.Ports)
	w.Lose(panelsim.HTTP500, "server.connection", 1)
	_, err = simulated.Run[tenant.Facts](w, w.p.Facts, in)
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
}

// TestFactsAreOfTheServicesServerOnly: another customer's are told to nobody.
func TestFactsAreOfTheServicesServerOnly(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) {
		c.Users = []panelsim.User{{Name: "u-other", Level: 16, Password: "long-enough-1"}}
	})
	in := w.rented()
	w.Administer("1", map[string]any{"owner": "u-other"})
	_, err := simulated.Run[tenant.Facts](w, w.p.Facts, in)
	simulated.RequireType(t, err, edge.ErrOwnership, false)
	in.ServerID = "77"
	_, err = simulated.Run[tenant.Facts](w, w.p.Facts, in)
	simulated.RequireType(t, err, edge.ErrOwnership, false)
}

// TestUsageIsAskedForOnceForAll, and what the panel has not counted is not zero.
func TestUsageIsAskedForOnceForAll(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.TrafficMissing = []string{"3"} })
	w.rented()
	before := w.writes()
	usage, err := simulated.Run[tenant.Usage](w, w.p.Usage, tenant.Servers{IDs: []string{"1", "2", "3", "77"}})
	require.NoError(t, err)
	require.Equal(t, 1, w.calls("trafficburstable"))
	require.Equal(t, before, w.writes())
	require.NotNil(t, usage.Servers["1"].P95Mbit)
	require.NotNil(t, usage.Servers["2"].InBytes)
	require.NotNil(t, usage.Servers["2"].OutBytes)
	require.Equal(t, tenant.Traffic{}, usage.Servers["3"])
	require.NotContains(t, usage.Servers, "77")
	require.NotContains(t, usage.Servers, "4", "only what was asked for")
	require.WithinDuration(t, time.Now(), usage.AsOf, time.Minute)

	var many tenant.Servers
	for n := range mostUsage + 1 {
		many.IDs = append(many.IDs, fmt.Sprint(n))
	}
	simulated.RequireType(t, simulated.Do(w, w.p.Usage, many), edge.ErrBadOrder, false)
	w.Lose(panelsim.HTTP500, "trafficburstable", 1)
	_, err = simulated.Run[tenant.Usage](w, w.p.Usage, tenant.Servers{IDs: []string{"1"}})
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
}
