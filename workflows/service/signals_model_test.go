package service

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"metalease/activities/edge"
	"metalease/workflows/api"
)

// The model of a life: signals of all kinds come at random times, twice and in any order, while
// activities fail for a time. Whatever comes, the life ends when a person wants it to, does a
// bounded amount of work, and keeps the rules about installs, blocks and expiry.

// sent is a signal of the model.
type sent struct {
	kind string
	at   time.Duration
}

const (
	modelDays  = 20
	modelGrace = day
)

// TestLivesUnderRandomSignals runs random lives; METALEASE_RAPID_CASES sets how many. What
// fails is made small, and kept below testdata/rapid of the machine to be tried first from then on.
func TestLivesUnderRandomSignals(t *testing.T) {
	cases := "150"
	if text := os.Getenv("METALEASE_RAPID_CASES"); text != "" {
		cases = text
	}
	require.NoError(t, flag.Set("rapid.checks", cases))
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		began := w.Now()
		w.troubles(r)
		signals := w.signals(r)
		// A person ends what is left, and looks at whatever waits for one.
		for i := range 8 {
			at := modelDays*day + time.Duration(i)*3*day
			w.at(at, api.SignalUnhold, api.Event{})
			w.at(at+time.Hour, api.SignalTerminate, api.Event{Reason: "end of the model"})
			w.at(at+2*time.Hour, api.SignalRetry, api.Event{})
			w.at(at+day, api.SignalAccept, api.Event{})
		}
		o := order()
		o.Grace = api.Duration(modelGrace)
		w.ExecuteWorkflow(api.TypeServiceLifecycle, api.NewStart(o, api.Settings{}))
		require.True(r, w.IsWorkflowCompleted())
		require.NoError(r, w.GetWorkflowError(), "a life that nobody can end")
		var end api.Status
		require.NoError(r, w.GetWorkflowResult(&end))
		require.Nil(r, end.Attention)
		require.Less(r, len(w.calls), 400, "work without end: %v", w.calls)
		for _, e := range end.Events {
			require.NotEqual(r, api.OutcomePending, e.Outcome, "a word without an answer: %+v", e)
		}
		require.Empty(r, w.whileCut, "begun on a blocked server")
		w.requireRules(r, began, signals)
	})
}

// signals plans up to a dozen signals, some of them twice.
func (w *world) signals(r *rapid.T) []sent {
	var list []sent
	kinds := []string{api.SignalExpire, api.SignalRenew, api.SignalSuspend, api.SignalUnsuspend, api.SignalHold, api.SignalUnhold, api.SignalRetry, api.SignalAccept, api.SignalExpire, api.SignalRenew, api.SignalTerminate,
		api.SignalPower, api.SignalReinstall, api.SignalNetwork, api.SignalAddresses}
	for i := range rapid.IntRange(0, 12).Draw(r, "signals") {
		kind := rapid.SampledFrom(kinds).Draw(r, "kind")
		at := time.Duration(rapid.IntRange(1, modelDays*24*60).Draw(r, "minute")) * time.Minute
		when := w.Now().Add(at)
		event := api.Event{EventID: fmt.Sprint("e", i), Reason: rapid.SampledFrom([]string{"", "abuse"}).Draw(r, "reason"),
			Source: rapid.SampledFrom([]string{"", api.SourceWHMCS}).Draw(r, "source")}
		switch kind {
		case api.SignalExpire:
			event.Due = api.Moment{Time: when.Add(-time.Hour)}
		case api.SignalRenew:
			event.ExpiresAt = api.Moment{Time: when.Add(30 * day)}
		case api.SignalPower:
			event.Action = rapid.SampledFrom([]string{"on", "off", "reboot"}).Draw(r, "action")
		case api.SignalReinstall:
			event.OSTemplate, event.Confirm = debian13, "s101.example.com"
		case api.SignalNetwork:
			event.State = rapid.SampledFrom([]string{"on", "off"}).Draw(r, "state")
		case api.SignalAddresses:
			event.IPv4 = count(rapid.IntRange(0, 3).Draw(r, "ipv4"))
		case api.SignalRetry:
			event.Replace = rapid.Bool().Draw(r, "replace")
		}
		w.at(at, kind, event)
		list = append(list, sent{kind, at})
		if rapid.Bool().Draw(r, "twice") {
			w.at(at+time.Minute, kind, event)
		}
	}
	return list
}

