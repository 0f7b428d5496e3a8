package whmcs_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
)

// hostile is what a technician, a customer or another program may write: markup, and a character of four bytes, which the
// utf8 of WHMCS's tables does not hold.
const hostile = `<img src=x onerror=steal()> 🔥 rack`

// liveMarkup is the part of it that must never reach a page as it is.
var liveMarkup = regexp.MustCompile(`<img src=x`)

// Text of others is text on every page of WHMCS that shows it as it is: results of module functions, the reason of a
// suspension, notes.
func textOfOthers(t *testing.T, w *world) {
	client := w.client(t)
	order := w.place(t, client, "unwatched")
	id := order.ServiceIDs[0]
	servers := w.panel(t).Servers
	named := servers[len(servers)-2].ID
	require.NoError(t, w.AskPanel(t.Context(), http.MethodPost, "/_sim/servers/"+named, record{"name": hostile}, nil))
	w.ask(t, "save", record{"serviceid": id, "request": record{"metalease_server_id": named}}, nil)
	w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	require.Equal(t, named, w.requireDelivered(t, id).ID)

	for range 2 { // what WHMCS says twice is told once
		w.ask(t, "hook", record{"point": "FraudOrder", "vars": record{"orderid": order.OrderID}}, nil)
	}
	told := slices.DeleteFunc(w.state(t).Activity, func(line record) bool {
		return !strings.Contains(fmt.Sprint(line["description"]), fmt.Sprintf("service %d needs attention", id))
	})
	require.Len(t, told, 1)
	require.Contains(t, told[0]["description"], "\uFFFD rack")

	out, err := w.TemporalCommand(t.Context(), "workflow", "signal", "-w", fmt.Sprintf("service-%d", id), "--name", "suspend", "--input", fmt.Sprintf("%q", hostile))
	require.NoError(t, err, out)
	w.awaitShown(t, id, "Suspended")
	staff := w.login(t, 0)
	var page string
	require.True(t, eventually(func() bool {
		_, page = staff.submit(t, adminPage(id), url.Values{"modop": {"unsuspend"}})
		return strings.Contains(page, "Module Command Error")
	}))
	require.Contains(t, page, "rack", "it is told")
	require.NotRegexp(t, liveMarkup, page)
	for _, theme := range []string{"six", "twenty-one"} {
		page = w.requirePage(t, w.login(t, client), clientPage(id)+"&systpl="+theme)
		require.NotRegexp(t, liveMarkup, page, theme)
		require.NotContains(t, page, "rack", "%s: a reason that was not given in WHMCS is for staff", theme)
	}

	out, err = w.TemporalCommand(t.Context(), "workflow", "signal", "-w", fmt.Sprintf("service-%d", id), "--name", "terminate")
	require.NoError(t, err, out)
	w.awaitShown(t, id, "Terminated")
	w.awaitPhase(t, id, api.PhaseReleased)
	require.True(t, eventually(func() bool { return w.of(t, id).service(id).Notes != "" }))
	notes := w.of(t, id).service(id).Notes
	require.Contains(t, notes, named)
	require.NotRegexp(t, liveMarkup, notes)
}
