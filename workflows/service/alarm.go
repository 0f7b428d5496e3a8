package service

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/internal/clean"
	"metalease/workflows/api"
)

// alarm is a timer that the wait for the account leaves to the wait for the server: both answers come
// long before it, and each timer that is set and cancelled is two events of every order.
type alarm struct {
	at    time.Time
	rings workflow.Future
	stop  workflow.CancelFunc
}

// awaitOrRepeat blocks until the condition holds or it is time to ask again, which an alarm that was
// left may make sooner, and tells whether the condition holds.
func (l *lifecycle) awaitOrRepeat(again time.Time, summary string, condition func() bool) bool {
	l.publish()
	l.run.Await(func() bool { return true })
	if condition() {
		return true
	}
	if l.alarm == nil || l.alarm.rings.IsReady() || l.alarm.at.After(again) {
		l.silence()
		ctx, stop := workflow.WithCancel(l.ctx)
		options := workflow.TimerOptions{Summary: clean.Markdown(summary, api.LimitID)}
		l.alarm = &alarm{again, workflow.NewTimerWithOptions(ctx, max(0, again.Sub(l.now())), options), stop}
	}
	rings := l.alarm.rings
	l.run.Await(func() bool { return condition() || rings.IsReady() })
	return condition()
}

// silence takes back an alarm that nobody waits for any more.
func (l *lifecycle) silence() {
	if l.alarm != nil {
		l.alarm.stop()
		l.alarm = nil
	}
}
