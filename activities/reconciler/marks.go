package reconciler

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"

	"metalease/activities/drift"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/dcim"
	"metalease/whmcs"
)

// Who has lost all lifecycles asks for what is left of them: in WHMCS, and in the marks on the
// panels. The answers come in pages, so that they fit into a history and a person sees progress.

const (
	// largestPage bounds an answer, in bytes of JSON: a result of 2 MiB would fail. Accounts have half of it beside the servers.
	largestPage = 1 << 20
	// marksPage bounds an answer of marks, in records that are read for it.
	marksPage = 50
	// listAge is how old the list of servers may be behind the first page.
	listAge = 5 * time.Minute
)

// SalesPage is one page of what WHMCS has sold of our modules, by service id.
type SalesPage struct {
	Services []drift.Billed
	// Orders are those of Pending services: whether somebody has paid, and what stops them.
	Orders []drift.Order
	More   bool
}

// Sales lists what WHMCS has sold of our modules, from the service after this one.
func (r *Reconciler) Sales(ctx context.Context, after int) (SalesPage, error) {
	activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "reads the services in WHMCS"})
	services, err := r.services(ctx)
	if err != nil {
		return SalesPage{}, err
	}
	services = slices.DeleteFunc(services, func(b drift.Billed) bool { return b.ID <= after })
	slices.SortFunc(services, func(a, b drift.Billed) int { return a.ID - b.ID })
	page := SalesPage{Services: onePage(services)}
	page.More = len(page.Services) < len(services)
	page.Orders, err = r.orders(ctx, unlooked(drift.View{Services: page.Services}))
	if passes(err) {
		err = nil // nothing is known of orders; a comparison says why
	}
	return page, err
}

// MarksQuestion asks for the marks on a panel.
type MarksQuestion struct {
	// After is the last server of the pages before, AccountsAfter the last account.
	After, AccountsAfter string
	// Names are the accounts' names of our services.
	Names []string
}

// MarksPage is one page of the servers of a panel, with the marks of those that can carry one of ours.
type MarksPage struct {
	API holding.Account
	// Only and Entries are in the first page.
	Only    bool
	Entries []string
	// Accounts are some of all that the panel has; with MoreAccounts the next page has others.
	Accounts     []holding.Account
	MoreAccounts bool
	Servers      []drift.Sight
	// Read counts the records that were read for this page, Left those that are read for the others.
	Read, Left int
	More       bool
}

// Marks reads the marks on the panel's servers, each record once and at the pace of a comparison.
func (r *Reconciler) Marks(ctx context.Context, q MarksQuestion) (page MarksPage, err error) {
	if page.API, err = r.Reader.APIAccount(ctx); err != nil {
		return MarksPage{}, err
	}
	view := drift.View{API: page.API}
	if view.Accounts, err = r.Reader.AccountList(ctx); err != nil {
		return MarksPage{}, err
	}
	for _, name := range q.Names {
		view.Services = append(view.Services, drift.Billed{Username: name})
	}
	if q.After == "" {
		page.Only, page.Entries = r.Only, r.Entries
	}
	accounts := slices.DeleteFunc(slices.Clone(view.Accounts), func(a holding.Account) bool { return q.AccountsAfter != "" && byID(a.ID, q.AccountsAfter) <= 0 })
	slices.SortFunc(accounts, func(a, b holding.Account) int { return byID(a.ID, b.ID) })
	page.Accounts, _ = within(accounts, largestPage/2)
	page.MoreAccounts = len(page.Accounts) < len(accounts)
	read := r.Reader.CachedFor
	if q.After == "" {
		read = func(ctx context.Context, _ time.Duration) (*panel.Listing, error) { return r.Reader.Fresh(ctx, true) }
	}
	listing, err := read(ctx, listAge)
	if err != nil {
		return MarksPage{}, err
	}
	servers := slices.DeleteFunc(rows(listing), func(s dcim.Server) bool { return q.After != "" && byID(s.ID, q.After) <= 0 })
	slices.SortFunc(servers, func(a, b dcim.Server) int { return byID(a.ID, b.ID) })
	sights, unread := r.sighted(servers, view)
	end := len(onePage(sights))
	if len(unread) > marksPage {
		end = min(end, unread[marksPage])
	}
	now := slices.DeleteFunc(slices.Clone(unread), func(i int) bool { return i >= end })
	page.Servers, page.Read, page.Left, page.More = sights[:end], len(now), len(unread)-len(now), end < len(sights)
	if err := r.readRecords(ctx, page.Servers, now); err != nil {
		return MarksPage{}, err
	}
	for _, i := range now {
		if s := &page.Servers[i]; !s.Read && s.Unreadable == "" {
			s.Unreadable = "its record was refused"
		}
	}
	return page, nil
}

// onePage are the first rows that have room in an answer, or the first alone.
func onePage[T any](rows []T) []T {
	kept, _ := within(rows, largestPage)
	return rows[:min(max(len(kept), 1), len(rows))]
}

// byID sorts ids, which are numbers as a rule, as people read them.
func byID(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) }

// SoldOrders reads the orders of these services from WHMCS, whatever their status. Nothing is filled
// in. Those that our module does not have are left out, and those that have no room in this answer, which is never
// empty for that: they are asked for once more.
func (r *Reconciler) SoldOrders(ctx context.Context, services []int) ([]whmcs.SoldOrder, error) {
	sold, err := r.WHMCS.SoldOrders(ctx, services, false)
	for i, s := range sold {
		if len(s.Order) > largestOrder {
			sold[i].Problem, sold[i].Order = fmt.Sprintf("it has %d bytes in WHMCS", len(s.Order)), nil
		}
	}
	return onePage(sold), err
}
