package dci5_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/simulator"
)

func number(n float64) *float64 { return &n }

// TestTraffic: what a report shows, and nothing that it does not (docs/dcimanager.md 3.9).
func TestTraffic(t *testing.T) {
	for document, want := range map[string]map[string]dcim.Traffic{
		`<doc><reportdata><traff><elem><id>5</id><hostname>a.example.com</hostname><burst>12.5</burst></elem>
			<elem><id>6</id><burst>0</burst><rx>10</rx><tx>2.25</tx></elem></traff></reportdata></doc>`: {
			"5": {Burst: number(12.5)}, "6": {Burst: number(0), In: number(10), Out: number(2.25)}},
		`<doc><elem><id>9</id><burst>1</burst></elem><reportdata><x><elem><id>5</id><burst>1</burst></elem><elem><id>5</id><burst>2</burst></elem></x></reportdata></doc>`: {
			"5": {Burst: number(1)}},
		`<doc><reportdata><traff><elem><id>5</id></elem><elem><id>6</id><burst/></elem><elem><id>7</id><burst>n/a</burst></elem><elem><id>8</id><burst>-1</burst></elem>
			<elem><id>9</id><burst>NaN</burst></elem><elem><id>10</id><burst>1e999</burst></elem><elem><burst>3</burst></elem></traff></reportdata></doc>`: {
			"5": {}, "6": {}, "7": {}, "8": {}, "9": {}, "10": {}},
		`<doc><reportdata/></doc>`: {},
	} {
		panel := says(t, document)
		got, err := panel.client(t).Traffic(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, got, document)
		require.Equal(t, "trafficburstable", panel.last(t).Form.Get("func"))
		require.Len(t, panel.requests(), 1)
	}
	_, err := says(t, `<doc><elem><id>5</id></elem></doc>`).client(t).Traffic(t.Context())
	require.ErrorIs(t, err, dcim.ErrNotAPanel, "an answer without a report is none")
}

// TestTrafficOfAPanel: a server that the panel leaves out is missing, and so is a figure.
func TestTrafficOfAPanel(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 3, TrafficMissing: []string{"2"}, TrafficVolumes: true})
	_, err := s.Administer("3", []byte(`{"burst":"none","rx":"1.5"}`))
	require.NoError(t, err)
	got, err := s.Traffic(t.Context())
	require.NoError(t, err)
	require.Len(t, got, 2)
	require.NotNil(t, got["1"].Burst)
	require.Nil(t, got["3"].Burst)
	require.Equal(t, 1.5, *got["3"].In)
	require.NotNil(t, got["3"].Out)
	require.Equal(t, 1, s.State().Functions["trafficburstable"].Requests)
}

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
