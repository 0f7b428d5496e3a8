package reconciler

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/drift"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/activities/panel"
	panelsim "metalease/dcim/simulator"
	"metalease/whmcs"
	billingsim "metalease/whmcs/simulator"
)

// lives is what Temporal says: the list is behind, each service answers for itself.
type lives struct {
	listed []drift.Life
	now    map[int]drift.Life
	asked  []int
}

func (l *lives) Running(context.Context, string) ([]drift.Life, error) { return l.listed, nil }

func (l *lives) Life(_ context.Context, id int) (drift.Life, error) {
	l.asked = append(l.asked, id)
	life := l.now[id]
	life.ServiceID = id
	return life, nil
}

// log keeps the panel's log of calls.
type log struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// changes counts the calls that save something, or do something to a server.
func (l *log) changes() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for line := range strings.Lines(l.text.String()) {
		if strings.Contains(line, "! ") || strings.Contains(line, "server.enable") || strings.Contains(line, "server.disable") || strings.Contains(line, "server.power") {
			n++
		}
	}
	return n
}

// reconciled is a world with a reconciler on it.
type reconciled struct {
	*simulated.Vendors
	p     *panel.Panel
	w     *billing.WHMCS
	r     *Reconciler
	lives *lives
	log   *log
}

func newReconciled(t *testing.T, change ...func(*panelsim.Config)) *reconciled {
	t.Helper()
	s := &reconciled{lives: &lives{now: map[int]drift.Life{}}, log: &log{}}
	s.Vendors = simulated.New(t, append(change, func(c *panelsim.Config) { c.Log = s.log })...)
	s.w = &billing.WHMCS{Client: s.API}
	s.p = panel.New(panel.Options{
		Reader: panel.NewReader(s.Backend, time.Millisecond), WHMCS: s.API, Installation: simulated.Installation,
		Settle: 300 * time.Millisecond, ReleaseTimeout: 2 * time.Second, Modules: []string{"metalease", "dcimanager"},
	})
	s.Env.RegisterActivity(s.p)
	s.Env.RegisterActivity(s.w)
	s.r = &Reconciler{
		Reader: s.p.Reader, WHMCS: s.API, Installation: simulated.Installation, Modules: s.p.Modules,
		Lives: s.lives, Only: true, Settle: 10 * time.Millisecond, RecordsPerSecond: 10_000,
	}
	s.Env.RegisterActivity(s.r)
	return s
}

// claim turns server 1 into a service's.
func (s *reconciled) claim(service *billingsim.Service) panel.Target {
	s.T.Helper()
	result, err := simulated.Run[panel.ClaimResult](s, s.p.Claim, panel.ClaimRequest{ServerID: "1", ServiceID: service.ID, ClientID: service.ClientID, Package: "E3-16G"})
	require.NoError(s.T, err)
	require.Equal(s.T, panel.ClaimGranted, result.Outcome, result.Why)
	return panel.Target{ServiceID: service.ID, ServerID: "1"}
}

// handOver gives server 1 to the service's account, powered on.
func (s *reconciled) handOver(service *billingsim.Service) panel.Build {
	s.T.Helper()
	b := panel.Build{Target: s.claim(service), ClientID: service.ClientID, Hostname: service.Domain, Limit: 2 * time.Second}
	account, err := simulated.Run[holding.Account](s, s.p.CreateAccount, panel.NewAccount{ServiceID: service.ID, Name: service.Username})
	require.NoError(s.T, err)
	require.NoError(s.T, simulated.Do(s, s.p.MakeReady, b))
	b.Account = account
	_, err = simulated.Run[panel.Addresses](s, s.p.HandOver, b)
	require.NoError(s.T, err)
	return b
}

func (s *reconciled) compare(known ...drift.Known) drift.Report {
	s.T.Helper()
	report, err := simulated.Run[drift.Report](s, s.r.Compare, drift.CompareInput{Known: known})
	require.NoError(s.T, err)
	return report
}

