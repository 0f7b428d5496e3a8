// Package profile is what can be found out about one panel: the table of facts that
// docs/dcimanager.md leaves open, and the file that keeps what was seen. Whoever asks a panel
// (dcim/proving), speaks to it (dcim/dci5), simulates it (dcim/simulator, by the names of its
// switches) or tells people about it (docs/panel-facts.md) reads this table.
package profile

import "slices"

// Fact is one thing in which panels may differ.
type Fact struct {
	// ID names it in a profile and in tables; it never changes.
	ID string
	// Line is its number in docs/dcimanager.md 9, such as U11; empty for what is confirmed, but
	// differs from host to host. Section is where that page speaks of it.
	Line, Section string
	Question      string
	// Expected is what the client takes for granted where nothing was seen.
	Expected string
	Told     Told
	// Unless says when even that does not tell it; of what nobody tells, why.
	Unless string
	// Values are what may be seen. None: a number, a time or a word of the panel's own, and Means
	// says what it is good for.
	Values []Value
	Means  string
	// Switch of dcimsim that makes it so; empty for none.
	Switch string
	// Client is what the client does with it.
	Client string
}

// Value is one of the values of a fact.
type Value struct {
	Is string
	// Means is what it is to the host.
	Means string
	// Set is the argument of the switch.
	Set string
}

// Told says how a fact is found out.
type Told string

// Ways to find out.
const (
	// ByCheck: reads tell it.
	ByCheck Told = "check"
	// ByDrill: only a change of a server tells it for certain. A check may, where a server shows it.
	ByDrill Told = "drill"
	// ByInstall: only an install tells it.
	ByInstall Told = "drill --install"
	// ByNobody: neither tells it.
	ByNobody Told = "nobody"
)

// Facts is the whole table, in the order in which people read it.
func Facts() []Fact {
	return slices.Concat(signingIn, lists, forms, operations, addresses, browsers, times, untold)
}

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

// Knows tells whether the fact can have the value.
func (f Fact) Knows(value string) bool {
	return len(f.Values) == 0 || slices.ContainsFunc(f.Values, func(v Value) bool { return v.Is == value })
}
