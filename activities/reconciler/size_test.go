package reconciler

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/drift"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/activities/panel"
	"metalease/dcim"
	"metalease/whmcs"
)

// TestAReportIsBounded with every text as long and as costly as it can be: the engine takes
// 2 MiB of a result, and the report is argument and result of each run.
func TestAReportIsBounded(t *testing.T) {
	costly := strings.Repeat("\U0001F4A9", 5000)
	v := drift.View{Panel: "fra1", Installation: "main", API: holding.Account{ID: "3", Name: "whmcsapi"}}
	for i := range 2000 {
		id := fmt.Sprintf("%d%s", i, costly)
		v.Servers = append(v.Servers, drift.Sight{Read: true, Server: dcim.Server{ID: id, Label: costly, Hostname: costly, IP: fmt.Sprintf("192.0.%d.%d", i/250, i%250)}})
		v.Services = append(v.Services, drift.Billed{ID: i + 1, Status: whmcs.StatusSuspended, Username: costly, IP: v.Servers[i].IP, Reason: costly})
		v.Lives = append(v.Lives, drift.Life{ServiceID: i + 1, Panel: "fra1", Running: true, Phase: "active", ServerID: id, Held: costly, Reason: costly})
	}
	all := drift.Find(v)
	require.Greater(t, len(all), 2000)
	kept, over := within(all[:maxDrifts], maxReport)
	require.NotEmpty(t, kept)
	require.Len(t, append(kept, over...), maxDrifts, "what has no room is counted")
	text, err := json.Marshal(drift.Report{Drifts: kept, Unread: strings.Repeat("\U0001F4A9", longestUnread)})
	require.NoError(t, err)
	require.Less(t, len(text), 1<<20)
	one, err := json.Marshal(all[0])
	require.NoError(t, err)
	require.Less(t, len(one), 20<<10, "a difference alone has its limit too")
	var known []drift.Known
	for _, d := range kept {
		known = append(known, drift.Known{ID: d.ID})
	}
	text, err = json.Marshal(drift.CompareInput{Known: known})
	require.NoError(t, err)
	require.Less(t, len(text), 1<<20)
	kept, over = within(all[:10], 1<<30)
	require.Len(t, kept, 10)
	require.Empty(t, over)
}

// TestABadRowCostsThatRow: of the panel's list, and of WHMCS.
func TestABadRowCostsThatRow(t *testing.T) {
	s := newReconciled(t)
	service, _ := s.serve("active")
	s.r.Reader = panel.NewReader(oddRows{s.Backend}, 0)
	report := s.compare()
	require.Empty(t, report.Drifts, "a server that moved from one page to the next is one server")
	require.Equal(t, 4, report.Servers)

	s.Administer("2", map[string]any{"owner": "whmcsapi"})
	s.r.Modules = []string{"another"} // the service is in no list
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("serviceid") == id(service) {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		s.Billing.ServeHTTP(w, r)
	}))
	t.Cleanup(broken.Close)
	client, err := whmcs.New(whmcs.Config{URL: broken.URL, Identifier: "identifier", Secret: "secret"})
	require.NoError(t, err)
	s.r.WHMCS = client
	report = s.compare()
	require.Equal(t, []string{"unmarked-2"}, ids(report.Drifts), "the service is not called deleted")
	require.Contains(t, report.Unread, "service "+id(service)+" cannot be read")

	_, err = simulated.Run[*drift.Drift](s, s.r.Recheck, drift.Drift{ID: "ended-" + id(service) + "-1", Kind: drift.DriftEnded, ServiceID: service.ID, ServerID: "1"})
	simulated.RequireType(t, err, edge.ErrWHMCSUnavailable, true)
}

// oddRows lists a server twice, and one without an id.
type oddRows struct{ dcim.Backend }

func (o oddRows) Servers(ctx context.Context) ([]dcim.Server, error) {
	servers, err := o.Backend.Servers(ctx)
	if err == nil {
		servers = append(servers, servers[0], dcim.Server{Owner: "whmcsapi"})
	}
	return servers, err
}
