package checkout

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/whmcs"
)

// meanwhile has something else happen just before WHMCS is asked for an action, once.
func (w *world) meanwhile(action string, do func()) {
	w.T.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body)) // what is no form is no action
		if err == nil && do != nil && form.Get("action") == action {
			once := do
			do = nil
			once()
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		w.Billing.ServeHTTP(rw, r)
	}))
	w.T.Cleanup(server.Close)
	client, err := whmcs.New(whmcs.Config{URL: server.URL, Identifier: "identifier", Secret: "secret", Rate: 10_000})
	require.NoError(w.T, err)
	w.c.Client = client
}

// another is an order of another cart for the same client, as WHMCS takes it or not.
func (w *world) another(client int) error {
	_, err := w.API.AddOrder(w.T.Context(), whmcs.NewOrder{
		ClientID: client, PaymentMethod: "banktransfer", Mark: mark("c2abcdef"), Items: []whmcs.NewItem{{ProductID: 1, Cycle: "monthly"}},
	})
	return err
}

// forget has a client removed as a cart does: it asks again after the time that it was told.
func (w *world) forget(in Forget) {
	w.T.Helper()
	if w.close(in) {
		in.Closed = true
		require.False(w.T, w.close(in))
	}
}

// close makes one call of it, and tells whether another one is to follow.
func (w *world) close(in Forget) bool {
	w.T.Helper()
	left, err := simulated.Run[Forgotten](w, w.c.ForgetClient, in)
	require.NoError(w.T, err)
	if left.LookAgain != 0 {
		require.Equal(w.T, Duration(settle), left.LookAgain, "as long as WHMCS may be at work")
	}
	return left.LookAgain != 0
}

func TestAClientThatCameToNothingIsRemoved(t *testing.T) {
	w := newWorld(t)
	client := w.client()
	require.Equal(t, "metalease: made for cart-c1", w.Billing.State().Client(client).Notes)
	w.forget(Forget{CartID: "c1", ClientID: client})
	require.Empty(t, w.Billing.State().Clients)
	w.forget(Forget{CartID: "c1", ClientID: client}) // a repeat finds nobody
}

// TestAClientWhoseReplyWasLostIsRemoved: the cart does not know its number, and WHMCS may still be at work.
func TestAClientWhoseReplyWasLostIsRemoved(t *testing.T) {
	w := newWorld(t)
	w.lose("AddClient", "close-after", 1)
	_, err := simulated.Run[Known](w, w.c.EnsureClient, NewClient{CartID: "c1", Client: ada(), Currency: "EUR"})
	simulated.RequireType(t, err, edge.ErrWHMCSUnavailable, true)
	require.Len(t, w.Billing.State().Clients, 1)
	w.forget(Forget{CartID: "c1", Email: ada().Email})
	require.Empty(t, w.Billing.State().Clients)
	w.forget(Forget{CartID: "c1", Email: ada().Email}) // WHMCS has not made it at all
}

// TestOnlyOwnClientsAreRemoved: neither one that was there before, nor another cart's, nor one that staff
// have taken in hand.
func TestOnlyOwnClientsAreRemoved(t *testing.T) {
	w := newWorld(t)
	there, err := w.API.AddClient(t.Context(), whmcs.ClientFields{
		FirstName: "Ada", LastName: "Lovelace", Email: ada().Email, Address1: "1", City: "London", State: "London", Postcode: "N1", Country: "GB", Phone: "1",
	}, true)
	require.NoError(t, err)
	for _, notes := range []string{"", "metalease: made for cart-c2", "metalease: made for cart-c1; called, VIP"} {
		require.NoError(t, w.API.UpdateClient(t.Context(), there, whmcs.ClientActive, notes))
		w.forget(Forget{CartID: "c1", Email: ada().Email})
		w.forget(Forget{CartID: "c1", ClientID: there})
		require.Equal(t, "Active", w.Billing.State().Client(there).Status, notes)
	}
}

