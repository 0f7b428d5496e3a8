package whmcs

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestPause bounds what a Retry-After may ask for: a load balancer's hour must
// not hold up an order that WHMCS could take in a minute.
const longestPause = 10 * time.Minute

// retryAfter reads the header (RFC 9110, 10.2.3): seconds, or a date that is
// compared with the answer's own, for clocks differ.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, longestPause)
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	if sent, err := http.ParseTime(header.Get("Date")); err == nil {
		now = sent
	}
	return min(max(until.Sub(now), 0), longestPause)
}
