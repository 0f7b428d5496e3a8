package main

import (
	"encoding/json"
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
}

func TestTheTableHasALineForEachFigure(t *testing.T) {
	text := table([]result{{
		Row: "orders-10", Temporal: "a server of tests", Orders: 10, Panel: map[string]count{"server": {10, 2048}, "server.edit": {30, 300}},
		Figures: []figure{
			figure{What: "panel requests per order", Value: 14.26}.most(14),
			figure{What: "orders a second", Value: 8.1}.to(10, "bare workflow").leastRatio(0.8),
			{What: "memory", Value: 0.0123, Unit: "MiB"},
		},
	}})
	require.Regexp(t, `^Temporal: a server of tests\n\nrow +figure `, text)
	require.Regexp(t, `(?m)^orders-10 +panel requests per order +14\.3 +≤ 14\.0 +MISSED$`, text)
	require.Regexp(t, `(?m)^ +orders a second +8\.10 +10\.0 bare workflow +0\.81 +ratio ≥ 0\.80 +reached$`, text)
	require.Regexp(t, `(?m)^ +memory +0\.0123 MiB *$`, text)
	require.Contains(t, text, "orders-10, for each of 10\n  panel: server.edit 3.00, server 1.00\n")
}

func TestAnAimIsReachedOrNot(t *testing.T) {
	for _, c := range []struct {
		figure
		reached bool
	}{
		{figure{Value: 14}.most(14), true},
		{figure{Value: 14.01}.most(14), false},
		{figure{Value: 4}.to(5, "x").leastRatio(0.8), true},
		{figure{Value: 3.9}.to(5, "x").leastRatio(0.8), false},
		{figure{Value: 5}.to(100, "x").mostRatio(0.05), true},
		{figure{Value: 6}.to(100, "x").mostRatio(0.05), false},
		{figure{Value: 5}.to(0, "x").mostRatio(0.05), false}, // nothing was measured
		{figure{Value: 5}.to(0, "x").leastRatio(0.8), false},
	} {
		require.Equal(t, c.reached, *c.Reached, "%+v", c.figure)
	}
	require.Nil(t, figure{Value: 1}.Reached)
}

func TestPercentiles(t *testing.T) {
	var hundred []int
	for i := range 100 {
		hundred = append(hundred, 100-i)
	}
	for _, c := range []struct {
		values        []int
		percent, want int
	}{
		{hundred, 50, 50}, {hundred, 99, 99}, {hundred, 100, 100}, {hundred, 1, 1}, {hundred, 0, 1},
		{[]int{7}, 50, 7}, {[]int{7}, 99, 7}, {[]int{3, 1, 2}, 50, 2}, {[]int{3, 1, 2}, 99, 3}, {[]int{1, 2}, 50, 1}, {nil, 99, 0},
	} {
		require.Equal(t, c.want, percentile(c.values, c.percent), "%d %% of %d values", c.percent, len(c.values))
	}
	require.Equal(t, 100, hundred[0], "the values keep their order")
	times := spans("a call", []time.Duration{time.Second, 3 * time.Second, 2 * time.Second}, 2*time.Second)
	require.InDelta(t, 2, times[0].Value, 0)
	require.InDelta(t, 3, times[1].Value, 0)
	require.False(t, *times[1].Reached)
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
	all, err := choose([]string{"all"})
	require.NoError(t, err)
	require.Len(t, all, len(rows))
	require.Greater(t, len(all), len(quick))
	names := map[string]bool{}
	for _, r := range rows {
		require.False(t, names[r.Name], r.Name)
		names[r.Name] = true
		if !r.File { // its services have no servers
			require.LessOrEqual(t, r.Count+r.Standing, r.Servers, r.Name)
		}
	}
}

func TestStoresAreChosenByName(t *testing.T) {
	for _, name := range []string{"", developmentStore} {
		kept, err := chooseStore(t.Context(), name)
		require.NoError(t, err)
		require.Equal(t, development, kept)
		none, err := kept.cluster(t.Context(), bench{}, "")
		require.NoError(t, err)
		require.Nil(t, none, "the set starts it")
	}
	_, err := chooseStore(t.Context(), "mysql")
	require.ErrorContains(t, err, `no store "mysql": it is development, which is the default, or postgres`)
	t.Setenv("TEMPORAL_SERVER", "")
	_, err = chooseStore(t.Context(), postgresStore)
	require.ErrorContains(t, err, "TEMPORAL_SERVER is not set: run `make bench STORE=postgres`")

	r := rows[len(rows)-1]
	require.Contains(t, r.what(), "in a file")
	r.Store = store{Name: postgresStore, Title: "one process"}
	require.NotContains(t, r.what(), "in a file")
	require.Contains(t, r.what(), "PostgreSQL")
	text, err := json.Marshal(r.result())
	require.NoError(t, err)
	require.Contains(t, string(text), `"store":"postgres","temporal":"one process"`)
}
