package dcim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/simulator"
)

// TestReadOnly: a client that only observes sends no change of any kind, and reads as ever.
func TestReadOnly(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 2}, func(c *dcim.Config) { c.ReadOnly = true })
	servers, err := s.Servers(t.Context())
	require.NoError(t, err)
	id := servers[0].ID
	form, err := s.Form(t.Context(), id)
	require.NoError(t, err)
	form.SetOwner("1")
	before := s.State()

	created := func() error { _, err := s.CreateUser(t.Context(), "cust42", "pw"); return err }
	added := func() error {
		_, err := s.AddAddress(t.Context(), id, dcim.NewAddress{Domain: "a.example.com"})
		return err
	}
	for name, change := range map[string]func() error{
		"form":            func() error { return s.SaveForm(t.Context(), form) },
		"user":            created,
		"address":         added,
		"address domain":  func() error { return s.SetAddressDomain(t.Context(), id, "1", "a.example.com") },
		"delete address":  func() error { return s.DeleteAddress(t.Context(), id, "1") },
		"enable":          func() error { return s.Enable(t.Context(), id) },
		"disable":         func() error { return s.Disable(t.Context(), id) },
		"power on":        func() error { return s.PowerOn(t.Context(), id) },
		"power off":       func() error { return s.PowerOff(t.Context(), id) },
		"reboot":          func() error { return s.Reboot(t.Context(), id) },
		"install":         func() error { return s.Install(t.Context(), id, dcim.Install{Template: debian}) },
		"diagnose":        func() error { return s.Diagnose(t.Context(), id) },
		"cancel":          func() error { return s.CancelOperation(t.Context(), id) },
		"connection on":   func() error { return s.ConnectionOn(t.Context(), id, "1") },
		"connection off":  func() error { return s.ConnectionOff(t.Context(), id, "1") },
		"new session key": func() error { return s.NewSessionKey(t.Context(), "cust42", "0123456789abcdef") },
	} {
		err := change()
		require.Equal(t, dcim.KindReadOnly, dcim.KindOf(err), "%s: %v", name, err)
		require.ErrorContains(t, err, "only observed", name)
	}
	require.Equal(t, before.Functions, s.State().Functions, "nothing reached the panel")
}
