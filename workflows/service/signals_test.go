package service

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"metalease/workflows/api"
	"metalease/workflows/internal/operation"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func active(change ...func(*State)) *State {
	s := State{Order: order(), Server: &Server{}}
	s.Life.Phase = api.PhaseActive
	for _, c := range change {
		c(&s)
	}
	return &s
}

func TestDecide(t *testing.T) {
	blocked := func(s *State) {
		s.Life.Phase, s.Server.Blocked = api.PhaseBlocked, true
		s.Blocks.Expiry = &Expiry{Due: date("2026-02-28").Time, Since: noon, Grace: api.Duration(72 * time.Hour)}
		s.Blocks.startGrace(noon)
	}
	for _, c := range []struct {
		name    string
		state   *State
		signal  string
		input   string
		outcome api.Outcome
		check   func(*testing.T, *State)
	}{
		{"expire blocks", active(), api.SignalExpire, `{"due":"2026-02-28"}`, api.OutcomePending,
			func(t *testing.T, s *State) { require.True(t, s.wantsBlock()); require.Nil(t, s.Blocks.GraceEndsAt) }},
		{"expire of a paid month", active(func(s *State) { s.Blocks.PaidUntil = date("2026-03-28").Time }), api.SignalExpire, `{"due":"2026-02-28"}`, api.OutcomePending,
			func(t *testing.T, s *State) {
				require.False(t, s.wantsBlock())
				require.NotNil(t, s.Blocks.Doubts.Expire)
			}},
		{"expire of the month after the renewal", active(func(s *State) { s.Blocks.PaidUntil = date("2026-03-28").Time }), api.SignalExpire, `{"due":"2026-03-28"}`, api.OutcomePending,
			func(t *testing.T, s *State) { require.True(t, s.wantsBlock()) }},
		{"a repeated expire keeps the grace end", active(blocked), api.SignalExpire, `{"due":"2026-02-28","grace":"1h"}`, api.OutcomeApplied,
			func(t *testing.T, s *State) { require.Equal(t, noon.Add(72*time.Hour), *s.Blocks.GraceEndsAt) }},
		{"renew lifts", active(blocked), api.SignalRenew, `{"expires_at":"2026-03-28"}`, api.OutcomePending,
			func(t *testing.T, s *State) { require.False(t, s.wantsBlock()); require.Nil(t, s.Blocks.GraceEndsAt) }},
		{"a renewal of the expired month lifts nothing", active(blocked), api.SignalRenew, `{"expires_at":"2026-02-28"}`, api.OutcomeIgnored,
			func(t *testing.T, s *State) { require.True(t, s.wantsBlock()) }},
		{"an older renewal", active(func(s *State) { s.Blocks.PaidUntil, s.Blocks.PaidSaid = date("2026-04-28").Time, noon.Add(-time.Hour) }), api.SignalRenew,
			`{"expires_at":"2026-03-28","at":"2026-02-27T00:00:00Z"}`, api.OutcomePending, func(t *testing.T, s *State) { require.NotNil(t, s.Blocks.Doubts.Renew) }},
		{"a date that no service has", active(), api.SignalRenew, `{"expires_at":"2062-01-01"}`, api.OutcomeIgnored,
			func(t *testing.T, s *State) { require.True(t, s.Blocks.PaidUntil.IsZero()) }},
		{"a correction moves the date back", active(func(s *State) { s.Blocks.PaidUntil, s.Blocks.PaidSaid = date("2026-04-28").Time, noon.Add(-time.Hour) }), api.SignalRenew,
			`{"expires_at":"2026-03-28"}`, api.OutcomeApplied, func(t *testing.T, s *State) { require.Equal(t, date("2026-03-28").Time, s.Blocks.PaidUntil) }},
		{"a clock of another source decides nothing", active(func(s *State) { s.Blocks.SuspendedAt, s.Blocks.SuspendedBy = noon, "cli" }), api.SignalSuspend,
			`{"at":"2026-02-28T11:59:30Z","source":"whmcs","reason":"abuse"}`, api.OutcomePending, nil},
		{"a time that lies ahead is when it came", active(), api.SignalSuspend, `{"at":"2036-01-01T00:00:00Z"}`, api.OutcomePending,
			func(t *testing.T, s *State) { require.Equal(t, noon, s.Blocks.SuspendedAt) }},
		{"a word that is not among what can be done", active(func(s *State) {
			s.Attention = &api.Attention{Number: 3, Code: api.CodeReleaseRefused, Actions: []string{api.SignalRetry}}
		}),
			api.SignalAccept, `{}`, api.OutcomeIgnored, func(t *testing.T, s *State) { require.Nil(t, s.Operator.Accept) }},
		{"a word for an older attention", active(func(s *State) {
			s.Attention = &api.Attention{Number: 3, Code: api.CodeLimit, Actions: []string{api.SignalRetry}}
		}),
			api.SignalRetry, `{"attention":2}`, api.OutcomeIgnored, func(t *testing.T, s *State) { require.Nil(t, s.Operator.Retry) }},
		{"renew when nothing is blocked", active(), api.SignalRenew, `{}`, api.OutcomeApplied, nil},
		{"renew does not lift a suspension", active(blocked, func(s *State) { s.Blocks.Suspensions = []api.Block{{Reason: "abuse"}} }), api.SignalRenew, ``, api.OutcomeApplied,
			func(t *testing.T, s *State) { require.True(t, s.wantsBlock()) }},
		{"a text is the reason", active(), api.SignalSuspend, `"abuse"`, api.OutcomePending,
			func(t *testing.T, s *State) { require.Equal(t, "abuse", s.Blocks.Suspensions[0].Reason) }},
		{"the callback of WHMCS only confirms", active(func(s *State) {
			s.Server.Blocked, s.Blocks.Suspensions = true, []api.Block{{Reason: "abuse", Source: "signal"}}
		}), api.SignalSuspend, `{"reason":"abuse","source":"whmcs"}`, api.OutcomeApplied,
			func(t *testing.T, s *State) { require.Len(t, s.Blocks.Suspensions, 1) }},
		{"WHMCS does not lift what others set", active(func(s *State) {
			s.Server.Blocked, s.Blocks.Suspensions = true, []api.Block{{Reason: "abuse", Source: "cli"}}
		}), api.SignalUnsuspend, `{"source":"whmcs"}`, api.OutcomeApplied,
			func(t *testing.T, s *State) { require.Len(t, s.Blocks.Suspensions, 1) }},
		{"people lift everything", active(func(s *State) {
			s.Server.Blocked, s.Blocks.Suspensions = true, []api.Block{{Reason: "abuse", Source: "whmcs"}, {Reason: "request", Source: "signal"}}
		}), api.SignalUnsuspend, `{"source":"cli"}`, api.OutcomePending,
			func(t *testing.T, s *State) { require.Empty(t, s.Blocks.Suspensions) }},
		{"an older decision about suspension", active(func(s *State) { s.Blocks.SuspendedAt = noon }), api.SignalSuspend, `{"at":"2026-02-01T00:00:00Z"}`, api.OutcomeSuperseded,
			func(t *testing.T, s *State) { require.Empty(t, s.Blocks.Suspensions) }},
		{"retry without attention", active(), api.SignalRetry, ``, api.OutcomeIgnored, func(t *testing.T, s *State) { require.Nil(t, s.Operator.Retry) }},
		{"accept without attention", active(), api.SignalAccept, ``, api.OutcomeIgnored, nil},
		{"a wrong correction", active(func(s *State) { s.Attention = &api.Attention{Actions: []string{api.SignalRetry}} }), api.SignalRetry, `{"order":{"ipv4":-1}}`, api.OutcomeIgnored,
			func(t *testing.T, s *State) { require.Zero(t, s.Order.IPv4) }},
		{"terminate", active(), api.SignalTerminate, `"fraud"`, api.OutcomePending, func(t *testing.T, s *State) { require.Equal(t, "fraud", s.Operator.Terminate.Reason) }},
		{"terminate twice", active(func(s *State) { s.Life.Phase = api.PhaseReleasing; s.Release.Stage = operation.StageCutOff }), api.SignalTerminate, ``, api.OutcomeApplied, nil},
		{"renew after the customer was told off", active(func(s *State) { s.Life.Phase = api.PhaseReleasing }), api.SignalRenew, ``, api.OutcomeIgnored,
			func(t *testing.T, s *State) { require.False(t, s.Billing.PaidLate) }},
		{"unknown fields are ignored", active(), api.SignalHold, `{"colour":"red","reason":"VIP"}`, api.OutcomeApplied,
			func(t *testing.T, s *State) { require.Equal(t, "VIP", s.Blocks.Hold) }},
		{"a number is no input", active(), api.SignalTerminate, `42`, api.OutcomeIgnored, func(t *testing.T, s *State) { require.Nil(t, s.Operator.Terminate) }},
		{"a bad date changes nothing", active(), api.SignalExpire, `{"due":"soon"}`, api.OutcomeIgnored, func(t *testing.T, s *State) { require.Nil(t, s.Blocks.Expiry) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.state.receive(c.signal, json.RawMessage(c.input), "", noon)
			require.Equal(t, c.outcome, c.state.Journal.Events[0].Outcome, c.state.Journal.Events[0].Reason)
			require.NotEmpty(t, c.state.Journal.Timeline, "every signal is seen in the timeline")
			if c.check != nil {
				c.check(t, c.state)
			}
		})
	}
}

