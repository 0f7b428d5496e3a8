package proving_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim/profile"
	"metalease/dcim/proving"
	"metalease/dcim/simulator"
)

// strangers is how many panels are found out about; METALEASE_STRANGERS is another number, such as 200.
const strangers = 40

func seeds(t *testing.T) int {
	text := os.Getenv("METALEASE_STRANGERS")
	if text == "" {
		return strangers
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, "METALEASE_STRANGERS")
	return n
}

// understood checks and drills a panel, and requires every fact to be told as it is.
func understood(t *testing.T, config simulator.Config) {
	t.Helper()
	w := newWorld(t, config)
	before := w.stock()
	check, err := w.Check(t.Context())
	require.NoError(t, err)
	require.Equal(t, before, w.stock(), "a check changes nothing")
	drill, err := w.Drill(t.Context(), w.plan)
	require.NoError(t, err)
	w.unchanged(before)
	all := profile.Profile{}.Merge("fra1", check.Seen)
	require.Empty(t, all.Contradictions(drill.Seen), "check and drill agree: %v %v", check.Seen, drill.Seen)
	all = all.Merge("fra1", drill.Seen)
	for _, f := range switchable() {
		seen := all.Value(f.ID)
		if seen == "" {
			require.True(t, excused(f, w.config, w.plan.Template != ""), "%s was not told: %s, %s, %v", f.ID, check.Unanswered[f.ID], drill.Unanswered[f.ID], drill.Notes)
			continue
		}
		require.Equal(t, want(t, w.config, f), seen, "%s (--%s)", f.ID, f.Switch)
	}
	limits(t, w, drill)
}

// limits: what was measured is the true time, or less than a look more.
func limits(t *testing.T, w *world, drill *proving.Report) {
	t.Helper()
	delay, power := w.config.FlagDelay, w.config.FlagDelay+w.config.PowerTime
	for fact, least := range map[string]string{
		"block-time": delay.String(), "unblock-time": delay.String(), "ports-time": (2 * delay).String(), "install-time": delay.String(),
		"cancel-time": delay.String(), "power-on-time": power.String(), "power-off-time": power.String(),
	} {
		at, there := drill.Seen[fact]
		require.True(t, there, "%s: %s", fact, drill.Unanswered[fact])
		require.InDelta(t, seconds(t, least), seconds(t, at.Value), 1, fact)
	}
}

// TestEachSwitchIsSeen: alone, with each value that it has.
func TestEachSwitchIsSeen(t *testing.T) {
	for _, f := range switchable() {
		for _, argument := range arguments(f) {
			t.Run(f.Switch+"="+argument, func(t *testing.T) {
				t.Parallel()
				config := stranger(t, 0)
				config = simulator.Config{FlagDelay: config.FlagDelay, PowerTime: config.PowerTime, InstallTime: config.InstallTime, Fleet: fleet()}
				if f.Switch == "pool-error-type" {
					config.PoolSize = -1
				}
				if f.Switch == "encoding-undeclared" {
					config.Encoding.Name = "windows-1251"
				}
				turn(t, &config, f.Switch, argument)
				understood(t, config)
			})
		}
	}
}

// TestStrangersAreUnderstood: panels whose switches come from a seed.
func TestStrangersAreUnderstood(t *testing.T) {
	for seed := range seeds(t) {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			understood(t, stranger(t, uint64(seed)))
		})
	}
}

// TestACheckAloneGuessesNothing: what it cannot know it does not say.
func TestACheckAloneGuessesNothing(t *testing.T) {
	for seed := range uint64(20) {
		config := stranger(t, seed)
		w := newWorld(t, config)
		check, err := w.Check(t.Context())
		require.NoError(t, err)
		for _, f := range switchable() {
			if seen, told := check.Seen[f.ID]; told {
				require.Equal(t, want(t, w.config, f), seen.Value, f.ID)
			}
		}
		for _, f := range profile.Facts() {
			_, told := check.Seen[f.ID]
			require.NotEqual(t, told, check.Unanswered[f.ID] != "", "%s has one row, with an answer or with what is needed for one", f.ID)
		}
	}
}