// TestAClientWhomStaffHaveClosedStaysSo: neither removed nor opened again.
func TestAClientWhomStaffHaveClosedStaysSo(t *testing.T) {
	w := newWorld(t)
	client := w.client()
	require.NoError(t, w.API.UpdateClient(t.Context(), client, whmcs.ClientClosed, made("c1")))
	w.forget(Forget{CartID: "c1", ClientID: client})
	require.Equal(t, "Closed", w.Billing.State().Client(client).Status)
}

// TestAClientWhoHasSomethingIsNotRemoved, also when an order comes at the last moment before it is closed.
func TestAClientWhoHasSomethingIsNotRemoved(t *testing.T) {
	w := newWorld(t)
	client := w.client()
	w.meanwhile("UpdateClient", func() { require.NoError(t, w.another(client)) })
	w.forget(Forget{CartID: "c1", ClientID: client})
	asked := w.Billing.State().Counters["UpdateClient"].Requests
	w.forget(Forget{CartID: "c1", ClientID: client})
	require.Equal(t, asked, w.Billing.State().Counters["UpdateClient"].Requests, "who is in use is not even closed")
	is := w.Billing.State().Client(client)
	require.Equal(t, []string{"Active", made("c1")}, []string{is.Status, is.Notes})
	require.Len(t, w.Billing.State().Orders, 1)
}

// TestNoOrderIsRemovedWithItsClient: between the look and the removal WHMCS takes none.
func TestNoOrderIsRemovedWithItsClient(t *testing.T) {
	w := newWorld(t)
	client := w.client()
	var refused error
	w.meanwhile("DeleteClient", func() { refused = w.another(client) })
	w.forget(Forget{CartID: "c1", ClientID: client})
	require.Equal(t, whmcs.ReasonClientClosed, whmcs.ReasonOf(refused))
	require.Empty(t, w.Billing.State().Clients)
}

// TestASlowOrderIsNotRemovedWithItsClient: WHMCS had asked for the status before the client was closed, and
// writes the order long after. Nobody is removed before that must have ended.
func TestASlowOrderIsNotRemovedWithItsClient(t *testing.T) {
	w := newWorld(t)
	client := w.client()
	in := Forget{CartID: "c1", ClientID: client}
	require.True(t, w.close(in))
	require.Equal(t, "Closed", w.Billing.State().Client(client).Status)
	require.True(t, w.close(in), "a repeat whose answer was lost does not know since when the client is closed")
	w.late(func() { require.NoError(t, w.another(client)) })
	in.Closed = true
	require.False(t, w.close(in))
	is := w.Billing.State().Client(client)
	require.Equal(t, []string{"Active", made("c1")}, []string{is.Status, is.Notes})
	require.Len(t, w.Billing.State().Orders, 1)
}

// late is what WHMCS had begun before a client was closed.
func (w *world) late(do func()) {
	is := w.Billing.State().Clients[0]
	require.NoError(w.T, w.API.UpdateClient(w.T.Context(), is.ID, whmcs.ClientActive, made("c1")))
	do()
	require.NoError(w.T, w.API.UpdateClient(w.T.Context(), is.ID, whmcs.ClientClosed, is.Notes))
}

// TestAClientWithAnInvoiceIsNotRemoved, though it has no order: staff have written it.
func TestAClientWithAnInvoiceIsNotRemoved(t *testing.T) {
	for _, closed := range []bool{false, true} {
		w := newWorld(t)
		client := w.client()
		in := Forget{CartID: "c1", ClientID: client, Closed: closed}
		if closed {
			require.True(t, w.close(Forget{CartID: "c1", ClientID: client}))
		}
		w.control(fmt.Sprintf("/_sim/clients/%d", client), `{"bills":1}`)
		require.False(t, w.close(in))
		require.Equal(t, "Active", w.Billing.State().Client(client).Status)
	}
}

// TestAClientThatWasOpenedAgainIsClosedAnew before it is looked at: what counts is how long it was closed.
func TestAClientThatWasOpenedAgainIsClosedAnew(t *testing.T) {
	w := newWorld(t)
	client := w.client()
	require.True(t, w.close(Forget{CartID: "c1", ClientID: client}))
	require.NoError(t, w.API.UpdateClient(t.Context(), client, whmcs.ClientActive, made("c1")))
	require.True(t, w.close(Forget{CartID: "c1", ClientID: client, Closed: true}))
	require.Equal(t, "Closed", w.Billing.State().Client(client).Status)
}

