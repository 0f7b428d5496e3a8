package simulator

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// steps of a build, what each does, and how long it takes as a rule.
var steps = []struct {
	name, does string
	takes      time.Duration
}{
	{"account", "preparing the account", 5 * time.Second},
	{"claim", "choosing a server", 10 * time.Second},
	{"addresses", "adding IP addresses", 10 * time.Second},
	{"power", "switching the server on", 90 * time.Second},
	{"install", "installing the operating system", 720 * time.Second},
	{"hand-over", "handing the server over", 15 * time.Second},
}

// buttons are the module's names of actions.
var buttons = map[string]string{"retry": "Retry", "accept": "Accept", "hold": "Hold", "unhold": "Unhold", "terminate": "Release now"}

// progress says how far a service is that is not ready.
func (w *WHMCS) progress(status view) string {
	switch phase := status.text("phase"); phase {
	case "pending":
		return w.pending(status)
	case "waiting":
		place := ""
		if position := status.number("position"); position > 0 {
			place = fmt.Sprintf(", place %d in the queue", position)
		}
		return fmt.Sprintf("Waiting: no server of the package %q is free on the panel %s%s%s. It goes on by itself when one is.",
			status.text("package"), status.text("panel"), place, trouble(status))
	case "attention":
		var can []string
		for _, action := range status.texts("attention.actions") {
			can = append(can, or(buttons[action], action))
		}
		text := "Needs attention: " + sentence(status.text("attention.message"))
		if len(can) > 0 {
			text += " You can: " + strings.Join(can, ", ") + "."
		}
		return text
	case "releasing":
		return "The server is being given back" + trouble(status) + "."
	case "released":
		return "The server was given back."
	case "blocked":
		return "The server is blocked: " + blocks(status) + "."
	default:
		return fmt.Sprintf("metalease shows the phase %q%s.", phase, trouble(status))
	}
}

func (w *WHMCS) pending(status view) string {
	text := "In progress: the build begins"
	for i, step := range steps {
		if step.name == status.text("step") {
			text = fmt.Sprintf("In progress: %s (step %d of %d)", step.does, i+1, len(steps))
		}
	}
	left := w.left(status)
	if deadline := status.time("install.deadline"); status.text("step") == "install" && !deadline.IsZero() {
		left = deadline.Sub(w.config.Now())
	}
	if left > 0 {
		text += ", at most " + about(left) + " left"
	} else {
		text += ", later than it should be"
	}
	return text + trouble(status) + ". WHMCS turns the service Active by itself."
}

// left is what the steps take that are not done yet.
func (w *WHMCS) left(status view) time.Duration {
	var left time.Duration
	for _, step := range steps {
		rest := step.takes
		for _, times := range status.each("steps") {
			began := times.time("began")
			switch {
			case times.text("step") != step.name || began.IsZero():
			case !times.time("ended").IsZero():
				rest = 0
			default:
				rest = max(0, step.takes-w.config.Now().Sub(began))
			}
		}
		left += rest
	}
	return left
}

func about(d time.Duration) string {
	unit, count := "minute", max(1, int((d+time.Minute-1)/time.Minute))
	switch {
	case d >= 48*time.Hour:
		unit, count = "day", int(d/(24*time.Hour))
	case d >= 2*time.Hour:
		unit, count = "hour", int(d/time.Hour)
	}
	if count > 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", count, unit)
}

// blocks says what blocks a server, and who is behind it.
func blocks(status view) string {
	var reasons []string
	for _, block := range status.each("blocks") {
		since := block.text("since")
		reasons = append(reasons, fmt.Sprintf("%s (from %s, since %s)", block.text("reason"), or(block.text("source"), "unknown"), since[:min(10, len(since))]))
	}
	return strings.Join(reasons, "; ")
}

// blockedFor tells whether this reason is among the blocks.
func blockedFor(status view, reason string) bool {
	return slices.ContainsFunc(status.each("blocks"), func(block view) bool { return block.text("reason") == reason })
}

func trouble(status view) string {
	for _, trouble := range status.each("trouble") {
		return fmt.Sprintf("; %s does not do what it is asked, which is repeated: %s", trouble.text("where"), strings.TrimRight(trouble.text("last_error"), "."))
	}
	return ""
}

// sentence ends a text with one full stop.
func sentence(text string) string { return strings.TrimRight(text, ".") + "." }
