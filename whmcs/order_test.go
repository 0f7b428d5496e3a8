package whmcs_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/secret"
	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// recorded answers every call with one body and hands on what it was asked.
func recorded(t *testing.T, body string) (*whmcs.Client, <-chan url.Values) {
	t.Helper()
	asked := make(chan url.Values, 10)
	return clientOf(t, serverURL(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		asked <- r.PostForm
		_, _ = w.Write([]byte(body))
	}))), asked
}

// echo answers with what becomes of the form.
func echo(answer func(url.Values) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		_, _ = w.Write([]byte(answer(r.PostForm)))
	})
}

func TestOrdersAreReadAndAccepted(t *testing.T) {
	billing, client := newWHMCS(t)
	placed := place(t, billing, simulator.Order{Services: 2})
	order, err := client.Order(t.Context(), placed.OrderID)
	require.NoError(t, err)
	require.Equal(t, []int{placed.Services[0].ServiceID, placed.Services[1].ServiceID}, order.Services())
	require.Equal(t, "Pending", order.Status)
	require.Equal(t, "Unpaid", order.PaymentStatus)
	require.Equal(t, placed.ClientID, order.ClientID)
	require.Equal(t, "100.00", order.Amount, "of two services")
	require.Equal(t, whmcs.StatusPending, order.Items[0].Status)

	require.NoError(t, client.AcceptOrder(t.Context(), placed.OrderID))
	require.Equal(t, "Active", billing.State().Order(placed.OrderID).Status)
	require.Equal(t, "Pending", billing.State().Services[0].Status, "nothing is set up by it")
	require.Equal(t, whmcs.KindRefused, whmcs.KindOf(client.AcceptOrder(t.Context(), placed.OrderID)), "accepted already")
	_, err = client.Order(t.Context(), 999_999)
	require.Equal(t, whmcs.KindNotFound, whmcs.KindOf(err))
}

func TestAnOrderOfOddShapes(t *testing.T) {
	client, _ := recorded(t, `{"result":"success","orders":{"order":{"3":{"id":"7","userid":5.0,"invoiceid":null,"amount":12.5,
		"lineitems":{"lineitem":{"1":{"type":"domain","relid":3},"4":{"type":"product","relid":"9"}}}}}}}`)
	order, err := client.Order(t.Context(), 7)
	require.NoError(t, err)
	require.Equal(t, 5, order.ClientID)
	require.Zero(t, order.InvoiceID)
	require.Equal(t, "12.5", order.Amount)
	require.Equal(t, []int{9}, order.Services())
}

func TestMessagesReachTheirPlace(t *testing.T) {
	billing, client := newWHMCS(t)
	placed := place(t, billing, simulator.Order{})
	service := placed.Services[0].ServiceID
	require.NoError(t, client.LogActivity(t.Context(), placed.ClientID, "a 100% line"))
	ticket, number, err := client.OpenTicket(t.Context(), whmcs.Ticket{DepartmentID: 1, ClientID: placed.ClientID, ServiceID: service, Subject: "No server", Message: "none is free"})
	require.NoError(t, err)
	require.NotEmpty(t, number)
	require.NoError(t, client.AddTicketReply(t.Context(), ticket, whmcs.Sender{Admin: "staff"}, "one came back"))
	require.NoError(t, client.SendEmail(t.Context(), "Server is ready", service))
	require.NoError(t, client.TriggerNotification(t.Context(), whmcs.Notification{Identifier: "metalease.attention", Title: "Attention", Message: "look"}))

	state := billing.State()
	require.Contains(t, state.Activity, "a 100% line")
	require.Equal(t, []string{"none is free", "one came back"}, state.Tickets[0].Messages)
	require.Equal(t, service, state.Tickets[0].ServiceID)
	require.Equal(t, "Server is ready", state.Mails[0].Template)
	require.Empty(t, state.MailsOf(service), "which is no welcome mail")
	require.Equal(t, "metalease.attention", state.Notifications[0].Identifier)
	require.Equal(t, whmcs.KindNotFound, whmcs.KindOf(client.AddTicketReply(t.Context(), 999_999, whmcs.Sender{Admin: "staff"}, "x")))
}

func TestTheModuleQueueIsRead(t *testing.T) {
	billing, client := newWHMCS(t)
	id := place(t, billing, simulator.Order{}).Services[0].ServiceID
	entries, err := client.ModuleQueue(t.Context(), id)
	require.NoError(t, err)
	require.Empty(t, entries)
	require.NoError(t, client.ModuleCreate(t.Context(), id))
	require.Error(t, client.ModuleCreate(t.Context(), id))
	entries, err = client.ModuleQueue(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Equal(t, "CreateAccount", entries[0].Action)
	require.Equal(t, id, entries[0].ServiceID)
	require.Contains(t, entries[0].Error, "already created")
	require.False(t, entries[0].Completed)
}

func TestAnUpdateSendsWhatItMeans(t *testing.T) {
	client, asked := recorded(t, `{"result":"success"}`)
	empty, due, password := "", "2026-03-01", secret.New("n3w&pass")
	off, server := false, 4
	require.NoError(t, client.UpdateService(t.Context(), 7, whmcs.ServiceUpdate{
		AssignedIPs: &empty, NextDueDate: &due, Password: &password, OverrideAutoSuspend: &off, ServerID: &server, Unset: []string{"notes"},
	}))
	form := <-asked
	for name, want := range map[string]string{"serviceid": "7", "nextduedate": due, "servicepassword": "n3w&pass",
		"overideautosuspend": "off", "serverid": "4", "unset[0]": "notes", "unset[1]": "assignedips"} {
		require.Equal(t, want, form.Get(name), name)
	}
	for _, name := range []string{"assignedips", "status", "domain", "notes", "overidesuspenduntil"} {
		require.NotContains(t, form, name)
	}
}

func TestAnUpdatedPasswordIsInNoError(t *testing.T) {
	client, _ := recorded(t, `{"result":"error","message":"the password n3w&pass, n3w%26pass or n3w&amp;pass is weak"}`)
	password := secret.New("n3w&pass")
	err := client.UpdateService(t.Context(), 7, whmcs.ServiceUpdate{Password: &password})
	require.EqualError(t, err, "WHMCS, UpdateClientProduct: the password [secret], [secret] or [secret] is weak")
}
