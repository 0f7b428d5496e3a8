package reconciler

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/drift"
	"metalease/activities/panel"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
	billingsim "metalease/whmcs/simulator"
)

// listed is a panel whose list lacks a server.
type listed struct {
	dcim.Backend
	without string
}

func (l listed) Servers(ctx context.Context) ([]dcim.Server, error) {
	servers, err := l.Backend.Servers(ctx)
	return slices.DeleteFunc(servers, func(s dcim.Server) bool { return s.ID == l.without }), err
}

// TestAServerThatTheListLacksIsNotGone while its record shows it; and a server whose record cannot
// be read stops no report.
func TestAServerThatTheListLacksIsNotGone(t *testing.T) {
	s := newReconciled(t)
	gone := drift.Drift{Kind: drift.DriftGone, ServerID: "1"}
	s.r.Reader = panel.NewReader(listed{s.Backend, "1"}, time.Millisecond)
	kept, err := s.r.withoutUnlisted(t.Context(), []drift.Drift{gone, {Kind: drift.DriftGone, ServerID: "99"}})
	require.NoError(t, err)
	require.Equal(t, []drift.Drift{{Kind: drift.DriftGone, ServerID: "99"}}, kept)

	s.Administer("4", map[string]any{"owner": "whmcsapi"})
	require.NoError(t, s.Panel.Fault(panelsim.Rule{Function: "server.edit", Server: "4", Effect: panelsim.HTTP500}))
	sight := drift.Sight{Server: dcim.Server{ID: "4"}, Read: true}
	require.NoError(t, s.r.readRecord(t.Context(), &sight))
	require.False(t, sight.Read)
}

// A server whose form cannot be read whole is told to staff by name, and the report is about the
// others as ever.
func TestAServerThatCannotBeReadIsNamed(t *testing.T) {
	s := newReconciled(t)
	s.Administer("4", map[string]any{"mac": strings.Repeat("x", 70<<10), "name": "rack \x01 4"})
	report := s.compare()
	require.Equal(t, []string{"unreadable-4"}, ids(report.Drifts))
	require.Contains(t, report.Drifts[0].What, "mac: its text is longer")
}

// The same of a service in WHMCS; the services beside it are compared as ever.
func TestAServiceThatCannotBeReadIsNamed(t *testing.T) {
	s := newReconciled(t)
	bad, other := s.Order(7), s.Order(8)
	require.NoError(t, s.Billing.Fault(billingsim.Fault{Function: "GetClientsProducts", Effect: "odd-row", Service: bad.ID}))
	report := s.compare()
	require.Contains(t, ids(report.Drifts), "unreadable-"+id(bad))
	require.NotContains(t, ids(report.Drifts), "unreadable-"+id(other))
	require.Equal(t, 2, report.Services)
}
