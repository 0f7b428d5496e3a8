package simulator

import (
	"fmt"
	"slices"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// encoded writes an answer in the encoding that is set, and says which it is.
func (w *WHMCS) encoded(body []byte, kind string) ([]byte, string) {
	if w.config.Encoding == "" {
		return body, kind
	}
	to, err := htmlindex.Get(w.config.Encoding)
	if err != nil {
		return body, kind // complete has refused it
	}
	text, err := encoding.ReplaceUnsupported(to.NewEncoder()).Bytes(body)
	if err != nil {
		return body, kind
	}
	return text, "application/json; charset=" + w.config.Encoding
}

// completeSwitches checks the switches that are words, and moves the clock to the zone of dates.
func (c *Config) completeSwitches() error {
	if c.Encoding != "" {
		if _, err := htmlindex.Get(c.Encoding); err != nil {
			return fmt.Errorf("encoding: %w", err)
		}
	}
	if !slices.Contains([]string{"", setUpBefore, setUpAfter}, c.SetUp) {
		return fmt.Errorf("set-up is %q, not %s or %s", c.SetUp, setUpBefore, setUpAfter)
	}
	c.TimeZone = or(c.TimeZone, "UTC")
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return err
	}
	now := c.Now
	c.Now = func() time.Time { return now().In(zone) }
	return nil
}
