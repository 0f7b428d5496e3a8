package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
)

func TestVolumesAreInTheUnitInWhichTrafficIsSold(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 1_500_000: "1.5 MB", 2_340_000_000_000: "2.3 TB", 5_000_000_000_000_000_000: "5000.0 PB"} {
		require.Equal(t, want, volume(&bytes))
	}
	require.Equal(t, unknown, volume(nil))
}

func TestFactsAndUsageOnTheCommandLine(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start("101", "--paid-at", "2026-01-05T12:00:00Z")
	s.start("102")
	require.Contains(t, s.does("status", "101"), "active")
	require.Contains(t, s.does("status", "102"), "active")

	out := s.does("facts", "101")
	require.Regexp(t, `label +srv-5`, out)
	require.Regexp(t, `rack +unknown`, out)
	require.Regexp(t, `port +sw1 ge-0/0/5, on`, out)
	var facts control.Facts
	require.NoError(t, json.Unmarshal([]byte(s.does("facts", "101", "--json")), &facts))
	require.Equal(t, "192.0.2.205", *facts.IPMIIP)
	require.Nil(t, facts.Rack)

	require.Regexp(t, `101 +unknown +unknown +12.5 Mbit/s +yes +20`, s.does("usage", "101"))
	require.Regexp(t, `102 +unknown +unknown +unknown +no +20`, s.does("usage", "102"))
	require.Regexp(t, `101 +unknown +unknown +unknown +no +2026-01-05 12:00:00 +2026-02-01`, s.does("usage", "101", "--month", "2026-01"))
	require.Eventually(t, func() bool {
		var all []control.ServiceUsage
		return json.Unmarshal([]byte(s.does("usage", "--panel", "fra1", "--json")), &all) == nil && len(all) == 2 && all[0].Complete && !all[1].Complete
	}, testTimeout, testPoll)
	require.Regexp(t, `101 +unknown`, s.does("usage", "--panel", "fra1"))

	for args, want := range map[string]int{"facts 424242": exitNotFound, "usage 424242": exitNotFound, "usage --panel ams1": exitNotFound} {
		r := s.run(strings.Fields(args)...)
		require.Equal(t, want, r.code, "%s: %s", args, r.errOut)
	}
}

func TestWhatIsDoneWithAServerOnTheCommandLine(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start("101")
	require.Equal(t, "service 101: power done\n", s.does("power", "101", "reboot", "--wait", "20s"))
	require.Regexp(t, `done last +reboot, for staff `+whoami(), s.does("status", "101"))
	require.Equal(t, "service 101: network done: attacked\n", s.does("network", "101", "off", "--reason", "attacked", "--wait", "20s"))
	require.Contains(t, s.does("addresses", "101", "--ipv4", "2", "--wait", "20s"), "addresses done")
	require.Contains(t, s.does("reinstall", "101", "--os", "debian", "--confirm", "s101.example.com", "--yes", "--wait", "20s"), "reinstall done")
	r := s.run("power", "101", "on", "--reason", "stand-in: ignore", "--wait", "20s")
	require.Equal(t, exitFailed, r.code)
	require.Equal(t, "starter: service 101: power is not done: stand-in: ignore\n", r.errOut)
	var status control.Status
	require.NoError(t, json.Unmarshal([]byte(s.does("status", "101", "--json")), &status))
	require.WithinDuration(t, time.Now(), status.Action.Since, testTimeout)
	require.Equal(t, "staff", status.Action.By.Kind)
}
