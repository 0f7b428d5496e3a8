package panel

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/dcim/dci5"
	"metalease/dcim/profile"
	panelsim "metalease/dcim/simulator"
)

// cutting is a world whose panel is known to cut notes.
func cutting(t *testing.T, limit int) *world {
	t.Helper()
	w := newWorld(t, func(c *panelsim.Config) { c.NotesLimit = limit })
	w.Dial.Profile = profile.Profile{Facts: map[string]profile.Seen{"notes-limit": {Value: strconv.Itoa(limit)}}}
	backend, err := dci5.New(w.Dial)
	require.NoError(t, err)
	w.p.Reader, w.p.backend = NewReader(backend, time.Millisecond), backend
	return w
}

// TestAReasonThatFindsNoRoomIsLeftOut: a server that failed is set aside all the same.
func TestAReasonThatFindsNoRoomIsLeftOut(t *testing.T) {
	for limit, reason := range map[int]string{255: " " + strings.Repeat("y", 100), 140: ""} {
		w := cutting(t, limit)
		w.Administer("1", map[string]any{"notes": "rack 4"})
		target := w.claim(w.Order(7))
		require.NoError(t, simulated.Do(w, w.p.Quarantine, QuarantineInput{Target: target, Reason: strings.Repeat("y", 100), Failed: true}))
		state := "quarantine " + time.Now().UTC().Format(time.DateOnly) + reason
		require.Equal(t, []holding.Mark{w.p.mark(target.ServiceID, state)}, holding.ParseMarks(w.Server("1").Notes))
		require.Contains(t, w.Server("1").Notes, "rack 4")
		require.True(t, w.Server("1").Disabled)
	}
}

// TestFullNotesAreNoShield: of a panel that cuts notes no mark is saved over its limit, and who fills
// the notes up to it is blocked, unblocked and cut off all the same.
func TestFullNotesAreNoShield(t *testing.T) {
	for name, marked := range map[string]bool{"with the mark": true, "without it": false} {
		t.Run(name, func(t *testing.T) {
			w := cutting(t, 80)
			b := w.handOver(w.Order(7))
			mark := ""
			if marked {
				mark = w.p.mark(b.ServiceID, holding.StateActive).String()
			}
			full := strings.Repeat("x", 79-len(mark)) + "\n" + mark
			w.Administer("1", map[string]any{"notes": full})

			blocked, err := simulated.Run[Blocked](w, w.p.Block, b.Target)
			require.NoError(t, err)
			require.True(t, blocked.MarkLost, "staff are told")
			require.True(t, w.Server("1").Disabled)
			require.Equal(t, strings.TrimSpace(full), strings.TrimSpace(w.Server("1").Notes))
			_, err = simulated.Run[Remarked](w, w.p.Unblock, b.Target)
			require.NoError(t, err)
			require.False(t, w.Server("1").Disabled)

			_, err = simulated.Run[Remarked](w, w.p.CutOff, b.Target)
			require.ErrorContains(t, err, "cuts notes at 80 characters")
			simulated.RequireType(t, err, edge.ErrPanelRefused, false)
			require.True(t, w.Server("1").Disabled, "off the network, while staff shorten them")
			w.Administer("1", map[string]any{"notes": mark})
			_, err = simulated.Run[Remarked](w, w.p.CutOff, b.Target)
			require.NoError(t, err)
			w.RequireClean()
		})
	}
}
