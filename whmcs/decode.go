package whmcs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// text is a scalar that WHMCS writes as string, number, boolean or null
// (docs/whmcs-api.md 1.3).
type text string

// UnmarshalJSON takes every scalar; anything else is empty.
func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case json.Unmarshal(b, &s) == nil:
		*t = text(s)
	case len(b) > 0 && (b[0] == '{' || b[0] == '['):
		*t = ""
	default:
		*t = text(b)
	}
	return nil
}

// number is a text that should be a whole number; zero when it is none.
type number int

// UnmarshalJSON takes "5", 5, 5.0, "" and null.
func (n *number) UnmarshalJSON(b []byte) error {
	var t text
	_ = t.UnmarshalJSON(b) // it takes everything
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
	_ = t.UnmarshalJSON(b) // it takes everything
	*f = flag(slices.Contains([]string{"1", "on", "true", "yes"}, strings.ToLower(string(t))))
	return nil
}

// list is a container.singular[] of WHMCS. An empty one may be "", [], {}, null
// or absent, and an array with gaps is an object with numeric keys.
type list[T any] []T

// UnmarshalJSON takes all of these.
func (l *list[T]) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	*l = nil
	if len(b) == 0 || b[0] != '{' && b[0] != '[' {
		return nil
	}
	if b[0] == '[' {
		var items []T
		if err := json.Unmarshal(b, &items); err != nil {
			return err
		}
		*l = items
		return nil
	}
	var keyed map[string]json.RawMessage
	if err := json.Unmarshal(b, &keyed); err != nil {
		return err
	}
	return l.fromKeys(keyed)
}

// fromKeys reads {"product": [...]} and {"0": {...}, "2": {...}}.
func (l *list[T]) fromKeys(keyed map[string]json.RawMessage) error {
	var indexes []int
	for key, value := range keyed {
		index, err := strconv.Atoi(key)
		if err != nil {
			if len(keyed) == 1 {
				return l.UnmarshalJSON(value)
			}
			return fmt.Errorf("a list holds the unexpected key %q", key)
		}
		indexes = append(indexes, index)
	}
	slices.Sort(indexes)
	for _, index := range indexes {
		var item T
		if err := json.Unmarshal(keyed[strconv.Itoa(index)], &item); err != nil {
			return err
		}
		*l = append(*l, item)
	}
	return nil
}

// Date is a day as WHMCS shows it, in its own time zone. "0000-00-00" is none.
type Date struct{ text string }

// UnmarshalJSON takes any text; a datetime loses its time.
func (d *Date) UnmarshalJSON(b []byte) error {
	var t text
	_ = t.UnmarshalJSON(b) // it takes everything
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
