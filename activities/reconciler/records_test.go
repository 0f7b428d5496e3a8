package reconciler

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWhatStandsIsNotReadEachHour: the record of a server in quarantine is read once, and again when the list shows another name.
func TestWhatStandsIsNotReadEachHour(t *testing.T) {
	s := newReconciled(t)
	s.Administer("2", map[string]any{"owner": "whmcsapi", "notes": "metalease:main/service-9 quarantine 2026-11-26 failed"})
	require.Equal(t, 4, s.compare().Forms)
	require.Zero(t, s.compare().Forms)

	s.Administer("3", map[string]any{"hostname": "web.example.com"})
	require.Equal(t, 1, s.compare().Forms, "somebody works on it")
	s.Administer("2", map[string]any{"owner": ""})
	require.Equal(t, 1, s.compare().Forms, "somebody took it out")
}

// TestRecordsAreReadOverTheDay: those of a fleet that were read at once are read again at different times.
func TestRecordsAreReadOverTheDay(t *testing.T) {
	hours := map[int]int{}
	for i := range 1200 {
		age := ageOf(fmt.Sprint(i + 1))
		require.GreaterOrEqual(t, age, recordAge/2)
		require.LessOrEqual(t, age, recordAge)
		hours[int(age/time.Hour)]++
	}
	require.GreaterOrEqual(t, len(hours), 12)
	for hour, count := range hours {
		require.Less(t, count, 300, "within hour %d", hour)
	}
}
