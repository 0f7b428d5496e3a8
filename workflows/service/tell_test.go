package service

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"

	"metalease/activities/engine"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"
)

// TestAnAllocatorThatRunsIsSignalledByTheEngine: an activity starts it only when it does not run.
func TestAnAllocatorThatRunsIsSignalledByTheEngine(t *testing.T) {
	for name, runs := range map[string]bool{"it runs": true, "it does not": false} {
		t.Run(name, func(t *testing.T) {
			w := newBareWorld(t)
			started := 0
			w.OnActivity(call.Messenger.Tell, mock.Anything, mock.Anything).Maybe().Return(func(ctx context.Context, m engine.Message) error {
				started++
				require.NotEmpty(t, m.TaskQueue)
				return w.tell(ctx, m)
			})
			if !runs {
				w.OnSignalExternalWorkflow(mock.Anything, mock.Anything, mock.Anything, message.SignalRequest, mock.Anything).Maybe().Return(errors.New("no such workflow"))
			}
			w.vendors()
			w.live(order(), hour)
			require.Equal(t, 2, w.count("Tell request"), "the account's and the allocator's: %v", w.done())
			require.Equal(t, map[bool]int{true: 0, false: 1}[runs], started)
		})
	}
}

// TestAnAccountThatTheLookCouldNotAskForIsAskedFor by the first step of the build.
func TestAnAccountThatTheLookCouldNotAskForIsAskedFor(t *testing.T) {
	w := newWorld(t)
	w.fail["Tell request"] = errors.New("no answer")
	w.when = map[string]func(){"FindServer": func() {}, "grant": func() {}}
	w.when["Tell request"] = func() {
		if w.count("Tell request") == 1 { // the second question
			delete(w.fail, "Tell request")
		}
	}
	w.look(hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase, "%v", s.Timeline) })
	w.live(order(), 2*hour)
}
