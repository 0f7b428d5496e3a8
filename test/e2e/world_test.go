// Package e2e runs the whole set as real processes: Temporal, both simulators,
// worker and gateway.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/stack"
	"metalease/test/harness"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// programs is where TestMain has built them.
var programs string

func TestMain(m *testing.M) {
	os.Exit(harness.Main(m, &programs, harness.SideBySide, "TEMPORAL_CLI"))
}

// quick is a clock for tests.
const quick = harness.Quick

// world is a running set with one test in it.
type world struct {
	*stack.Stack
	t   *testing.T
	ctx context.Context
	// servers are those of services that came from the old module.
	servers []string
	// keys are those of a set that has Temporal keep everything encrypted.
	keys config.Encryption
	// secrets are further ones that stand in no history and no log.
	secrets []string
}

// newWorld starts a set; flags are further flags of dcimsim.
func newWorld(t *testing.T, config string, flags ...string) *world {
	t.Helper()
	return newWorldWith(t, stack.Options{Config: config, PanelFlags: flags, PanelConfig: loose})
}

// loose limits: a test releases more servers than a billing run should.
const loose = harness.Loose

// newWorldWith starts a set with further options.
func newWorldWith(t *testing.T, options stack.Options) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	t.Cleanup(cancel)
	cli, err := filepath.Abs(os.Getenv("TEMPORAL_CLI"))
	require.NoError(t, err)
	options.Root, options.Dir, options.Bin, options.TemporalCLI = "../..", t.TempDir(), programs, cli
	if !slices.Contains(options.PanelFlags, "--fleet") {
		options.PanelFlags = append([]string{"--servers", "30", "--packages", "E3-16G"}, options.PanelFlags...)
	}
	options.PanelFlags = append([]string{"--install-time", "1s", "--power-time", "100ms", "--flag-delay", "100ms"}, options.PanelFlags...)
	s, err := stack.Start(ctx, options)
	require.NoError(t, err)
	w := &world{Stack: s, t: t, ctx: ctx}
	t.Cleanup(w.end)
	return w
}

// in is the same world for a part of its test.
func (w *world) in(t *testing.T) *world {
	return &world{Stack: w.Stack, t: t, ctx: w.ctx, keys: w.keys}
}

// end checks what must hold after every test, and stops the set.
func (w *world) end() {
	if w.t.Failed() {
		w.t.Logf("worker:\n%s", harness.Tail(w.Worker.Log()))
		w.t.Logf("gateway:\n%s", harness.Tail(w.Gateway.Log()))
	} else {
		w.searchAndReplay()
		if violations := w.panel().Violations; len(violations) > 0 {
			w.t.Errorf("the panel saw violations: %v", violations)
		}
	}
	w.Stop()
}

func (w *world) whmcs() simulator.State {
	w.t.Helper()
	return harness.WHMCS(w.t, w.Stack)
}

// order places and pays one, and returns the id of its first service.
func (w *world) order(o simulator.Order) int {
	w.t.Helper()
	placed := harness.Place(w.ctx, w.t, w.Stack, o)
	for _, service := range placed.Services {
		require.Empty(w.t, service.Error)
	}
	return placed.Services[0].ServiceID
}

// bill has something happen to a service in WHMCS.
func (w *world) bill(id int, act string) {
	w.t.Helper()
	harness.Act(w.ctx, w.t, w.Stack, id, act)
}

// call makes a signed call to the gateway and returns its code and answer. The same twice in a second is signed as of the second
// before: the gateway cannot tell it from a copy.
func (w *world) call(method, path string, body any) (int, []byte) {
	w.t.Helper()
	now := time.Now()
	code, answer := w.callAt(method, path, body, now)
	for back := 1; code == http.StatusUnauthorized && bytes.Contains(answer, []byte("/problems/replayed")) && back <= 60; back++ {
		code, answer = w.callAt(method, path, body, now.Add(-time.Duration(back)*time.Second))
	}
	return code, answer
}

func (w *world) callAt(method, path string, body any, signed time.Time) (int, []byte) {
	w.t.Helper()
	code, answer, err := stack.SignedCall(w.ctx, method, w.GatewayURL(path), body, signed)
	require.NoError(w.t, err)
	return code, answer
}

func (w *world) status(id int) api.Status {
	w.t.Helper()
	code, answer := w.call(http.MethodGet, fmt.Sprintf("/v1/services/%d", id), nil)
	var status api.Status
	if code == http.StatusOK {
		require.NoError(w.t, json.Unmarshal(answer, &status))
	}
	return status
}

// fullStatus is the status with what only the engine knows.
func (w *world) fullStatus(id int) control.Status {
	w.t.Helper()
	code, answer := w.call(http.MethodGet, fmt.Sprintf("/v1/services/%d", id), nil)
	var status control.Status
	if code == http.StatusOK {
		require.NoError(w.t, json.Unmarshal(answer, &status))
	}
	return status
}

// await waits until the status is as wanted, which may be for a moment only.
func (w *world) await(id int, what string, wanted func(api.Status) bool) api.Status {
	w.t.Helper()
	return w.awaitEach(pollEach, id, what, wanted)
}

// awaitLasting waits until the status is as wanted, and stays so: it asks less often, for each question takes gateway, worker and Temporal
// from those who work.
func (w *world) awaitLasting(id int, what string, wanted func(api.Status) bool) api.Status {
	w.t.Helper()
	return w.awaitEach(lastingEach, id, what, wanted)
}

func (w *world) awaitEach(each time.Duration, id int, what string, wanted func(api.Status) bool) api.Status {
	w.t.Helper()
	var status api.Status
	ok := w.within(patience, each, func() bool { status = w.status(id); return wanted(status) })
	if !ok {
		text, _ := json.MarshalIndent(status, "", " ")
		w.t.Fatalf("service %d is not %s: %s", id, what, text)
	}
	return status
}

func (w *world) awaitPhase(id int, phase api.Phase) api.Status {
	w.t.Helper()
	wanted := func(s api.Status) bool { return s.Phase == phase }
	if phase == api.PhasePending || phase == api.PhaseReleasing { // they pass
		return w.await(id, string(phase), wanted)
	}
	return w.awaitLasting(id, string(phase), wanted)
}

// patience is how long a condition may take.
const (
	patience    = 60 * time.Second
	pollEach    = 50 * time.Millisecond
	lastingEach = 4 * pollEach
)

func (w *world) eventually(condition func() bool) bool {
	return w.within(patience, pollEach, condition)
}

func (w *world) within(patience, each time.Duration, condition func() bool) bool {
	return harness.Within(patience, each, condition)
}

// temporal runs the official command line.
func (w *world) temporal(args ...string) string {
	w.t.Helper()
	out, err := w.TemporalCommand(w.ctx, args...)
	require.NoError(w.t, err, out)
	return out
}

func containsAny(text string, parts ...string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
