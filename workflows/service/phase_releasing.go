package service

import (
	"time"

	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// release does one step of giving the server back (docs/architecture.md, rule 8).
func (l *lifecycle) release() {
	l.returnStrays()
	l.seeNotice()
	l.noticePaidLate()
	r := &l.s.Release
	switch {
	case l.s.Attention != nil && !l.s.Attention.Notice():
		l.releaseStopped()
	case l.s.Server == nil:
		l.released()
	case l.s.undone():
		l.restore()
	case !r.CutOff:
		l.cutOff()
	case !r.Off:
		l.powerDown()
	case !r.Cleared:
		l.clearAddresses()
	case r.Resale.Hold > 0:
		l.rest()
	case r.Resale.Diagnose:
		l.diagnose()
	default:
		l.returnToStock()
	}
}

// going tells whether the release is still wanted.
func (l *lifecycle) going() bool { return !l.s.undone() }

// releaseStep runs a step that a payment in time gives up.
func (l *lifecycle) releaseStep(summary string, activity any) error {
	_, err := whileWanted[any](l, l.onUrgent(summary), l.going, activity, l.target())
	return err
}

// stepDone tells whether a step was done; what stopped it is a person's business, unless it
// was given up.
func (l *lifecycle) stepDone(err error) bool {
	switch {
	case err == nil, temporal.IsCanceledError(err):
	case call.TypeOf(err) == edge.ErrLimit:
		l.attendError(err, api.SignalRetry, api.SignalAccept)
	default:
		l.attendError(err, api.SignalRetry, api.SignalDetach)
	}
	return err == nil
}

func (l *lifecycle) cutOff() {
	l.cancelWatch()
	if !l.stepDone(l.releaseStep("take server "+l.s.Server.ID+" from the customer", call.Panel.CutOff)) {
		return
	}
	l.s.Release.CutOff, l.s.Blocked, l.s.BlockUnsure, l.s.Approved = true, true, false, false
	l.note("server " + l.s.Server.ID + " cut off: owner is the API account, blocked")
	l.s.settle(applied(""), api.SignalTerminate)
}

// powerDown goes on only when the server is off. One that is not stays blocked,
// in quarantine.
func (l *lifecycle) powerDown() {
	l.s.Release.PowerDownBegan = true
	err := l.releaseStep("power off server "+l.s.Server.ID, call.Panel.PowerDown)
	switch {
	case l.s.undone(): // the customer paid in time and gets it back, whatever its power
	case err == nil:
		l.s.Release.Off = true
		l.note("powered off")
	case call.TypeOf(err) == edge.ErrNotOff:
		l.quarantineReleased(call.ProblemOf(err).Message)
	default:
		l.stepDone(err)
	}
}

func (l *lifecycle) clearAddresses() {
	r := &l.s.Release
	r.Deleting = true
	resale, err := result[panel.Resale](l, l.onUrgent("delete the extra addresses of server "+l.s.Server.ID), call.Panel.ClearAddresses, l.target())
	if !l.stepDone(err) {
		return
	}
	r.Cleared, r.Resale = true, resale
	l.note("extra addresses deleted, hostname free.ds")
	if resale != (panel.Resale{}) {
		l.showTerminated() // the customer's part is over; the rest may take days
	}
}

// rest keeps the server out of stock for as long as the panel's settings want.
func (l *lifecycle) rest() {
	r := &l.s.Release
	if r.HeldUntil.IsZero() {
		r.HeldUntil = l.now().Add(r.Resale.Hold)
		l.note("server " + l.s.Server.ID + " rests until " + r.HeldUntil.UTC().Format(time.RFC3339) + " before it is stock again")
	}
	if !l.awaitUntil(r.HeldUntil, "server is stock again", func() bool {
		return len(l.inbox.stray) > 0 || l.mayContinueAsNew() || l.s.PaidLate || l.s.Retry != nil || l.s.Accept != nil
	}) {
		r.Resale.Hold = 0
	}
}

// diagnose has the panel test the server before it is stock again. A broken one is set aside.
func (l *lifecycle) diagnose() {
	id := l.s.Server.ID
	err := l.perform(l.onWatch("have server "+id+" tested"), call.Panel.Diagnose, l.target())
	switch {
	case err == nil:
		l.s.Release.Resale.Diagnose = false
		l.s.Release.Off = false // the test booted it, and the customer's disks are still in it
		l.note("server " + id + " was tested: no hardware problem")
	case call.TypeOf(err) == edge.ErrHardware:
		l.quarantineReleased(call.ProblemOf(err).Message)
	default:
		l.attendError(err, api.SignalRetry, api.SignalDetach)
	}
}

func (l *lifecycle) returnToStock() {
	id := l.s.Server.ID
	err := l.perform(l.onUrgent("return server "+id+" to stock"), call.Panel.ReturnToStock, l.target())
	switch {
	case call.TypeOf(err) == edge.ErrHardware:
		l.quarantineReleased(call.ProblemOf(err).Message)
	case l.stepDone(err):
		l.note("server " + id + " is free")
		l.givenBack()
	}
}
