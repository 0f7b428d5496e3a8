// Package harness is what the tests of whole systems share: the programs, waiting, and what must hold of every history.
package harness

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"metalease/internal/stack"
	"metalease/internal/temporaltest"
)

// Quick is a clock for tests: everything that is a delay in production is short.
const Quick = `
defaults: {install_timeout: 60s, grace: 1h}
timing: {tick: 100ms, power_timeout: 30s, repeat: 2s, follow_delay: 300ms, install_settle: 3s, release_timeout: 20s, retry_cap: 1s, heartbeat: 2s}
log: {format: console, level: info}
`

// Loose limits of a panel: a test releases more servers than a billing run should.
const Loose = "max_releases_per_hour: 10000, max_blocks_per_hour: 10000"

// SideBySide is how many worlds of the end-to-end tests run at once, however many cores there are: each waits for processes, timers and
// polls for half of its time, and takes half a gigabyte. More of them would be late on two cores for what they watch.
const SideBySide = 3

// Main is the body of a TestMain: it wants the environment variables that the tests stand on, builds the programs, sets their
// folder and runs the tests, so many parallel ones at once. It returns the exit code.
func Main(m *testing.M, programs *string, sideBySide int, wanted ...string) int {
	code, err := run(m, programs, sideBySide, wanted)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func run(m *testing.M, programs *string, sideBySide int, wanted []string) (int, error) {
	for _, variable := range wanted {
		if os.Getenv(variable) == "" {
			return 1, fmt.Errorf("%s is not set: run the tests by make, which finds or builds what they need", variable)
		}
	}
	dir, err := os.MkdirTemp("", "metalease-programs")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	*programs = dir
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if err := stack.Build(ctx, "../..", dir); err != nil {
		return 1, err
	}
	temporaltest.SideBySide(sideBySide)
	return m.Run(), nil
}

// Within asks again and again until a condition holds, and tells whether it did in time.
func Within(patience, each time.Duration, condition func() bool) bool {
	limit := time.NewTimer(patience)
	defer limit.Stop()
	poll := time.NewTicker(each)
	defer poll.Stop()
	for !condition() {
		select {
		case <-limit.C:
			return false
		case <-poll.C:
		}
	}
	return true
}
