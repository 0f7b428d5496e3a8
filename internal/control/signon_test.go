package control_test

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"metalease/internal/control"
	"metalease/internal/temporaltest"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// history is everything that the engine keeps of a service, as text: what is in base64 stands there in clear as well, whatever
// it is wrapped in.
func (s scene) history(serviceID int) string {
	s.t.Helper()
	var text strings.Builder
	events := s.Client.GetWorkflowHistory(s.t.Context(), api.ServiceWorkflowID(serviceID), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(s.t, err)
		line, err := protojson.Marshal(event)
		require.NoError(s.t, err)
		unwrap(&text, string(line), 4)
	}
	return text.String()
}

var inBase64 = regexp.MustCompile(`[A-Za-z0-9+/]{12,}={0,2}`)

func unwrap(into *strings.Builder, text string, depth int) {
	into.WriteString(text + "\n")
	for _, part := range inBase64.FindAllString(text, -1) {
		if clear, err := base64.StdEncoding.DecodeString(part); err == nil && depth > 0 {
			unwrap(into, string(clear), depth-1)
		}
	}
}

func TestAWayIn(t *testing.T) {
	s := newScene(t)
	stop := s.Work(t)
	s.start(order(101))
	ask := running.SignOn{EventID: "e1", Target: running.SignOnPanel, Actor: api.Actor{Kind: api.ActorClient, Name: "jane@example.com"}}
	door, err := s.SignOn(t.Context(), 101, ask)
	require.NoError(t, err)
	require.Equal(t, "https://panel.example.com/dcimgr", door.URL)
	require.Equal(t, temporaltest.DoorKey, door.Fields["key"])
	require.True(t, door.ExpiresAt.After(time.Now()))

	_, err = s.SignOn(t.Context(), 101, ask)
	require.ErrorIs(t, err, control.ErrAnswered, "the same click once more: its key is gone")
	ask.EventID, ask.Target = "e2", running.SignOnConsole
	door, err = s.SignOn(t.Context(), 101, ask)
	require.NoError(t, err)
	require.Equal(t, "https://panel.example.com/console", door.URL)

	ask.EventID, ask.Target = "e3", temporaltest.TargetDown
	_, err = s.SignOn(t.Context(), 101, ask)
	var refused *control.Refused
	require.ErrorAs(t, err, &refused)
	require.Equal(t, temporaltest.Refusal, refused.Message)

	_, err = s.Signal(t.Context(), 101, api.SignalSuspend, api.Event{Reason: "abuse"}, timeout)
	require.NoError(t, err)
	ask.EventID, ask.Target = "e4", running.SignOnPanel
	_, err = s.SignOn(t.Context(), 101, ask)
	var notNow *control.NotNow
	require.ErrorAs(t, err, &notNow)
	require.Equal(t, "the service is blocked", notNow.Reason)

	kept := s.history(101)
	require.True(t, strings.Contains(kept, "jane@example.com"), "who it was")
	require.False(t, strings.Contains(kept, temporaltest.DoorKey))
	require.False(t, strings.Contains(kept, "panel.example.com"), "what the engine stores is sealed")

	_, err = s.Signal(t.Context(), 101, api.SignalDetach, api.Event{}, timeout)
	require.NoError(t, err)
	ask.EventID = "e5"
	s.eventually(func() bool {
		status, err := s.Status(t.Context(), 101)
		return err == nil && status.Closed
	})
	_, err = s.SignOn(t.Context(), 101, ask)
	require.ErrorIs(t, err, control.ErrClosed)
	_, err = s.SignOn(t.Context(), 424242, ask)
	require.ErrorIs(t, err, control.ErrUnknownService)
	s.start(order(102))
	_, err = s.Status(t.Context(), 102)
	require.NoError(t, err)
	stop()
	_, err = s.HurriedClicks(time.Second).SignOn(t.Context(), 102, ask)
	require.ErrorIs(t, err, control.ErrWorkerUnavailable)
}
