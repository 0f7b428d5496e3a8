package dci5_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
	"metalease/dcim/simulator"
)

// TestReadOnly: a client that only observes sends no change of any kind, and reads as ever.
func TestReadOnly(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 2}, func(c *dci5.Config) { c.ReadOnly = true })
	servers, err := s.Servers(t.Context())
	require.NoError(t, err)
	id := servers[0].ID
	_, err = s.Record(t.Context(), id)
	require.NoError(t, err)
	before := s.State()

	created := func() error { _, err := s.CreateAccount(t.Context(), "cust42", "pw"); return err }
	added := func() error {
		_, err := s.AddAddress(t.Context(), id, dcim.NewAddress{Domain: "a.example.com"})
		return err
	}
	for name, change := range map[string]func() error{
		"update":         func() error { return save(t.Context(), s, id, "1", "") },
		"user":           created,
		"address":        added,
		"address domain": func() error { return s.NameAddress(t.Context(), id, "1", "a.example.com") },
		"delete address": func() error { return s.DeleteAddress(t.Context(), id, "1") },
		"enable":         func() error { return s.Unblock(t.Context(), id) },
		"disable":        func() error { return s.Block(t.Context(), id) },
		"power on":       func() error { return s.Power(t.Context(), id, dcim.PowerOn) },
		"power off":      func() error { return s.Power(t.Context(), id, dcim.PowerOff) },
		"reboot":         func() error { return s.Power(t.Context(), id, dcim.Reboot) },
		"install":        func() error { return s.Install(t.Context(), id, dcim.Install{Template: debian}) },
		"diagnose":       func() error { return s.Diagnose(t.Context(), id) },
		"cancel":         func() error { return s.CancelOperation(t.Context(), id) },
		"connection on":  func() error { return s.SwitchPort(t.Context(), id, "1", true) },
		"connection off": func() error { return s.SwitchPort(t.Context(), id, "1", false) },
		"power as":       func() error { return s.PowerAs(t.Context(), dcim.Account{Name: "cust42"}, id, dcim.PowerOn) },
		"install as": func() error {
			return s.InstallAs(t.Context(), dcim.Account{Name: "cust42"}, id, dcim.Install{Template: debian})
		},
		"sign-on": func() error { _, err := s.SignOn(t.Context(), dcim.Account{Name: "cust42"}); return err },
		"console": func() error { _, err := s.Console(t.Context(), dcim.Account{Name: "cust42"}, id); return err },
	} {
		err := change()
		require.Equal(t, dcim.KindReadOnly, dcim.KindOf(err), "%s: %v", name, err)
		require.ErrorContains(t, err, "only observed", name)
	}
	after := s.State()
	require.Equal(t, before.Functions["server.edit"].Requests+1, after.Functions["server.edit"].Requests, "an update reads")
	delete(before.Functions, "server.edit")
	delete(after.Functions, "server.edit")
	require.Equal(t, before.Functions, after.Functions, "nothing else reached the panel")
	require.Equal(t, before.Servers, after.Servers)
}