// serve has a service run its life on server 1, and WHMCS know that.
func (s *reconciled) serve(phase string) (*billingsim.Service, panel.Build) {
	s.T.Helper()
	service := s.Order(7)
	b := s.handOver(service)
	require.NoError(s.T, billing.Deliver(s.T.Context(), s.w.Client, billing.Delivery{ServiceID: service.ID, MainIP: s.Server("1").IP, Domain: service.Domain, Username: service.Username}))
	s.set(service, whmcs.StatusActive)
	life := drift.Life{ServiceID: service.ID, Panel: "fra1", Running: true, Phase: phase, ServerID: "1"}
	s.lives.listed, s.lives.now[service.ID] = []drift.Life{life}, life
	return service, b
}

// set changes the status in WHMCS as staff do, by hand: no module runs.
func (s *reconciled) set(service *billingsim.Service, status whmcs.Status) {
	s.T.Helper()
	require.NoError(s.T, s.w.Client.UpdateService(s.T.Context(), service.ID, whmcs.ServiceUpdate{Status: &status}))
}

func TestCompareFindsNothingWhereAllIsWell(t *testing.T) {
	s := newReconciled(t)
	service, _ := s.serve("active")
	before, billing := s.Panel.State().Servers, s.Billing.State().Services
	writes := s.log.changes()

	report := s.compare()
	require.Empty(t, report.Drifts)
	require.Equal(t, []int{4, 1, 1}, []int{report.Servers, report.Services, report.Lifecycles})
	require.Equal(t, 4, report.Forms, "of free servers and of the customer's")
	require.False(t, report.AsOf.Before(report.Began))
	require.Zero(t, s.compare().Forms, "nobody's owner has changed")

	s.Administer("2", map[string]any{"owner": "whmcsapi"})
	require.Equal(t, []string{"unmarked-2"}, ids(s.compare().Drifts))
	require.Equal(t, 1, s.compare().Forms, "what the API account owns is read anew each time")
	s.Administer("2", map[string]any{"owner": ""})

	require.Equal(t, before, s.Panel.State().Servers)
	require.Equal(t, billing, s.Billing.State().Services)
	require.Equal(t, writes, s.log.changes(), "a comparison writes nothing")
	require.NotZero(t, service.ID)
	s.RequireClean()
}

func TestCompareFindsWhatPeopleDid(t *testing.T) {
	s := newReconciled(t)
	service, b := s.serve("active")
	s.Administer("1", map[string]any{"disabled": true, "blocked": true})
	report := s.compare()
	require.Equal(t, []string{"blocked-" + id(service) + "-1"}, ids(report.Drifts))
	require.Equal(t, []drift.Count{{Kind: drift.DriftBlocked, Count: 1}}, report.Counts)
	require.Equal(t, 7, report.Drifts[0].ClientID)
	require.WithinDuration(t, time.Now(), report.Drifts[0].Since, time.Minute)

	long := time.Now().Add(-24 * time.Hour).UTC().Truncate(time.Second)
	again := s.compare(drift.Known{ID: report.Drifts[0].ID, Since: long})
	require.Equal(t, long, again.Drifts[0].Since, "it is as old as its first sight")

	s.set(service, whmcs.StatusSuspended)
	missed := s.compare().Drifts
	require.Equal(t, []string{"open-" + id(service) + "-1"}, ids(missed))
	require.Equal(t, drift.SeverityLow, missed[0].Severity, "panel and WHMCS agree, and the lifecycle has missed it")
	require.NoError(t, simulated.Do(s, s.p.Unblock, b.Target))
	require.Equal(t, []string{"open-" + id(service) + "-1"}, ids(s.compare().Drifts))
	s.set(service, whmcs.StatusFraud)
	require.Equal(t, []string{"ended-" + id(service) + "-1"}, ids(s.compare().Drifts))
	s.set(service, whmcs.StatusActive)
	s.Administer("1", map[string]any{"notes": "a person's own words"})
	s.r.records = recordIndex{} // a day later
	require.Equal(t, []string{"markless-" + id(service) + "-1"}, ids(s.compare().Drifts))
}

func id(service *billingsim.Service) string { return strings.TrimPrefix(service.Username, "u") }

