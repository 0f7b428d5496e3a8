package dci5_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

func TestServers(t *testing.T) {
	client := says(t, `<?xml version="1.0" encoding="UTF-8"?>
<doc>
 <elem><id>5</id><name>A1-05</name><hostname>free.ds</hostname><ip>192.0.2.5</ip>
  <type>E3-16G</type><chassis_templ>E3-16G</chassis_templ><gen_chassis_name>Xeon E3 / 16G</gen_chassis_name>
  <rack>A1 (12)</rack><poweroff>on</poweroff></elem>
 <elem><id>6</id><name>A1-06</name><hostname>web.example.com</hostname><ip>192.0.2.6</ip><owner>cust42</owner>
  <type>E3-16G</type><chassis_templ>E3-16G</chassis_templ><poweron>on</poweron><install_in_progress>on</install_in_progress></elem>
</doc>`).client(t)

	servers, err := client.Servers(t.Context())
	require.NoError(t, err)
	require.Equal(t, []dcim.Server{
		{ID: "5", Label: "A1-05", Hostname: "free.ds", IP: "192.0.2.5", Type: "E3-16G", Configuration: "E3-16G", Rack: "A1 (12)", PowerOff: true},
		{ID: "6", Label: "A1-06", Hostname: "web.example.com", IP: "192.0.2.6", Owner: "cust42", Type: "E3-16G", Configuration: "E3-16G", PowerOn: true, Installing: true},
	}, servers)
	require.True(t, servers[0].Free())
	require.False(t, servers[1].Free())
}

// TestFlags: a flag is set by its presence, whatever stands in it.
func TestFlags(t *testing.T) {
	client := says(t, `<doc><elem><id>5</id><blocked/><disabled>off</disabled><hwproblem>0</hwproblem><diag_in_progress></diag_in_progress>
		<poweron>off</poweron><poweroff/><powererror>no</powererror><install_in_progress/><operation_failed/><owner>no_owner</owner></elem></doc>`).client(t)
	servers, err := client.Servers(t.Context())
	require.NoError(t, err)
	require.Equal(t, []dcim.Server{{ID: "5", Blocked: true, HardwareProblem: true, Diagnostics: true,
		PowerOn: true, PowerOff: true, PowerError: true, Installing: true, OperationFailed: true}}, servers)
}

// TestBlockedHasTwoNames in the list of the panel.
func TestBlockedHasTwoNames(t *testing.T) {
	for row, want := range map[string]bool{"<blocked/>": true, "<disabled/>": true, "": false} {
		servers, err := says(t, "<doc><elem><id>5</id>"+row+"</elem></doc>").client(t).Servers(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, servers[0].Blocked, row)
	}
}
