package workflows

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func active(change ...func(*Input)) *Input {
	s := NewInput(order(), Settings{})
	s.Phase = PhaseActive
	for _, c := range change {
		c(&s)
	}
	return &s
}

func TestDecide(t *testing.T) {
	blocked := func(s *Input) {
		s.Phase, s.Blocked = PhaseBlocked, true
		s.Expiry = &Expiry{Due: date("2026-02-28").Time, Since: noon, Grace: Duration(72 * time.Hour)}
		s.startGrace(noon)
	}
	for _, c := range []struct {
		name    string
		state   *Input
		signal  string
		input   string
		outcome Outcome
		check   func(*testing.T, *Input)
	}{
		{"expire blocks", active(), SignalExpire, `{"due":"2026-02-28"}`, OutcomePending,
			func(t *testing.T, s *Input) { require.True(t, s.wantsBlock()); require.Nil(t, s.GraceEndsAt) }},
		{"expire of a paid month", active(func(s *Input) { s.PaidUntil = date("2026-03-28").Time }), SignalExpire, `{"due":"2026-02-28"}`, OutcomeIgnored,
			func(t *testing.T, s *Input) { require.False(t, s.wantsBlock()) }},
		{"expire of the month after the renewal", active(func(s *Input) { s.PaidUntil = date("2026-03-28").Time }), SignalExpire, `{"due":"2026-03-28"}`, OutcomePending,
			func(t *testing.T, s *Input) { require.True(t, s.wantsBlock()) }},
		{"a repeated expire keeps the grace end", active(blocked), SignalExpire, `{"due":"2026-02-28","grace":"1h"}`, OutcomeApplied,
			func(t *testing.T, s *Input) { require.Equal(t, noon.Add(72*time.Hour), *s.GraceEndsAt) }},
		{"renew lifts", active(blocked), SignalRenew, `{"expires_at":"2026-03-28"}`, OutcomePending,
			func(t *testing.T, s *Input) { require.False(t, s.wantsBlock()); require.Nil(t, s.GraceEndsAt) }},
		{"a renewal of the expired month lifts nothing", active(blocked), SignalRenew, `{"expires_at":"2026-02-28"}`, OutcomeIgnored,
			func(t *testing.T, s *Input) { require.True(t, s.wantsBlock()) }},
		{"an older renewal", active(func(s *Input) { s.PaidUntil = date("2026-04-28").Time }), SignalRenew, `{"expires_at":"2026-03-28"}`, OutcomeSuperseded, nil},
		{"renew when nothing is blocked", active(), SignalRenew, `{}`, OutcomeApplied, nil},
		{"renew does not lift a suspension", active(blocked, func(s *Input) { s.Suspensions = []Block{{Reason: "abuse"}} }), SignalRenew, ``, OutcomeApplied,
			func(t *testing.T, s *Input) { require.True(t, s.wantsBlock()) }},
		{"a text is the reason", active(), SignalSuspend, `"abuse"`, OutcomePending,
			func(t *testing.T, s *Input) { require.Equal(t, "abuse", s.Suspensions[0].Reason) }},
		{"the callback of WHMCS only confirms", active(func(s *Input) {
			s.Blocked, s.Suspensions = true, []Block{{Reason: "abuse", Source: "signal"}}
		}), SignalSuspend, `{"reason":"abuse","source":"whmcs"}`, OutcomeApplied,
			func(t *testing.T, s *Input) { require.Len(t, s.Suspensions, 1) }},
		{"WHMCS does not lift what others set", active(func(s *Input) {
			s.Blocked, s.Suspensions = true, []Block{{Reason: "abuse", Source: "cli"}}
		}), SignalUnsuspend, `{"source":"whmcs"}`, OutcomeApplied,
			func(t *testing.T, s *Input) { require.Len(t, s.Suspensions, 1) }},
		{"people lift everything", active(func(s *Input) {
			s.Blocked, s.Suspensions = true, []Block{{Reason: "abuse", Source: "whmcs"}, {Reason: "request", Source: "signal"}}
		}), SignalUnsuspend, `{"source":"cli"}`, OutcomePending,
			func(t *testing.T, s *Input) { require.Empty(t, s.Suspensions) }},
		{"an older decision about suspension", active(func(s *Input) { s.SuspendedAt = noon }), SignalSuspend, `{"at":"2026-02-01T00:00:00Z"}`, OutcomeSuperseded,
			func(t *testing.T, s *Input) { require.Empty(t, s.Suspensions) }},
		{"retry without attention", active(), SignalRetry, ``, OutcomeIgnored, func(t *testing.T, s *Input) { require.Nil(t, s.Retry) }},
		{"accept without attention", active(), SignalAccept, ``, OutcomeIgnored, nil},
		{"a wrong correction", active(func(s *Input) { s.Attention = &Attention{} }), SignalRetry, `{"order":{"ipv4":-1}}`, OutcomeIgnored,
			func(t *testing.T, s *Input) { require.Zero(t, s.Order.IPv4) }},
		{"terminate", active(), SignalTerminate, `"fraud"`, OutcomePending, func(t *testing.T, s *Input) { require.Equal(t, "fraud", s.Terminate.Reason) }},
		{"terminate twice", active(func(s *Input) { s.Phase = PhaseReleasing; s.Release.CutOff = true }), SignalTerminate, ``, OutcomeApplied, nil},
		{"renew after the customer was told off", active(func(s *Input) { s.Phase = PhaseReleasing }), SignalRenew, ``, OutcomeIgnored,
			func(t *testing.T, s *Input) { require.False(t, s.PaidLate) }},
		{"unknown fields are ignored", active(), SignalHold, `{"colour":"red","reason":"VIP"}`, OutcomeApplied,
			func(t *testing.T, s *Input) { require.Equal(t, "VIP", s.Held) }},
		{"a number is no input", active(), SignalTerminate, `42`, OutcomeIgnored, func(t *testing.T, s *Input) { require.Nil(t, s.Terminate) }},
		{"a bad date changes nothing", active(), SignalExpire, `{"due":"soon"}`, OutcomeIgnored, func(t *testing.T, s *Input) { require.Nil(t, s.Expiry) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.state.receive(c.signal, json.RawMessage(c.input), "", noon)
			require.Equal(t, c.outcome, c.state.Events[0].Outcome, c.state.Events[0].Reason)
			require.NotEmpty(t, c.state.Timeline, "every signal is seen in the timeline")
			if c.check != nil {
				c.check(t, c.state)
			}
		})
	}
}

