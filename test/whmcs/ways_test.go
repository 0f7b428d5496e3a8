package whmcs_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/billingcheck"
	"metalease/whmcs/facts"
	"metalease/workflows/api"
)

// way is a way of the host, turned.
type way struct{ name, value string }

// hostWays are all values of all ways of the host, by the table of facts.
func hostWays() (all []way) {
	for _, f := range facts.Facts() {
		if f.Host == "" {
			continue
		}
		for _, argument := range f.Arguments() {
			all = append(all, way{f.Host, argument})
		}
	}
	return all
}

// chancePairs is how many pairs of ways are lived in.
const chancePairs = 3

// TestALifeInEachWHMCS: the PHP module lives a whole life under each value of each way of the host, and under pairs by chance.
// Ways hold for the whole host, so one life comes after the other.
func TestALifeInEachWHMCS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var has struct{ Names []string }
	w.ask(t, "ways", record{}, &has)
	var named []string
	var worlds [][]way
	all := hostWays()
	for _, one := range all {
		named = append(named, one.name)
		worlds = append(worlds, []way{one})
	}
	slices.Sort(named)
	require.ElementsMatch(t, has.Names, slices.Compact(named), "the host and the table have the same ways")
	chance := rand.New(rand.NewPCG(14, 2026))
	for range chancePairs {
		worlds = append(worlds, []way{all[chance.IntN(len(all))], all[chance.IntN(len(all))]})
	}
	for _, ways := range worlds {
		name := ""
		for _, one := range ways {
			name += one.name + "=" + one.value + " "
		}
		t.Run(name, func(t *testing.T) {
			for _, one := range ways {
				w.ask(t, "way", record{"name": one.name, "value": one.value}, nil)
			}
			defer func() {
				for _, one := range ways {
					w.ask(t, "way", record{"name": one.name, "value": ""}, nil)
				}
			}()
			lifeUnder(t, w, ways)
		})
	}
}

func lifeUnder(t *testing.T, w *world, ways []way) {
	turned := func(name string) bool {
		return slices.ContainsFunc(ways, func(one way) bool { return one.name == name })
	}
	client := w.client(t)
	order := w.place(t, client, "unwatched")
	id := order.ServiceIDs[0]
	w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	server := w.requireDelivered(t, id)
	if turned("unchecked-buttons") {
		stranger := w.login(t, w.client(t))
		stranger.token = "none of theirs"
		_, _ = stranger.submit(t, clientPage(id), url.Values{"modop": {"custom"}, "a": {"clientpower"}, "power": {"off"}})
		require.Equal(t, "on", w.panel(t).byID(server.ID).Power, "the module checks whose service it is")
	}
	w.requirePage(t, w.login(t, client), clientPage(id))

	w.overdue(t, id)
	w.awaitShown(t, id, "Suspended")
	w.requireBlocked(t, server.ID, true)
	w.edit(t, id, record{"nextduedate": today()})
	w.renew(t, id)
	w.ask(t, "cron", record{}, nil)
	w.awaitShown(t, id, "Active")
	w.requireBlocked(t, server.ID, false)

	switch {
	case turned("cancel-terminates"):
		w.orderAction(t, order, "cancel")
	case turned("refund-terminates"):
		w.ask(t, "refund", record{"invoiceid": order.InvoiceID}, nil)
	case turned("delete-terminates"):
		w.ask(t, "delete", record{"serviceid": id}, nil)
	default:
		w.insist(t, id, "terminate", nil)
	}
	w.awaitPhase(t, id, api.PhaseReleased)
	w.requireFree(t, id, server.ID)
	require.Equal(t, 1, w.of(t, id).mailsOf(id), "one welcome mail")
	require.Empty(t, w.panel(t).Violations)
}

// The table of starter whmcs check is true of the host and the module, and its worst line is what Test Connection shows.
func theTableIsTrue(t *testing.T, w *world) {
	w.ask(t, "cron", record{}, nil)
	out, _ := w.Starter(context.Background(), "whmcs", "check", "--json")
	var rows []billingcheck.Row
	require.NoError(t, json.NewDecoder(strings.NewReader(out[max(0, strings.Index(out, "[\n")):])).Decode(&rows), out)
	seen := map[string]billingcheck.Row{}
	for _, row := range rows {
		seen[row.Fact] = row
	}
	require.Equal(t, "installed", seen["hooks"].Seen, seen["hooks"].Means)
	require.Equal(t, "yes", seen["the module answers at /modules/servers/metalease/about.php"].Seen)
	require.Equal(t, "UTC", seen["time zone of dates"].Seen)
	require.Equal(t, "no row", seen["a service that is not there is"].Seen)
	require.Equal(t, "0", seen["quantity_available without stock control"].Seen)
	require.Regexp(t, `^8\.\d+\.\d+$`, seen["version of PHP"].Seen)
	require.Equal(t, "on", seen["overdue services are suspended"].Seen)
	require.NotEmpty(t, seen["the module's version"].Seen)
	require.True(t, seen["Automatically setup of products"].Bad, "one product of the shop is set up too early")
	worst, is := billingcheck.Worst(rows)
	require.True(t, is)
	first := "Automatically setup of products"
	if missing := "product 901 of the configuration"; seen[missing].Bad { // until another test makes it
		first = missing
	}
	require.Equal(t, first, worst.Fact, "%+v", worst)
}
