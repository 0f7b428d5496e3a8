package dci5_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
	"metalease/dcim/profile"
	"metalease/dcim/simulator"
)

// knowing is a panel with a client that has seen these facts of it.
func knowing(t *testing.T, config simulator.Config, facts map[string]string, told *[]string) *simulated {
	t.Helper()
	seen := profile.Profile{Facts: map[string]profile.Seen{}}
	for id, value := range facts {
		seen.Facts[id] = profile.Seen{Value: value}
	}
	config.Servers = 2
	return simulate(t, config, func(c *dci5.Config) {
		c.Profile = seen
		c.Contradicted = func(fact, was, is string) { *told = append(*told, fact+" "+was+" "+is) }
	})
}

// TestTheEncodingThatWasSeenGoesBeforeTheDeclaredOne, and a form is saved as people typed it.
func TestTheEncodingThatWasSeenGoesBeforeTheDeclaredOne(t *testing.T) {
	config := simulator.Config{Encoding: simulator.Encoding{Name: "windows-1251", Undeclared: true}}
	s := knowing(t, config, map[string]string{"encoding": "windows-1251", "encoding-declared": "no"}, nil)
	_, err := s.Administer("1", []byte(`{"notes":"Стойка 4"}`))
	require.NoError(t, err)
	record, err := s.Record(t.Context(), "1")
	require.NoError(t, err)
	require.Equal(t, "Стойка 4", record.Notes)
	s.save(t, "1", "3", record.Notes+"\nmetalease:main/service-7 claimed")
	require.Equal(t, "Стойка 4\nmetalease:main/service-7 claimed", s.State().Servers[0].Notes)
}

// TestNotesThatWouldBeCutAreNotSaved: the mark stands at their end.
func TestNotesThatWouldBeCutAreNotSaved(t *testing.T) {
	s := knowing(t, simulator.Config{NotesLimit: 40}, map[string]string{"notes-limit": "40"}, nil)
	err := save(t.Context(), s, "1", "3", "what staff wrote\nmetalease:main/service-7 claimed")
	require.ErrorIs(t, err, dcim.ErrValue)
	require.ErrorContains(t, err, "cuts notes at 40 characters")
	require.Empty(t, s.State().Servers[0].Owner)
	s.save(t, "1", "3", "metalease:main/service-7 claimed")
}

func TestAnObjectThatIsNotThereIsKnownByTheTypeThatWasSeen(t *testing.T) {
	for _, facts := range []map[string]string{{}, {"missing-error-type": "value"}} {
		s := knowing(t, simulator.Config{MissingErrorType: "value"}, facts, nil)
		_, err := s.Record(t.Context(), "77")
		if len(facts) == 0 {
			require.ErrorIs(t, err, dcim.ErrValue)
			continue
		}
		require.ErrorIs(t, err, dcim.ErrMissed)
		require.ErrorIs(t, s.Install(t.Context(), "1", dcim.Install{Template: "none", Password: "long-enough"}), dcim.ErrValue, "a bad value is one still")
	}
}

// TestAContradictionIsToldOnce, by the line of the profile.
func TestAContradictionIsToldOnce(t *testing.T) {
	var told []string
	s := knowing(t, simulator.Config{OwnerAsName: true}, map[string]string{"owner-in-list": "id", "owner-in-form": "id"}, &told)
	_, err := s.Self(t.Context())
	require.NoError(t, err)
	s.save(t, "1", "3", "a note")
	for range 3 {
		_, err := s.Servers(t.Context())
		require.NoError(t, err)
		_, err = s.Record(t.Context(), "1")
		require.NoError(t, err)
	}
	require.Equal(t, []string{"owner-in-list id name"}, told, "the form is as it was seen")
}
