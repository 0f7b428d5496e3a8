package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	panelsim "metalease/dcim/simulator"
)

func TestHealthTellsWhyAPanelCannotBeUsed(t *testing.T) {
	w := newWorld(t)
	health, err := ask[Health](w, w.p.Health)
	require.NoError(t, err)
	require.True(t, health.Reachable)
	require.False(t, health.Observed)
	require.NotZero(t, health.AsOf)

	w.Lose(panelsim.HTTP500, "user", 1)
	health, err = ask[Health](w, w.p.Health)
	require.NoError(t, err, "a panel that is down is an answer")
	require.False(t, health.Reachable)
	require.Equal(t, edge.ErrPanelUnavailable, health.Code)
	require.Contains(t, health.Message, "fra1")

	require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "user", Effect: panelsim.Error, Type: "auth", Count: 1}))
	health, err = ask[Health](w, w.p.Health)
	require.NoError(t, err)
	require.False(t, health.Reachable)
	require.Equal(t, edge.ErrPanelCredentials, health.Code)
	require.Contains(t, health.Message, "check user and password of this panel")
}

// ask runs an activity that takes no input.
func ask[T any](w *world, activity any) (T, error) {
	var result T
	value, err := w.Env.ExecuteActivity(activity)
	if err != nil {
		return result, err
	}
	require.NoError(w.T, value.Get(&result))
	return result, nil
}
