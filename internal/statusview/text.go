package statusview

import (
	"fmt"
	"strings"
	"time"

	"metalease/internal/clean"

	"github.com/charmbracelet/x/ansi"
)

// Style says how to draw.
type Style struct {
	// Width of the terminal in columns; 80 when zero, at least 40.
	Width int
	// Colour uses ANSI colours.
	Colour bool
}

const (
	defaultWidth  = 80
	smallestWidth = 40
)

func (s Style) fitted() Style {
	if s.Width <= 0 {
		s.Width = defaultWidth
	}
	s.Width = max(s.Width, smallestWidth)
	return s
}

// ANSI colours.
const (
	plain  = ""
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// span is a text in one colour.
type span struct{ colour, text string }

// draw renders spans as one line: cut at the width, without trailing blanks.
func (s Style) draw(spans ...span) string {
	var b strings.Builder
	left := s.Width
	for i, sp := range spans {
		text := clean.Visible(sp.text)
		if rest := spans[i+1:]; blank(rest) {
			text = strings.TrimRight(text, " ")
		}
		text = cut(text, left)
		left -= ansi.StringWidth(text)
		b.WriteString(s.paint(sp.colour, text))
	}
	return b.String()
}

func blank(spans []span) bool {
	for _, sp := range spans {
		if strings.TrimSpace(sp.text) != "" {
			return false
		}
	}
	return true
}

func (s Style) paint(code, text string) string {
	if !s.Colour || code == plain || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// cut shortens a text to a width in columns and shows that it did.
func cut(text string, width int) string {
	return ansi.Truncate(text, max(width, 0), "…")
}

// Wrap breaks a text at blanks into lines of so many columns, at least 10; a word that is longer than a line is broken. Not at
// hyphens, as [ansi.Wrap] does: ids and host names are copied from what is shown.
func Wrap(text string, width int) []string {
	width = max(width, 10)
	var lines []string
	current := ""
	for _, word := range strings.Fields(clean.Visible(text)) {
		if current != "" && ansi.StringWidth(current)+1+ansi.StringWidth(word) <= width {
			current += " " + word
			continue
		}
		if current != "" {
			lines = append(lines, current)
		}
		parts := strings.Split(ansi.Hardwrap(word, width, true), "\n")
		lines, current = append(lines, parts[:len(parts)-1]...), parts[len(parts)-1]
	}
	return append(lines, current)
}

// clock is a time of today, or a date and a time; always UTC, as in every log.
func clock(t, now time.Time) string {
	if t.UTC().Format(time.DateOnly) == now.UTC().Format(time.DateOnly) {
		return t.UTC().Format("15:04:05")
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// length is a duration as people say it.
func length(d time.Duration) string {
	d = max(d, 0)
	hours, minutes, seconds := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%ds", seconds)
	case d < time.Hour && seconds == 0:
		return fmt.Sprintf("%dm", minutes)
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", minutes, seconds)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", hours, minutes)
	}
	return fmt.Sprintf("%dd%02dh", hours/24, hours%24)
}