func TestMemoryIsBounded(t *testing.T) {
	s := active()
	for i := range 1000 {
		s.receive(api.SignalHold, json.RawMessage(fmt.Sprintf(`{"event_id":"e%d"}`, i)), "", noon)
	}
	require.Len(t, s.Journal.Events, keepEvents)
	require.Len(t, s.Journal.Timeline, keepTimeline)
	require.Len(t, s.Journal.Seen, keepSeen)
	s.receive(api.SignalHold, json.RawMessage(`{"event_id":"e999"}`), "", noon)
	require.Equal(t, "e999", s.Journal.Events[keepEvents-1].EventID)
	require.Equal(t, "e980", s.Journal.Events[0].EventID, "a repeat adds nothing")
}

func TestOrderFaultsNameEveryField(t *testing.T) {
	require.Empty(t, order().Faults())
	bad := api.Order{IPv4: -1, IPv6: 300, Domain: "free.ds", InstallTimeout: -1, InstallAttempts: 11, Grace: -1}
	var fields []string
	for _, f := range bad.Faults() {
		fields = append(fields, f.Field)
		require.NotEmpty(t, f.Reason)
	}
	require.Equal(t, []string{"service_id", "client_id", "paid_at", "panel", "package", "os_template", "ipv4", "ipv6", "domain",
		"install_timeout", "install_attempts", "grace"}, fields)
}

