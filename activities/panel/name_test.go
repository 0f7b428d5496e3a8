package panel

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/internal/hostname"
)

// TestAHostNameIsComparedAsAName: the customer has typed capitals, and the panel lower-cases. Nobody
// has renamed anything, and nothing is named twice.
func TestAHostNameIsComparedAsAName(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	typed := strings.ToUpper(service.Domain) + "."
	b.Hostname = typed
	_, err := simulated.Run[Addresses](w, w.p.AssignAddresses, b)
	require.NoError(t, err)
	require.True(t, hostname.Same(typed, w.Server("1").Hostname))
	have, err := w.Backend.Addresses(t.Context(), "1")
	require.NoError(t, err)
	require.NoError(t, w.Backend.NameAddress(t.Context(), "1", have[0].ID, service.Domain)) // as the panel keeps it
	b.Named = "free.ds"
	require.NoError(t, simulated.Do(w, w.p.MakeReady, b))
	_, err = simulated.Run[Addresses](w, w.p.AssignAddresses, b)
	require.NoError(t, err)
	require.Equal(t, service.Domain, w.Server("1").Hostname, "not written again")

	require.NoError(t, w.Backend.NameAddress(t.Context(), "1", have[0].ID, "other."+service.Domain))
	simulated.RequireType(t, simulated.Do(w, w.p.MakeReady, b), edge.ErrRenamedByHand, false)
}
