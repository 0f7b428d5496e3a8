// Package statusview draws the status of a service for people at a terminal.
package statusview

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"metalease/internal/clean"
	"metalease/internal/control"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

var phaseColours = map[api.Phase]string{
	api.PhasePending: cyan, api.PhaseWaiting: yellow, api.PhaseAttention: red, api.PhaseActive: green,
	api.PhaseBlocked: yellow, api.PhaseReleasing: cyan, api.PhaseReleased: dim,
}

// Render draws everything that a support person needs about one service. It depends on
// nothing but its arguments; each line ends with a line feed.
func Render(s control.Status, now time.Time, style Style) string {
	p := page{Style: style.fitted(), now: now}
	p.line(span{bold, fmt.Sprintf("service %d", s.ServiceID)}, span{plain, "  "},
		span{phaseColours[s.Phase] + ";" + bold, string(s.Phase)}, span{plain, "  " + s.Doing()})
	p.line()
	p.facts(s)
	p.reasons(s)
	p.action(s)
	if s.Pause != nil {
		p.field(yellow, "paused", "panel "+s.Panel+" is "+Pause(*s.Pause, now))
	}
	p.person(s)
	p.troubles(s)
	p.steps(s)
	p.timeline(s)
	return p.String()
}

// page collects lines.
type page struct {
	Style
	strings.Builder
	now time.Time
}

func (p *page) line(spans ...span) { p.WriteString(p.draw(spans...) + "\n") }

// labels stand in a column of this width.
const labelWidth = 11

// field writes a label and a text, which goes on below itself.
func (p *page) field(colour, label, text string) {
	for i, part := range Wrap(text, p.Width-labelWidth-2) {
		if i > 0 {
			label = ""
		}
		p.line(span{cmp.Or(colour, dim), fmt.Sprintf("  %-*s", labelWidth, label)}, span{plain, part})
	}
}

func (p *page) facts(s control.Status) {
	p.field("", "order", fmt.Sprintf("client %d, %s on %s, paid %s UTC", s.ClientID, s.Package, s.Panel, clock(s.Order.PaidAt, p.now)))
	if s.Server != nil && s.Server.ID != "" {
		label := ""
		if s.Server.Label != "" {
			label = " (" + s.Server.Label + ")"
		}
		p.field("", "server", s.Server.ID+label+", "+cmp.Or(s.Server.Hostname, "no name yet")+", account "+cmp.Or(s.Account, "not known yet"))
		p.field("", "addresses", strings.Join(append([]string{cmp.Or(s.Server.IP, "none yet")}, s.Server.ExtraIPs...), "  "))
	}
}

// reasons say why the server is or is not blocked.
func (p *page) reasons(s control.Status) {
	for _, block := range s.Blocks {
		p.field(yellow, "blocked", fmt.Sprintf("%s, from %s, since %s", block.Reason, cmp.Or(block.Source, "nobody named"), clock(block.Since, p.now)))
	}
	if s.GraceEndsAt != nil {
		p.field(yellow, "grace", graceText(*s.GraceEndsAt, p.now))
	}
	if s.Held != "" {
		p.field(yellow, "held", s.Held+": nothing is blocked or released by itself")
	}
}

// action is what is done with the running server, or was done last.
func (p *page) action(s control.Status) {
	a := s.Action
	if a == nil {
		return
	}
	text := fmt.Sprintf("%s, for %s, %s UTC", cmp.Or(a.What, a.Kind), a.By, clock(a.Since, p.now))
	switch {
	case a.Problem != "":
		p.field(red, "failed", text+": "+a.Problem)
	case a.EndedAt.IsZero():
		p.field(cyan, "under way", fmt.Sprintf("%s, for %s, since %s UTC", cmp.Or(a.What, a.Kind), a.By, clock(a.Since, p.now)))
	default:
		p.field("", "done last", text)
	}
}

// Pause tells of a panel's pause, after the words "the panel is".
func Pause(pause fleet.Pause, now time.Time) string {
	text := "paused since " + clock(pause.Since, now)
	if pause.By != "" {
		text += " by " + clean.Visible(pause.By)
	}
	return text + ": " + cmp.Or(clean.Visible(pause.Reason), "no reason was given") + "; nothing is blocked or released meanwhile"
}

func graceText(end, now time.Time) string {
	if !end.After(now) {
		return "over since " + clock(end, now)
	}
	return "ends " + clock(end, now) + ", in " + length(end.Sub(now))
}

// person says what waits for one.
func (p *page) person(s control.Status) {
	if s.Attention != nil {
		p.field(red, "attention", control.Numbered(*s.Attention)+s.Attention.Message+" ("+s.Attention.Code+", since "+clock(s.Attention.Since, p.now)+")")
		for _, action := range s.Attention.Actions {
			p.field("", "you can", Answer(s, action))
		}
	}
	if s.Abandoned() {
		p.field(red, "abandoned", control.Summary(s))
	}
}

// Answer is the command that says a person's word about the open attention, as it is typed: with the number, so that it answers
// what was read and not what has come since.
func Answer(s control.Status, action string) string {
	command := fmt.Sprintf("starter %s %d", action, s.ServiceID)
	signal, _ := api.SignalOf(action)
	if s.Attention != nil && s.Attention.Number > 0 && slices.Contains(signal.Fields, "attention") {
		command += fmt.Sprintf(" --attention %d", s.Attention.Number)
	}
	return command
}

func (p *page) troubles(s control.Status) {
	for _, t := range s.Trouble {
		text := fmt.Sprintf("%s (%s, attempt %d", t.Words(), t.Activity, t.Attempt)
		if !t.Since.IsZero() {
			text += ", since " + clock(t.Since, p.now)
		}
		switch {
		case t.NextAttempt.After(p.now):
			text += ", again in " + length(t.NextAttempt.Sub(p.now))
		case t.NextAttempt.IsZero():
			text += ", running"
		}
		p.field(yellow, "trouble", text+")")
	}
}

// lastLines of the timeline are enough to see what is going on.
const lastLines = 8

func (p *page) timeline(s control.Status) {
	entries := s.Timeline[max(0, len(s.Timeline)-lastLines):]
	if len(entries) == 0 {
		return
	}
	p.line()
	whenWidth := 0
	for _, entry := range entries {
		whenWidth = max(whenWidth, len(clock(entry.At, p.now))+2)
	}
	for _, entry := range entries {
		when := clock(entry.At, p.now)
		for _, text := range Wrap(entry.What, p.Width-whenWidth-2) {
			p.line(span{dim, fmt.Sprintf("  %-*s", whenWidth, when)}, span{plain, text})
			when = ""
		}
	}
}

// Entry draws one line of the timeline, for a log that is read later.
func Entry(phase api.Phase, entry api.Entry) string {
	return fmt.Sprintf("%s  %-9s  %s", entry.At.UTC().Format(time.RFC3339), phase, clean.Visible(entry.What))
}

// Note draws a remark of the program itself.
func Note(text string, style Style) string {
	style = style.fitted()
	var b strings.Builder
	for _, part := range Wrap(text, style.Width) {
		b.WriteString(style.draw(span{yellow, part}) + "\n")
	}
	return b.String()
}
