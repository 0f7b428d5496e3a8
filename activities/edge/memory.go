package edge

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
)

// memory is what the attempts of one activity leave to the next, whichever worker has it: it
// travels in the details of the heartbeats. An attempt ends for any reason, most often because
// a vendor is down; what it has seen, and knows to have sent or not, must not be lost with it.
// Nothing may rest on the number of the attempt, which counts outages.
type memory struct {
	mu     sync.Mutex
	values map[string]json.RawMessage
}

type memoryKey struct{}

// Waiting is the key under which an activity keeps the sentence (a string) that tells people what
// it waits for longer than usual. The status shows it as trouble.
const Waiting = "waiting"

// withMemory gives an attempt what those before it have left.
func withMemory(ctx context.Context) context.Context {
	m := &memory{values: map[string]json.RawMessage{}}
	if activity.HasHeartbeatDetails(ctx) {
		var left map[string]json.RawMessage
		if activity.GetHeartbeatDetails(ctx, &left) == nil && left != nil { // else an older build has left something else
			m.values = left
		}
	}
	return context.WithValue(ctx, memoryKey{}, m)
}

// beat records a heartbeat with all that is remembered: one without would erase it.
func (m *memory) beat(ctx context.Context) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.values) == 0 {
		activity.RecordHeartbeat(ctx)
		return
	}
	details := make(map[string]json.RawMessage, len(m.values))
	for key, value := range m.values {
		details[key] = value
	}
	activity.RecordHeartbeat(ctx, details)
}

func memoryOf(ctx context.Context) *memory {
	m, _ := ctx.Value(memoryKey{}).(*memory)
	return m
}

// Recall is what this or an earlier attempt of the activity has kept; false for nothing.
func Recall[T any](ctx context.Context, key string) (T, bool) {
	var value T
	m := memoryOf(ctx)
	if m == nil {
		return value, false
	}
	m.mu.Lock()
	text, kept := m.values[key]
	m.mu.Unlock()
	return value, kept && json.Unmarshal(text, &value) == nil
}

// Keep remembers something small, no secret, for the attempts after this one. It reaches them
// when the attempt ends with an error; of a worker that dies only what a heartbeat has carried.
func Keep(ctx context.Context, key string, value any) {
	m := memoryOf(ctx)
	text, err := json.Marshal(value)
	if m == nil || err != nil {
		return
	}
	m.mu.Lock()
	m.values[key] = text
	m.mu.Unlock()
	m.beat(ctx)
}

// Forget is the end of Keep.
func Forget(ctx context.Context, key string) {
	m := memoryOf(ctx)
	if m == nil {
		return
	}
	m.mu.Lock()
	_, kept := m.values[key]
	delete(m.values, key)
	m.mu.Unlock()
	if kept {
		m.beat(ctx)
	}
}

// Since notes that something is so, and tells since when, over all attempts since the last Forget.
func Since(ctx context.Context, key string) time.Time {
	since, known := Recall[time.Time](ctx, key)
	if !known {
		since = time.Now()
		Keep(ctx, key, since)
	}
	return since
}

// LastsFor notes that something is so, and tells whether it has been for that long, over all
// attempts since the last Forget.
func LastsFor(ctx context.Context, key string, limit time.Duration) bool {
	return time.Since(Since(ctx, key)) >= limit
}
