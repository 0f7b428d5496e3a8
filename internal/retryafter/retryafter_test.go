package retryafter

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOf(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for header, want := range map[string][2]time.Duration{
		"":                 {0, 0},
		"7":                {7 * time.Second, 7 * time.Second},
		"86400":            {Max, Max},
		"4294967296":       {0, 0},
		"-5":               {0, 0},
		"soon":             {0, 0},
		in(time.Minute):    {50 * time.Second, time.Minute},
		in(-time.Hour):     {0, 0},
		in(24 * time.Hour): {Max, Max},
	} {
		got := Of(http.Header{"Retry-After": {header}})
		require.GreaterOrEqual(t, got, want[0], header)
		require.LessOrEqual(t, got, want[1], header)
	}
	require.Zero(t, Of(nil))
}
