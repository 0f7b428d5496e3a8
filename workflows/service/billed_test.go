package service

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"

	"metalease/activities/billing"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// billed is a world whose WHMCS has a status of its own: what Follow calls runs our module
// there, which signals back as whmcs/module does.
type billed struct {
	*world
	// status is what WHMCS shows; its API takes delay to answer.
	status string
	delay  time.Duration
	// down is how long WHMCS cannot be asked.
	down time.Duration
}

func newBilled(t *testing.T, status string) *billed {
	w := &billed{world: newBareWorld(t), status: status}
	w.OnActivity(call.Billing.Follow, mock.Anything, mock.Anything).Maybe().
		AfterFn(func() time.Duration { return w.delay }).Return(w.follow)
	w.OnActivity(call.Billing.Compare, mock.Anything, mock.Anything).Maybe().AfterFn(func() time.Duration { return w.down }).Return(
		func(_ context.Context, in billing.FollowInput) (billing.Compared, error) {
			alive := w.status == "Active" || w.status == "Suspended"
			return billing.Compared{Status: w.status, Differs: alive && w.status != in.Want}, nil
		})
	w.vendors()
	return w
}

func (w *billed) follow(_ context.Context, in billing.FollowInput) (billing.Followed, error) {
	if err := w.did("Follow " + in.Want); err != nil {
		return billing.Followed{}, err
	}
	before := w.status
	if before == in.Want || before != "Active" && before != "Suspended" {
		return billing.Followed{Status: before}, nil
	}
	w.status = in.Want
	now := api.Moment{Time: w.Now()}
	switch in.Want {
	case "Suspended":
		w.SignalWorkflow(api.SignalSuspend, api.Event{Reason: in.Reason, Source: api.SourceWHMCS, At: now})
	case "Active":
		w.SignalWorkflow(api.SignalUnsuspend, api.Event{Source: api.SourceWHMCS, At: now})
		w.SignalWorkflow(api.SignalRenew, api.Event{Source: api.SourceWHMCS, At: now})
	case "Terminated":
		w.SignalWorkflow(api.SignalTerminate, api.Event{Source: api.SourceWHMCS, At: now})
	}
	return billing.Followed{Status: in.Want, Did: "WHMCS showed " + before + " and now shows " + in.Want}, nil
}

// shows changes what WHMCS shows, by its own cron, page or staff.
func (w *billed) shows(after time.Duration, status string) {
	w.RegisterDelayedCallback(func() { w.status = status }, after)
}

// answers changes how long WHMCS's API takes.
func (w *billed) answers(after, delay time.Duration) {
	w.RegisterDelayedCallback(func() { w.delay = delay }, after)
}
