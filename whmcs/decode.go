package whmcs

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// text is a scalar that WHMCS writes as string, number, boolean or null
// (docs/whmcs-api.md 1.3).
type text string

// UnmarshalJSON takes every scalar; anything else is empty. Errors: errLong.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 6*maxText { // as long as an escape of one byte is
		return errLong
	}
	var s string
	switch {
	case json.Unmarshal(b, &s) == nil:
		*t = text(s)
	case len(b) > 0 && (b[0] == '{' || b[0] == '['):
		*t = ""
	default:
		*t = text(b)
	}
	if len(*t) > maxText {
		*t = ""
		return errLong
	}
	return nil
}

// shortText is a text of which only the beginning counts.
type shortText string

// UnmarshalJSON takes every scalar.
func (t *shortText) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*t = shortText(strings.Clone(s[:min(len(s), maxText)]))
		return nil
	}
	var whole text
	_ = whole.UnmarshalJSON(b) // it takes everything that is short
	*t = shortText(whole)
	return nil
}

// number is a text that should be a whole number; zero when it is none.
type number int

// UnmarshalJSON takes "5", 5, 5.0, "" and null.
func (n *number) UnmarshalJSON(b []byte) error {
	var t text
	_ = t.UnmarshalJSON(b) // it takes everything; what is too long is none
	*n = 0
	if f, err := strconv.ParseFloat(strings.TrimSpace(string(t)), 64); err == nil {
		*n = number(f)
	}
	return nil
}

// flag is a switch: 1, "1", "on", "true" and true are on.
type flag bool

// UnmarshalJSON takes every scalar.
func (f *flag) UnmarshalJSON(b []byte) error {
	var t text
	_ = t.UnmarshalJSON(b) // it takes everything; what is too long is none
	*f = flag(slices.Contains([]string{"1", "on", "true", "yes"}, strings.ToLower(string(t))))
	return nil
}

// Date is a day as WHMCS shows it, in its own time zone. "0000-00-00" is none.
type Date struct{ text string }

// UnmarshalJSON takes any text; a datetime loses its time.
func (d *Date) UnmarshalJSON(b []byte) error {
	var t text
	_ = t.UnmarshalJSON(b) // it takes everything; what is too long is none
	d.text, _, _ = strings.Cut(strings.TrimSpace(string(t)), " ")
	return nil
}

// MarshalJSON writes the text.
func (d Date) MarshalJSON() ([]byte, error) { return json.Marshal(d.text) }

// IsZero tells that there is no date.
func (d Date) IsZero() bool { return d.Time().IsZero() }

// Time is the beginning of the day in UTC; zero when there is none.
func (d Date) Time() time.Time {
	parsed, err := time.Parse(time.DateOnly, d.text)
	if err != nil {
		return time.Time{}
	}
	return parsed
}

// String is the date as WHMCS wrote it.
func (d Date) String() string {
	if d.IsZero() {
		return "not set"
	}
	return d.text
}
