package control_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"

	"metalease/activities/drift"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/activities/reconciler"
	"metalease/dcim"
	"metalease/internal/control"
	"metalease/whmcs"
	"metalease/workflows"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// answer has workers answer what is asked of panel fra1.
func (s scene) answer(activities map[string]any) {
	s.t.Helper()
	w := worker.New(s.Client, api.QueueWorkflows, worker.Options{})
	workflows.Register(w)
	watch := worker.New(s.Client, fleet.WatchQueue("fra1"), worker.Options{DisableWorkflowWorker: true})
	for name, answer := range activities {
		watch.RegisterActivityWithOptions(answer, activity.RegisterOptions{Name: name})
	}
	for _, one := range []worker.Worker{w, watch} {
		require.NoError(s.t, one.Start())
		s.t.Cleanup(one.Stop)
	}
}

// TestARebuildNamesTheOrdersThatItCannotRead, takes their services up all the same, and knows every account of the panel.
func TestARebuildNamesTheOrdersThatItCannotRead(t *testing.T) {
	const services, stranger = 5, 4711
	s := newScene(t)
	answers := map[string]any{}
	answers["Sales"] = func(context.Context, int) (page reconciler.SalesPage, err error) {
		for id := range services {
			page.Services = append(page.Services, drift.Billed{ID: id + 1, ClientID: 7, Status: whmcs.StatusActive, Username: fmt.Sprintf("u%d", id+1)})
		}
		return page, nil
	}
	answers["Marks"] = func(_ context.Context, q reconciler.MarksQuestion) (page reconciler.MarksPage, err error) {
		page.API, page.Only = holding.Account{ID: "3", Name: "whmcsapi"}, true
		next := len(q.AccountsAfter) + 1 // an account in each page; the servers end first
		page.Accounts = []holding.Account{{ID: strings.Repeat("1", next), Name: fmt.Sprintf("u%d", next)}}
		page.MoreAccounts = next < services
		if q.After == "" {
			for id := range services {
				page.Servers = append(page.Servers, drift.Sight{
					Server: dcim.Server{ID: fmt.Sprint(id + 1), Owner: fmt.Sprintf("u%d", id+1)}, Read: true,
					Marks: []holding.Mark{{Installation: "test", ServiceID: id + 1, State: holding.StateActive}},
				})
			}
		}
		return page, nil
	}
	good, err := json.Marshal(order(1))
	require.NoError(t, err)
	sold := []whmcs.SoldOrder{{ServiceID: 1, Order: good}, {ServiceID: 2, Problem: "no panel"}, {ServiceID: 3, Order: []byte(`{"ipv4":"many"}`)}}
	answers["SoldOrders"] = func(_ context.Context, ids []int) ([]whmcs.SoldOrder, error) { // one at a time: no other has room
		i := slices.IndexFunc(sold, func(s whmcs.SoldOrder) bool { return s.ServiceID == stranger || slices.Contains(ids, s.ServiceID) })
		if i < 0 {
			return nil, nil
		}
		return sold[i : i+1], nil
	}
	s.answer(answers)
	found, err := s.Rebuild(t.Context(), []string{"fra1"}, func(string, int, int) {})
	require.NoError(t, err)
	require.Len(t, found.Taken, services)
	for _, taken := range found.Taken {
		require.Equal(t, taken.Username, taken.Account.Name, "its account is in one of the pages")
	}
	require.Equal(t, order(1).OSTemplate, found.Orders[1].OSTemplate)
	require.Len(t, found.Orders, 1)
	require.Equal(t, "no panel", found.Unread[2])
	require.Contains(t, found.Unread[3], "ipv4")
	require.Len(t, found.Unread, 2, "the others are of a module that has no orders")

	sold = []whmcs.SoldOrder{{ServiceID: stranger}}
	found, err = s.Rebuild(t.Context(), []string{"fra1"}, func(string, int, int) {})
	require.NoError(t, err)
	require.Empty(t, found.Unread, "an answer about somebody else is none")
	_, err = s.Rebuild(t.Context(), []string{"nowhere"}, func(string, int, int) {})
	require.ErrorIs(t, err, control.ErrUnknownPanel)
}

// TestOrdersAreReadInFewQuestions: services of another module, of which WHMCS says nothing, are asked about twice at most; and where
// it does not answer at all nothing is begun.
func TestOrdersAreReadInFewQuestions(t *testing.T) {
	const foreign, ours = 99, 400
	s := newScene(t)
	text, err := json.Marshal(order(1))
	require.NoError(t, err)
	var asked atomic.Int32
	var broken atomic.Bool
	s.answer(map[string]any{"SoldOrders": func(_ context.Context, ids []int) (sold []whmcs.SoldOrder, err error) {
		if broken.Load() {
			return nil, temporal.NewNonRetryableApplicationError("orders.php: 500", "whmcs_answer", nil)
		}
		asked.Add(1)
		for _, id := range ids {
			if id > foreign {
				sold = append(sold, whmcs.SoldOrder{ServiceID: id, Order: text})
			}
		}
		return sold, nil
	}})
	found := control.Rebuilt{Orders: map[int]api.Order{}, Unread: map[int]string{}}
	for id := range foreign + ours {
		found.Taken = append(found.Taken, drift.Taken{Billed: drift.Billed{ID: id + 1}, Way: drift.WayServe})
	}
	require.NoError(t, s.ReadOrders(t.Context(), "fra1", &found))
	require.Len(t, found.Orders, ours)
	require.Empty(t, found.Unread)
	require.LessOrEqual(t, asked.Load(), int32(6), "five answers of a hundred, and one about those of whom it said nothing")

	broken.Store(true)
	require.ErrorContains(t, s.ReadOrders(t.Context(), "fra1", &found), "orders.php: 500")
}

// TestALifeThatWasEndedByForceIsBegunAnew: so a service that was begun without its order gets it, for its mark stays.
func TestALifeThatWasEndedByForceIsBegunAnew(t *testing.T) {
	s := newScene(t)
	adoption := panel.Adoption{ServiceID: 101, ClientID: 7, Package: "E3-16G", Server: panel.Server{ID: "12", Hostname: "s101.example.com"}}
	for range 2 {
		started, err := s.Adopt(t.Context(), "fra1", adoption)
		require.NoError(t, err)
		require.True(t, started)
		started, err = s.Adopt(t.Context(), "fra1", adoption)
		require.NoError(t, err)
		require.False(t, started, "one that runs is left alone")
		require.NoError(t, s.Client.TerminateWorkflow(t.Context(), api.ServiceWorkflowID(101), "", "by hand"))
	}
}
