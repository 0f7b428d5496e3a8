package panel

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/engine"
	"metalease/activities/internal/simulated"
)

// told is a Teller that keeps what it was told.
type told struct {
	messages []engine.Message
	fails    error
}

func (t *told) Tell(_ context.Context, m engine.Message) error {
	t.messages = append(t.messages, m)
	return t.fails
}

// TestALookAsksOnlyForWhatIsToBeBuilt: the question goes out when nothing stands in the way of a build.
func TestALookAsksOnlyForWhatIsToBeBuilt(t *testing.T) {
	w := newWorld(t)
	var line told
	w.p.Messenger = &line
	service := w.Order(7)
	look := func(client int, only bool) Looked {
		looked, err := simulated.Run[Looked](w, w.p.Look, LookInput{FindInput: FindInput{ServiceID: service.ID, ClientID: client},
			OnlyClient: only, Ask: &engine.Message{WorkflowID: "account-fra1-7", Signal: "request"}})
		require.NoError(t, err)
		return looked
	}
	require.True(t, look(7, true).Asked)
	require.Len(t, line.messages, 1)
	require.Equal(t, "account-fra1-7", line.messages[0].WorkflowID)

	other := look(8, true)
	require.Equal(t, 7, other.View.ClientID)
	require.False(t, other.Asked, "it is another client's")
	require.False(t, look(8, false).Asked, "that client's account is asked for by whoever follows him")

	line.fails = errors.New("no such task queue")
	require.False(t, look(7, true).Asked, "and the first step asks")
	line.fails, line.messages = nil, nil

	b := w.build(service, w.claim(service))
	found := look(7, true)
	require.Equal(t, b.ServerID, found.Found.Server.ID)
	require.False(t, found.Asked, "it has a server")
	require.NoError(t, simulated.Do(w, w.p.ReturnClaim, b.Target))
	_, err := w.Billing.Act(service.ID, "cancel")
	require.NoError(t, err)
	require.False(t, look(7, true).Asked, "it is not to be built")
	require.Empty(t, line.messages)
}
