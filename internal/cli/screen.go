package cli

import (
	"fmt"
	"strings"
	"time"

	"metalease/internal/control"
	"metalease/internal/statusview"
)

// screen redraws a status in place. It leaves the last picture and a visible cursor.
type screen struct {
	c    *commandLine
	last control.Status
	// seen is false until there was a status.
	seen  bool
	lines int
}

const (
	hideCursor = "\x1b[?25l"
	showCursor = "\x1b[?25h"
	// upAndClear goes up so many lines and clears from there.
	upAndClear = "\x1b[%dA\r\x1b[J"
)

func (v *screen) show(s control.Status) error {
	v.last, v.seen = s, true
	style, height, _ := v.c.terminal()
	return v.draw(statusview.Render(s, time.Now(), style), height)
}

// missing keeps the last picture and says beneath it what is wrong.
func (v *screen) missing(err error) {
	style, height, _ := v.c.terminal()
	text := ""
	if v.seen {
		text = statusview.Render(v.last, time.Now(), style) + "\n"
	}
	_ = v.draw(text+statusview.Note(err.Error(), style), height)
}

// draw replaces what was drawn before. What is higher than the terminal loses its end: lines
// that have scrolled away cannot be drawn over.
func (v *screen) draw(text string, height int) error {
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	if height > 1 && len(lines) > height-1 {
		lines = lines[:height-1]
	}
	picture := strings.TrimSuffix(strings.Join(lines, ""), "\n") + "\n"
	if v.lines > 0 {
		picture = fmt.Sprintf(upAndClear, v.lines) + picture
	} else {
		picture = hideCursor + picture
	}
	v.lines = len(lines)
	_, err := fmt.Fprint(v.c.Out, picture) // in one write, so that it does not flicker
	return err
}

func (v *screen) close() { _, _ = fmt.Fprint(v.c.Out, showCursor) }
