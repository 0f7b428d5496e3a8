package operation

import (
	"time"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/internal/call"
)

// Stage is how far a release has come. It only moves forward.
type Stage string

// Stages of a release (docs/architecture.md, rule 8), each named after what was reached.
const (
	// StageBegun: nothing is done yet; the customer has the server.
	StageBegun Stage = ""
	// StageCutOff: the API account owns it under the mark "releasing", it is blocked, and nothing runs on it.
	StageCutOff Stage = "cut-off"
	// StagePoweringOff: a power off was asked for, and may take effect at any time.
	StagePoweringOff Stage = "powering-off"
	// StageOff: it is off, and still blocked.
	StageOff Stage = "off"
	// StageClearing: an address may be deleted by now, so nothing undoes the release any more.
	StageClearing Stage = "clearing"
	// StageCleared: the main address is left, named free.ds. What the panel's settings want before stock may follow.
	StageCleared Stage = "cleared"
	// StageTested: the panel has tested the hardware. The test booted it, and the customer's disks are still in it.
	StageTested Stage = "tested"
	// StageReady: nothing is left to do but to give it back.
	StageReady Stage = "ready"
	// StageGivenBack: the panel counts it as free, or a person looks after it.
	StageGivenBack Stage = "given-back"
)

// Release gives one server back to stock. There is no other way in this product: a life, a
// repair and the end of a quarantine all use it.
type Release struct {
	Stage Stage `json:"stage,omitempty"`
	// Resale is what is left to do before the server is stock again; the panel's settings say so.
	Resale panel.Resale `json:"resale,omitzero"`
	// RestUntil is until when it is kept out of stock; zero while it need not rest.
	RestUntil time.Time `json:"rest_until,omitzero"`
}

// Outcome is how a step of a release ended.
type Outcome struct {
	// Did says what was done, for the timeline; empty for nothing that a person needs to read.
	Did string
	// Rest is true when the server rests until RestUntil; after that the caller says Rested.
	Rest bool
	// SetAside is why the server cannot go back into stock: it belongs into quarantine, still blocked.
	SetAside string
	// MarkLost is true when the server's notes had lost the mark, which was written again.
	MarkLost bool
	// Done is true when the server is free.
	Done bool
}

// Undoable tells whether nothing was lost yet: no address is deleted.
func (r *Release) Undoable() bool {
	switch r.Stage {
	case StageBegun, StageCutOff, StagePoweringOff, StageOff:
		return true
	case StageClearing, StageCleared, StageTested, StageReady, StageGivenBack:
	}
	return false
}

// CutOff tells whether the customer has lost the server.
func (r *Release) CutOff() bool { return r.Stage != StageBegun }

// PoweringOff tells whether a power off was asked for, which may still take effect.
func (r *Release) PoweringOff() bool { return r.Stage == StagePoweringOff || r.Stage == StageOff }

// CustomerGone tells whether the customer's part is over: nothing of theirs is left to undo.
func (r *Release) CustomerGone() bool {
	switch r.Stage {
	case StageCleared, StageTested, StageReady, StageGivenBack:
		return true
	case StageBegun, StageCutOff, StagePoweringOff, StageOff, StageClearing:
	}
	return false
}

// Rested ends the rest.
func (r *Release) Rested() { r.Resale.Hold = 0 }

// Advance does the next step. Now is the workflow's time. An error is a step that did not end
// well, and may be tried again; what it means is the caller's business.
func (r *Release) Advance(do Do, t panel.Target, now time.Time) (Outcome, error) {
	id := t.ServerID
	switch r.Stage {
	case StageBegun:
		var cut panel.Remarked
		if err := do(Step{"take server " + id + " from the customer", Urgent, call.Panel.CutOff, t}, &cut); err != nil {
			return Outcome{}, err
		}
		r.Stage = StageCutOff
		return Outcome{Did: "server " + id + " cut off: owner is the API account, blocked", MarkLost: cut.MarkLost}, nil
	case StageCutOff, StagePoweringOff:
		r.Stage = StagePoweringOff
		return r.powerDown(do, t, StageOff)
	case StageOff, StageClearing:
		r.Stage = StageClearing
		err := do(Step{"delete the extra addresses of server " + id, Urgent, call.Panel.ClearAddresses, t}, &r.Resale)
		if edge.TypeOf(err) == edge.ErrNotDue {
			r.Stage = StageOff // it promises that nothing was deleted
		}
		if err != nil {
			return setAside(err)
		}
		r.Stage = StageCleared
		return Outcome{Did: "extra addresses deleted, hostname free.ds"}, nil
	case StageCleared:
		return r.turnaround(do, t, now)
	case StageTested:
		return r.powerDown(do, t, StageReady)
	case StageReady:
		if err := do(Step{"return server " + id + " to stock", Urgent, call.Panel.ReturnToStock, t}, nil); err != nil {
			return setAside(err)
		}
		r.Stage = StageGivenBack
		return Outcome{Did: "server " + id + " is free", Done: true}, nil
	case StageGivenBack:
	}
	return Outcome{Done: true}, nil
}

// powerDown goes on only when the server is off.
func (r *Release) powerDown(do Do, t panel.Target, then Stage) (Outcome, error) {
	if err := do(Step{"power off server " + t.ServerID, Urgent, call.Panel.PowerDown, t}, nil); err != nil {
		return setAside(err)
	}
	r.Stage = then
	return Outcome{Did: "powered off"}, nil
}

// turnaround is what the panel's settings want between two customers: rest, then a test.
func (r *Release) turnaround(do Do, t panel.Target, now time.Time) (Outcome, error) {
	id := t.ServerID
	switch {
	case r.Resale.Hold > 0 && r.RestUntil.IsZero():
		r.RestUntil = now.Add(r.Resale.Hold)
		return Outcome{Rest: true, Did: "server " + id + " rests until " + r.RestUntil.UTC().Format(time.RFC3339) + " before it is stock again"}, nil
	case r.Resale.Hold > 0:
		return Outcome{Rest: true}, nil
	case r.Resale.Diagnose:
		if err := do(Step{"have server " + id + " tested", Watch, call.Panel.Diagnose, t}, nil); err != nil {
			return setAside(err)
		}
		r.Resale.Diagnose = false
		r.Stage = StageTested
		return Outcome{Did: "server " + id + " was tested: no hardware problem"}, nil
	}
	r.Stage = StageReady
	return Outcome{}, nil
}

// setAside turns what keeps a server out of stock for good into an outcome: it does not power
// off, or its hardware is broken. Everything else is an error.
func setAside(err error) (Outcome, error) {
	switch edge.TypeOf(err) {
	case edge.ErrNotOff, edge.ErrHardware:
		return Outcome{SetAside: call.ProblemOf(err).Message}, nil
	}
	return Outcome{}, err
}

// Quarantine sets a server aside: blocked, owned by the API account, with the reason in its mark.
func Quarantine(do Do, in panel.QuarantineInput) error {
	return do(Step{"quarantine server " + in.ServerID, Urgent, call.Panel.Quarantine, in}, nil)
}
