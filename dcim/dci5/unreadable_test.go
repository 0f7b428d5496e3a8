package dci5_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/simulator"
)

// Answers in another encoding than they say: the one row with a foreign letter is read with a
// replacement, and a save of it changes nothing but owner and notes.
func TestAnEncodingThatIsNotDeclared(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 3, Encoding: simulator.Encoding{Name: "windows-1251", Undeclared: true}})
	_, err := s.Administer("2", []byte(`{"name":"Стойка 5"}`))
	require.NoError(t, err)
	servers, err := s.Servers(t.Context())
	require.NoError(t, err)
	require.Len(t, servers, 3)
	for _, server := range servers {
		require.True(t, server.Free(), "%+v", server)
	}
	require.Equal(t, "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd 5", servers[1].Label)
	api, err := s.Self(t.Context())
	require.NoError(t, err)
	s.save(t, "2", api.ID, "ours")
	s.save(t, "3", api.ID, "ours")
	record, err := s.Record(t.Context(), "2")
	require.NoError(t, err)
	require.Equal(t, "ours", record.Notes)
}

// A declared encoding is read, and so is a panel that says it in the header only.
func TestADeclaredEncoding(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 2, Encoding: simulator.Encoding{Name: "windows-1251"}})
	_, err := s.Administer("2", []byte(`{"name":"Стойка 5"}`))
	require.NoError(t, err)
	servers, err := s.Servers(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Стойка 5", servers[1].Label)
}

// A form that cannot be read whole is an error about that server alone, and is never saved: what
// was left out would be blanked.
func TestAFormThatIsNotWhole(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 2})
	_, err := s.Administer("2", []byte(`{"mac":"`+strings.Repeat("x", 70<<10)+`"}`))
	require.NoError(t, err)
	before := s.State()
	_, err = s.Record(t.Context(), "2")
	require.ErrorIs(t, err, dcim.ErrUnreadable)
	require.True(t, dcim.AboutOne(err))
	require.ErrorContains(t, err, "server.edit of 2: it cannot be read whole: mac: its text is longer")
	err = save(t.Context(), s, "2", "1", "ours")
	require.ErrorIs(t, err, dcim.ErrUnreadable)
	require.False(t, dcim.Uncertain(err))
	require.Equal(t, before.Servers, s.State().Servers)
	api, err := s.Self(t.Context())
	require.NoError(t, err)
	s.save(t, "1", api.ID, "ours")
}
