package service

import (
	"testing"

	"github.com/stretchr/testify/require"
	sdkpb "go.temporal.io/api/sdk/v1"

	"metalease/workflows/api"
)

// TestTheNamesThatPeopleTypeAreDescribed: `temporal workflow metadata` shows each signal and what it does.
func TestTheNamesThatPeopleTypeAreDescribed(t *testing.T) {
	w := newWorld(t)
	var shown sdkpb.WorkflowMetadata
	w.RegisterDelayedCallback(func() {
		answer, err := w.QueryWorkflow("__temporal_workflow_metadata")
		require.NoError(t, err)
		require.NoError(t, answer.Get(&shown))
	}, hour)
	w.live(order(), 2*hour)
	described := map[string]string{}
	for _, signal := range shown.GetDefinition().GetSignalDefinitions() {
		described[signal.GetName()] = signal.GetDescription()
	}
	for _, row := range api.SignalTable {
		require.Equal(t, row.Effect, described[row.Name], row.Name)
	}
}
