package dci5_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/simulator"
)

// TestPortDetails under both names of an IPMI's address, and with a port that goes away meanwhile.
func TestPortDetails(t *testing.T) {
	for field := range map[string]bool{"ip": true, "ipmiip": true} {
		panel := answers(t, map[string]string{
			"server.connection":      `<doc><elem><id>72</id><type>IPMI</type><func_in_progress/></elem></doc>`,
			"server.connection.edit": `<doc><elid>72</elid><` + field + `>198.51.100.72</` + field + `></doc>`,
		})
		got, err := panel.client(t).PortDetails(t.Context(), "5")
		require.NoError(t, err)
		require.Equal(t, []dcim.Port{{ID: "72", Type: dcim.PortIPMI, IP: "198.51.100.72", Busy: true}}, got)
		require.Equal(t, []string{"5", "72"}, []string{panel.last(t).Form.Get("plid"), panel.last(t).Form.Get("elid")})
	}
	s := simulate(t, simulator.Config{Servers: 1, SwitchNames: true})
	want, err := s.PortDetails(t.Context(), "1")
	require.NoError(t, err)
	require.Equal(t, dcim.Port{ID: want[0].ID, Type: dcim.PortSwitch, Switch: "Switch A1", Name: "Gi0/1"}, want[0])
	require.NoError(t, s.Fault(simulator.Rule{Function: "server.connection.edit", Effect: simulator.Error, Type: "missed", Element: want[0].ID}))
	got, err := s.PortDetails(t.Context(), "1")
	require.NoError(t, err)
	require.Equal(t, dcim.Port{ID: want[0].ID, Type: dcim.PortSwitch}, got[0])
	require.Equal(t, want[1:], got[1:])
}

// TestOnePortFails: the result of each port is its own.
func TestOnePortFails(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 2, FlagDelay: 5 * time.Second})
	ports := map[string]dcim.Port{}
	for _, id := range []string{"1", "2"} {
		all, err := s.Ports(t.Context(), id)
		require.NoError(t, err)
		ports[id] = all[0]
	}
	require.NoError(t, s.Fault(simulator.Rule{Function: "server.connection.off", Effect: simulator.Error, Element: ports["2"].ID}))
	require.NoError(t, s.SwitchPort(t.Context(), "1", ports["1"].ID, false))
	err := s.SwitchPort(t.Context(), "2", ports["2"].ID, false)
	require.True(t, dcim.Refused(err), "%v", err)
	require.ErrorContains(t, err, "server.connection.off of "+ports["2"].ID)
	s.wait(time.Minute)
	require.False(t, s.State().Servers[0].Connections[0].On)
	require.True(t, s.State().Servers[1].Connections[0].On)
}
