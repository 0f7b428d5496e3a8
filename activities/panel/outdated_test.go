package panel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
)

// lookedLately has a survey have looked at the panel two minutes ago, before somebody has changed a server.
func (w *world) lookedLately(t *testing.T, serverID string, change map[string]any) {
	t.Helper()
	_, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{Wants: []Want{{"E3-16G", 5}}})
	require.NoError(t, err)
	list := &w.p.Reader.list
	list.mu.Lock()
	list.whole.listing.Began = time.Now().Add(-2 * time.Minute)
	list.mu.Unlock()
	w.Administer(serverID, change)
}

// TestWhatHasChangedSinceTheLookIsNobodysAfterAClaim: the record shows none of it, and the list after the save all.
func TestWhatHasChangedSinceTheLookIsNobodysAfterAClaim(t *testing.T) {
	for name, change := range map[string]map[string]any{
		"blocked":            {"disabled": true},
		"of another package": {"chassis_templ": "E3-8G", "type": "E3-8G"},
		"broken":             {"hwproblem": true},
		"being diagnosed":    {"diag_in_progress": true},
		"named":              {"hostname": "web.example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			service := w.Order(7)
			w.lookedLately(t, "1", change)
			before := w.Server("1")
			claim := ClaimRequest{ServerID: "1", ServiceID: service.ID, ClientID: 7, Package: "E3-16G"}
			result, err := simulated.Run[ClaimResult](w, w.p.Claim, claim)
			require.NoError(t, err)
			require.Equal(t, ClaimTaken, result.Outcome)
			require.NotContains(t, result.Why, "whmcsapi")
			require.Equal(t, before, w.Server("1"), "given back as it was")
		})
	}
}

// TestAClaimWhoseReplyWasLostIsLookedAtAsWell: the attempt before has saved it.
func TestAClaimWhoseReplyWasLostIsLookedAtAsWell(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	w.lookedLately(t, "1", map[string]any{"chassis_templ": "E3-8G", "type": "E3-8G"})
	claim := ClaimRequest{ServerID: "1", ServiceID: service.ID, ClientID: 7, Package: "E3-16G"}
	w.Lose(panelsim.CloseAfter, "server.edit!", 1)
	_, err := simulated.Run[ClaimResult](w, w.p.Claim, claim)
	require.Error(t, err)
	result, err := simulated.Run[ClaimResult](w, w.p.Claim, claim)
	require.NoError(t, err)
	require.Equal(t, ClaimTaken, result.Outcome)
	require.Empty(t, w.Server("1").Owner)
}

// TestANamedServerIsNotRefusedForWhatItWas: staff have corrected its configuration, and named it for an order.
func TestANamedServerIsNotRefusedForWhatItWas(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.Servers, c.Packages = 2, []string{"E3-8G", "E3-16G"} })
	service := w.Order(7)
	w.lookedLately(t, "1", map[string]any{"chassis_templ": "E3-16G"})
	result, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "1", ServiceID: service.ID, ClientID: 7, Package: "E3-16G"})
	require.NoError(t, err)
	require.Equal(t, ClaimGranted, result.Outcome, result.Why)
	require.Equal(t, "E3-16G", result.Package)
}