// TestAClientThatMayNotBeRemovedIsOpenedAgain: the API role may lack the right.
func TestAClientThatMayNotBeRemovedIsOpenedAgain(t *testing.T) {
	for _, action := range []string{"DeleteClient", "GetInvoices"} {
		w := newWorld(t)
		client := w.client()
		in := Forget{CartID: "c1", ClientID: client}
		require.True(t, w.close(in))
		in.Closed = true
		w.fails(action, `Invalid Permissions: API action "`+strings.ToLower(action)+`" is not allowed`)
		err := simulated.Do(w, w.c.ForgetClient, in)
		simulated.RequireType(t, err, edge.ErrWHMCSCredentials, false)
		require.Equal(t, "Active", w.Billing.State().Client(client).Status)
	}
}

// TestALostReplyOnTheWayOut: whatever was done is found, and gone on with.
func TestALostReplyOnTheWayOut(t *testing.T) {
	for _, function := range []string{"UpdateClient", "DeleteClient", "GetOrders", "GetInvoices", "GetClientsDetails"} {
		for _, effect := range []string{"close-after", "close-before"} {
			w := newWorld(t)
			in := Forget{CartID: "c1", ClientID: w.client()}
			if function == "DeleteClient" {
				require.True(t, w.close(in))
				in.Closed = true
			}
			w.lose(function, effect, 1)
			err := simulated.Do(w, w.c.ForgetClient, in)
			simulated.RequireType(t, err, edge.ErrWHMCSUnavailable, true)
			w.forget(in)
			require.Empty(t, w.Billing.State().Clients, "%s %s", function, effect)
		}
	}
}

// TestACartMeetsAClientOnItsWayOut: its check asks again, and its order finds the client gone, or back.
func TestACartMeetsAClientOnItsWayOut(t *testing.T) {
	for _, back := range []bool{true, false} {
		w := newWorld(t)
		client := w.client()
		closed := func(status, more string) {
			require.NoError(t, w.API.UpdateClient(t.Context(), client, status, made("c1")+more))
		}
		closed(whmcs.ClientClosed, toRemove)
		for _, by := range []Client{ada(), {ID: client}} {
			_, err := simulated.Run[Checked](w, w.c.Check, Question{CartID: "c2", Request: request(func(r *Request) { r.Client = by })})
			simulated.RequireType(t, err, edge.ErrWHMCSUnavailable, true)
		}
		_, err := w.purchase(client)
		simulated.RequireType(t, err, edge.ErrWHMCSUnavailable, true) // it is asked for again until that has ended
		require.Empty(t, w.Billing.State().Orders)
		asked := false
		w.meanwhile("GetClientsDetails", func() {
			asked = true
			if back {
				closed(whmcs.ClientActive, "")
			} else {
				require.NoError(t, w.API.DeleteClient(t.Context(), client))
			}
		})
		placed := w.place(client)
		require.True(t, asked)
		require.Equal(t, !back, placed.ClientGone)
		require.Equal(t, back, placed.OrderID > 0)
		known, err := simulated.Run[Known](w, w.c.EnsureClient, NewClient{CartID: "c2", Client: Client{ID: client}, Currency: "EUR"})
		require.NoError(t, err)
		require.Equal(t, back, len(known.Problems) == 0, "nobody makes a client for a shop that has named one: %v", known.Problems)
	}
}

// TestAClientWhomStaffHaveClosed is refused with its field.
func TestAClientWhomStaffHaveClosed(t *testing.T) {
	w := newWorld(t)
	client := w.client()
	require.NoError(t, w.API.UpdateClient(t.Context(), client, whmcs.ClientClosed, "moved away"))
	require.Equal(t, "client", w.place(client).Problems[0].Field)
	require.Empty(t, w.Billing.State().Orders)
}
