// Package retryafter reads how long a server asks to be left alone.
package retryafter

import (
	"net/http"
	"strconv"
	"time"
)

// Max bounds what a server, or whatever stands in front of it, may ask for.
const Max = 10 * time.Minute

// Of reads the header Retry-After: seconds, or a date (RFC 9110 10.2.3). It is between 0, which
// is also the answer to anything else, and Max.
func Of(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if date, err := http.ParseTime(text); err == nil {
		wait = time.Until(date)
	}
	return min(max(wait, 0), Max)
}
