package panel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
	"metalease/internal/secret"
	"metalease/whmcs"
)

// TestARememberedAccountCountsOnlyWhileWHMCSShowsItOnTheClient: WHMCS has moved the service, with its
// account, from client 8 to client 7. The next order of client 8 is not built inside it.
func TestARememberedAccountCountsOnlyWhileWHMCSShowsItOnTheClient(t *testing.T) {
	w := newWorld(t)
	moved, next := w.Order(7), w.Order(8)
	known, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{moved.ID, moved.Username})
	require.NoError(t, err)
	_, err = w.Billing.Act(moved.ID, "create")
	require.NoError(t, err)
	ask := func(service int, also ...int) (AccountAnswer, error) {
		return simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: 8, ServiceID: service, Also: also, Known: known})
	}
	answer, err := ask(next.ID, moved.ID)
	require.NoError(t, err)
	require.Equal(t, next.Username, answer.Absent)
	require.Empty(t, answer.Also, "the moved one is not client 8's")

	_, err = ask(moved.ID)
	simulated.RequireType(t, err, edge.ErrClient, false)

	// An earlier service of client 8 was built in that account too: it holds two clients' servers.
	require.NoError(t, w.w.Client.UpdateService(t.Context(), next.ID, whmcs.ServiceUpdate{Username: &known.Name}))
	_, err = ask(next.ID)
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)
}

// TestAnAccountMovesWithTheServiceThatItWasMadeFor: WHMCS has moved the order to another client since,
// or merged the two.
func TestAnAccountMovesWithTheServiceThatItWasMadeFor(t *testing.T) {
	w := newWorld(t)
	moved := w.Order(8) // was client 7's
	had, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{moved.ID, moved.Username})
	require.NoError(t, err)
	ask := func(had holding.Account) (AccountAnswer, error) {
		return simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: 8, ServiceID: moved.ID, Had: had})
	}
	_, err = ask(holding.Account{})
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)
	answer, err := ask(had)
	require.NoError(t, err)
	require.Equal(t, had, answer.Account)

	another := w.Order(9)
	require.NoError(t, w.w.Client.UpdateService(t.Context(), another.ID, whmcs.ServiceUpdate{Username: &had.Name}))
	_, err = ask(had)
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)
}

// TestAnAccountIsNotMadeInTheNameOfAnotherClient: between look-up and creation staff have given the service another name,
// and only another client's carries this one.
func TestAnAccountIsNotMadeInTheNameOfAnotherClient(t *testing.T) {
	w := newWorld(t)
	own, other := w.Order(8), w.Order(9)
	changed := "example"
	_, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{ServiceID: own.ID, Name: other.Username})
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)
	name := own.Username
	require.NoError(t, w.w.Client.UpdateService(t.Context(), own.ID, whmcs.ServiceUpdate{Username: &changed}))
	_, err = simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{ServiceID: own.ID, Name: name})
	require.NoError(t, err, "which nobody else carries")
}

// TestTheAccountOfAnOrderThatEndedServesTheNext: it was made while the order was being terminated, and stays.
func TestTheAccountOfAnOrderThatEndedServesTheNext(t *testing.T) {
	w := newWorld(t)
	ended, next := w.Order(7), w.Order(7)
	known, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{ended.ID, ended.Username})
	require.NoError(t, err)
	_, err = w.Billing.Act(ended.ID, "cancel")
	require.NoError(t, err)
	answer, err := simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: 7, ServiceID: next.ID, Known: known})
	require.NoError(t, err)
	require.Equal(t, known, answer.Account)
	require.Empty(t, answer.Absent, "none is made beside it")
}

