package server

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/secret"
	billingsim "metalease/whmcs/simulator"
)

// states are the findings about one part, by what was found.
func states(all []Finding, part string) map[string]State {
	found := map[string]State{}
	for _, f := range all {
		if f.Part == part {
			found[f.What] = f.State
		}
	}
	return found
}

func TestConnectTellsWhatWorks(t *testing.T) {
	w := newWorld(t, config.ModeManage)
	before := w.panel.Violations()
	all := Connect(t.Context(), "none.yaml", w.cfg)
	require.NoError(t, Faulty(all), "%+v", all)
	require.Equal(t, Works, states(all, "panel fra1")["lists 3 servers"])
	require.Equal(t, Works, states(all, "panel fra1")["its clock is ours"])
	require.Equal(t, Works, states(all, "WHMCS")["the API role allows what is called"])
	require.Equal(t, Works, states(all, "Temporal")["the search attributes are there"])
	require.Equal(t, before, w.panel.Violations())
}

func TestConnectNamesTheCure(t *testing.T) {
	w := newWorld(t, config.ModeObserve)
	poor, err := billingsim.New(billingsim.Config{Denied: []string{"ModuleTerminate", "GetOrders"}})
	require.NoError(t, err)
	billing := httptest.NewServer(poor)
	t.Cleanup(billing.Close)
	w.cfg.WHMCS.URL = billing.URL
	w.cfg.Panels[0].Password = secret.New("wrong-password")
	w.cfg.Gateway.Listen = "192.0.2.77:8080"
	t.Setenv("TEMPORAL_NAMESPACE", "no-such-namespace")
	all := Connect(t.Context(), "none.yaml", w.cfg)
	require.EqualError(t, Faulty(all), "4 things do not work", "%+v", all)
	for part, cure := range map[string]string{
		"this machine": "correct gateway.listen", "Temporal": "see the message",
		"WHMCS": "allow them in the API role", "panel fra1": "correct user and password",
	} {
		found := false
		for _, f := range all {
			if f.Part == part && f.State == Fault {
				found = true
				require.Contains(t, f.Cure, cure)
				require.NotContains(t, f.What, "wrong-password")
			}
		}
		require.True(t, found, part)
	}
	require.Equal(t, Fault, states(all, "WHMCS")["the API role does not allow GetOrders, ModuleTerminate"])
}

// TestAPanelInMaintenanceHasNotTheWrongAddress: an HTML page may be of a panel that is right and does not work now.
func TestAPanelInMaintenanceHasNotTheWrongAddress(t *testing.T) {
	w := newWorld(t, config.ModeManage)
	maintenance := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		http.Error(rw, "<html>be back soon</html>", http.StatusServiceUnavailable)
	}))
	t.Cleanup(maintenance.Close)
	w.cfg.Panels[0].URL = maintenance.URL + "/dcimgr"
	all := Connect(t.Context(), "none.yaml", w.cfg)
	require.Error(t, Faulty(all))
	i := slices.IndexFunc(all, func(f Finding) bool { return f.Part == "panel fra1" && f.State == Fault })
	require.GreaterOrEqual(t, i, 0, "%+v", all)
	require.Contains(t, all[i].Cure, "see whether the panel is in maintenance", all[i].What)
}

func TestAClockThatIsOff(t *testing.T) {
	off := time.Hour
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
	}))
	t.Cleanup(server.Close)
	found := clock(t.Context(), "WHMCS", server.URL, "", "")
	require.Len(t, found, 1)
	require.Equal(t, Fault, found[0].State)
	require.Contains(t, found[0].What, "off ours")
	off = time.Second
	require.Equal(t, Works, clock(t.Context(), "WHMCS", server.URL, "", "")[0].State)
}
