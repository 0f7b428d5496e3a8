package retryafter

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOf(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	in := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for name, c := range map[string]struct {
		text, sent string
		want       time.Duration
	}{
		"none": {}, "seconds": {"90", "", 90 * time.Second}, "spaces": {" 5 ", "", 5 * time.Second}, "zero": {text: "0"}, "negative": {text: "-5"},
		"an hour": {"3600", "", Max}, "beyond numbers": {text: "99999999999999999999"}, "a date": {in(time.Minute), "", time.Minute},
		"a past date": {text: in(-time.Minute)}, "a far date": {in(48 * time.Hour), "", Max}, "another clock": {in(time.Hour), in(59 * time.Minute), time.Minute},
		"words": {text: "soon"},
	} {
		header := http.Header{"Retry-After": {c.text}, "Date": {c.sent}}
		require.Equal(t, c.want, Of(header, now), name)
	}
}
