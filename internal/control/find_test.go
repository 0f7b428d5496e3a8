package control

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/panel"
)

func TestWhoHeldAServerThen(t *testing.T) {
	day := func(n int) *time.Time { at := time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC); return &at }
	span := Span{day(10).Add(-12 * time.Hour), day(11).Add(-12 * time.Hour)}
	require.True(t, span.holds(Hit{From: day(5), To: day(20)}))
	require.True(t, span.holds(Hit{From: day(10)}), "handed over on that day, held still")
	require.True(t, span.holds(Hit{From: day(5), To: day(10)}), "released on that day")
	require.False(t, span.holds(Hit{From: day(5), To: day(9)}))
	require.False(t, span.holds(Hit{From: day(11)}))
	require.False(t, span.holds(Hit{}), "what the panel shows now says nothing of another day")
	require.True(t, Span{}.holds(Hit{}))
}

func TestThePanelsSightJoinsTheLifeThatHolds(t *testing.T) {
	ended := time.Now()
	hits := []Hit{{ServiceID: 1, Panel: "fra1", Server: panel.Server{ID: "5"}, To: &ended}, {ServiceID: 2, Panel: "fra1", Server: panel.Server{ID: "5"}}}
	joined := join(hits, "fra1", panel.Sighting{Server: panel.Server{ID: "5"}, Owner: "u2", ServiceID: 2})
	require.Len(t, joined, 2)
	require.Empty(t, joined[0].Owner)
	require.Equal(t, "u2", joined[1].Owner)
	require.Len(t, join(hits, "ams1", panel.Sighting{Server: panel.Server{ID: "5"}}), 3, "ids are a panel's own")
	require.True(t, calls(panel.Server{ExtraIPs: []string{"10.0.0.9"}}, "10.0.0.9"))
	require.False(t, calls(panel.Server{}, ""))
}
