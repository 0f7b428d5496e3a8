package service

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// answer is what became of an update.
type answer struct {
	accepted bool
	rejected error
	sealed   running.Sealed
	err      error
}

func (a *answer) Accept()          { a.accepted = true }
func (a *answer) Reject(err error) { a.rejected = err }
func (a *answer) Complete(success any, err error) {
	a.err = err
	if sealed, is := success.(running.Sealed); is {
		a.sealed = sealed
	}
}

// signOn wants into the panel after a time from the start.
func (w *world) signOn(after time.Duration, id string, in running.SignOn) *answer {
	var a answer
	w.RegisterDelayedCallback(func() { w.UpdateWorkflow(running.UpdateSignOn, id, &a, in) }, after)
	return &a
}

func into(target string, actor api.Actor) running.SignOn {
	return running.SignOn{Actor: actor, Target: target, Key: []byte("a public key")}
}

// TestSomebodyIsLetIn: the answer goes to who has clicked, and stands nowhere else.
func TestSomebodyIsLetIn(t *testing.T) {
	w := newWorld(t)
	client := w.signOn(hour, "u1", into(running.SignOnPanel, jane))
	person := w.signOn(2*hour, "u2", into(running.SignOnConsole, staff))
	w.look(3*hour, func(s api.Status) {
		tells(t, s, "client jane@example.com was let into the panel")
		tells(t, s, "staff sam was let into the console")
		text, err := json.Marshal(s)
		require.NoError(t, err)
		require.NotContains(t, string(text), "sealed")
	})
	w.live(order(), 4*hour)
	for _, a := range []*answer{client, person} {
		require.True(t, a.accepted)
		require.NoError(t, a.err)
		require.Equal(t, "sealed", string(a.sealed.Text))
	}
	require.Len(t, w.signOns, 2)
	require.Equal(t, []bool{true, false}, []bool{w.signOns[0].AsCustomer, w.signOns[1].AsCustomer})
	require.Equal(t, []bool{false, true}, []bool{w.signOns[0].Console, w.signOns[1].Console})
	require.Equal(t, "a public key", string(w.signOns[0].Key))
}

// TestNobodyIsLetInWhoMayNot: before anything stands in the history.
func TestNobodyIsLetInWhoMayNot(t *testing.T) {
	w := newWorld(t)
	w.takes = 10 * time.Minute
	building := w.signOn(5*time.Minute, "u1", into(running.SignOnPanel, staff))
	w.at(hour, api.SignalSuspend, api.Event{Reason: "abuse"})
	client := w.signOn(2*hour, "u2", into(running.SignOnPanel, jane))
	console := w.signOn(2*hour, "u3", into(running.SignOnConsole, jane))
	person := w.signOn(2*hour, "u4", into(running.SignOnConsole, staff))
	nowhere := w.signOn(2*hour, "u5", into("basement", staff))
	keyless := w.signOn(2*hour, "u6", running.SignOn{Target: running.SignOnPanel, Actor: staff})
	w.live(order(), 3*hour)
	for a, why := range map[*answer]string{
		building: "the server is being built", client: "the server is blocked: Suspended by staff", console: "the server is blocked: Suspended by staff",
		person: "the server is blocked: Suspended by staff", nowhere: "target must be panel or console", keyless: "key must be the public key of this call",
	} {
		require.False(t, a.accepted)
		var app *temporal.ApplicationError
		require.ErrorAs(t, a.rejected, &app)
		require.Equal(t, why, app.Message())
		if a == building || a == client {
			require.Equal(t, edge.ErrNotNow, app.Type())
		}
	}
	require.Empty(t, w.signOns)
}

// TestASignOnHoldsNothingUp: neither a block, which shuts the door that is being made, nor the end.
func TestASignOnHoldsNothingUp(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"SignOn": 15 * time.Second}
	a := w.signOn(hour, "u1", into(running.SignOnPanel, jane))
	w.at(hour+time.Second, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.look(hour+5*time.Second, func(s api.Status) { require.Equal(t, api.PhaseBlocked, s.Phase) })
	w.at(hour+30*time.Minute, api.SignalUnsuspend, api.Event{})
	b := w.signOn(2*hour, "u2", into(running.SignOnConsole, staff))
	w.live(order(), 2*hour+time.Second)
	var app *temporal.ApplicationError
	require.ErrorAs(t, a.err, &app)
	require.Equal(t, edge.ErrNotNow, app.Type())
	require.Empty(t, a.sealed.Text)
	require.ErrorAs(t, b.err, &app)
	require.Equal(t, "the server was given back", app.Message())
}

// TestAPanelThatIsDownIsNotWaitedForLong: who has clicked is gone.
func TestAPanelThatIsDownIsNotWaitedForLong(t *testing.T) {
	w := newWorld(t)
	w.fail["SignOn"] = edge.Retryable(edge.ErrPanelUnavailable, "no answer")
	a := w.signOn(hour, "u1", into(running.SignOnPanel, jane))
	w.look(hour+2*time.Minute, func(s api.Status) {
		require.Error(t, a.err)
		var app *temporal.ApplicationError
		require.ErrorAs(t, a.err, &app)
		require.Equal(t, edge.ErrPanelUnavailable, app.Type())
		tells(t, s, "client jane@example.com was not let into the panel: "+app.Message())
	})
	w.live(order(), 2*hour)
}
