package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/internal/simulated"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
)

// TestScansGoOnPastAServerThatCannotBeRead, and name it.
func TestScansGoOnPastAServerThatCannotBeRead(t *testing.T) {
	for _, fault := range []panelsim.Rule{
		{Effect: panelsim.Error, Type: "missed"}, {Effect: panelsim.Error, Type: "value"},
		{Effect: panelsim.Error, Type: "xml"}, {Effect: panelsim.HTTP500}, {Effect: panelsim.Garbage},
	} {
		t.Run(string(fault.Effect)+" "+fault.Type, func(t *testing.T) {
			fault.Function, fault.Server = "server.edit", "4"
			w := newWorld(t)
			service := w.Order(7)
			w.Administer("4", map[string]any{"owner": "whmcsapi"})
			require.NoError(t, w.Panel.Fault(fault))
			found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: service.ID})
			require.NoError(t, err)
			require.Equal(t, []string{"4"}, found.Unread)
			survey, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{Wants: []Want{{Package: "E3-16G", Count: 4}}})
			require.NoError(t, err)
			require.Len(t, survey.Candidates["E3-16G"], 3)
			marked, err := simulated.Run[[]MarkedServer](w, w.p.MarkedServers, MarkedInput{service.ID})
			require.NoError(t, err)
			require.Len(t, marked, 1, "it may be the service's")
			require.Contains(t, marked[0].Mark, "cannot be read")
			value, err := w.Env.ExecuteActivity(w.p.QuarantineList)
			require.NoError(t, err)
			var listed []Quarantined
			require.NoError(t, value.Get(&listed))
			require.Contains(t, listed[0].Reason, "cannot be read")
			seen, err := simulated.Run[[]Sighting](w, w.p.FindServers, "4")
			require.NoError(t, err)
			require.NotEmpty(t, seen[0].Unread)

			// A free one is not had, and does not hold up the order.
			w.Administer("4", map[string]any{"owner": ""})
			result, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "4", ServiceID: service.ID, ClientID: 7, Package: "E3-16G"})
			require.NoError(t, err)
			require.Equal(t, ClaimTaken, result.Outcome)
			w.RequireClean()
		})
	}
}

// TestAScanOfAPanelThatIsNotWell: where no record at all can be read, no scan has an answer.
func TestAScanOfAPanelThatIsNotWell(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"3", "4"} {
		w.Administer(id, map[string]any{"owner": "whmcsapi"})
	}
	w.Lose(panelsim.HTTP500, "server.edit", 0)
	_, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: 101})
	require.ErrorContains(t, err, "500")
	w.Panel.ClearFaults()
	found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: 101})
	require.NoError(t, err)
	require.Equal(t, Found{}, found)
	require.False(t, dcim.AboutOne(nil))
}
