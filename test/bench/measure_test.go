package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
)

func TestAnInstallIsSeenInItsOwnRow(t *testing.T) {
	list := `<doc><elem><id>7</id></elem><elem><id>71</id><install_in_progress>on</install_in_progress></elem></doc>`
	require.False(t, installs(list, "7"))
	require.True(t, installs(list, "71"))
	require.False(t, installs(list, "1"))
}

func TestTheEndOfAnInstallBelongsToItsService(t *testing.T) {
	var panel housed
	require.NoError(t, json.Unmarshal([]byte(`{"servers":[
		{"notes":"rack 4\n","operation":{"ends":"2026-01-05T12:00:00Z"}},
		{"notes":"metalease:demo/service-7 active","disabled":true,"operation":{"ends":"2026-01-05T12:00:01Z"}},
		{"notes":"metalease:demo/service-8 claimed"},
		{"notes":"metalease:other/service-9 active","operation":{"ends":"2026-01-05T12:00:02Z"}}]}`), &panel))
	require.Equal(t, map[int]time.Time{7: time.Date(2026, 1, 5, 12, 0, 1, 0, time.UTC)}, panel.installed())
	require.Equal(t, 1, panel.disabled())
	var all billed
	require.NoError(t, json.Unmarshal([]byte(`{"services":[{"id":7,"status":"Active"},{"id":8,"status":"Pending"}],
		"mails":[{"at":"2026-01-05T12:00:03Z","template":"Dedicated Server Welcome Email","service_id":7},{"at":"2026-01-05T11:00:00Z","template":"Invoice Created","service_id":8}]}`), &all))
	require.Equal(t, []int{7}, all.active())
	require.Equal(t, []int{8}, all.with(pendingStatus))
	require.Equal(t, map[int]time.Time{7: time.Date(2026, 1, 5, 12, 0, 3, 0, time.UTC)}, all.welcomed())
}

func TestWhatAProcessTakesIsRead(t *testing.T) {
	seen, err := parseStat("42 (a name) of) S 1 2 3 4 5 6 7 8 9 10 150 50 13 14 15 16 17 18 19 20 1000 22")
	require.NoError(t, err)
	require.Equal(t, 1, seen.parent)
	require.Equal(t, 270*time.Millisecond, seen.ended)
	require.Equal(t, 2*time.Second, seen.cpu)
	require.EqualValues(t, 1000*os.Getpagesize(), seen.memory)
	_, err = parseStat("nonsense")
	require.Error(t, err)
	later := use{at: seen.at.Add(10 * time.Second), cpu: seen.cpu + 5*time.Second}
	require.InDelta(t, 50, share(seen.use, later), 0.01)
	own, err := used(os.Getpid())
	require.NoError(t, err)
	require.Positive(t, own.memory)
}

func TestSharedMemoryCountsOnce(t *testing.T) {
	size, err := parsePSS("55d0-7ffe ---p 00000000 00:00 0    [rollup]\nRss:   9000 kB\nPss:                 290 kB\nPss_Dirty:  100 kB\n")
	require.NoError(t, err)
	require.EqualValues(t, 290*kib, size)
	_, err = parsePSS("")
	require.Error(t, err)

	parent := exec.Command("sh", "-c", "sleep 60 & echo $!; wait")
	out, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	t.Cleanup(func() { _ = parent.Process.Kill(); _ = parent.Wait() })
	var child int
	_, err = fmt.Fscanln(out, &child)
	require.NoError(t, err)
	t.Cleanup(func() { _ = syscall.Kill(child, syscall.SIGKILL) })
	one, err := usedByAll(child)
	require.NoError(t, err)
	both, err := usedByAll(parent.Process.Pid)
	require.NoError(t, err)
	require.Positive(t, one.memory)
	require.Greater(t, both.memory, one.memory, "the parent and its child")
	_, err = usedByAll(1 << 30)
	require.Error(t, err, "there is no such process")
}

func TestAnIdleServiceIsOneThatTheLifecycleTakes(t *testing.T) {
	in := idleService(firstIdle+70_000, time.Now())
	require.Equal(t, api.PhaseActive, in.State.Life.Phase)
	require.False(t, in.State.Life.Unseen, "it does not look")
	require.Empty(t, in.Order.Faults())
	text, err := json.Marshal(in)
	require.NoError(t, err)
	require.Greater(t, len(text), 2*kib, "as large as what a build leaves")
}
