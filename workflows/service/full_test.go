package service

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"metalease/workflows/api"
	"metalease/workflows/internal/operation"
)

// bounds are how many elements each list of the state can have, and how long their texts are. A
// new list needs its bound here, and in the code.
var bounds = map[string]struct{ count, text int }{
	"Steps": {len(api.Steps), api.LimitID}, "Exclude": {keepExcluded, api.LimitID}, "ExtraIPs": {keepAddresses, api.LimitID},
	"Suspensions": {keepReasons, api.LimitReason}, "Calls": {keepCalls, api.LimitReason}, "Events": {keepEvents, api.LimitMessage},
	"Seen": {keepSeen, api.LimitID}, "Timeline": {keepTimeline, api.LimitMessage}, "Actions": {len(api.Signals), api.LimitID},
	"Domains": {api.LimitDomains, api.LimitName}, "Names": {api.LimitDomains, 253 / len("€")}, "Take": {keepSurplus, api.LimitID}, "Surplus": {keepSurplus, api.LimitID},
}

// fill sets everything below a value to the most that it can be.
func fill(t *testing.T, v reflect.Value, name string, text int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), name, text)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(noon))
			return
		}
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				fill(t, v.Field(i), field.Name, text)
			}
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			v.Set(reflect.ValueOf(json.RawMessage(`"` + strings.Repeat("x", api.LimitInput-2) + `"`)))
			return
		}
		most, bounded := bounds[name]
		require.True(t, bounded, "the list %s has no bound", name)
		v.Set(reflect.MakeSlice(v.Type(), most.count, most.count))
		for i := range most.count {
			fill(t, v.Index(i), name, most.text)
		}
	case reflect.String:
		v.SetString(strings.Repeat("€", text))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(1 << 30)
	default:
		t.Fatalf("the state has a %s: %s. Is it bounded?", v.Kind(), name)
	}
}

// TestAFullStateContinuesAsNew: no memory of any size ends a life (docs/architecture.md, invariant 16).
func TestAFullStateContinuesAsNew(t *testing.T) {
	var s State
	fill(t, reflect.ValueOf(&s).Elem(), "", api.LimitMessage)
	text, err := json.Marshal(&s)
	require.NoError(t, err)
	require.Less(t, len(text), 3*stateLimit, "the engine takes 2 MiB")

	// As far as a life can be so full: it waits, blocked, for a person.
	s.Version, s.Order.Panel, s.Life.Phase, s.Life.Step = StateVersion, "fra1", api.PhaseBlocked, ""
	s.Operator.Terminate, s.Operator.Detach, s.Operator.Retry, s.Operator.Accept = nil, nil, nil, nil
	s.Adoption.Pending, s.Blocks.Stopped, s.Server.Install.State = nil, stoppedBlock, operation.InstallFinished
	s.Billing.FollowAt, s.Billing.Aside, s.Blocks.Doubts = nil, nil, Doubts{}
	s.Follower.Told = s.forCart()
	s.Billing.ProblemTold, s.Billing.Announced = s.problem(), s.cause()
	w := newWorld(t)
	w.SetContinueAsNewSuggested(true)
	w.ExecuteWorkflow(api.TypeServiceLifecycle, Input{State: &s})
	require.True(t, w.IsWorkflowCompleted())
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, w.GetWorkflowError(), &again)
	var next Input
	require.NoError(t, decode(again, &next))
	size := 0
	for _, payload := range again.Input.GetPayloads() {
		size += len(payload.GetData())
	}
	require.Less(t, size, 3*stateLimit)
	require.Equal(t, s.Journal, next.State.Journal)
	require.Equal(t, s.Blocks.Suspensions, next.State.Blocks.Suspensions)
}
