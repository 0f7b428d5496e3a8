package cli

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"metalease/internal/clean"
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

// table writes rows in columns, so that they fit the terminal if there is one.
func (c *commandLine) table(rows [][]string) error {
	style, _, live := c.terminal()
	if !live {
		style.Width = 0
	}
	return writeTable(c.Out, rows, style.Width)
}

// tableWithin is table for rows of which each is read for itself: in a file they are broken as well.
func (c *commandLine) tableWithin(rows [][]string) error {
	style, _, live := c.terminal()
	if !live {
		style.Width = helpWidth
	}
	return writeTable(c.Out, rows, style.Width)
}

// folded moves the columns that have no room in a width into the last one, each with its head: "to 2026-01-31 12:00:00".
func folded(rows [][]string, width int) [][]string {
	heads, last, room, keep := rows[0], len(rows[0])-1, 0, 0
	for ; keep < last; keep++ {
		widest := 0
		for _, row := range rows {
			widest = max(widest, ansi.StringWidth(clean.Visible(row[keep])))
		}
		if room += widest; room > width {
			break
		}
		room += columnGap
	}
	if width == 0 || keep == last {
		return rows
	}
	keep = max(keep, 1)
	short := [][]string{append(slices.Clone(heads[:keep]), "")}
	for _, row := range rows[1:] {
		var rest []string
		for i := keep; i < last; i++ {
			if row[i] != "" && row[i] != none {
				head, _, _ := strings.Cut(heads[i], " (")
				rest = append(rest, strings.ToLower(head)+" "+row[i])
			}
		}
		if strings.TrimSpace(row[last]) != none && row[last] != "" {
			rest = append(rest, strings.TrimSpace(row[last]))
		}
		short = append(short, append(slices.Clone(row[:keep]), strings.Join(rest, ", ")))
	}
	return short
}

// writeTable writes rows of equal length, the first of them the heads. No cell may steer the terminal. The last column holds the
// words: in a width that is too small it goes on below itself, or where it has no room, stands below its row, with the columns before
// it that have none either. A width of 0 is none.
func writeTable(w io.Writer, rows [][]string, width int) error {
	rows = folded(rows, width)
	last := len(rows[0]) - 1
	columns, before, widest := make([]int, last), 0, 0
	for i := range last {
		for _, row := range rows {
			columns[i] = max(columns[i], ansi.StringWidth(clean.Visible(row[i])))
		}
		before += columns[i] + columnGap
	}
	for _, row := range rows {
		widest = max(widest, ansi.StringWidth(clean.Visible(row[last])))
	}
	var b strings.Builder
	for _, row := range rows {
		begin := ""
		for i, size := range columns {
			cell := clean.Visible(row[i])
			begin += cell + strings.Repeat(" ", size-ansi.StringWidth(cell)+columnGap)
		}
		line := begin + lastCell(clean.Visible(row[last]), before, widest, width) + "\n"
		b.WriteString(strings.TrimPrefix(line, strings.Repeat(" ", before)+"\n")) // nothing above what stands below
	}
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// lastCell breaks the words of a cell into what its column leaves of the width, and keeps what they are indented by.
func lastCell(text string, before, widest, width int) string {
	if width == 0 || before+widest <= width {
		return text
	}
	lead := ""
	if width-before < leastRoom {
		if text == "" || text == none {
			return text
		}
		before, lead = columnGap, "\n"+strings.Repeat(" ", columnGap)
	}
	words := strings.TrimLeft(text, " ")
	indent := text[:len(text)-len(words)]
	lines := statusview.Wrap(words, width-before-len(indent))
	return lead + indent + strings.Join(lines, "\n"+strings.Repeat(" ", before)+indent)
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
