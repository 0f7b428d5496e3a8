package dcim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

func TestFree(t *testing.T) {
	free := dcim.Server{ID: "5", Hostname: "free.ds", PowerOff: true, OperationFailed: true}
	require.True(t, free.Free(), "power and an old failure do not matter (docs/dcimanager.md R1)")
	for name, change := range map[string]func(*dcim.Server){
		"no id":        func(s *dcim.Server) { s.ID = "" },
		"owner":        func(s *dcim.Server) { s.Owner = "17" },
		"hostname":     func(s *dcim.Server) { s.Hostname = "FREE.ds" },
		"no hostname":  func(s *dcim.Server) { s.Hostname = "" },
		"blocked":      func(s *dcim.Server) { s.Blocked = true },
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
	server := dcim.Server{Configuration: "E3-16G", Type: "old type"}
	require.True(t, server.Matches("E3-16G"))
	require.True(t, server.Matches("old type"))
	for _, other := range []string{"", "e3-16g", "E3", "E3-16G "} {
		require.False(t, server.Matches(other), "%q", other)
	}
	require.False(t, dcim.Server{}.Matches(""), "a package without a name is no package")
}

func TestPackage(t *testing.T) {
	require.Equal(t, "E3-16G", dcim.Server{Configuration: "E3-16G", Type: "old type"}.Package())
	require.Equal(t, "old type", dcim.Server{Type: "old type"}.Package())
	require.Empty(t, dcim.Server{}.Package())
}

func TestOwns(t *testing.T) {
	account := dcim.Account{ID: "17", Name: "cust42"}
	require.True(t, account.Owns("17") && account.Owns("cust42"), "panels show ids or names")
	require.False(t, account.Owns("18"))
	require.False(t, account.Owns(""))
	require.False(t, dcim.Account{}.Owns(""), "an account that is not known owns nothing")
}
