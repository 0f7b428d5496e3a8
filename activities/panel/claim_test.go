package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
	"metalease/whmcs"
	billingsim "metalease/whmcs/simulator"
)

func TestAClaimIsOneSaveAndIsReadBack(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	target := w.claim(service)
	server := w.Server("1")
	require.Equal(t, "whmcsapi", server.OwnerName)
	require.Equal(t, w.p.mark(service.ID, holding.StateClaimed).String(), server.Notes)
	require.NotEmpty(t, server.MAC, "the other fields of the form are kept")

	again := w.claim(service)
	require.Equal(t, target, again, "a repeat adopts what the first one did")
	w.RequireClean()
}

func TestALostReplyToTheClaimIsResolvedByAReadBack(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	w.Lose(panelsim.CloseAfter, "server.edit!", 1)
	_, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "1", ServiceID: service.ID, Package: "E3-16G"})
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
	w.claim(service)
	w.RequireClean()
}

func TestWhatCannotBeClaimed(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]any
		pkg    string
	}{
		"somebody's":          {map[string]any{"owner": "whmcsapi"}, "E3-16G"},
		"blocked":             {map[string]any{"disabled": true}, "E3-16G"},
		"broken":              {map[string]any{"hwproblem": true}, "E3-16G"},
		"being diagnosed":     {map[string]any{"diag_in_progress": true}, "E3-16G"},
		"named":               {map[string]any{"hostname": "web.example.com"}, "E3-16G"},
		"with a foreign mark": {map[string]any{"notes": "metalease:other/service-1 claimed"}, "E3-16G"},
		"of another package":  {map[string]any{}, "E5-64G"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			service := w.Order(7)
			if len(c.change) > 0 {
				w.Administer("1", c.change)
			}
			before := w.Server("1")
			result, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "1", ServiceID: service.ID, Package: c.pkg})
			require.NoError(t, err)
			require.Equal(t, ClaimTaken, result.Outcome)
			require.NotEmpty(t, result.Why)
			require.Equal(t, before, w.Server("1"), "nothing was written")
		})
	}
}

func TestAClaimAsksWHMCSFirst(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	_, err := w.Billing.Act(service.ID, "cancel")
	require.NoError(t, err)
	result, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "1", ServiceID: service.ID, Package: "E3-16G"})
	require.NoError(t, err)
	require.Equal(t, ClaimRefused, result.Outcome)
	require.Equal(t, edge.ErrNotPending, result.Code)
	require.Empty(t, w.Server("1").Owner)
}

func TestReturnClaimGivesBackWhatNobodyBeganToUse(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	target := w.claim(service)
	require.NoError(t, simulated.Do(w, w.p.ReturnClaim, target))
	require.Empty(t, w.Server("1").Owner)
	require.Empty(t, w.Server("1").Notes)
	simulated.RequireType(t, simulated.Do(w, w.p.ReturnClaim, target), edge.ErrOwnership, false)
	w.RequireClean()
}

func TestSurveyCountsAndOffersOnlyWhatIsWanted(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.Servers = 6; c.Packages = []string{"E3-16G", "E5-64G"} })
	service := w.Order(7)
	w.claim(service)
	survey, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{Wants: []Want{{"E3-16G", 1}, {"None", 5}}, Skip: []string{"3"}})
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"E3-16G": {"5"}}, survey.Candidates)
	require.Equal(t, []PackageCount{{"E3-16G", 2, 1, 0}, {"E5-64G", 3, 0, 0}}, survey.Stock)

	require.NoError(t, simulated.Do(w, w.p.Quarantine, QuarantineInput{Target: Target{ServiceID: service.ID, ServerID: "1"}, Reason: "no boot device"}))
	survey, err = simulated.Run[Survey](w, w.p.Survey, SurveyInput{})
	require.NoError(t, err)
	require.Equal(t, PackageCount{"E3-16G", 2, 0, 1}, survey.Stock[0])
	require.True(t, w.Server("1").Disabled)
	require.Contains(t, w.Server("1").Notes, "no boot device")
	w.RequireClean()
}

func TestAnEarlierLifeIsFoundByItsMark(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: service.ID})
	require.NoError(t, err)
	require.Nil(t, found.Server)

	target := w.claim(service)
	found, err = simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: service.ID})
	require.NoError(t, err)
	require.Equal(t, target.ServerID, found.Server.ID)
	require.Equal(t, holding.StateClaimed, found.State)
	require.False(t, found.HandedOver)

	w.Administer("2", map[string]any{"owner": "whmcsapi", "notes": w.p.mark(service.ID, holding.StateClaimed).String()})
	_, err = simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: service.ID})
	simulated.RequireType(t, err, edge.ErrDuplicatedMark, false)
}