// TestCompareReportsNoRace: the first reading lies at two places of which the second one
// tells the truth.
func TestCompareReportsNoRace(t *testing.T) {
	s := newReconciled(t)
	service, _ := s.serve("active")

	s.lives.listed = nil // the visibility store is behind
	require.Empty(t, s.compare().Drifts)
	require.Equal(t, []int{service.ID}, s.lives.asked)

	s.lives.listed = []drift.Life{s.lives.now[service.ID]}
	s.Administer("1", map[string]any{"disabled": true})
	life := s.lives.now[service.ID]
	life.Phase = "releasing"
	s.lives.now[service.ID] = life
	require.Empty(t, s.compare().Drifts, "it is being released")

	life.Phase, life.Updated = "active", time.Now().Add(time.Minute)
	s.lives.now[service.ID] = life
	require.Empty(t, s.compare().Drifts, "it was unblocked a moment ago")
	life.Updated = time.Now().Add(-time.Minute)
	s.lives.now[service.ID] = life
	require.Len(t, s.compare().Drifts, 1)
}

func TestCompareOfADeadLifecycle(t *testing.T) {
	s := newReconciled(t)
	service := s.Order(7)
	target := s.claim(service)
	s.lives.now[service.ID] = drift.Life{Panel: "fra1", Ending: "terminated"}
	orphan := "orphan-" + id(service) + "-1"

	report := s.compare()
	require.Equal(t, []string{orphan}, ids(report.Drifts))
	require.Equal(t, drift.RemedyRestart, report.Drifts[0].Remedy)

	s.set(service, whmcs.StatusCancelled)
	found, err := simulated.Run[*drift.Drift](s, s.r.Recheck, report.Drifts[0])
	require.NoError(t, err)
	require.Equal(t, drift.RemedyGiveBack, found.Remedy)
	require.Equal(t, report.Drifts[0].Since, found.Since)

	require.NoError(t, simulated.Do(s, s.p.ReturnClaim, target))
	found, err = simulated.Run[*drift.Drift](s, s.r.Recheck, report.Drifts[0])
	require.NoError(t, err)
	require.Nil(t, found, "it does not hold any more")
	require.Empty(t, s.compare().Drifts)
}

// TestCompareOfAServiceThatLeftOurProducts: it is not among the services of our modules,
// but it is not deleted.
func TestCompareOfAServiceThatLeftOurProducts(t *testing.T) {
	s := newReconciled(t)
	service, _ := s.serve("active")
	s.r.Modules = []string{"another"}
	require.Empty(t, s.compare().Drifts)
	require.Equal(t, []int{service.ID}, s.lives.asked, "it was suspected to be deleted")
}

func TestCompareIsBounded(t *testing.T) {
	s := newReconciled(t, func(c *panelsim.Config) { c.Servers = maxDrifts + 20 })
	for _, server := range s.Panel.State().Servers {
		s.Administer(server.ID, map[string]any{"owner": "whmcsapi"})
	}
	report := s.compare()
	require.Len(t, report.Drifts, maxDrifts)
	require.Equal(t, []drift.Count{{Kind: drift.DriftUnmarked, Count: maxDrifts}}, report.Counts)
	require.Equal(t, []drift.Count{{Kind: drift.DriftUnmarked, Count: 20}}, report.Beyond)
}

func TestCompareWaitsForVendors(t *testing.T) {
	s := newReconciled(t)
	require.NoError(t, s.Billing.Fault(simulated.FaultOf("http500", "")))
	_, err := simulated.Run[drift.Report](s, s.r.Compare, drift.CompareInput{})
	simulated.RequireType(t, err, edge.ErrWHMCSUnavailable, true)
	s.Lose(panelsim.HTTP500, "server", 1)
	_, err = simulated.Run[drift.Report](s, s.r.Compare, drift.CompareInput{})
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
	require.Empty(t, s.compare().Drifts)
}

// TestCompareOnAPanelThatShowsNames: whether owners are ids or names is unconfirmed.
func TestCompareOnAPanelThatShowsNames(t *testing.T) {
	s := newReconciled(t, func(c *panelsim.Config) { c.OwnerAsName = true })
	s.serve("active")
	require.Empty(t, s.compare().Drifts)
	require.Zero(t, s.compare().Forms, "the form's way of showing an owner makes no difference")
}

func ids(found []drift.Drift) []string {
	var ids []string
	for _, d := range found {
		ids = append(ids, d.ID)
	}
	return ids
}
