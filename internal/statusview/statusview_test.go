package statusview

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/workflows"
)

var update = flag.Bool("update", false, "write the golden files anew")

var now = time.Date(2026, 1, 1, 12, 10, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return now.Add(-d) }

// scenes are services at moments that people look at.
func scenes() map[string]control.Status {
	order := workflows.Status{ServiceID: 101, ClientID: 7, Panel: "fra1", Package: "E3-16G", Account: "u101"}
	server := &workflows.Server{ID: "5", Label: "A1-05", Hostname: "s101.example.com", IP: "192.0.2.5", ExtraIPs: []string{"192.0.2.77", "2001:db8::5"}}
	steps := []workflows.StepTime{
		{Step: workflows.StepAccount, Began: ago(5 * time.Minute), Ended: ago(299 * time.Second)},
		{Step: workflows.StepClaim, Began: ago(299 * time.Second), Ended: ago(298 * time.Second)},
		{Step: workflows.StepAddresses, Began: ago(298 * time.Second), Ended: ago(290 * time.Second)},
		{Step: workflows.StepPower, Began: ago(290 * time.Second), Ended: ago(4 * time.Minute)},
	}
	installing := order
	installing.Phase, installing.Step, installing.Server = workflows.PhasePending, workflows.StepInstall, server
	installing.Steps = append(steps, workflows.StepTime{Step: workflows.StepInstall, Began: ago(4 * time.Minute)})
	installing.Install = &workflows.Install{AcceptedAt: ago(4 * time.Minute), Deadline: now.Add(8 * time.Minute), Attempt: 1}
	installing.Timeline = []workflows.Entry{{At: ago(5 * time.Minute), What: "order received, paid 2026-01-01T12:00:00Z"}, {At: ago(4 * time.Minute), What: "install 1 accepted by the panel: ISPsystem__Debian-12-x86_64"}}

	failed := installing
	failed.Phase = workflows.PhaseAttention
	failed.Attention = &workflows.Attention{Code: "install_failed", Message: "install of ISPsystem__Debian-12-x86_64 failed on server 5: the server did not boot over the network",
		Since: ago(time.Minute), Actions: []string{"retry", "accept", "terminate"}}

	waiting := order
	waiting.Phase, waiting.Step, waiting.Position = workflows.PhaseWaiting, workflows.StepClaim, 3
	waiting.Steps = append(steps[:1:1], workflows.StepTime{Step: workflows.StepClaim, Began: ago(time.Hour)})

	blocked := order
	blocked.Phase, blocked.Server, blocked.Ready = workflows.PhaseBlocked, server, true
	end := now.Add(50 * time.Hour)
	blocked.GraceEndsAt = &end
	blocked.Blocks = []workflows.Block{{Reason: "expired", Source: "whmcs", Since: ago(22 * time.Hour)}}
	blocked.Held = ""

	trouble := control.Status{Status: installing, Trouble: []control.Trouble{{Activity: "AwaitInstall", Attempt: 6,
		LastError: "panel fra1, server: dci.example.com:1500 did not answer: connection refused"}}}
	released := order
	released.Phase, released.Server = workflows.PhaseReleased, server
	return map[string]control.Status{
		"installing": {Status: installing}, "failed": {Status: failed}, "waiting": {Status: waiting}, "blocked": {Status: blocked},
		"trouble": trouble, "released": {Status: released, Closed: true},
	}
}

func TestWhatPeopleSee(t *testing.T) {
	for name, scene := range scenes() {
		t.Run(name, func(t *testing.T) {
			got := Render(scene, now, Style{Width: 80}) + "\n" + Line(scene, now, Style{Width: 80}) + "\n"
			file := filepath.Join("testdata", name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
			for line := range strings.Lines(got) {
				require.LessOrEqual(t, len([]rune(strings.TrimRight(line, "\n"))), 100)
			}
		})
	}
}

func TestColoursAreOnlyAsked(t *testing.T) {
	for _, scene := range scenes() {
		require.NotContains(t, Render(scene, now, Style{}), "\x1b")
		require.Contains(t, Render(scene, now, Style{Colour: true}), "\x1b[")
		require.NotContains(t, Line(scene, now, Style{}), "\x1b")
	}
}

func TestBar(t *testing.T) {
	require.Equal(t, "░░░░", Bar(-1, 4))
	require.Equal(t, "██░░", Bar(0.5, 4))
	require.Equal(t, "████", Bar(7, 4))
}