// TestAnAccountIsCreatedOnce: the reply is lost, or the panel has it by now.
func TestAnAccountIsCreatedOnce(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	in := NewAccount{service.ID, service.Username}
	users := func() int { return w.Panel.State().Functions["user"].Requests }
	w.Lose(panelsim.CloseAfter, "user.edit!", 1)
	_, err := simulated.Run[holding.Account](w, w.p.CreateAccount, in)
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
	require.Equal(t, 1, users(), "between the look-up and this attempt an outage may lie")

	account, err := simulated.Run[holding.Account](w, w.p.CreateAccount, in)
	require.NoError(t, err, "the panel has it by now")
	require.Equal(t, service.Username, account.Name)
	require.Len(t, w.Panel.State().Users, 2)

	short := w.Order(8)
	require.NoError(t, w.w.Client.UpdateService(t.Context(), short.ID, whmcs.ServiceUpdate{Password: new(secret.New("short"))}))
	_, err = simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{short.ID, short.Username})
	simulated.RequireType(t, err, edge.ErrPanelRefused, false)
}

// TestAnAccountIsKnownByTheServerThatIsBuiltForIt: where the memory of who created it is lost, the mark on a server of the API account
// says that this service came so far. What a customer writes into his own server's notes says nothing.
func TestAnAccountIsKnownByTheServerThatIsBuiltForIt(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	had, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
	require.NoError(t, err)
	ask := func() (AccountAnswer, error) {
		return simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: 7, ServiceID: service.ID})
	}
	mark := func(owner string) {
		w.Administer("1", map[string]any{"owner": owner, "notes": holding.Mark{Installation: simulated.Installation, ServiceID: service.ID, State: "installing 1"}.String()})
	}
	mark(had.Name)
	_, err = ask()
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)

	mark("whmcsapi")
	answer, err := ask()
	require.NoError(t, err)
	require.Equal(t, had, answer.Account)
	_, err = simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: 7, ServiceID: service.ID, Known: holding.Account{ID: "999", Name: "the-one-before"}})
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)

	another := w.Order(9)
	require.NoError(t, w.w.Client.UpdateService(t.Context(), another.ID, whmcs.ServiceUpdate{Username: &had.Name}))
	_, err = ask()
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)
}

// TestTheSecondOrderWithinATickGetsTheSameAccount: the list that was read before the account was created does not show it.
func TestTheSecondOrderWithinATickGetsTheSameAccount(t *testing.T) {
	w := newWorld(t)
	w.p.Reader.accountAge = time.Hour
	first, next := w.Order(7), w.Order(7)
	answer, err := simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: 7, ServiceID: first.ID})
	require.NoError(t, err)
	require.Equal(t, first.Username, answer.Absent)
	known, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{first.ID, answer.Absent})
	require.NoError(t, err)
	for _, q := range []AccountQuestion{{Known: known}, {Known: known, Absent: known.Name}} {
		q.ClientID, q.ServiceID = 7, next.ID
		again, err := simulated.Run[AccountAnswer](w, w.p.LookUpAccount, q)
		require.NoError(t, err)
		require.Equal(t, known, again.Account)
	}
}

// TestAStrangersAccountIsNotTakenForAMovedService: WHMCS shows it under another client, and staff have given it another
// username, which a panel user has already.
func TestAStrangersAccountIsNotTakenForAMovedService(t *testing.T) {
	w := newWorld(t)
	moved, strange := w.Order(8), w.Order(9)
	had, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{moved.ID, moved.Username})
	require.NoError(t, err)
	_, err = simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{strange.ID, strange.Username})
	require.NoError(t, err)
	_, err = w.Billing.Act(strange.ID, "cancel")
	require.NoError(t, err)
	w.claim(moved)
	require.NoError(t, w.w.Client.UpdateService(t.Context(), moved.ID, whmcs.ServiceUpdate{Username: &strange.Username}))
	_, err = simulated.Run[AccountAnswer](w, w.p.LookUpAccount, AccountQuestion{ClientID: 8, ServiceID: moved.ID, Had: had})
	simulated.RequireType(t, err, edge.ErrAccountForeign, false)
}
