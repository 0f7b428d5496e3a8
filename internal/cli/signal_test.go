package cli

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/internal/hostname"
	"metalease/workflows/api"
)

// A field of a signal that the command line cannot give would be found by whoever needs it at night.
func TestEveryFieldOfASignalHasAFlag(t *testing.T) {
	used := map[string]bool{}
	for _, s := range api.SignalTable {
		for _, field := range s.Fields {
			require.Contains(t, fieldFlags, field, s.Name)
			used[field] = true
		}
		cmd, _, err := starterCommand(Streams{}).Find([]string{s.Name})
		require.NoError(t, err)
		require.Equal(t, s.Name, cmd.Name())
		require.Equal(t, s.Destroys, cmd.Flags().Lookup("yes") != nil, "%s asks when a customer may lose the server", s.Name)
	}
	for field := range fieldFlags {
		require.True(t, used[field], "no signal has the field %s", field)
	}
	fields := map[string]bool{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[api.Event]()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		fields[name] = true
	}
	for field := range fieldFlags {
		require.True(t, fields[field], "an event has no field %s", field)
	}
}

// What was typed is what is sent.
func TestAllFlagsOfASignalReachItsEvent(t *testing.T) {
	c, _, _ := output()
	row := api.Signal{Name: "any", Fields: []string{"due", "grace", "expires_at", "attention", "replace", "server_id", "order"}}
	cmd := newProgram("any", "", "")
	given := c.signalFlags(cmd, row)
	require.NoError(t, cmd.ParseFlags([]string{"--reason", "why", "--due", "2026-01-31", "--grace", "3d", "--expires-at", "2026-02-28", "--attention", "4",
		"--replace", "--server", "12", "--set", "ipv4=2", "--event-id", "e1"}))
	event, err := given.complete()
	require.NoError(t, err)
	require.Equal(t, "why e1 cli", event.Reason+" "+event.EventID+" "+event.Source)
	require.Equal(t, "2026-01-31 2026-02-28", event.Due.Format("2006-01-02")+" "+event.ExpiresAt.Format("2006-01-02"))
	require.Equal(t, "3d 12", given.grace.String()+" "+string(event.ServerID))
	require.Equal(t, 4, event.Attention)
	require.True(t, event.Replace)
	require.JSONEq(t, `{"ipv4":2}`, string(event.Order))
}

func TestWhatIsDoneWithARunningServerReachesItsEvent(t *testing.T) {
	c, _, _ := output()
	row := api.Signal{Name: "any", Fields: []string{"os_template", "recipe", "confirm", "ipv4", "ipv6", "domains", "actor"}}
	cmd := newProgram("any", "", "")
	given := c.signalFlags(cmd, row)
	require.NoError(t, cmd.ParseFlags([]string{"--os", "debian", "--recipe", "lamp", "--confirm", "s101.example.com", "--ipv4", "0",
		"--name", "192.0.2.1=a.example.com", "--name", "2001:db8::1=b.example.com"}))
	event, err := given.complete()
	require.NoError(t, err)
	require.Equal(t, "debian lamp s101.example.com", event.OSTemplate+" "+event.Recipe+" "+event.Confirm)
	require.Equal(t, 0, *event.IPv4, "none is a count")
	require.Nil(t, event.IPv6, "what is not given stays as it is")
	require.Equal(t, hostname.Names{{IP: "192.0.2.1", Name: "a.example.com"}, {IP: "2001:db8::1", Name: "b.example.com"}}, event.Domains)
}

func TestWhatDidNotEndWellIsAnError(t *testing.T) {
	for outcome, want := range map[api.Outcome]string{
		api.OutcomeFailed: "service 101: power has failed: it did not come up", api.OutcomeIgnored: "service 101: power is not done: it did not come up",
		api.OutcomeSuperseded: "service 101: power was superseded: it did not come up",
	} {
		c, _, _ := output()
		err := c.report(101, api.SignalPower, control.Result{Outcome: outcome, Reason: "it did not come up", Reached: true}, defaultWait)
		require.EqualError(t, err, want)
	}
}
