package billingcheck

import (
	"cmp"

	"metalease/whmcs/facts"
)

// open tells of each line that docs/whmcs-api.md 10 leaves open what was seen, or why it was not.
func (c *Checker) open() {
	for _, f := range facts.Facts() {
		row := Row{Fact: f.Question, Line: f.Line, Expected: f.Expected, Seen: c.seen[f.ID]}
		switch {
		case row.Seen != "":
			row.Means = cmp.Or(f.Meaning(row.Seen), f.Means, f.Code)
		case f.Told == facts.ByNobody:
			row.Means = "cannot be told: " + f.Unless
		case f.Told == facts.ByModule && c.about == nil:
			row.Means = "not seen: the module does not answer"
		default:
			row.Means = "not seen: " + cmp.Or(f.Unless, "no answer showed it")
		}
		c.rows = append(c.rows, row)
	}
}
