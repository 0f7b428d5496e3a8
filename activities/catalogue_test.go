package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

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

	w.lose(panelsim.HTTP500, "osmgr", 1)
	_, err = ask[[]Template](w, w.p.Templates)
	requireType(t, err, ErrPanelUnavailable, true)
}

func TestMarkedServersLooksAtBothOwners(t *testing.T) {
	w := newWorld(t)
	service, other := w.order(7), w.order(8)
	marked, err := run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{service.ID})
	require.NoError(t, err)
	require.NotNil(t, marked, "none is an empty list, not null")
	require.Empty(t, marked)

	w.claim(service)
	marked, err = run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{service.ID})
	require.NoError(t, err)
	require.Equal(t, []MarkedServer{{"1", w.server("1").Name, w.p.mark(service.ID, StateClaimed).String()}}, marked)
	marked, err = run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{other.ID})
	require.NoError(t, err)
	require.Empty(t, marked)
	w.requireClean()
}

func TestMarkedServersFindsWhatTheCustomerHas(t *testing.T) {
	w := newWorld(t)
	service := w.order(7)
	w.handOver(service)
	marked, err := run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{service.ID})
	require.NoError(t, err)
	require.Len(t, marked, 1)
	require.Contains(t, marked[0].Mark, StateActive)
	marked, err = run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{99999})
	require.NoError(t, err, "a service that WHMCS does not know")
	require.Empty(t, marked)
}
