package control_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// listed waits until visibility has caught up with as many services.
func (s scene) listed(f control.Filter, count int) []control.Row {
	s.t.Helper()
	var page control.Page
	s.eventually(func() bool {
		var err error
		page, err = s.List(s.t.Context(), f, "", 100)
		require.NoError(s.t, err)
		return len(page.Services) == count
	})
	return page.Services
}

func TestListFindsServices(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start(order(101))
	other := order(102)
	other.ClientID, other.Package = 8, `odd ' "name\`
	s.start(other)
	s.start(order(103))
	s.end(103)
	s.listed(control.Filter{}, 3)
	s.listed(control.Filter{Phase: "active"}, 2)

	rows := s.listed(control.Filter{ClientID: "8"}, 1)
	row := rows[0]
	require.Equal(t, 102, row.ServiceID)
	require.Equal(t, "fra1", row.Panel)
	require.Equal(t, other.Package, row.Package)
	require.Equal(t, "8", row.ClientID)
	require.False(t, row.StartedAt.IsZero())
	require.Nil(t, row.ClosedAt)
	require.False(t, row.Attention)

	rows = s.listed(control.Filter{IP: "10.0.0.5", Phase: "active"}, 2)
	require.Equal(t, "10.0.0.5", rows[0].MainIP)
	require.Equal(t, "5", rows[0].ServerID)
	s.listed(control.Filter{Panel: "ams9"}, 0)
	for _, row := range s.listed(control.Filter{IDs: []int{103, 101, 424242}}, 2) {
		require.Contains(t, []int{101, 103}, row.ServiceID)
	}
	s.listed(control.Filter{IDs: []int{101, 102}, ClientID: "8"}, 1)
	s.listed(control.Filter{Attention: true}, 0)
	for _, hostile := range []string{`x' OR Panel = 'fra1`, `x\`, `\' OR Panel = 'fra1`, `x''`, `"`} {
		s.listed(control.Filter{Panel: hostile}, 0)
	}
	for _, row := range s.listed(control.Filter{Panel: "fra1"}, 3) {
		require.Equal(t, row.ServiceID == 103, row.ClosedAt != nil)
	}
}

func TestListGoesPageByPage(t *testing.T) {
	s := newScene(t)
	for service := 1; service <= 5; service++ {
		s.start(order(service))
	}
	s.listed(control.Filter{Phase: string(api.PhasePending)}, 5)
	seen := map[int]bool{}
	token, pages := "", 0
	for {
		page, err := s.List(t.Context(), control.Filter{}, token, 2)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Services), 2)
		for _, row := range page.Services {
			require.False(t, seen[row.ServiceID])
			seen[row.ServiceID] = true
		}
		pages++
		if token = page.Next; token == "" {
			break
		}
	}
	require.Len(t, seen, 5)
	require.GreaterOrEqual(t, pages, 3)

	for _, token := range []string{"!", "eA", "bm9uc2Vuc2U"} {
		_, err := s.List(t.Context(), control.Filter{}, token, 2)
		require.ErrorIs(t, err, control.ErrPageToken, token)
	}
}
