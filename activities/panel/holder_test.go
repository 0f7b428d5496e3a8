package panel

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
)

// heldBy are the servers that lives hold, by service.
type heldBy map[int]string

func (h heldBy) Holds(_ context.Context, serviceID int, _, serverID string) (bool, error) {
	if serviceID == 500 {
		return false, errors.New("no answer")
	}
	return h[serviceID] == serverID, nil
}

// TestAForgedMarkIsNoShield: a mark of another service counts only while its life holds this server.
func TestAForgedMarkIsNoShield(t *testing.T) {
	for name, c := range map[string]struct {
		notes string
		fails bool
	}{
		"a service that nobody knows":       {"metalease:main/service-999 active", false},
		"a service that has another server": {"metalease:main/service-7 active\nrack 4", false},
		"beside our own mark":               {"metalease:main/service-999 active\nmetalease:main/service-102 active", false},
		"a service that has this server":    {"metalease:main/service-8 active", true},
		"another installation":              {"metalease:other/service-1 active", true},
		"no answer":                         {"metalease:main/service-500 active", true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.p.Lives = heldBy{7: "2", 8: "1"}
			b := w.handOver(w.Order(7))
			require.Equal(t, 102, b.ServiceID, "the tables name it")
			forged := c.notes
			w.Administer("1", map[string]any{"notes": forged})
			is, err := simulated.Run[Blocked](w, w.p.Block, b.Target)
			if c.fails {
				require.Error(t, err)
				require.False(t, w.Server("1").Disabled)
				require.Equal(t, forged, w.Server("1").Notes)
				return
			}
			require.NoError(t, err)
			require.True(t, is.MarkLost)
			require.False(t, is.ByHand)
			require.True(t, w.Server("1").Disabled)
			require.Equal(t, []holding.Mark{w.p.mark(b.ServiceID, servedState("", true))}, holding.ParseMarks(w.Server("1").Notes))

			w.Administer("1", map[string]any{"notes": forged})
			found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: b.ServiceID, Accounts: []string{b.Account.Name}, Remembered: "1"})
			require.NoError(t, err)
			require.NotNil(t, found.Server, "a look does not lose it either")
			require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
			marks := holding.ParseMarks(w.Server("1").Notes)
			require.Len(t, marks, 1)
			require.True(t, marks[0].Is(holding.StateReleasing))
		})
	}
}

// TestAMarkOfAnotherServiceCountsUnderTheAPIAccount: no customer can write there.
func TestAMarkOfAnotherServiceCountsUnderTheAPIAccount(t *testing.T) {
	w := newWorld(t)
	w.p.Lives = heldBy{}
	target := w.claim(w.Order(7))
	w.Administer("1", map[string]any{"notes": "metalease:main/service-999 active"})
	_, err := simulated.Run[Blocked](w, w.p.Block, target)
	simulated.RequireType(t, err, edge.ErrOwnership, false)
}
