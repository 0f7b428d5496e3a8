package activities

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	panelsim "metalease/dcim/simulator"
	"metalease/whmcs"
	billingsim "metalease/whmcs/simulator"
)

// lives is what Temporal says: the list is behind, each service answers for itself.
type lives struct {
	listed []Life
	now    map[int]Life
	asked  []int
}

func (l *lives) Running(context.Context, string) ([]Life, error) { return l.listed, nil }

func (l *lives) Life(_ context.Context, id int) (Life, error) {
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
	*world
	r     *Reconciler
	lives *lives
	log   *log
}

func newReconciled(t *testing.T, change ...func(*panelsim.Config)) *reconciled {
	t.Helper()
	s := &reconciled{lives: &lives{now: map[int]Life{}}, log: &log{}}
	s.world = newWorld(t, append(change, func(c *panelsim.Config) { c.Log = s.log })...)
	s.r = &Reconciler{Panel: s.p, Lives: s.lives, Only: true, Settle: 10 * time.Millisecond, FormsPerSecond: 10_000}
	s.env.RegisterActivity(s.r)
	return s
}

func (s *reconciled) compare(known ...KnownDrift) DriftReport {
	s.t.Helper()
	report, err := run[DriftReport](s.world, s.r.Compare, CompareInput{Known: known})
	require.NoError(s.t, err)
	return report
}

// serve has a service run its life on server 1, and WHMCS know that.
func (s *reconciled) serve(phase string) (*billingsim.Service, Build) {
	s.t.Helper()
	service := s.order(7)
	b := s.handOver(service)
	require.NoError(s.t, do(s.world, s.w.Deliver, Delivery{ServiceID: service.ID, MainIP: s.server("1").IP, Domain: service.Domain, Username: service.Username}))
	s.set(service, whmcs.StatusActive)
	life := Life{ServiceID: service.ID, Panel: "fra1", Running: true, Phase: phase, ServerID: "1"}
	s.lives.listed, s.lives.now[service.ID] = []Life{life}, life
	return service, b
}

// set changes the status in WHMCS as staff do, by hand: no module runs.
func (s *reconciled) set(service *billingsim.Service, status whmcs.Status) {
	s.t.Helper()
	require.NoError(s.t, s.w.Client.UpdateService(s.t.Context(), service.ID, whmcs.ServiceUpdate{Status: &status}))
}

func TestCompareFindsNothingWhereAllIsWell(t *testing.T) {
	s := newReconciled(t)
	service, _ := s.serve("active")
	before, billing := s.panel.State().Servers, s.billing.State().Services
	writes := s.log.changes()

	report := s.compare()
	require.Empty(t, report.Drifts)
	require.Equal(t, []int{4, 1, 1}, []int{report.Servers, report.Services, report.Lifecycles})
	require.Equal(t, 4, report.Forms, "of free servers and of the customer's")
	require.False(t, report.AsOf.Before(report.Began))
	require.Zero(t, s.compare().Forms, "nobody's owner has changed")

	s.administer("2", map[string]any{"owner": "whmcsapi"})
	require.Equal(t, []string{"unmarked-2"}, ids(s.compare().Drifts))
	require.Equal(t, 1, s.compare().Forms, "what the API account owns is read anew each time")
	s.administer("2", map[string]any{"owner": ""})

	require.Equal(t, before, s.panel.State().Servers)
	require.Equal(t, billing, s.billing.State().Services)
	require.Equal(t, writes, s.log.changes(), "a comparison writes nothing")
	require.NotZero(t, service.ID)
	s.requireClean()
}

