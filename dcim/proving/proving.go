// Package proving finds out about one panel what docs/dcimanager.md leaves open: Check by reads
// alone, a Drill by changing one free server and putting everything back. What they see are the
// facts of dcim/profile. Nothing that they report is secret or personal: no name, address, host
// name or note of anybody.
package proving

import (
	"context"
	"time"

	"metalease/dcim"
	"metalease/dcim/dci5"
	"metalease/dcim/profile"
)

// Prover asks one panel.
type Prover struct {
	Client *dci5.Client
	// Writes make the changes of a drill, such as one that also writes them down; nil is Client.
	Writes dcim.Backend
	// Now and Sleep are the clock by which waits are measured; nil is the machine's.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	// Say is told how far the work has come; nil: nobody.
	Say func(text string)
}

func (p *Prover) writes() dcim.Backend {
	if p.Writes == nil {
		return p.Client
	}
	return p.Writes
}

func (p *Prover) now() time.Time {
	if p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

func (p *Prover) sleep(ctx context.Context, d time.Duration) error {
	if p.Sleep != nil {
		return p.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Prover) say(text string) {
	if p.Say != nil {
		p.Say(text)
	}
}

// Report is what was found out.
type Report struct {
	Panel string `json:"panel"`
	// Seen are the facts, by their ids; Unanswered says of others why they were not told.
	Seen       map[string]profile.Seen `json:"seen"`
	Unanswered map[string]string       `json:"unanswered"`
	// Calls are the reads of a check, Notes what else people should know.
	Calls []Call   `json:"calls,omitempty"`
	Notes []string `json:"notes,omitempty"`
	// Fields are the names of what list and form of servers show; neither has a value.
	ListFields []string `json:"list_fields,omitempty"`
	FormFields []string `json:"form_fields,omitempty"`
	Counts     Counts   `json:"counts,omitzero"`
}

// Call is one read of a check.
type Call struct {
	Function string `json:"function"`
	// Result is ok, or the type of the panel's error.
	Result string `json:"result"`
	Bytes  int    `json:"bytes"`
	Millis int64  `json:"millis"`
}

// Counts of a panel.
type Counts struct {
	Servers   int `json:"servers"`
	Free      int `json:"free"`
	Owned     int `json:"owned"`
	Blocked   int `json:"blocked"`
	Accounts  int `json:"accounts"`
	Templates int `json:"templates"`
	// LongestNotes is in characters, of the forms that were read.
	LongestNotes int `json:"longest_notes"`
}

func newReport(panel string) *Report {
	return &Report{Panel: panel, Seen: map[string]profile.Seen{}, Unanswered: map[string]string{}}
}

// teller notes facts into a report.
type teller struct {
	*Report
	by  string
	now func() time.Time
}

func (t teller) told(fact, value string) {
	if value != "" {
		t.Seen[fact] = profile.Seen{Value: value, By: t.by, At: t.now().UTC().Truncate(time.Second)}
	}
}

func (t teller) yes(fact string, is bool) {
	if is {
		t.told(fact, "yes")
	} else {
		t.told(fact, "no")
	}
}

// finish says of each fact that was not told why.
func (t teller) finish() {
	for _, f := range profile.Facts() {
		_, seen := t.Seen[f.ID]
		_, known := t.Unanswered[f.ID]
		switch {
		case seen || known:
		case f.Told == profile.ByNobody:
			t.Unanswered[f.ID] = "cannot be told: " + f.Unless
		case t.by == byCheck && f.Told == profile.ByDrill:
			t.Unanswered[f.ID] = "needs the drill"
		case f.Told == profile.ByInstall:
			t.Unanswered[f.ID] = "needs the drill with --install"
		case f.Unless != "":
			t.Unanswered[f.ID] = "not seen: " + f.Unless
		default:
			t.Unanswered[f.ID] = "not seen"
		}
	}
}

// Who tells.
const (
	byCheck = "check"
	byDrill = "drill"
)
