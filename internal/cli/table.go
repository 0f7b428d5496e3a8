package cli

import (
	"fmt"
	"io"
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

// writeTable writes rows of equal length, the first of them the heads. No cell may steer the terminal. The last column holds the
// words: in a width that is too small it goes on below itself, or where it has no room, stands below its row. A width of 0 is none.
func writeTable(w io.Writer, rows [][]string, width int) error {
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
