package service

import (
	"fmt"
	"slices"
	"time"

	"metalease/workflows/api"
)

// Life is where the service is in its life. Only enter writes the phase.
type Life struct {
	Phase api.Phase `json:"phase"`
	// Step of the build; empty after hand-over.
	Step api.Step `json:"step,omitempty"`
	// Steps are the times of the steps of the build.
	Steps []api.StepTime `json:"steps,omitempty"`
	// Checked is true once WHMCS has shown the service as the client's.
	Checked bool `json:"checked,omitempty"`
	// Unseen is true until the run has looked where the world is: what it remembers may not be so.
	Unseen bool `json:"unseen,omitempty"`
	// Blind is true when that look failed, or showed what a person must decide on.
	Blind bool `json:"blind,omitempty"`
	// Reset is the run that the newest reset has begun, and Settled when what the run before had
	// under way has come to its end.
	Reset   string    `json:"reset,omitempty"`
	Settled time.Time `json:"settled,omitzero"`
	// Ready is true once the customer owns the server and WHMCS has its addresses.
	Ready bool `json:"ready,omitempty"`
	// Since is when the customer got the server that the service has; zero before.
	Since time.Time `json:"since,omitzero"`
}

// transition is one way from a phase to the next, and what makes a service take it.
type transition struct {
	From, To api.Phase
	When     string
}

// transitions are all ways that a life can take. docs/lifecycle.md is drawn from this table.
var transitions = []transition{
	{"", api.PhasePending, "the order is received, or a server is to be adopted"},
	{api.PhasePending, api.PhaseWaiting, "no server of the package is free"},
	{api.PhasePending, api.PhaseAttention, "a step fails, or an install is late"},
	{api.PhasePending, api.PhaseActive, "handed over"},
	{api.PhasePending, api.PhaseBlocked, "handed over with a reason to block it"},
	{api.PhasePending, api.PhaseReleasing, "terminated, or no longer Pending in WHMCS"},
	{api.PhasePending, api.PhaseReleased, "the service ends before its server was adopted"},
	{api.PhaseWaiting, api.PhasePending, "the allocator answers"},
	{api.PhaseWaiting, api.PhaseAttention, "the allocator cannot be asked"},
	{api.PhaseWaiting, api.PhaseReleasing, "terminated, or no longer Pending in WHMCS"},
	{api.PhaseAttention, api.PhasePending, "a person decides, or the late install ends well"},
	{api.PhaseAttention, api.PhaseReleasing, "terminated, or no longer Pending in WHMCS"},
	{api.PhaseAttention, api.PhaseReleased, "the service ends before its server was adopted"},
	{api.PhaseActive, api.PhaseBlocked, "a reason to block it is done"},
	{api.PhaseActive, api.PhaseReleasing, "terminated, or grace is over"},
	{api.PhaseBlocked, api.PhaseActive, "no reason to block it is left"},
	{api.PhaseBlocked, api.PhaseReleasing, "terminated, or grace is over"},
	{api.PhaseReleasing, api.PhaseActive, "paid in time, or kept by a person"},
	{api.PhaseReleasing, api.PhaseBlocked, "paid in time, or kept by a person, with a reason to block it"},
	{api.PhaseReleasing, api.PhaseAttention, "a person keeps a build that was to be given up"},
	{api.PhaseReleasing, api.PhasePending, "what an earlier life left half released is given back; the order goes on"},
	{api.PhaseReleased, api.PhasePending, "after a reset the panel shows a server of the service"},
	{api.PhaseReleasing, api.PhaseReleased, "the server is free, or set aside"},
}

// enter is the only way into a phase. A way that is not in the table is a fault of this
// program: the workflow task fails, nothing is lost, and a corrected build goes on.
func (l *Life) enter(phase api.Phase) {
	if phase == l.Phase {
		return
	}
	if !slices.ContainsFunc(transitions, func(t transition) bool { return t.From == l.Phase && t.To == phase }) {
		panic(fmt.Sprintf("a service cannot go from phase %q to %q", l.Phase, phase))
	}
	l.Phase = phase
}

// lookSoon has a service that serves look again, also where the look before failed.
func (l *Life) lookSoon() {
	if !l.Unseen {
		l.Unseen, l.Blind = true, false
	}
}

// over tells whether the server is on its way back, or is back.
func (l *Life) over() bool { return l.Phase == api.PhaseReleasing || l.Phase == api.PhaseReleased }

// begin keeps when a step began; a step that is begun again forgets those after it.
func (l *Life) begin(step api.Step, now time.Time) {
	if n := len(l.Steps); n > 0 && l.Steps[n-1].Step == step && l.Steps[n-1].Ended.IsZero() {
		return
	}
	l.Steps = slices.DeleteFunc(l.Steps, func(t api.StepTime) bool {
		return slices.Index(api.Steps, t.Step) >= slices.Index(api.Steps, step)
	})
	l.Steps = append(l.Steps, api.StepTime{Step: step, Began: now})
}

// next keeps when a step ended, and goes to another one.
func (l *Life) next(step api.Step, now time.Time) {
	if n := len(l.Steps); n > 0 {
		l.Steps[n-1].Ended = now
	}
	l.Step = step
}
