package measure

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
)

func TestWhatBecomesOfAnOrder(t *testing.T) {
	now := time.Now()
	steps := func(last api.Step, ended time.Time) []api.StepTime {
		return []api.StepTime{{Step: api.StepAccount, Began: now.Add(-time.Hour), Ended: now.Add(-time.Hour)}, {Step: last, Ended: ended}}
	}
	handed := steps(api.StepHandOver, now.Add(-time.Second))
	for name, c := range map[string]struct {
		steps   []api.StepTime
		was, is api.Phase
		want    string
	}{
		"delivered":               {handed, api.PhasePending, api.PhaseActive, outcomeDelivered},
		"delivered late":          {handed, api.PhaseAttention, api.PhaseActive, outcomeDelivered},
		"delivered blocked":       {handed, api.PhasePending, api.PhaseBlocked, outcomeDelivered},
		"no server yet":           {steps(api.StepClaim, time.Time{}), api.PhasePending, api.PhaseWaiting, outcomeWaiting},
		"a person is needed":      {steps(api.StepInstall, time.Time{}), api.PhasePending, api.PhaseAttention, outcomeAttention},
		"given up":                {steps(api.StepInstall, time.Time{}), api.PhasePending, api.PhaseReleasing, outcomeEnded},
		"given up before a claim": {nil, api.PhaseWaiting, api.PhaseReleased, outcomeEnded},
		"a server again":          {steps(api.StepClaim, time.Time{}), api.PhaseWaiting, api.PhasePending, ""},
		"unblocked":               {handed, api.PhaseBlocked, api.PhaseActive, ""},
		"a person was needed":     {steps(api.StepHandOver, now.Add(-time.Hour)), api.PhaseAttention, api.PhaseActive, ""},
		"of a running service":    {handed, api.PhaseActive, api.PhaseAttention, ""},
		"a release that hangs":    {handed, api.PhaseReleasing, api.PhaseAttention, ""},
		"adopted":                 {nil, api.PhasePending, api.PhaseActive, ""},
		"adopted and released":    {nil, api.PhaseActive, api.PhaseReleasing, ""},
	} {
		require.Equal(t, c.want, outcomeOf(api.Status{Steps: c.steps}, c.was, c.is, now), name)
	}
}
