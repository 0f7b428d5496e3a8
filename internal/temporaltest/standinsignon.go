package temporaltest

import (
	"context"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/tenant"
	"metalease/internal/signon"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/api/running"
)

// DoorKey is what opens the door to which a stand-in lets people.
const DoorKey = "stand-in-one-use-key"

// TargetDown is a target of a sign-on for which the panel of the stand-in does not answer.
const TargetDown = "stand-in: the panel does not answer"

// lets has the stand-in let people in, unless the service is blocked.
func lets(ctx workflow.Context, s *api.Status) error {
	return workflow.SetUpdateHandler(ctx, running.UpdateSignOn, func(ctx workflow.Context, ask running.SignOn) (running.Sealed, error) {
		var sealed running.Sealed
		if s.Phase != api.PhaseActive {
			return sealed, edge.NonRetryable(edge.ErrNotNow, "the service is %s", s.Phase)
		}
		options := workflow.ActivityOptions{
			TaskQueue: fleet.PanelQueue(s.Panel), StartToCloseTimeout: time.Minute, RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1},
		}
		err := workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, options), "SignOn",
			tenant.SignOn{Key: ask.Key, Console: ask.Target == running.SignOnConsole, Server: tenant.Server{ServerID: ask.Target}}).Get(ctx, &sealed.Text)
		return sealed, err
	})
}

func signOn(_ context.Context, in tenant.SignOn) ([]byte, error) {
	if in.ServerID == TargetDown {
		return nil, edge.NonRetryable(edge.ErrPanelUnavailable, Refusal)
	}
	door := signon.Door{URL: "https://panel.example.com/dcimgr", Fields: map[string]string{"key": DoorKey}, ExpiresAt: time.Now().UTC().Add(time.Minute)}
	if in.Console {
		door.URL = "https://panel.example.com/console"
	}
	return signon.Seal(in.Key, door)
}