// troubles makes activities fail for a while.
func (w *world) troubles(r *rapid.T) {
	w.limited = map[string]bool{}
	w.delays = map[string]time.Duration{}
	for _, name := range []string{"SwitchPower", "SwitchNetwork", "ChangeAddresses", "StartReinstall"} {
		w.delays[name] = time.Duration(rapid.SampledFrom([]int{0, 1, 60, 2000}).Draw(r, "minutes")) * time.Minute
	}
	w.when = map[string]func(){"StartReinstall": func() { w.takes = w.delays["SwitchPower"] }}
	for range rapid.IntRange(0, 3).Draw(r, "troubles") {
		name := rapid.SampledFrom([]string{"AssignAddresses", "PowerUp", "HandOver", "Activate", "Block", "Unblock", "CutOff", "PowerDown",
			"ClearAddresses", "ReturnToStock", "SwitchPower reboot", "SwitchNetwork", "ChangeAddresses", "StartReinstall", "AwaitReinstall", "InspectReinstall", "Readdress", "KeepRootPassword", "Restore", "Quarantine", "ConfirmExpiry", "Deliver"}).Draw(r, "activity")
		kind := rapid.SampledFrom([]string{edge.ErrOwnership, edge.ErrPanelRefused, edge.ErrNotOff, edge.ErrLimit}).Draw(r, "error")
		from := time.Duration(rapid.IntRange(0, (modelDays-1)*24).Draw(r, "from")) * time.Hour
		length := time.Duration(rapid.IntRange(1, 96).Draw(r, "hours")) * time.Hour
		set := func(fails bool) func() {
			return func() {
				w.mu.Lock()
				defer w.mu.Unlock()
				delete(w.fail, name)
				if fails {
					w.fail[name] = final(kind, name+" does not work")
				}
			}
		}
		w.RegisterDelayedCallback(set(true), from)
		w.RegisterDelayedCallback(set(false), min(from+length, modelDays*day-time.Hour))
	}
}

// requireRules holds the calls of a life to docs/architecture.md, invariants 3 and 5.
func (w *world) requireRules(r *rapid.T, began time.Time, signals []sent) {
	before := func(kind string, at time.Time) int {
		return len(slices.DeleteFunc(slices.Clone(signals), func(s sent) bool { return s.kind != kind || began.Add(s.at).After(at) }))
	}
	blocked := time.Time{}
	for i, call := range w.calls {
		at := w.times[i]
		switch call {
		case "Block":
			blocked = at
		case "StartInstall":
			installs := w.countUntil("StartInstall", i)
			require.LessOrEqual(r, installs, 1+2*before(api.SignalRetry, at), "an install that nobody asked for")
		case "StartReinstall":
			installs := w.countUntil("StartReinstall", i)
			require.LessOrEqual(r, installs, 2*before(api.SignalReinstall, at)+before(api.SignalRetry, at)+w.looks(began, at), "a reinstall that nobody asked for")
		case "CutOff":
			if before(api.SignalTerminate, at) > 0 || at.Sub(began) >= modelDays*day || w.countUntil("Activate", i) == 0 {
				continue
			}
			require.False(r, blocked.IsZero(), "released without a block")
			require.GreaterOrEqual(r, at.Sub(blocked), modelGrace, "released within the grace period")
			for _, s := range signals {
				renewed := began.Add(s.at)
				require.False(r, s.kind == api.SignalRenew && renewed.After(blocked) && renewed.Before(at.Add(-time.Minute)),
					"released though it was renewed %s after the block", renewed.Sub(blocked))
			}
		}
	}
}

func (w *world) countUntil(name string, last int) int {
	n := 0
	for _, call := range w.calls[:last+1] {
		if call == name {
			n++
		}
	}
	return n
}

// looks counts the retries of the person who looks at the end of the model.
func (w *world) looks(began, at time.Time) int {
	return max(0, int(at.Sub(began)/(3*day))-modelDays/3+1)
}
