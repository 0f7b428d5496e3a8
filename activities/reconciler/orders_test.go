package reconciler

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/drift"
	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/whmcs"
	billingsim "metalease/whmcs/simulator"
)

// pay places a paid order that nobody starts, and lets what starts it have its time.
func (s *reconciled) pay(order billingsim.Order) *billingsim.Service {
	s.T.Helper()
	placed, err := s.Billing.PlaceOrder(order)
	require.NoError(s.T, err)
	service := s.Billing.State().Service(placed.Services[0].ServiceID)
	paid := s.Billing.State().Order(service.OrderID).At
	require.Eventually(s.T, func() bool { return time.Since(paid) > s.r.Settle }, time.Second, time.Millisecond)
	return service
}

// TestCompareFindsAPaidOrderThatNobodyBuilds: the reconciler knows orders as well as servers.
func TestCompareFindsAPaidOrderThatNobodyBuilds(t *testing.T) {
	s := newReconciled(t)
	s.Order(7) // not paid: nobody's business
	service := s.pay(billingsim.Order{ClientID: 7})
	report := s.compare()
	require.Equal(t, []string{"unstarted-" + id(service)}, ids(report.Drifts))
	require.Equal(t, drift.RemedyStart, report.Drifts[0].Remedy)
	require.Empty(t, report.Unread)

	s.lives.now[service.ID] = drift.Life{Panel: "fra1", Ending: "terminated"}
	report = s.compare()
	require.Contains(t, report.Drifts[0].What, "has ended (terminated)")

	life := drift.Life{ServiceID: service.ID, Panel: "fra1", Running: true, Phase: "waiting"}
	s.lives.now[service.ID] = life
	require.Empty(t, s.compare().Drifts, "the list of lifecycles was only behind")
	found, err := simulated.Run[*drift.Drift](s, s.r.Recheck, report.Drifts[0])
	require.NoError(t, err)
	require.Nil(t, found)

	delete(s.lives.now, service.ID)
	found, err = simulated.Run[*drift.Drift](s, s.r.Recheck, report.Drifts[0])
	require.NoError(t, err)
	require.Equal(t, report.Drifts[0].ID, found.ID)
	s.set(service, whmcs.StatusCancelled)
	require.Empty(t, s.compare().Drifts)
}

func TestAnOrderIsToldOfOnce(t *testing.T) {
	s := newReconciled(t)
	s.pay(billingsim.Order{ClientID: 7, Panel: "ams1"})
	for name, c := range map[string]struct {
		panels []string
		told   int
	}{
		"another panel's":                {[]string{"ams1", "fra1"}, 0},
		"of no panel, told by the first": {[]string{"fra1", "waw1"}, 1},
		"of no panel, told by another":   {[]string{"bud1", "fra1"}, 0},
	} {
		s.r.Panels = c.panels
		require.Len(t, s.compare().Drifts, c.told, name)
	}
}

// TestOrdersOfAWHMCSWithoutThePage: WHMCS itself says whether an order is paid.
func TestOrdersOfAWHMCSWithoutThePage(t *testing.T) {
	s := newReconciled(t)
	s.Order(7)
	service := s.pay(billingsim.Order{ClientID: 7})
	server := httptest.NewServer(s.Billing)
	t.Cleanup(server.Close)
	client, err := whmcs.New(whmcs.Config{URL: server.URL, Identifier: "identifier", Secret: "secret"}) // and no gateway.secret
	require.NoError(t, err)
	s.r.WHMCS = client
	require.Equal(t, []string{"unstarted-" + id(service)}, ids(s.compare().Drifts))
}

// TestABrokenPageCostsNoOtherDrift: what is known of servers is told all the same.
func TestABrokenPageCostsNoOtherDrift(t *testing.T) {
	s := newReconciled(t)
	s.pay(billingsim.Order{ClientID: 7})
	s.Administer("2", map[string]any{"owner": "whmcsapi"})
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == whmcs.OrdersPage {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		s.Billing.ServeHTTP(w, r)
	}))
	t.Cleanup(broken.Close)
	client, err := whmcs.New(whmcs.Config{URL: broken.URL, Identifier: "identifier", Secret: "secret", Installation: simulated.Installation, ModuleSecret: "0123456789abcdef"})
	require.NoError(t, err)
	s.r.WHMCS = client
	report := s.compare()
	require.Equal(t, []string{"unmarked-2"}, ids(report.Drifts))
	require.Contains(t, report.Unread, "paid orders that nobody builds were not looked for")
}

func TestOnlyASilentWHMCSIsWaitedFor(t *testing.T) {
	require.False(t, passes(nil))
	require.False(t, passes(errors.New("another")))
	require.False(t, passes(&whmcs.Error{Kind: whmcs.KindUnavailable}))
	require.True(t, passes(&whmcs.Error{Kind: whmcs.KindNotAnAnswer}))
}

func TestSoldOrderOfAPerson(t *testing.T) {
	s := newReconciled(t)
	service := s.Order(7)
	sold, err := simulated.Run[whmcs.SoldOrder](s, s.r.SoldOrder, service.ID)
	require.NoError(t, err)
	require.NotEmpty(t, sold.Order)
	require.Equal(t, whmcs.StatusPending, sold.Status)
	_, err = simulated.Run[whmcs.SoldOrder](s, s.r.SoldOrder, 4711)
	simulated.RequireType(t, err, edge.ErrBadOrder, false)
	require.ErrorContains(t, err, "WHMCS has no service 4711")
}

// TestCompareFindsADeliveredServiceThatWHMCSShowsPending, and one that was given to another
// client.
func TestCompareFindsADeliveredServiceThatWHMCSShowsPending(t *testing.T) {
	s := newReconciled(t)
	service, _ := s.serve("active")
	s.set(service, whmcs.StatusPending)
	report := s.compare()
	require.Equal(t, []string{"pending-" + id(service) + "-1"}, ids(report.Drifts))
	require.Equal(t, whmcs.StatusActive, report.Drifts[0].Show)

	s.set(service, whmcs.StatusActive)
	life := s.lives.now[service.ID]
	life.ClientID = 8
	s.lives.listed, s.lives.now[service.ID] = []drift.Life{life}, life
	require.Equal(t, []string{"client-" + id(service) + "-1"}, ids(s.compare().Drifts))
}
