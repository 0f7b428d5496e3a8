package statusview_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"metalease/internal/clean"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/workflows/api"
)

var update = flag.Bool("update", false, "write the pictures in testdata anew")

var now = time.Date(2026, 1, 5, 12, 10, 30, 0, time.UTC)

func at(clock string) time.Time {
	t, err := time.Parse(time.DateTime, "2026-01-05 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

// built are the steps of a build that is over.
func built(until int) []api.StepTime {
	times := []string{"12:00:00", "12:00:01", "12:00:03", "12:00:07", "12:01:05", "12:07:29", "12:07:31"}
	var steps []api.StepTime
	for i, step := range api.Steps[:until] {
		steps = append(steps, api.StepTime{Step: step, Began: at(times[i]), Ended: at(times[i+1])})
	}
	return steps
}

// running is a build in the step after the ones that are done.
func running(done int) []api.StepTime {
	steps := built(done + 1)
	steps[done].Ended = time.Time{}
	return steps
}

func base(phase api.Phase) control.Status {
	return control.Status{Status: api.Status{
		ServiceID: 101, ClientID: 7, Panel: "fra1", Package: "E3-16G", Phase: phase, Account: "c7u101",
		Server:   &api.Server{ID: "5", Label: "srv-5", Hostname: "s101.example.com", IP: "10.0.0.5", ExtraIPs: []string{"10.0.1.7", "2001:db8::7"}},
		Order:    api.Order{PaidAt: at("11:59:58")},
		Timeline: []api.Entry{{At: at("12:00:00"), What: "order received, paid 2026-01-05T11:59:58Z"}, {At: at("12:00:03"), What: "server 5 (srv-5) claimed"}},
	}}
}

func with(s control.Status, change func(*control.Status)) control.Status {
	change(&s)
	return s
}

func moment(t time.Time) *time.Time { return &t }

var pictures = map[string]control.Status{
	"account": with(base(api.PhasePending), func(s *control.Status) {
		s.Step, s.Server, s.Account, s.Steps = api.StepAccount, nil, "", running(0)
	}),
	"waiting": with(base(api.PhaseWaiting), func(s *control.Status) {
		s.Step, s.Server, s.Position, s.Steps = api.StepClaim, nil, 3, running(1)
	}),
	"install": with(base(api.PhasePending), func(s *control.Status) {
		s.Step, s.Steps = api.StepInstall, running(4)
		s.Install = &api.Install{AcceptedAt: at("12:01:10"), Deadline: at("12:13:10"), Attempt: 1}
	}),
	"late": with(base(api.PhaseAttention), func(s *control.Status) {
		s.Step, s.Steps = api.StepInstall, running(4)
		s.Install = &api.Install{AcceptedAt: at("11:55:00"), Deadline: at("12:07:00"), Attempt: 2}
		s.Attention = &api.Attention{Number: 2, Code: "install_late", Since: at("12:07:00"), Actions: []string{"retry", "accept", "terminate"},
			Message: "the install of server 5 is not finished after 12m0s; it goes on to Active by itself if it still ends well"}
	}),
	"trouble": with(base(api.PhasePending), func(s *control.Status) {
		s.Step, s.Steps = api.StepPower, running(3)
		s.Trouble = []control.Trouble{
			{Activity: "PowerOn", Where: "panel fra1", Attempt: 6, Since: at("12:00:07"), LastError: "panel fra1, server.power: dci.example.com:1500 did not answer: connection refused", NextAttempt: at("12:10:42")},
			{Activity: "Note", Where: "WHMCS", Attempt: 2},
		}
	}),
	"active": with(base(api.PhaseActive), func(s *control.Status) { s.Steps = built(6) }),
	"grace": with(base(api.PhaseBlocked), func(s *control.Status) {
		s.Steps, s.GraceEndsAt = built(6), moment(at("12:10:30").Add(71*time.Hour))
		s.Blocks = []api.Block{{Reason: "expired", Source: "whmcs", Since: at("11:10:30")}}
	}),
	"suspended and held": with(base(api.PhaseBlocked), func(s *control.Status) {
		s.Held = "legal case 4711"
		s.Blocks = []api.Block{{Reason: "abuse\x1b[2J: port scans", Source: "cli", Since: now.Add(-48 * time.Hour)}}
	}),
	"released": with(base(api.PhaseReleased), func(s *control.Status) { s.Closed, s.Ending = true, "completed" }),
	"abandoned": with(base(api.PhaseActive), func(s *control.Status) {
		s.Closed, s.Ending, s.Steps = true, "terminated", running(4)
	}),
}

func compare(t *testing.T, file, text string) {
	t.Helper()
	path := filepath.Join("testdata", strings.ReplaceAll(file, " ", "-")+".txt")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), text)
}

func TestPictures(t *testing.T) {
	for name, status := range pictures {
		t.Run(name, func(t *testing.T) {
			compare(t, name, statusview.Render(status, now, statusview.Style{Width: 100}))
		})
	}
}

