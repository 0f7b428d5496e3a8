package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"golang.org/x/term"

	"metalease/internal/statusview"
)

func (c *commandLine) say(format string, args ...any) error {
	_, err := fmt.Fprintf(c.Out, format+"\n", args...)
	return err
}

func (c *commandLine) print(value any) error {
	encoder := json.NewEncoder(c.Out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// progress tells beside the output how far work on several things has come.
func (c *commandLine) progress(what string) func(done, total int) {
	return func(done, total int) {
		if total > 1 {
			_, _ = fmt.Fprintf(c.Err, "%s %d of %d\n", what, done, total)
		}
	}
}

// pipeWidth is for readers of a file, which has no width.
const pipeWidth = 100

// terminal tells whether the output is one, and how to draw on it.
func (s Streams) terminal() (style statusview.Style, height int, live bool) {
	file, ok := s.Out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return statusview.Style{Width: pipeWidth}, 0, false
	}
	style.Colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if width, rows, err := term.GetSize(int(file.Fd())); err == nil {
		style.Width, height = width, rows
	}
	return style, height, true
}

// utc is a time as every table shows it.
func utc(at time.Time) string { return at.UTC().Format(time.DateTime) }

// utcOr is utc of a time that may not be known.
func utcOr(at *time.Time, otherwise string) string {
	if at == nil {
		return otherwise
	}
	return utc(*at)
}
