package reconciler

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"metalease/activities/drift"
	"metalease/activities/internal/simulated"
	"metalease/activities/panel"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
	"metalease/whmcs"
)

// marks reads all pages.
func (s *reconciled) marks(names ...string) (pages []MarksPage, sights map[string]drift.Sight) {
	s.T.Helper()
	question := MarksQuestion{Names: names}
	sights = map[string]drift.Sight{}
	for {
		page, err := simulated.Run[MarksPage](s, s.r.Marks, question)
		require.NoError(s.T, err)
		pages = append(pages, page)
		for _, sight := range page.Servers {
			require.NotContains(s.T, sights, sight.ID, "each server is in one page")
			sights[sight.ID] = sight
		}
		if !page.More && !page.MoreAccounts {
			return pages, sights
		}
		if n := len(page.Servers); n > 0 {
			question.After = page.Servers[n-1].ID
		}
		if n := len(page.Accounts); n > 0 {
			question.AccountsAfter = page.Accounts[n-1].ID
		}
	}
}

// TestMarksAreReadOnce: those of a fleet come in pages, each record is read once, and strangers' are not read.
func TestMarksAreReadOnce(t *testing.T) {
	const servers = 120
	s := newReconciled(t, func(c *panelsim.Config) { c.Servers = servers })
	for i := range servers {
		s.Administer(fmt.Sprint(i+1), map[string]any{"owner": "whmcsapi", "notes": fmt.Sprintf("metalease:main/service-%d active", i+1)})
	}
	for _, name := range []string{"stranger", "bob"} {
		_, err := s.Backend.CreateAccount(t.Context(), name, "a-long-password")
		require.NoError(t, err)
	}
	s.Administer("7", map[string]any{"owner": "stranger"})
	s.Administer("8", map[string]any{"owner": "bob"})
	before := s.Panel.State().Functions["server.edit"].Requests
	pages, sights := s.marks("bob")
	require.Len(t, pages, 3)
	require.Len(t, sights, servers)
	require.NotEmpty(t, pages[0].Accounts)
	require.Empty(t, pages[1].Accounts)
	read, left := 0, servers-1
	for _, page := range pages {
		read += page.Read
		left -= page.Read
		require.Equal(t, left, page.Left)
	}
	require.Equal(t, servers-1, read)
	require.Equal(t, servers-1, s.Panel.State().Functions["server.edit"].Requests-before, "each record once")
	require.False(t, sights["7"].Read, "a stranger's")
	require.Equal(t, 8, sights["8"].Marks[0].ServiceID, "an account of ours under another name")
}

// crowded is a panel with many accounts.
type crowded struct {
	dcim.Backend
	accounts []dcim.Account
}

func (c crowded) Accounts(context.Context) ([]dcim.Account, error) {
	return slices.Clone(c.accounts), nil
}

// TestAccountsComeInPages: however many a panel has, each is in one page, and a page has room in an answer.
func TestAccountsComeInPages(t *testing.T) {
	s := newReconciled(t)
	var all []dcim.Account
	for i := range 50_000 {
		all = append(all, dcim.Account{ID: fmt.Sprint(50_000 - i), Name: fmt.Sprintf("a-customer-with-a-long-name-%d", i)})
	}
	s.r.Reader = panel.NewReader(crowded{s.Backend, all}, 0)
	pages, sights := s.marks()
	require.Len(t, sights, 4)
	seen := map[dcim.Account]bool{}
	for _, page := range pages {
		text, err := json.Marshal(page)
		require.NoError(t, err)
		require.Less(t, len(text), 2<<20, "the engine's limit")
		for _, account := range page.Accounts {
			require.False(t, seen[account])
			seen[account] = true
		}
	}
	require.Len(t, seen, len(all))
}

// TestSoldOrdersAreBounded: one that is too large is named, and those without room are left for the next question.
func TestSoldOrdersAreBounded(t *testing.T) {
	s := newReconciled(t)
	var sizes []int
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var orders []map[string]any
		for i, bytes := range sizes {
			orders = append(orders, map[string]any{"service_id": i + 1, "order": map[string]string{"domain": strings.Repeat("x", bytes)}})
		}
		assert.NoError(t, json.NewEncoder(w).Encode(map[string]any{"orders": orders}))
	}))
	t.Cleanup(page.Close)
	client, err := whmcs.New(whmcs.Config{URL: page.URL, Identifier: "identifier", Secret: "secret", Installation: simulated.Installation, ModuleSecret: "0123456789abcdef"})
	require.NoError(t, err)
	s.r.WHMCS = client
	sizes = []int{largestOrder + 1, 10}
	sold, err := simulated.Run[[]whmcs.SoldOrder](s, s.r.SoldOrders, []int{1, 2})
	require.NoError(t, err)
	require.Len(t, sold, 2)
	require.Contains(t, sold[0].Problem, "bytes in WHMCS")
	require.Empty(t, sold[1].Problem)

	sizes = slices.Repeat([]int{largestOrder - 100}, 40)
	sold, err = simulated.Run[[]whmcs.SoldOrder](s, s.r.SoldOrders, []int{1})
	require.NoError(t, err)
	require.Len(t, sold, 15)
}

// TestARecordThatCannotBeReadIsNamed: nobody may believe that it carries no mark.
func TestARecordThatCannotBeReadIsNamed(t *testing.T) {
	s := newReconciled(t)
	s.Lose(panelsim.Effect("error"), "server.edit", 1)
	_, sights := s.marks()
	require.NotEmpty(t, sights["1"].Unreadable)
	require.Empty(t, sights["2"].Unreadable)
	require.True(t, sights["2"].Read)
}

// TestSalesAreBounded: a page has room in an answer, and the next one begins behind it.
func TestSalesAreBounded(t *testing.T) {
	s := newReconciled(t)
	first, second := s.Order(7), s.Order(8)
	s.set(second, whmcs.StatusActive)
	page, err := simulated.Run[SalesPage](s, s.r.Sales, 0)
	require.NoError(t, err)
	require.False(t, page.More)
	require.Len(t, page.Services, 2)
	require.Equal(t, whmcs.StatusActive, page.Services[1].Status)
	require.Equal(t, first.ID, page.Orders[0].ServiceID, "a Pending one has an order")
	page, err = simulated.Run[SalesPage](s, s.r.Sales, first.ID)
	require.NoError(t, err)
	require.Len(t, page.Services, 1)

	long := make([]drift.Billed, 30)
	for i := range long {
		long[i].Reason = strings.Repeat("x", largestPage/10)
	}
	require.Len(t, onePage(long), 9)
	long[0].Reason = strings.Repeat("x", 2*largestPage)
	require.Len(t, onePage(long), 1, "else the pages would never end")
	require.Empty(t, onePage(long[:0]))
}
