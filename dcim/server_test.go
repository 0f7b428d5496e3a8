package dcim_test

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
		{ID: "5", Name: "A1-05", Hostname: "free.ds", IP: "192.0.2.5", Type: "E3-16G", ChassisTemplate: "E3-16G", Rack: "A1 (12)", PowerOff: true},
		{ID: "6", Name: "A1-06", Hostname: "web.example.com", IP: "192.0.2.6", Owner: "cust42", Type: "E3-16G", ChassisTemplate: "E3-16G", PowerOn: true, Installing: true},
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
	require.Equal(t, []dcim.Server{{ID: "5", Blocked: true, Disabled: true, HardwareProblem: true, Diagnostics: true,
		PowerOn: true, PowerOff: true, PowerError: true, Installing: true, OperationFailed: true}}, servers)
}

func TestFree(t *testing.T) {
	free := dcim.Server{ID: "5", Hostname: "free.ds", PowerOff: true, OperationFailed: true}
	require.True(t, free.Free(), "power and an old failure do not matter (docs/dcimanager.md R1)")
	for name, change := range map[string]func(*dcim.Server){
		"no id":        func(s *dcim.Server) { s.ID = "" },
		"owner":        func(s *dcim.Server) { s.Owner = "17" },
		"hostname":     func(s *dcim.Server) { s.Hostname = "FREE.ds" },
		"no hostname":  func(s *dcim.Server) { s.Hostname = "" },
		"blocked":      func(s *dcim.Server) { s.Blocked = true },
		"disabled":     func(s *dcim.Server) { s.Disabled = true },
		"hardware":     func(s *dcim.Server) { s.HardwareProblem = true },
		"diagnostics":  func(s *dcim.Server) { s.Diagnostics = true },
		"longer names": func(s *dcim.Server) { s.Hostname = "free.ds.example.com" },
	} {
		server := free
		change(&server)
		require.False(t, server.Free(), name)
	}
}

func TestMatches(t *testing.T) {
	server := dcim.Server{ChassisTemplate: "E3-16G", Type: "old type"}
	require.True(t, server.Matches("E3-16G"))
	require.True(t, server.Matches("old type"))
	for _, other := range []string{"", "e3-16g", "E3", "E3-16G "} {
		require.False(t, server.Matches(other), "%q", other)
	}
	require.False(t, dcim.Server{}.Matches(""), "a package without a name is no package")
}
