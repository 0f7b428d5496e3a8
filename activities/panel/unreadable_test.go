package panel

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
	billingsim "metalease/whmcs/simulator"
)

// Beside rows that cannot be read, in the panel and in WHMCS, an order is built as ever; only the
// server and the service of those rows are held up, and the errors name them.
func TestAnOrderGoesOnBesideRowsThatCannotBeRead(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) {
		c.Encoding = panelsim.Encoding{Name: "windows-1251", Undeclared: true}
	})
	service, bad := w.Order(7), w.Order(7)
	w.Administer("2", map[string]any{"name": "rack \u0421 \x01\x1b[31m", "notes": "\x02 & <b>"})
	w.Administer("3", map[string]any{"mac": strings.Repeat("x", 70<<10)})
	require.NoError(t, w.Billing.Fault(billingsim.Fault{Function: "GetClientsProducts", Effect: "odd-row", Service: bad.ID}))

	survey, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{Wants: []Want{{Package: "E3-16G", Count: 4}}})
	require.NoError(t, err)
	require.Len(t, survey.Candidates["E3-16G"], 4)
	answer, err := simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: 7, ServiceID: service.ID})
	require.NoError(t, err)
	require.NotEmpty(t, answer.Absent)
	for id, outcome := range map[string]ClaimOutcome{"2": ClaimGranted, "3": ClaimTaken} {
		result, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: id, ServiceID: service.ID, ClientID: 7, Package: "E3-16G"})
		require.NoError(t, err, id)
		require.Equal(t, outcome, result.Outcome, id)
	}
	require.Contains(t, w.Server("2").Notes, "metalease:")
	require.Contains(t, w.Server("2").Notes, "& <b>", "what a person has written stays")

	_, err = simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "1", ServiceID: bad.ID, ClientID: 7, Package: "E3-16G"})
	simulated.RequireType(t, err, edge.ErrWHMCSRefused, false)
	require.ErrorContains(t, err, "the row of service")
	w.RequireClean()
}
