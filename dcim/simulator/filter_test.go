package simulator_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

// TestFilters: the server list with filter=on shows what the switch says; without it, all.
func TestFilters(t *testing.T) {
	for filter, want := range map[simulator.Filter][]string{
		simulator.FilterExact:    {"1"},
		simulator.FilterContains: {"1", "10", "11", "12"},
		simulator.FilterIgnored:  {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"},
		simulator.FilterRefused:  nil,
	} {
		d := newDesk(t, simulator.Config{Servers: 12, Filter: filter})
		require.Equal(t, want, ids(d.ask("server", "filter", "on", "id", "1")), filter)
		require.Len(t, ids(d.ask("server", "id", "1")), 12, "without filter=on a field filters nothing")
	}
}

func ids(list tree) []string {
	var ids []string
	for _, row := range list.rows(nil) {
		ids = append(ids, row.get("id"))
	}
	return ids
}