func TestCompareFindsWhatPeopleDid(t *testing.T) {
	s := newReconciled(t)
	service, b := s.serve("active")
	s.administer("1", map[string]any{"disabled": true, "blocked": true})
	report := s.compare()
	require.Equal(t, []string{"blocked-" + id(service) + "-1"}, ids(report.Drifts))
	require.Equal(t, []DriftCount{{DriftBlocked, 1}}, report.Counts)
	require.Equal(t, 7, report.Drifts[0].ClientID)
	require.WithinDuration(t, time.Now(), report.Drifts[0].Since, time.Minute)

	long := time.Now().Add(-24 * time.Hour).UTC().Truncate(time.Second)
	again := s.compare(KnownDrift{report.Drifts[0].ID, long})
	require.Equal(t, long, again.Drifts[0].Since, "it is as old as its first sight")

	s.set(service, whmcs.StatusSuspended)
	require.Empty(t, s.compare().Drifts)
	require.NoError(t, do(s.world, s.p.Unblock, b.Target))
	require.Equal(t, []string{"open-" + id(service) + "-1"}, ids(s.compare().Drifts))
	s.set(service, whmcs.StatusFraud)
	require.Equal(t, []string{"ended-" + id(service) + "-1"}, ids(s.compare().Drifts))
	s.set(service, whmcs.StatusActive)
	s.administer("1", map[string]any{"notes": "a person's own words"})
	s.r.forms = formIndex{} // six hours later
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

	s.lives.listed = []Life{s.lives.now[service.ID]}
	s.administer("1", map[string]any{"disabled": true})
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
	service := s.order(7)
	target := s.claim(service)
	s.lives.now[service.ID] = Life{Panel: "fra1", Ending: "terminated"}
	orphan := "orphan-" + id(service) + "-1"

	report := s.compare()
	require.Equal(t, []string{orphan}, ids(report.Drifts))
	require.Equal(t, RemedyRestart, report.Drifts[0].Remedy)

	s.set(service, whmcs.StatusCancelled)
	found, err := run[*Drift](s.world, s.r.Recheck, report.Drifts[0])
	require.NoError(t, err)
	require.Equal(t, RemedyGiveBack, found.Remedy)
	require.Equal(t, report.Drifts[0].Since, found.Since)

	require.NoError(t, do(s.world, s.p.ReturnClaim, target))
	found, err = run[*Drift](s.world, s.r.Recheck, report.Drifts[0])
	require.NoError(t, err)
	require.Nil(t, found, "it does not hold any more")
	require.Empty(t, s.compare().Drifts)
}

// TestCompareOfAServiceThatLeftOurProducts: it is not among the services of our modules,
// but it is not deleted.
func TestCompareOfAServiceThatLeftOurProducts(t *testing.T) {
	s := newReconciled(t)
	service, _ := s.serve("active")
	s.p.modules = []string{"another"}
	require.Empty(t, s.compare().Drifts)
	require.Equal(t, []int{service.ID}, s.lives.asked, "it was suspected to be deleted")
}

func TestCompareIsBounded(t *testing.T) {
	s := newReconciled(t, func(c *panelsim.Config) { c.Servers = maxDrifts + 20 })
	for _, server := range s.panel.State().Servers {
		s.administer(server.ID, map[string]any{"owner": "whmcsapi"})
	}
	report := s.compare()
	require.Len(t, report.Drifts, maxDrifts)
	require.Equal(t, []DriftCount{{DriftUnmarked, maxDrifts}}, report.Counts)
	require.Equal(t, []DriftCount{{DriftUnmarked, 20}}, report.Beyond)
}

func TestCompareWaitsForVendors(t *testing.T) {
	s := newReconciled(t)
	require.NoError(t, s.billing.Fault(faultOf("http500", "")))
	_, err := run[DriftReport](s.world, s.r.Compare, CompareInput{})
	requireType(t, err, ErrWHMCSUnavailable, true)
	s.lose(panelsim.HTTP500, "server", 1)
	_, err = run[DriftReport](s.world, s.r.Compare, CompareInput{})
	requireType(t, err, ErrPanelUnavailable, true)
	require.Empty(t, s.compare().Drifts)
}

// TestCompareOnAPanelThatShowsNames: whether owners are ids or names is unconfirmed.
func TestCompareOnAPanelThatShowsNames(t *testing.T) {
	s := newReconciled(t, func(c *panelsim.Config) { c.OwnerAsName = true })
	s.serve("active")
	require.Empty(t, s.compare().Drifts)
	require.Zero(t, s.compare().Forms, "the form's way of showing an owner makes no difference")
}
