// Package duration reads and writes lengths of time as people write them: "90s",
// "10m", "72h", "3d", "1d12h". A day is 24 hours.
package duration

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// Longest is the longest duration that anything here is configured to: ten years.
const Longest = 10 * 365 * day

const day = 24 * time.Hour

// What Parse refuses. The texts go behind the value: `"5x" is not a duration`.
var (
	ErrForm     = errors.New(`is not a duration; write it like "90s", "10m", "72h", "3d" or "1d12h"`)
	ErrNegative = errors.New("is negative")
	ErrTooLong  = errors.New("is too long; the longest is 3650d (ten years)")
)

// Duration is a [time.Duration] from 0 to [Longest] that JSON and YAML write as
// text, and read as text or as a number of seconds.
type Duration time.Duration

// Parse reads whole days, Go's notation, or both, days first: "3d", "1.5h",
// "1d12h". A number without a unit is seconds. Errors: ErrForm, ErrNegative and
// ErrTooLong, each alone.
func Parse(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		if _, err := Parse(rest); err == nil || errors.Is(err, ErrTooLong) {
			return 0, ErrNegative
		}
		return 0, ErrForm
	}
	if seconds, isNumber := number(text); isNumber {
		return inSeconds(seconds)
	}
	days, rest, found := strings.Cut(text, "d")
	if !found {
		return partOfADay(text, 0)
	}
	if strings.ContainsFunc(days, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0, ErrForm
	}
	count, isNumber := number(days)
	if !isNumber {
		return 0, ErrForm
	}
	total, err := inSeconds(count.Mul(count, big.NewRat(int64(day/time.Second), 1)))
	if rest == "" || errors.Is(err, ErrForm) {
		return total, err
	}
	part, partErr := partOfADay(rest, total)
	if errors.Is(partErr, ErrForm) || err == nil {
		return part, partErr
	}
	return 0, err
}

// partOfADay adds Go's notation to what was read before.
func partOfADay(text string, before time.Duration) (time.Duration, error) {
	if text == "" || strings.ContainsAny(text, "+-") {
		return 0, ErrForm
	}
	part, err := time.ParseDuration(text)
	if err != nil {
		// It says the same of a bad form and of an overflow; a shorter text of this form tells them apart.
		if short := strings.Map(toZero, text); short != text {
			if _, err := time.ParseDuration(short); err == nil {
				return 0, ErrTooLong
			}
		}
		return 0, ErrForm
	}
	if part > Longest-before {
		return 0, ErrTooLong
	}
	return before + part, nil
}

func toZero(r rune) rune {
	if r >= '1' && r <= '9' {
		return '0'
	}
	return r
}

// longestNumber is in characters: nobody writes more, and more would only cost time.
const longestNumber = 40

// number reads digits, with a fraction if need be, exactly.
func number(text string) (*big.Rat, bool) {
	if text == "" || len(text) > longestNumber || strings.Trim(text, "0123456789.") != "" || strings.Trim(text, ".") != text {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

func inSeconds(seconds *big.Rat) (time.Duration, error) {
	nanoseconds := new(big.Rat).Mul(seconds, big.NewRat(int64(time.Second), 1))
	switch {
	case nanoseconds.Sign() < 0:
		return 0, ErrNegative
	case nanoseconds.Cmp(big.NewRat(int64(Longest), 1)) > 0:
		return 0, ErrTooLong
	}
	return time.Duration(new(big.Int).Quo(nanoseconds.Num(), nanoseconds.Denom()).Int64()), nil
}

// String writes days and what is left in Go's notation, without empty parts:
// "1d12h", "12m", "0s". Parse reads exactly the same duration from it.
func (d Duration) String() string {
	if d < 0 {
		return time.Duration(d).String()
	}
	days, rest := d/Duration(day), time.Duration(d%Duration(day))
	text := rest.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	switch {
	case days == 0:
		return text
	case rest == 0:
		return fmt.Sprintf("%dd", days)
	}
	return fmt.Sprintf("%dd%s", days, text)
}

// MarshalJSON writes what String says.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// UnmarshalJSON reads text, a number of seconds, or null, which changes nothing.
// An empty text is 0. Its errors quote the text.
func (d *Duration) UnmarshalJSON(b []byte) error {
	var text string
	if string(b) == "null" {
		return nil
	}
	if err := json.Unmarshal(b, &text); err != nil {
		var n json.Number
		if err := json.Unmarshal(b, &n); err != nil {
			return fmt.Errorf("a duration must be a text such as %q or a number of seconds", "72h")
		}
		text = plain(n)
	}
	return d.Set(text)
}

// plain writes a number without an exponent where that is short.
func plain(n json.Number) string {
	if !strings.ContainsAny(n.String(), "eE") {
		return n.String()
	}
	f, err := n.Float64()
	if err != nil || f > Longest.Seconds()+1 || f < -1 {
		return fmt.Sprintf("%.0f", min(max(f, -1), 1e12))
	}
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.9f", f), "0"), ".")
}

// MarshalYAML writes what String says; it is the marshaler of goccy/go-yaml.
func (d Duration) MarshalYAML() (any, error) { return d.String(), nil }

// UnmarshalYAML reads what UnmarshalJSON reads; goccy/go-yaml hands over the text
// of the value as it stands in the file.
func (d *Duration) UnmarshalYAML(b []byte) error {
	text := strings.TrimSpace(string(b))
	switch text {
	case "null", "~", "":
		return nil
	}
	if quoted := len(text) >= 2 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0]; quoted {
		text = text[1 : len(text)-1]
	}
	return d.Set(text)
}

// Set implements pflag.Value with String and Type. An empty text is 0.
func (d *Duration) Set(text string) error {
	if strings.TrimSpace(text) == "" {
		*d = 0
		return nil
	}
	parsed, err := Parse(text)
	if err != nil {
		if len(text) > longestNumber {
			text = text[:longestNumber] + "..."
		}
		return fmt.Errorf("%q %w", text, err)
	}
	*d = Duration(parsed)
	return nil
}

// Type implements pflag.Value.
func (*Duration) Type() string { return "DURATION" }
