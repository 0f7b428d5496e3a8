// Package statusview draws the status of a service for people at a terminal.
package statusview

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"metalease/internal/control"
	"metalease/workflows"
)

// Style says how to draw.
type Style struct {
	// Width of the terminal in columns; 80 when zero.
	Width int
	// Colour uses ANSI colours.
	Colour bool
}

const (
	plain  = ""
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

func (s Style) paint(code, text string) string {
	if !s.Colour || code == plain || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

var phaseColours = map[workflows.Phase]string{
	workflows.PhasePending: cyan, workflows.PhaseWaiting: yellow, workflows.PhaseAttention: red, workflows.PhaseActive: green,
	workflows.PhaseBlocked: yellow, workflows.PhaseReleasing: cyan, workflows.PhaseReleased: dim,
}

// Render draws everything that a support person needs about one service.
func Render(s control.Status, now time.Time, style Style) string {
	if style.Width <= 0 {
		style.Width = 80
	}
	var b strings.Builder
	line := func(format string, args ...any) {
		b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
	}
	line("service %d  %s  %s", s.ServiceID, style.paint(phaseColours[s.Phase]+";"+bold, string(s.Phase)), summary(s, now))
	line("  %-9s client %d, %s on %s, account %s", "order", s.ClientID, s.Package, s.Panel, or(s.Account, "not known yet"))
	if s.Server != nil && s.Server.ID != "" {
		line("  %-9s %s (%s)  %s  %s", "server", s.Server.ID, s.Server.Label, s.Server.IP, s.Server.Hostname)
		if len(s.Server.ExtraIPs) > 0 {
			line("  %-9s %s", "", strings.Join(s.Server.ExtraIPs, "  "))
		}
	}
	for _, block := range s.Blocks {
		line("  %-9s %s, from %s, since %s", style.paint(yellow, fmt.Sprintf("%-9s", "blocked")), block.Reason, block.Source, clock(block.Since, now))
	}
	if s.GraceEndsAt != nil {
		line("  %-9s ends %s, in %s", "grace", clock(*s.GraceEndsAt, now), length(s.GraceEndsAt.Sub(now)))
	}
	if s.Held != "" {
		line("  %-9s %s: nothing is blocked or released by itself", "held", s.Held)
	}
	if s.Attention != nil {
		for i, text := range wrap(s.Attention.Message, style.Width-12) {
			label := ""
			if i == 0 {
				label = "attention"
			}
			line("  %s %s", style.paint(red, fmt.Sprintf("%-9s", label)), text)
		}
		line("  %-9s %s", "you can", strings.Join(s.Attention.Actions, ", "))
	}
	for _, t := range s.Trouble {
		for i, text := range wrap(fmt.Sprintf("%s, attempt %d: %s", t.Activity, t.Attempt, t.LastError), style.Width-12) {
			label := ""
			if i == 0 {
				label = "trouble"
			}
			line("  %s %s", style.paint(yellow, fmt.Sprintf("%-9s", label)), text)
		}
	}
	b.WriteString(steps(s, now, style))
	b.WriteString(timeline(s, now, style))
	return b.String()
}

// summary is the state in plain words.
func summary(s control.Status, now time.Time) string {
	switch s.Phase {
	case workflows.PhasePending:
		return "being built, step " + string(s.Step)
	case workflows.PhaseWaiting:
		return fmt.Sprintf("waits for a free server, position %d", s.Position)
	case workflows.PhaseAttention:
		return "the build waits for a person"
	case workflows.PhaseActive:
		return "the customer has the server"
	case workflows.PhaseBlocked:
		if s.GraceEndsAt != nil {
			return "blocked, released in " + length(s.GraceEndsAt.Sub(now)) + " unless renewed"
		}
		return "blocked until the reason is lifted"
	case workflows.PhaseReleasing:
		return "the server is being given back"
	}
	return "the server was given back"
}

func steps(s control.Status, now time.Time, style Style) string {
	if len(s.Steps) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n")
	for _, step := range workflows.Steps {
		mark, took := style.paint(dim, "·"), ""
		colour := dim
		for _, t := range s.Steps {
			switch {
			case t.Step != step:
			case !t.Ended.IsZero():
				mark, took, colour = style.paint(green, "✓"), length(t.Ended.Sub(t.Began)), plain
			case building(s):
				mark, took, colour = style.paint(cyan, "▸"), length(now.Sub(t.Began)), bold
			}
		}
		text := fmt.Sprintf("  %s %s %8s", mark, style.paint(colour, fmt.Sprintf("%-10s", step)), took)
		if step == workflows.StepInstall && s.Step == workflows.StepInstall && building(s) {
			text += "  " + installBar(s, now, 24, style)
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	return b.String()
}

func building(s control.Status) bool {
	return s.Phase == workflows.PhasePending || s.Phase == workflows.PhaseWaiting || s.Phase == workflows.PhaseAttention
}

// installBar fills as the time to the deadline passes.
func installBar(s control.Status, now time.Time, width int, style Style) string {
	if s.Install == nil || s.Install.Deadline.IsZero() {
		return ""
	}
	limit, passed := s.Install.Deadline.Sub(s.Install.AcceptedAt), now.Sub(s.Install.AcceptedAt)
	text := Bar(float64(passed)/float64(limit), width) + " " + length(passed) + " of " + length(limit)
	if passed > limit {
		return style.paint(red, text)
	}
	return style.paint(cyan, text)
}

// Bar draws a share between 0 and 1.
func Bar(share float64, width int) string {
	full := int(min(max(share, 0), 1)*float64(width) + 0.5)
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}

const lastLines = 8

func timeline(s control.Status, now time.Time, style Style) string {
	entries := s.Timeline
	if len(entries) > lastLines {
		entries = entries[len(entries)-lastLines:]
	}
	if len(entries) == 0 {
		return ""
	}
	b := strings.Builder{}
	b.WriteString("\n")
	for _, entry := range entries {
		for i, text := range wrap(entry.What, style.Width-22) {
			when := ""
			if i == 0 {
				when = clock(entry.At, now)
			}
			b.WriteString("  " + style.paint(dim, fmt.Sprintf("%-19s", when)) + " " + text + "\n")
		}
	}
	return b.String()
}

// Line draws a service in one line: its phase, its steps, its install.
func Line(s control.Status, now time.Time, style Style) string {
	if style.Width <= 0 {
		style.Width = 80
	}
	head := fmt.Sprintf("service %-5d %s", s.ServiceID, style.paint(phaseColours[s.Phase], fmt.Sprintf("%-9s", s.Phase)))
	var tail string
	switch {
	case s.Attention != nil:
		tail = style.paint(red, cut(s.Attention.Message, style.Width-26))
	case building(s):
		tail = dots(s, style) + " " + fmt.Sprintf("%-9s", s.Step)
		if s.Phase == workflows.PhaseWaiting {
			tail += " " + summary(s, now)
		} else if s.Step == workflows.StepInstall {
			tail += " " + installBar(s, now, 16, style)
		}
	case s.Server != nil:
		tail = fmt.Sprintf("server %s, %s", s.Server.ID, s.Server.IP)
		if s.Phase != workflows.PhaseActive {
			tail += ": " + summary(s, now)
		}
	default:
		tail = summary(s, now)
	}
	return strings.TrimRight(head+" "+tail, " ")
}

// dots is one sign a step.
func dots(s control.Status, style Style) string {
	var b strings.Builder
	for _, step := range workflows.Steps {
		sign := style.paint(dim, "·")
		for _, t := range s.Steps {
			switch {
			case t.Step != step:
			case t.Ended.IsZero():
				sign = style.paint(cyan, "▸")
			default:
				sign = style.paint(green, "✓")
			}
		}
		b.WriteString(sign)
	}
	return b.String()
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// clock is a time of today, or a date and a time.
func clock(t, now time.Time) string {
	if t.UTC().Format(time.DateOnly) == now.UTC().Format(time.DateOnly) {
		return t.UTC().Format("15:04:05 UTC")
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

// length is a duration as people say it.
func length(d time.Duration) string {
	switch {
	case d < 0:
		return "0s"
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Hour:
		return d.Round(time.Second).String()
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd", int(d.Hours()/24))
}

func cut(text string, width int) string {
	if runes := []rune(text); len(runes) > width && width > 1 {
		return string(runes[:width-1]) + "…"
	}
	return text
}

// wrap breaks a text at words.
func wrap(text string, width int) []string {
	var lines []string
	current := ""
	for _, word := range strings.Fields(text) {
		if current != "" && utf8.RuneCountInString(current)+1+utf8.RuneCountInString(word) > width {
			lines = append(lines, current)
			current = ""
		}
		if current != "" {
			current += " "
		}
		current += word
	}
	return append(lines, current)
}
