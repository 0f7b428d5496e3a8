package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
)

func TestThePanelsCatalogue(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.Packages = []string{"E5-64G", "E3-16G"} })
	packages, err := ask[[]string](w, w.p.Packages)
	require.NoError(t, err)
	require.Subset(t, packages, []string{"E3-16G", "E5-64G"})
	require.IsIncreasing(t, packages)
	require.NotContains(t, packages, "")

	templates, err := ask[[]Template](w, w.p.Templates)
	require.NoError(t, err)
	require.NotEmpty(t, templates)
	var ids []string
	for _, template := range templates {
		ids = append(ids, template.ID)
		require.NotEmpty(t, template.Name)
	}
	require.Contains(t, ids, "ISPsystem__Debian-12-x86_64")

	w.Lose(panelsim.HTTP500, "osmgr", 1)
	_, err = ask[[]Template](w, w.p.Templates)
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
}

func TestMarkedServersLooksAtBothOwners(t *testing.T) {
	w := newWorld(t)
	service, other := w.Order(7), w.Order(8)
	marked, err := simulated.Run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{service.ID})
	require.NoError(t, err)
	require.NotNil(t, marked, "none is an empty list, not null")
	require.Empty(t, marked)

	w.claim(service)
	marked, err = simulated.Run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{service.ID})
	require.NoError(t, err)
	require.Equal(t, []MarkedServer{{"1", w.Server("1").Name, w.p.mark(service.ID, holding.StateClaimed).String()}}, marked)
	marked, err = simulated.Run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{other.ID})
	require.NoError(t, err)
	require.Empty(t, marked)
	w.RequireClean()
}

func TestMarkedServersFindsWhatTheCustomerHas(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	w.handOver(service)
	marked, err := simulated.Run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{service.ID})
	require.NoError(t, err)
	require.Len(t, marked, 1)
	require.Contains(t, marked[0].Mark, holding.StateActive)
	marked, err = simulated.Run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{99999})
	require.NoError(t, err, "a service that WHMCS does not know")
	require.Empty(t, marked)
}
