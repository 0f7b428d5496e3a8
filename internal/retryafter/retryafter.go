// Package retryafter reads how long a server asks to be left alone.
package retryafter

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Max bounds what a Retry-After may ask for: a load balancer's hour must not hold up an order
// that the server behind it could take in a minute.
const Max = 10 * time.Minute

// Of reads the header Retry-After (RFC 9110, 10.2.3): seconds, or a date that is compared with
// the answer's own, for clocks differ. It is from 0, which is also the answer to anything else,
// to Max.
func Of(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, Max)
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	if sent, err := http.ParseTime(header.Get("Date")); err == nil {
		now = sent
	}
	return min(max(until.Sub(now), 0), Max)
}