func TestAccounts(t *testing.T) {
	w := newWorld(t)
	first, second := w.Order(7), w.Order(7)
	ask := func(service *billingsim.Service, known holding.Account) (AccountAnswer, error) {
		return simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: 7, ServiceID: service.ID, Known: known})
	}
	answer, err := ask(first, holding.Account{})
	require.NoError(t, err)
	require.Equal(t, first.Username, answer.Absent)

	w.Lose(panelsim.CloseAfter, "user.edit!", 1)
	_, err = simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{first.ID, first.Username})
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
	account, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{first.ID, first.Username})
	require.NoError(t, err, "it was recorded as absent, so what exists now is ours")
	require.Len(t, w.Panel.State().Users, 2)

	answer, err = ask(second, account)
	require.NoError(t, err)
	require.Equal(t, account, answer.Account, "the remembered one is verified")

	_, err = ask(first, holding.Account{})
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)

	_, err = w.Billing.Act(first.ID, "create")
	require.NoError(t, err)
	answer, err = ask(second, holding.Account{ID: "999", Name: "gone"})
	require.NoError(t, err)
	require.Equal(t, account, answer.Account, "the account of an active service of the client")
}

// TestASurveyFindsWhatAWaiterHasAlready: an allocator that was lost has claimed it.
func TestASurveyFindsWhatAWaiterHasAlready(t *testing.T) {
	w := newWorld(t)
	service, other := w.Order(7), w.Order(8)
	w.claim(service)
	survey, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{Services: []int{service.ID, other.ID}})
	require.NoError(t, err)
	require.Equal(t, map[int]string{service.ID: "1"}, survey.Held)
	survey, err = simulated.Run[Survey](w, w.p.Survey, SurveyInput{Services: []int{service.ID}, Skip: []string{"1"}})
	require.NoError(t, err)
	require.Empty(t, survey.Held, "it was tried and could not be had")

	again, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "1", ServiceID: service.ID, ClientID: 7, Package: "E3-16G"})
	require.NoError(t, err)
	require.Equal(t, ClaimGranted, again.Outcome)
	w.RequireClean()
}

// TestOneFormThatCannotBeReadStopsNobody: it may be a server that was just deleted.
func TestOneFormThatCannotBeReadStopsNobody(t *testing.T) {
	w := newWorld(t)
	w.claim(w.Order(7))
	w.p.marks.known = nil
	w.Lose(panelsim.Error, "server.edit", 1)
	survey, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{Wants: []Want{{"E3-16G", 1}}})
	require.NoError(t, err)
	require.Equal(t, []PackageCount{{Package: "E3-16G", Free: 3, Claimed: 1}}, survey.Stock)
	require.Len(t, survey.Candidates["E3-16G"], 1)
}

// TestAServerThatWasJustGivenBackCanBeClaimed: the last list shows it as taken.
func TestAServerThatWasJustGivenBackCanBeClaimed(t *testing.T) {
	w := newWorld(t)
	later, earlier := w.Order(7), w.Order(8)
	target := w.claim(later)
	require.NoError(t, simulated.Do(w, w.p.ReturnClaim, target))
	got, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "1", ServiceID: earlier.ID, ClientID: 8, Package: "E3-16G"})
	require.NoError(t, err)
	require.Equal(t, ClaimGranted, got.Outcome, got.Why)
	w.RequireClean()
}

// TestTwoClientsOfOneUsernameDoNotShareAnAccount: WHMCS makes usernames from domains, and two
// may be alike. The first one has the name.
func TestTwoClientsOfOneUsernameDoNotShareAnAccount(t *testing.T) {
	w := newWorld(t)
	first, second := w.Order(7), w.Order(8)
	for _, service := range []*billingsim.Service{first, second} {
		name := "example"
		require.NoError(t, w.w.Client.UpdateService(t.Context(), service.ID, whmcs.ServiceUpdate{Username: &name}))
	}
	for _, service := range []*billingsim.Service{second, first} {
		answer, err := simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: service.ClientID, ServiceID: service.ID})
		require.NoError(t, err)
		require.Equal(t, "example", answer.Absent)
	}
	_, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{ServiceID: second.ID, Name: "example"})
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)
	require.Len(t, w.Panel.State().Users, 1, "the first one has the name, also while it has no account yet")
	_, err = simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{ServiceID: first.ID, Name: "example"})
	require.NoError(t, err)
	_, err = simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{ServiceID: second.ID, Name: "example"})
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)
	w.p.Reader.accountAge = 0 // a list of before shows no such account
	_, err = simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: 8, ServiceID: second.ID})
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)
}

// TestAServiceThatHasAServerIsNotGivenAnother: the claim came through unseen.
func TestAServiceThatHasAServerIsNotGivenAnother(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	w.claim(service)
	got, err := simulated.Run[ClaimResult](w, w.p.Claim, ClaimRequest{ServerID: "3", ServiceID: service.ID, ClientID: 7, Package: "E3-16G"})
	require.NoError(t, err)
	require.Equal(t, ClaimGranted, got.Outcome)
	require.Equal(t, "1", got.Server.ID)
	require.Empty(t, w.Server("3").Owner)
}