func TestMemoryIsBounded(t *testing.T) {
	s := active()
	for i := range 1000 {
		s.receive(SignalHold, json.RawMessage(fmt.Sprintf(`{"event_id":"e%d"}`, i)), "", noon)
	}
	require.Len(t, s.Events, keepEvents)
	require.Len(t, s.Timeline, keepTimeline)
	require.Len(t, s.Seen, keepSeen)
	s.receive(SignalHold, json.RawMessage(`{"event_id":"e999"}`), "", noon)
	require.Equal(t, "e999", s.Events[keepEvents-1].EventID)
	require.Equal(t, "e980", s.Events[0].EventID, "a repeat adds nothing")
}

func TestOrderFaultsNameEveryField(t *testing.T) {
	require.Empty(t, order().Faults())
	bad := Order{IPv4: -1, IPv6: 300, Domain: "free.ds", InstallTimeout: -1, InstallAttempts: 11, Grace: -1}
	var fields []string
	for _, f := range bad.Faults() {
		fields = append(fields, f.Field)
		require.NotEmpty(t, f.Reason)
	}
	require.Equal(t, []string{"service_id", "client_id", "paid_at", "panel", "package", "os_template", "ipv4", "ipv6", "domain",
		"install_timeout", "install_attempts", "grace"}, fields)
}

func TestTolerantValues(t *testing.T) {
	var o Order
	require.NoError(t, json.Unmarshal([]byte(`{"server_id":5,"install_timeout":720,"grace":"3d"}`), &o))
	require.Equal(t, ID("5"), o.ServerID)
	require.Equal(t, Duration(720*time.Second), o.InstallTimeout)
	require.Equal(t, Duration(72*time.Hour), o.Grace)
	require.Error(t, json.Unmarshal([]byte(`{"grace":"soon"}`), &o))
	require.Error(t, json.Unmarshal([]byte(`{"server_id":{}}`), &o))

	var m Moment
	require.NoError(t, json.Unmarshal([]byte(`"0000-00-00"`), &m))
	require.True(t, m.IsZero())
	require.NoError(t, json.Unmarshal([]byte(`"2026-01-31 10:00:00"`), &m))
	require.Equal(t, 10, m.Hour())
}
