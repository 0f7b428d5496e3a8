package operation

import (
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/activities/panel"
)

var (
	target = panel.Target{ServiceID: 101, ServerID: "12"}
	noon   = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
)

// play is a panel that does what it is asked, and writes it down.
type play struct {
	calls  []string
	resale panel.Resale
	fail   map[string]error
}

// name is the activity's name, as the engine derives it from the method.
func name(activity any) string {
	full := runtime.FuncForPC(reflect.ValueOf(activity).Pointer()).Name()
	return strings.TrimSuffix(full[strings.LastIndex(full, ".")+1:], "-fm")
}

func (p *play) do(step Step, answer any) error {
	p.calls = append(p.calls, name(step.Activity)+" "+string(step.Queue))
	if resale, wants := answer.(*panel.Resale); wants {
		*resale = p.resale
	}
	return p.fail[name(step.Activity)]
}

// release advances until it is done, rests, sets aside or fails.
func (p *play) release(r *Release, now time.Time) (Outcome, error) {
	for {
		outcome, err := r.Advance(p.do, target, now)
		if err != nil || outcome.Done || outcome.Rest || outcome.SetAside != "" {
			return outcome, err
		}
	}
}

func TestTheOrderOfARelease(t *testing.T) {
	p := &play{}
	var r Release
	outcome, err := p.release(&r, noon)
	require.NoError(t, err)
	require.True(t, outcome.Done)
	require.Equal(t, []string{"CutOff urgent", "PowerDown urgent", "ClearAddresses urgent", "ReturnToStock urgent"}, p.calls)
	require.Equal(t, StageGivenBack, r.Stage)
}

func TestARestAndATestComeBeforeStock(t *testing.T) {
	p := &play{resale: panel.Resale{Hold: time.Hour, Diagnose: true}}
	var r Release
	outcome, err := p.release(&r, noon)
	require.NoError(t, err)
	require.True(t, outcome.Rest)
	require.Equal(t, noon.Add(time.Hour), r.RestUntil)
	outcome, err = p.release(&r, noon.Add(time.Minute))
	require.NoError(t, err)
	require.True(t, outcome.Rest, "it rests until somebody says that it has rested")
	require.Equal(t, noon.Add(time.Hour), r.RestUntil, "and no longer for being looked at")
	r.Rested()
	outcome, err = p.release(&r, noon.Add(time.Hour))
	require.NoError(t, err)
	require.True(t, outcome.Done)
	require.Equal(t, []string{"CutOff urgent", "PowerDown urgent", "ClearAddresses urgent", "Diagnose watch", "PowerDown urgent", "ReturnToStock urgent"}, p.calls,
		"the test booted it: it is off again before it is stock")
}

func TestAFailedStepIsDoneAgain(t *testing.T) {
	for _, step := range []string{"CutOff", "PowerDown", "ClearAddresses", "Diagnose", "ReturnToStock"} {
		p := &play{resale: panel.Resale{Diagnose: true}, fail: map[string]error{step: temporal.NewNonRetryableApplicationError("no mark", edge.ErrOwnership, nil)}}
		var r Release
		_, err := p.release(&r, noon)
		require.Error(t, err, step)
		before := len(p.calls)
		p.fail = nil
		outcome, err := p.release(&r, noon)
		require.NoError(t, err, step)
		require.True(t, outcome.Done)
		require.True(t, strings.HasPrefix(p.calls[before], step+" "), "%s: %v", step, p.calls[before:])
	}
}

func TestWhatCannotBeStockIsSetAside(t *testing.T) {
	for step, kind := range map[string]string{"PowerDown": edge.ErrNotOff, "Diagnose": edge.ErrHardware, "ReturnToStock": edge.ErrHardware} {
		p := &play{resale: panel.Resale{Diagnose: true}, fail: map[string]error{step: temporal.NewNonRetryableApplicationError("it is broken", kind, nil)}}
		outcome, err := p.release(&Release{}, noon)
		require.NoError(t, err)
		require.Equal(t, "it is broken", outcome.SetAside, step)
	}
}

// TestNothingIsUndoneAfterTheFirstAddress: the stage says so before the panel is asked, for the
// answer may be lost.
func TestNothingIsUndoneAfterTheFirstAddress(t *testing.T) {
	p := &play{fail: map[string]error{"ClearAddresses": temporal.NewNonRetryableApplicationError("lost", edge.ErrPanelRefused, nil)}}
	var r Release
	require.True(t, r.Undoable())
	_, err := p.release(&r, noon)
	require.Error(t, err)
	require.False(t, r.Undoable())
	require.Equal(t, StageClearing, r.Stage)
}

// TestWhatIsNotDueCanBeUndone: the step promises that it has deleted nothing.
func TestWhatIsNotDueCanBeUndone(t *testing.T) {
	p := &play{fail: map[string]error{"ClearAddresses": temporal.NewNonRetryableApplicationError("paid", edge.ErrNotDue, nil)}}
	var r Release
	_, err := p.release(&r, noon)
	require.Error(t, err)
	require.True(t, r.Undoable())
	require.True(t, r.PoweringOff(), "so the undoing switches it on again")
}
