package reconciler

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/drift"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/activities/panel"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
	"metalease/whmcs"
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

// TestAListThatLacksAServerMakesNoDrift: neither of the server, nor of its service, nor of the
// account to which it belongs.
func TestAListThatLacksAServerMakesNoDrift(t *testing.T) {
	s := newReconciled(t)
	service, _ := s.serve("active")
	backend := &lacking{Backend: s.Backend}
	s.r.Reader = panel.NewReader(backend, time.Millisecond)
	require.Empty(t, s.compare().Drifts)
	backend.without = "1"
	require.Empty(t, s.compare().Drifts)

	life := drift.Life{ServiceID: service.ID, Panel: "fra1", Ending: "terminated"}
	s.lives.listed, s.lives.now[service.ID] = nil, life
	s.set(service, whmcs.StatusPending)
	require.Equal(t, []string{"orphan-" + id(service) + "-1"}, ids(s.compare().Drifts), "its mark is known, so it is no order without a server")
}

// TestAnAccountIsAskedForByItsName before it is called nobody's: products may have left our
// modules, and lists of WHMCS may lack a service.
func TestAnAccountIsAskedForByItsName(t *testing.T) {
	s := newReconciled(t)
	service := s.Order(7)
	_, err := simulated.Run[holding.Account](s, s.p.CreateAccount, panel.NewAccount{ServiceID: service.ID, Name: service.Username})
	require.NoError(t, err)
	require.Empty(t, s.compare().Drifts)
	s.r.Modules = []string{"another"}
	require.Empty(t, s.compare().Drifts, "the service is alive, only no list shows it")
	s.set(service, whmcs.StatusCancelled)
	require.Equal(t, []string{"account-" + service.Username}, ids(s.compare().Drifts))
}

// lacking is a panel whose list lacks a server from some time on.
type lacking struct {
	dcim.Backend
	without string
}

func (l *lacking) Servers(ctx context.Context) ([]dcim.Server, error) {
	return listed{l.Backend, l.without}.Servers(ctx)
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