func TestAnAnswerNamesTheAttentionThatWasRead(t *testing.T) {
	late := pictures["late"]
	require.Equal(t, "starter retry 101 --attention 2", statusview.Answer(late, "retry"))
	require.Equal(t, "starter accept 101 --attention 2", statusview.Answer(late, "accept"))
	require.Equal(t, "starter terminate 101", statusview.Answer(late, "terminate"), "what has no number")
	older := with(late, func(s *control.Status) { s.Attention = &api.Attention{Code: "install_late"} })
	require.Equal(t, "starter retry 101", statusview.Answer(older, "retry"), "of an older build")
}

func TestPicturesOfOtherStyles(t *testing.T) {
	compare(t, "late-narrow", statusview.Render(pictures["late"], now, statusview.Style{Width: 60}))
	compare(t, "install-colour", statusview.Render(pictures["install"], now, statusview.Style{Width: 100, Colour: true}))
}

func TestLines(t *testing.T) {
	var b strings.Builder
	for _, name := range []string{"account", "waiting", "install", "late", "trouble", "active", "grace", "suspended and held", "released", "abandoned"} {
		b.WriteString(statusview.Line(pictures[name], now, statusview.Style{Width: 100}) + "\n")
	}
	compare(t, "lines", b.String())
}

var escape = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestNothingIsWiderThanTheTerminal(t *testing.T) {
	long := with(pictures["late"], func(s *control.Status) {
		s.Package = strings.Repeat("package ", 30)
		s.Server.ExtraIPs = strings.Split(strings.Repeat("10.0.0.1 ", 40), " ")
		s.Attention.Message = strings.Repeat("word ", 60) + strings.Repeat("x", 300)
	})
	for _, width := range []int{40, 61, 80, 200} {
		for name, status := range map[string]control.Status{"long": long, "late": pictures["late"], "install": pictures["install"], "trouble": pictures["trouble"]} {
			for _, colour := range []bool{false, true} {
				style := statusview.Style{Width: width, Colour: colour}
				text := statusview.Render(status, now, style) + statusview.Line(status, now, style)
				for line := range strings.SplitSeq(text, "\n") {
					bare := escape.ReplaceAllString(line, "")
					require.LessOrEqual(t, utf8.RuneCountInString(bare), width, "%s: %q", name, bare)
					require.Equal(t, strings.TrimRight(bare, " "), bare, "no trailing blanks")
				}
			}
		}
	}
}

func TestColourChangesNothingElse(t *testing.T) {
	for name, status := range pictures {
		plain := statusview.Render(status, now, statusview.Style{Width: 90})
		coloured := statusview.Render(status, now, statusview.Style{Width: 90, Colour: true})
		require.NotContains(t, plain, "\x1b", name)
		require.Contains(t, coloured, "\x1b[")
		require.Equal(t, plain, escape.ReplaceAllString(coloured, ""), name)
	}
}

func TestForeignTextDoesNotSteerTheTerminal(t *testing.T) {
	require.Equal(t, "a [2J b  c", clean.Visible("a\x1b[2J b\r\nc"))
	require.Equal(t, "abcdef", clean.Visible("abc\u202edef"))
	require.Equal(t, "2026-01-05T12:00:00Z  active     a [31m", statusview.Entry(api.PhaseActive, api.Entry{At: at("12:00:00"), What: "a\x1b[31m"}))
}

func TestAPhaseOfANewerWorkerIsShownAsItIs(t *testing.T) {
	require.Contains(t, statusview.Render(base("resting"), now, statusview.Style{Width: 100}), "phase resting")
}

func TestBar(t *testing.T) {
	for share, want := range map[float64]string{-1: "░░░░", 0: "░░░░", 0.5: "██░░", 0.99: "████", 7: "████"} {
		require.Equal(t, want, statusview.Bar(share, 4), fmt.Sprint(share))
	}
}

func TestWhatIsDoneWithTheServerIsTold(t *testing.T) {
	s := with(base(api.PhaseActive), func(s *control.Status) {
		s.Action = &api.Action{Kind: api.SignalPower, What: "reboot", By: api.Actor{Kind: "client", Name: "jane@example.com"}, Since: at("12:09:00"), EndedAt: at("12:10:00")}
	})
	wide := statusview.Style{Width: 200}
	require.Regexp(t, `(?m)^  done last +reboot, for client jane@example\.com, 12:09:00 UTC$`, statusview.Render(s, now, wide))
	s.Action.EndedAt = time.Time{}
	require.Regexp(t, `(?m)^  under way +reboot, for client jane@example\.com, since 12:09:00 UTC$`, statusview.Render(s, now, wide))
	s.Action.Problem = "it did not come up within 10m"
	require.Regexp(t, `(?m)^  failed +reboot, for client jane@example\.com, 12:09:00 UTC: it did not come up within 10m$`, statusview.Render(s, now, wide))
	require.NotContains(t, statusview.Render(base(api.PhaseActive), now, wide), "done last")
}
