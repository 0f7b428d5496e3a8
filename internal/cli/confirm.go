package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"metalease/internal/control"
	"metalease/internal/statusview"
)

// canAsk tells whether there is somebody to ask.
func (c *commandLine) canAsk() bool {
	file, ok := c.In.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// confirm shows the service, says what will be lost, and wants a yes.
func (c *commandLine) confirm(ctx context.Context, ctl *control.Control, id int, loss string) error {
	status, err := ctl.Status(ctx, id)
	switch {
	case errors.Is(err, control.ErrWorkerUnavailable):
		_, _ = fmt.Fprintf(c.Err, "No worker can say what service %d holds right now.\n", id)
	case err != nil:
		return about(id, err)
	default:
		style, _, _ := c.terminal()
		_, _ = fmt.Fprintln(c.Err, statusview.Line(status, time.Now(), style))
	}
	return c.ask(ctx, loss)
}

// ask puts a question to a person.
func (c *commandLine) ask(ctx context.Context, question string) error {
	style, _, _ := c.terminal()
	_, _ = fmt.Fprint(c.Err, strings.Join(statusview.Wrap(question+" [y/N]", min(style.Width, helpWidth)), "\n"), " ")
	return c.yes(ctx)
}

// yes waits for a yes. Ctrl-C is a no: the read itself would not notice it.
func (c *commandLine) yes(ctx context.Context) error {
	answers := make(chan string, 1)
	go func() {
		answer, _ := bufio.NewReader(c.In).ReadString('\n') // what ended before the line did is no yes
		answers <- answer
	}()
	select {
	case answer := <-answers:
		if slices.Contains([]string{"y\n", "yes\n"}, strings.ToLower(answer)) {
			return nil
		}
	case <-ctx.Done():
		_, _ = fmt.Fprintln(c.Err) // below the question
	}
	return errors.New("nothing done")
}
