package statusview

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// step is one step of the build, as it is drawn.
type step struct {
	name   api.Step
	mark   string
	colour string
	began  time.Time
	took   time.Duration
}

// building is a service that does not have its server yet.
func building(s control.Status) bool {
	return !s.Closed && (s.Phase == api.PhasePending || s.Phase == api.PhaseWaiting || s.Phase == api.PhaseAttention)
}

func stepsOf(s control.Status, now time.Time) []step {
	var steps []step
	for _, name := range api.Steps {
		one := step{name: name, mark: "·", colour: dim}
		times := slices.IndexFunc(s.Steps, func(t api.StepTime) bool { return t.Step == name })
		if times >= 0 {
			one.began = s.Steps[times].Began
		}
		switch {
		case times < 0:
		case !s.Steps[times].Ended.IsZero():
			one.mark, one.colour, one.took = "✓", green, s.Steps[times].Ended.Sub(one.began)
		case building(s):
			one.mark, one.colour, one.took = "▸", phaseColours[s.Phase], now.Sub(one.began)
		}
		steps = append(steps, one)
	}
	return steps
}

func (p *page) steps(s control.Status) {
	if len(s.Steps) == 0 {
		return
	}
	p.line()
	whenWidth := 0
	for _, t := range s.Steps {
		whenWidth = max(whenWidth, len(clock(t.Began, p.now)))
	}
	for _, one := range stepsOf(s, p.now) {
		began, took, name := "", "", plain
		if !one.began.IsZero() {
			began, took = clock(one.began, p.now), length(one.took)
		}
		switch one.mark {
		case "▸":
			name = bold
		case "·":
			name, took = dim, ""
		}
		spans := []span{{one.colour, "  " + one.mark + " "}, {name, fmt.Sprintf("%-10s", one.name)},
			{dim, fmt.Sprintf("  %-*s", whenWidth, began)}, {plain, fmt.Sprintf("%8s  ", took)}}
		if one.mark == "▸" && one.name == api.StepInstall {
			spans = append(spans, installBar(s, p.now, min(24, p.Width-60)))
		}
		p.line(spans...)
	}
}

// installBar fills as the time to the deadline passes.
func installBar(s control.Status, now time.Time, width int) span {
	if s.Install == nil || s.Install.AcceptedAt.IsZero() || !s.Install.Deadline.After(s.Install.AcceptedAt) {
		return span{}
	}
	limit, passed := s.Install.Deadline.Sub(s.Install.AcceptedAt), now.Sub(s.Install.AcceptedAt)
	text := length(passed) + " of " + length(limit)
	if s.Install.Attempt > 1 {
		text += fmt.Sprintf(", attempt %d", s.Install.Attempt)
	}
	colour := cyan
	if passed > limit {
		colour, text = red, "late, "+text
	}
	if width >= 8 {
		text = Bar(float64(passed)/float64(limit), width) + " " + text
	}
	return span{colour, text}
}

// Bar draws a share between 0 and 1.
func Bar(share float64, width int) string {
	full := int(min(max(share, 0), 1)*float64(width) + 0.5)
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}

// Line draws a service in one line: its phase, its steps, what is going on.
func Line(s control.Status, now time.Time, style Style) string {
	style = style.fitted()
	spans := []span{{plain, fmt.Sprintf("service %-6d", s.ServiceID)}, {phaseColours[s.Phase], fmt.Sprintf("%-10s", s.Phase)}}
	if building(s) {
		for _, one := range stepsOf(s, now) {
			spans = append(spans, span{one.colour, one.mark})
		}
		spans = append(spans, span{plain, " "})
	}
	return style.draw(append(spans, goingOn(s, now, style.Width)...)...)
}

func goingOn(s control.Status, now time.Time, width int) []span {
	step := span{plain, fmt.Sprintf("%-9s ", s.Step)}
	switch {
	case s.Abandoned():
		return []span{{red, control.Summary(s)}}
	case s.Attention != nil:
		return []span{{red, control.Numbered(*s.Attention) + s.Attention.Message}}
	case len(s.Trouble) > 0:
		return []span{{yellow, fmt.Sprintf("attempt %d, %s", s.Trouble[0].Attempt, s.Trouble[0].Words())}}
	case s.Phase == api.PhaseWaiting:
		return []span{step, {plain, s.Doing()}}
	case building(s) && s.Step == api.StepInstall:
		return []span{step, installBar(s, now, min(16, width-64))}
	case building(s):
		return []span{step}
	case s.Server == nil:
		return []span{{plain, s.Doing()}}
	}
	server := fmt.Sprintf("server %s, %s", s.Server.ID, s.Server.IP)
	if s.Phase == api.PhaseActive {
		return []span{{plain, server}}
	}
	return []span{{plain, server + ": " + s.Doing()}}
}
