package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"metalease/internal/statusview"
)

const (
	// none stands in a cell that has nothing to show.
	none = "-"
	// unknown is what is not known, which is never zero.
	unknown = "unknown"

	columnGap = 2
	// leastRoom is the narrowest last column that is still worth breaking its words for.
	leastRoom = 24
)

// table writes rows in columns. On a terminal the last column, which holds the words, goes on below itself.
func (c *commandLine) table(rows [][]string) error {
	style, _, live := c.terminal()
	if !live {
		style.Width = 0
	}
	return writeTable(c.Out, rows, style.Width)
}

// writeTable writes rows of equal length, the first of them the heads. No cell may steer the terminal. A width of 0 breaks nothing.
func writeTable(w io.Writer, rows [][]string, width int) error {
	last := len(rows[0]) - 1
	widths, before := make([]int, last), 0
	for i := range last {
		for _, row := range rows {
			widths[i] = max(widths[i], ansi.StringWidth(statusview.Clean(row[i])))
		}
		before += widths[i] + columnGap
	}
	var b strings.Builder
	for _, row := range rows {
		for i, columns := range widths {
			cell := statusview.Clean(row[i])
			b.WriteString(cell + strings.Repeat(" ", columns-ansi.StringWidth(cell)+columnGap))
		}
		for i, line := range lastCell(statusview.Clean(row[last]), width-before) {
			if i > 0 {
				b.WriteString(strings.Repeat(" ", before))
			}
			b.WriteString(line + "\n")
		}
	}
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// lastCell breaks the words of a cell into its room and keeps what they are indented by.
func lastCell(text string, room int) []string {
	if room < leastRoom || ansi.StringWidth(text) <= room {
		return []string{text}
	}
	words := strings.TrimLeft(text, " ")
	indent := text[:len(text)-len(words)]
	lines := statusview.Wrap(words, room-len(indent))
	for i := range lines {
		lines[i] = indent + lines[i]
	}
	return lines
}

// count shows what is not known as such.
func count(n *int) string {
	if n == nil {
		return unknown
	}
	return strconv.Itoa(*n)
}

// idOr is an id that may be missing.
func idOr(id int, otherwise string) string {
	if id == 0 {
		return otherwise
	}
	return strconv.Itoa(id)
}
