package proving

import (
	"cmp"

	"metalease/dcim/profile"
)

// Row is one fact as people read it.
type Row struct {
	Fact     string `json:"fact"`
	Line     string `json:"line,omitempty"`
	Question string `json:"question"`
	Expected string `json:"expected,omitempty"`
	// Seen is empty for what was not told; then Means says why.
	Seen  string `json:"seen,omitempty"`
	By    string `json:"by,omitempty"`
	Means string `json:"means"`
	// Differs: it is not what is taken for granted without a profile.
	Differs bool `json:"differs,omitempty"`
}

// Rows are all facts: as a report has seen them, else as a profile has kept them.
func Rows(r *Report, kept profile.Profile) []Row {
	var rows []Row
	for _, f := range profile.Facts() {
		row := Row{Fact: f.ID, Line: f.Line, Question: f.Question, Expected: f.Expected}
		seen, told := r.Seen[f.ID]
		if !told {
			seen, told = kept.Facts[f.ID]
		}
		if told {
			row.Seen, row.By = seen.Value, seen.By
			row.Means = cmp.Or(f.Meaning(seen.Value), f.Client)
			row.Differs = f.Expected != "" && f.Expected != seen.Value
		} else {
			row.Means = cmp.Or(r.Unanswered[f.ID], "not seen")
		}
		rows = append(rows, row)
	}
	return rows
}
