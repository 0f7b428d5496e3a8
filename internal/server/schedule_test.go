package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"metalease/internal/config"
	"metalease/internal/temporaltest"
	"metalease/workflows/api/fleet"
)

func TestTheScheduleFollowsTheConfiguration(t *testing.T) {
	s := temporaltest.Start(t)
	panel := config.Panel{Name: "fra1", ReconcileEvery: time.Hour}
	handle := s.Client.ScheduleClient().GetHandle(t.Context(), fleet.ReconcileScheduleID("fra1"))
	describe := func() *client.ScheduleDescription {
		there, err := handle.Describe(t.Context())
		require.NoError(t, err)
		return there
	}
	require.NoError(t, ensureSchedule(t.Context(), s.Client, panel, config.Timing{}))
	require.Equal(t, []client.ScheduleIntervalSpec{{Every: time.Hour}}, describe().Schedule.Spec.Intervals)
	require.Equal(t, time.Minute, describe().Schedule.Spec.Jitter)
	require.Equal(t, enumspb.SCHEDULE_OVERLAP_POLICY_SKIP, describe().Schedule.Policy.Overlap)
	require.Equal(t, time.Minute, describe().Schedule.Policy.CatchupWindow)
	require.Eventually(t, func() bool { return describe().Info.NumActions == 1 }, testTimeout, 50*time.Millisecond, "a new panel is compared at once")

	updated := describe().Info.LastUpdateAt
	require.NoError(t, ensureSchedule(t.Context(), s.Client, panel, config.Timing{}))
	require.Equal(t, updated, describe().Info.LastUpdateAt, "a second worker changes nothing")

	require.NoError(t, ensureSchedule(t.Context(), s.Client, panel, config.Timing{RetryCap: time.Minute}))
	require.NotEqual(t, updated, describe().Info.LastUpdateAt, "other settings")

	require.NoError(t, handle.Pause(t.Context(), client.SchedulePauseOptions{Note: "maintenance"}))
	panel.ReconcileEvery = 30 * time.Minute
	require.NoError(t, ensureSchedule(t.Context(), s.Client, panel, config.Timing{}))
	require.Equal(t, []client.ScheduleIntervalSpec{{Every: 30 * time.Minute}}, describe().Schedule.Spec.Intervals)
	require.True(t, describe().Schedule.State.Paused, "a person's pause stays")
	require.Equal(t, 1, describe().Info.NumActions, "a change of the interval is no reason to compare")

	require.Equal(t, time.Second, reconcileSchedule(config.Panel{ReconcileEvery: 20 * time.Millisecond}, config.Timing{}).Spec.Intervals[0].Every)
}
