package whmcs

import (
	"fmt"
	"strconv"
	"strings"
)

// Amount of money in hundredths of its currency: WHMCS writes two decimals, as a text or
// as a number (docs/whmcs-api.md 1.3). No float is ever made of it.
type Amount int64

// longestAmount is in characters; more digits would not fit into an Amount.
const longestAmount = 18

// ParseAmount reads a text such as 10, 10.5 or -1.00. More than two decimals are taken
// only when the others are zero; whatever else there is makes it no amount.
func ParseAmount(written string) (Amount, error) {
	whole, decimals, _ := strings.Cut(strings.TrimSpace(written), ".")
	digits, negative := strings.CutPrefix(whole, "-")
	decimals = strings.TrimRight(decimals, "0")
	if digits == "" || len(digits) > longestAmount-2 || len(decimals) > 2 {
		return 0, fmt.Errorf("%.40q is no amount of money", written)
	}
	hundredths, err := strconv.ParseUint(digits+decimals+strings.Repeat("0", 2-len(decimals)), 10, 63)
	if err != nil {
		return 0, fmt.Errorf("%.40q is no amount of money", written)
	}
	if negative {
		return -Amount(hundredths), nil
	}
	return Amount(hundredths), nil
}

// String writes it as WHMCS does: 10.00.
func (a Amount) String() string {
	sign := ""
	if a < 0 {
		sign, a = "-", -a
	}
	return fmt.Sprintf("%s%d.%02d", sign, int64(a)/100, int64(a)%100)
}

// MarshalText writes the text, so that JSON holds no number that a reader makes a float of.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalJSON takes a text and a number. What is no amount is an error: it is never nothing to pay.
func (a *Amount) UnmarshalJSON(b []byte) error {
	var t text
	_ = t.UnmarshalJSON(b) // it takes everything
	read, err := ParseAmount(string(t))
	*a = read
	return err
}
