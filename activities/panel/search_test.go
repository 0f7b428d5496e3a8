package panel

import (
	"testing"

	"metalease/activities/internal/simulated"
	"metalease/dcim"

	"github.com/stretchr/testify/require"
)

func TestAServerIsFoundByWhateverItIsCalled(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.handOver(service)
	server := w.Server("1")
	list, err := simulated.Run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{service.ID})
	require.NoError(t, err)
	require.Len(t, list, 1)
	seen, err := simulated.Run[[]Sighting](w, w.p.FindServers, "1")
	require.NoError(t, err)
	require.Len(t, seen, 1)
	for _, text := range []string{seen[0].IP, seen[0].Hostname, server.Name, b.Account.Name} {
		found, err := simulated.Run[[]Sighting](w, w.p.FindServers, text)
		require.NoError(t, err)
		require.Len(t, found, 1, text)
		require.Equal(t, service.ID, found[0].ServiceID)
		require.Equal(t, []string{list[0].Mark}, found[0].Marks)
	}
	for _, text := range []string{"", dcim.FreeHostname, "192.0.2.250", "nobody"} {
		found, err := simulated.Run[[]Sighting](w, w.p.FindServers, text)
		require.NoError(t, err)
		require.Empty(t, found, "free servers are nobody's: %q", text)
	}
}
