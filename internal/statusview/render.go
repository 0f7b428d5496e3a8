// Package statusview draws the status of a service for people at a terminal.
package statusview

import (
	"fmt"
	"strings"
	"time"

	"metalease/internal/control"
	"metalease/workflows/api"
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
		span{phaseColours[s.Phase] + ";" + bold, string(s.Phase)}, span{plain, "  " + summary(s, now)})
	p.line()
	p.facts(s)
	p.reasons(s)
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
		p.line(span{or(colour, dim), fmt.Sprintf("  %-*s", labelWidth, label)}, span{plain, part})
	}
}

func (p *page) facts(s control.Status) {
	p.field("", "order", fmt.Sprintf("client %d, %s on %s, paid %s UTC", s.ClientID, s.Package, s.Panel, clock(s.Order.PaidAt, p.now)))
	if s.Server != nil && s.Server.ID != "" {
		label := ""
		if s.Server.Label != "" {
			label = " (" + s.Server.Label + ")"
		}
		p.field("", "server", s.Server.ID+label+", "+or(s.Server.Hostname, "no name yet")+", account "+or(s.Account, "not known yet"))
		p.field("", "addresses", strings.Join(append([]string{or(s.Server.IP, "none yet")}, s.Server.ExtraIPs...), "  "))
	}
}

// reasons say why the server is or is not blocked.
func (p *page) reasons(s control.Status) {
	for _, block := range s.Blocks {
		p.field(yellow, "blocked", fmt.Sprintf("%s, from %s, since %s", block.Reason, or(block.Source, "nobody named"), clock(block.Since, p.now)))
	}
	if s.GraceEndsAt != nil {
		p.field(yellow, "grace", graceText(*s.GraceEndsAt, p.now))
	}
	if s.Held != "" {
		p.field(yellow, "held", s.Held+": nothing is blocked or released by itself")
	}
}

// Pause tells of a panel's pause, after the words "the panel is".
func Pause(pause api.Pause, now time.Time) string {
	text := "paused since " + clock(pause.Since, now)
	if pause.By != "" {
		text += " by " + Clean(pause.By)
	}
	return text + ": " + or(Clean(pause.Reason), "no reason was given") + "; nothing is blocked or released meanwhile"
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
		p.field(red, "attention", s.Attention.Message+" ("+s.Attention.Code+", since "+clock(s.Attention.Since, p.now)+")")
		for _, action := range s.Attention.Actions {
			p.field("", "you can", fmt.Sprintf("starter %s %d", action, s.ServiceID))
		}
	}
	if abandoned(s) {
		p.field(red, "abandoned", "the workflow was "+s.Ending+" in phase "+string(s.Phase)+": nobody looks after this service any more")
	}
}

// abandoned is a lifecycle that ended without a release.
func abandoned(s control.Status) bool { return s.Closed && s.Phase != api.PhaseReleased }

func (p *page) troubles(s control.Status) {
	for _, t := range s.Trouble {
		text := fmt.Sprintf("%s (%s, attempt %d", words(t), t.Activity, t.Attempt)
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

// words say who does not answer, once: most errors begin with it.
func words(t control.Trouble) string {
	if strings.HasPrefix(t.LastError, t.Where) {
		return t.LastError
	}
	return t.Where + ": " + or(t.LastError, "no answer")
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
	return fmt.Sprintf("%s  %-9s  %s", entry.At.UTC().Format(time.RFC3339), phase, Clean(entry.What))
}

// summary is the state in plain words.
func summary(s control.Status, now time.Time) string {
	switch s.Phase {
	case api.PhasePending:
		return "being built, step " + string(s.Step)
	case api.PhaseWaiting:
		if s.Position > 0 {
			return fmt.Sprintf("waits for a free server, position %d", s.Position)
		}
		return "waits for a free server"
	case api.PhaseAttention:
		return "the build waits for a person"
	case api.PhaseActive:
		return "the customer has the server"
	case api.PhaseBlocked:
		if s.GraceEndsAt != nil && s.GraceEndsAt.After(now) {
			return "blocked, released in " + length(s.GraceEndsAt.Sub(now)) + " unless renewed"
		}
		return "blocked until the reason is lifted"
	case api.PhaseReleasing:
		return "the server is being given back"
	case api.PhaseReleased:
		return "the server was given back"
	default: // of a worker that is newer than this program
		return "phase " + Clean(string(s.Phase))
	}
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
