// Package facts is the table of what docs/whmcs-api.md 10 leaves open of WHMCS: how each line may
// turn out, who tells it, what makes a simulated WHMCS so, and what the code does with it. The
// switches of whmcs/simulator and of the host in test/whmcs, starter whmcs check, the matrix
// tests and docs/whmcs-facts.md read it.
package facts

import "slices"

// Fact is one thing in which WHMCSs may differ.
type Fact struct {
	// ID names it in tables; it never changes.
	ID string
	// Line is its number in docs/whmcs-api.md 10, such as W3.
	Line     string
	Question string
	// Expected is what the simulators do where no switch is set; empty where none is taken for granted.
	Expected string
	Told     Told
	// Unless says when even that does not tell it; of what nobody tells, why.
	Unless string
	// Values are what may be. None: a word or number of the WHMCS's own, and Means says what it is good for.
	Values []Value
	Means  string
	// Switch of whmcssim, and Host of the PHP host in test/whmcs, that makes it so; empty for none.
	Switch, Host string
	// Code is what the code does.
	Code string
}

// Value is one of the values of a fact.
type Value struct {
	Is string
	// Means is what it is to the host.
	Means string
	// Set is the argument of the switches; empty for what they do unasked.
	Set string
}

// Told says who can tell a fact.
type Told string

// Who tells.
const (
	// ByCheck: calls of the API tell it, which change nothing.
	ByCheck Told = "check"
	// ByModule: our module in WHMCS tells it.
	ByModule Told = "module"
	// ByNobody: neither does.
	ByNobody Told = "nobody"
)

// Facts is the whole table, in the order of docs/whmcs-api.md 10.
func Facts() []Fact { return slices.Concat(calls, events, shops, pages) }

// Of finds a fact.
func Of(id string) (Fact, bool) {
	all := Facts()
	if i := slices.IndexFunc(all, func(f Fact) bool { return f.ID == id }); i >= 0 {
		return all[i], true
	}
	return Fact{}, false
}

// Meaning is what a value means to the host.
func (f Fact) Meaning(value string) string {
	for _, v := range f.Values {
		if v.Is == value {
			return v.Means
		}
	}
	return f.Means
}

// Arguments are the values of its switches that make a WHMCS another one than Expected.
func (f Fact) Arguments() []string {
	var all []string
	for _, v := range f.Values {
		if v.Set != "" {
			all = append(all, v.Set)
		}
	}
	return all
}

// yesNo are the values of most facts: no unless a switch says true.
func yesNo(yes, no string) []Value { return []Value{{"yes", yes, "true"}, {"no", no, ""}} }
