package simulated

import (
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
)

// Attempts has every further run of an activity be the next attempt of the one before: it finds
// what that has kept (edge.Keep).
func (v *Vendors) Attempts() {
	v.T.Helper()
	v.Env.SetOnActivityHeartbeatListener(func(_ *activity.Info, details converter.EncodedValues) {
		var left map[string]any
		if details.HasValues() {
			require.NoError(v.T, details.Get(&left))
		}
		v.Env.SetHeartbeatDetails(left)
	})
}
