package control

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What stood in the rack for the server before is not told of the one that took its place, and the memory has an end.
func TestRememberedFactsAreOfThisServerAndOfTheLastMinutes(t *testing.T) {
	var m factsMemory
	noon := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	m.put(101, Facts{ServerID: "5", AsOf: noon})
	_, there := m.get(101, "5", noon.Add(factsLast-time.Second))
	require.True(t, there)
	_, there = m.get(101, "6", noon)
	require.False(t, there, "another server")
	_, there = m.get(101, "5", noon.Add(factsLast))
	require.False(t, there, "too old")
	for id := range 2 * mostFacts {
		m.put(id, Facts{ServerID: "5", AsOf: noon})
		require.LessOrEqual(t, len(m.known), mostFacts)
	}
}
