package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCountsAreThoseOfTheRow(t *testing.T) {
	before := map[string]count{"server": {5, 500}, "user": {1, 10}}
	after := map[string]count{"server": {15, 2548}, "user": {1, 10}, "server.edit": {30, 300}}
	counts := since(after, before)
	require.Equal(t, map[string]count{"server": {10, 2048}, "server.edit": {30, 300}}, counts)
	require.Equal(t, count{40, 2348}, total(counts))

	text := table([]result{{Row: "orders-10", Orders: 10, Seconds: 12, Panel: counts, Activities: 142, Events: 860, Ratio: 0.581}})
	require.Contains(t, text, "server.edit 3.0, server 1.0")
	require.Regexp(t, `orders-10 +4\.0 +3\.0 +1\.0 +0\.2 +0\.0 +14\.2 +86\.0 +12\.0 +0\.58\n`, text)
}

func TestRowsAreChosenByName(t *testing.T) {
	quick, err := choose(nil)
	require.NoError(t, err)
	for _, r := range quick {
		require.Less(t, r.Install, 10*time.Second, "%s takes too long to run unasked", r.Name)
	}
	some, err := choose([]string{"module-10", "orders-1"})
	require.NoError(t, err)
	require.Equal(t, "module-10", some[0].Name)
	require.Len(t, some, 2)
	_, err = choose([]string{"orders"})
	require.ErrorContains(t, err, "no row")
	names := map[string]bool{}
	for _, r := range rows {
		require.False(t, names[r.Name], r.Name)
		names[r.Name] = true
		require.LessOrEqual(t, r.Orders+r.Standing, r.Servers, r.Name)
	}
}

func TestAnInstallIsSeenInItsOwnRow(t *testing.T) {
	list := `<doc><elem><id>7</id></elem><elem><id>71</id><install_in_progress>on</install_in_progress></elem></doc>`
	require.False(t, installs(list, "7"))
	require.True(t, installs(list, "71"))
	require.False(t, installs(list, "1"))
}