func TestTolerantValues(t *testing.T) {
	var o api.Order
	require.NoError(t, json.Unmarshal([]byte(`{"server_id":5,"install_timeout":720,"grace":"3d"}`), &o))
	require.Equal(t, api.ID("5"), o.ServerID)
	require.Equal(t, api.Duration(720*time.Second), o.InstallTimeout)
	require.Equal(t, api.Duration(72*time.Hour), o.Grace)
	require.Error(t, json.Unmarshal([]byte(`{"grace":"soon"}`), &o))
	require.Error(t, json.Unmarshal([]byte(`{"server_id":{}}`), &o))

	var m api.Moment
	require.NoError(t, json.Unmarshal([]byte(`"0000-00-00"`), &m))
	require.True(t, m.IsZero())
	require.NoError(t, json.Unmarshal([]byte(`"2026-01-31 10:00:00"`), &m))
	require.Equal(t, 10, m.Hour())
}

// TestAMistypedSignalIsSeen: it changes nothing, and says which exist.
func TestAMistypedSignalIsSeen(t *testing.T) {
	w := newWorld(t)
	w.at(hour, "supsend", "abuse")
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Len(t, s.Events, 1)
		require.Equal(t, "supsend", s.Events[0].Kind)
		require.Equal(t, api.OutcomeIgnored, s.Events[0].Outcome)
		require.Contains(t, s.Events[0].Reason, "these exist: expire, renew, suspend")
	})
	w.live(order(), 3*hour)
}
