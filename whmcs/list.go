package whmcs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// What an answer may hold. WHMCS keeps no text longer than 64 KiB (a column of type TEXT).
const (
	maxText = 64 << 10
	// maxRows are those of one list: more than is ever asked for, since a WHMCS may not know the
	// limit of a page.
	maxRows = 10_000
	// maxNesting is how many containers may stand around a list.
	maxNesting = 4
)

// errTooMany is the error of an answer over a limit, errLong that of a text.
var (
	errTooMany = errors.New("too many rows")
	errLong    = fmt.Errorf("a text is longer than %d bytes", maxText)
)

// list is a container.singular[] of WHMCS. An empty one may be "", [], {}, null
// or absent, and an array with gaps is an object with numeric keys. One item that cannot be read
// makes the list unreadable: its row is, in a table.
type list[T any] []T

// UnmarshalJSON takes all of these. Errors: more than maxRows.
func (l *list[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	return each(b, maxRows, maxNesting, func(raw json.RawMessage) error {
		var item T
		if err := json.Unmarshal(raw, &item); err != nil {
			return err
		}
		*l = append(*l, item)
		return nil
	})
}

// table is a list whose rows are read one by one: a row that cannot be read costs itself.
type table[T any] []entry[T]

// entry is one row, or why it could not be read; then of the row only the rest counts.
type entry[T any] struct {
	row   T
	raw   json.RawMessage
	fault error
}

// UnmarshalJSON takes what a list takes. Errors: more than maxRows.
func (t *table[T]) UnmarshalJSON(b []byte) error {
	*t = nil
	return each(b, maxRows, maxNesting, func(raw json.RawMessage) error {
		var e entry[T]
		if err := json.Unmarshal(raw, &e.row); err != nil {
			e = entry[T]{raw: raw, fault: err}
		}
		*t = append(*t, e)
		return nil
	})
}

// each calls take with one item after the other, in the order of their keys.
func each(b []byte, most, nesting int, take func(json.RawMessage) error) error {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || b[0] != '{' && b[0] != '[' {
		return nil
	}
	if nesting == 0 {
		return errors.New("a list lies too deep")
	}
	items := json.NewDecoder(bytes.NewReader(b))
	if _, err := items.Token(); err != nil {
		return err
	}
	if b[0] == '{' {
		return eachKey(items, most, nesting, take)
	}
	for count := 0; items.More(); count++ {
		if count == most {
			return fmt.Errorf("%w: more than %d in one list", errTooMany, most)
		}
		var raw json.RawMessage
		if err := items.Decode(&raw); err != nil {
			return err
		}
		if err := take(raw); err != nil {
			return err
		}
	}
	return nil
}

// eachKey reads {"product": [...]} and {"0": {...}, "2": {...}}.
func eachKey(items *json.Decoder, most, nesting int, take func(json.RawMessage) error) error {
	type keyed struct {
		key   string
		index int
		raw   json.RawMessage
	}
	var all []keyed
	other := ""
	for items.More() {
		key, err := items.Token()
		if err != nil {
			return err
		}
		if len(all) == most {
			return fmt.Errorf("%w: more than %d in one list", errTooMany, most)
		}
		item := keyed{key: fmt.Sprint(key)}
		if err := items.Decode(&item.raw); err != nil {
			return err
		}
		if item.index, err = strconv.Atoi(item.key); err != nil {
			other = item.key
		}
		all = append(all, item)
	}
	switch {
	case other != "" && len(all) == 1:
		return each(all[0].raw, most, nesting-1, take)
	case other != "":
		return fmt.Errorf("a list holds the unexpected key %.40q", other)
	}
	slices.SortStableFunc(all, func(a, b keyed) int { return a.index - b.index })
	for _, item := range all {
		if err := take(item.raw); err != nil {
			return err
		}
	}
	return nil
}
