package whmcs_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/secret"
	"metalease/internal/stack"
	"metalease/whmcs"
)

// sampleHost is a WHMCS with the module of testdata, which fails for domains that
// begin with "fail".
func sampleHost(t *testing.T, autosetup string) (h *host, client int) {
	t.Helper()
	h = startHost(t, t.TempDir(), filepath.Join("testdata", "module"))
	t.Cleanup(h.stop)
	var made struct{ ID, Group int }
	h.ask(t, "server", record{"name": "Panel", "type": "sample", "hostname": "127.0.0.1"}, &made)
	h.ask(t, "product", record{"name": "Server", "servertype": "sample", "servergroup": made.Group, "autosetup": autosetup,
		"options": []record{{"name": "IP|Addresses", "type": "quantity"}, {"name": "os", "type": "dropdown", "choices": []string{"deb|Debian", "ub|Ubuntu"}}}}, nil)
	h.ask(t, "client", record{}, &made)
	return h, made.ID
}

type placed struct {
	OrderID    int   `json:"orderid"`
	InvoiceID  int   `json:"invoiceid"`
	ServiceIDs []int `json:"serviceids"`
	Errors     []string
}

// The statuses, mails and queue rows of the host are those of WHMCS.
func TestTheHostIsAWHMCS(t *testing.T) {
	t.Parallel()
	h, client := sampleHost(t, "payment")
	var order placed
	h.ask(t, "order", record{"clientid": client, "items": []record{
		{"pid": 1, "domain": "a.example.com", "options": record{"IP": 2, "os": "ub"}}, {"pid": 1, "domain": "fail.example.com"}}}, &order)
	require.Len(t, order.ServiceIDs, 2)
	good, bad := order.ServiceIDs[0], order.ServiceIDs[1]
	require.Equal(t, "Pending", h.of(t, good).service(good).Status)

	h.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	state := h.state(t)
	require.Equal(t, "Active", state.service(good).Status)
	require.Equal(t, 1, state.mailsOf(good))
	require.Equal(t, "192.0.2.7", state.Mails[0].Fields.IP)
	require.Equal(t, "Pending", state.service(bad).Status, "only success changes a status")
	require.Len(t, state.queueOf(bad), 1)
	require.Zero(t, state.mailsOf(bad))
	require.NotContains(t, state.ModuleLog[0]["request"], state.service(good).Password, "masked")

	h.ask(t, "edit", record{"table": "tblhosting", "id": good, "columns": record{"nextduedate": "2020-01-01"}}, nil)
	h.ask(t, "cron", record{"daily": true}, nil)
	require.Equal(t, "Suspended", h.of(t, good).service(good).Status)
	var renewal placed
	h.ask(t, "invoice", record{"serviceid": good}, &renewal)
	h.ask(t, "pay", record{"invoiceid": renewal.InvoiceID}, nil)
	require.Equal(t, "Active", h.of(t, good).service(good).Status)
	h.ask(t, "edit", record{"table": "tblhosting", "id": bad, "columns": record{"domain": "b.example.com"}}, nil)
	h.ask(t, "queue/retry", record{"id": state.queueOf(bad)[0].ID}, nil)
	require.Equal(t, "Active", h.of(t, bad).service(bad).Status)
	require.Empty(t, h.of(t, bad).queueOf(bad))

	h.ask(t, "order", record{"clientid": client, "items": []record{{"pid": 1, "domain": "refused.example.com"}}}, &order)
	require.Equal(t, []string{"not this one"}, order.Errors)

	var call struct{ Result string }
	h.ask(t, "call", record{"module": "sample", "function": "AdminServicesTabFields"}, &call)
	require.Contains(t, call.Result, "Uncaught", "a fault is seen")
	require.Contains(t, h.phpLog(t), "PHP Warning", "and a warning")
}

func TestTheHostsPages(t *testing.T) {
	t.Parallel()
	h, client := sampleHost(t, "")
	var order placed
	h.ask(t, "order", record{"clientid": client, "items": []record{{"pid": 1, "domain": "a.example.com"}}}, &order)
	path := "/clientarea.php?action=productdetails&id=101"
	owner, stranger, staff := h.login(t, client), h.login(t, client+1), h.login(t, 0)
	code, page := owner.get(t, path)
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, page, "a.example.com")
	code, _ = stranger.get(t, path)
	require.Equal(t, http.StatusNotFound, code)
	_, page = owner.submit(t, path, url.Values{"modop": {"custom"}, "a": {"Reboot"}})
	require.Contains(t, page, "Action Completed Successfully")
	_, page = owner.submit(t, path, url.Values{"modop": {"custom"}, "a": {"CreateAccount"}})
	require.Contains(t, page, "Not Supported")
	owner.token = "another"
	code, _ = owner.submit(t, path, url.Values{"modop": {"custom"}, "a": {"Reboot"}})
	require.Equal(t, http.StatusForbidden, code)

	code, _ = staff.submit(t, "/admin/clientsservices.php?id=101", url.Values{"rack": {`R"9`}})
	require.Equal(t, http.StatusOK, code)
	_, page = staff.get(t, "/admin/clientsservices.php?id=101")
	require.Contains(t, page, "R&quot;9")
	_, page = owner.get(t, "/modules/servers/sample/page.php")
	require.JSONEq(t, `{"client":11,"services":1}`, page)
}

// The worker's client and the host speak the same API.
func TestTheHostsAPI(t *testing.T) {
	t.Parallel()
	h, client := sampleHost(t, "")
	var order placed
	h.ask(t, "order", record{"clientid": client, "items": []record{{"pid": 1, "domain": "fail.example.com", "options": record{"IP": 3, "os": "ub"}}}}, &order)
	api, err := whmcs.New(whmcs.Config{URL: "http://" + h.address + "/", Identifier: stack.Identifier, Secret: stack.APISecret, Rate: 1000, Timeout: 20 * time.Second})
	require.NoError(t, err)
	ctx, id := t.Context(), order.ServiceIDs[0]

	require.Equal(t, whmcs.KindRefused, whmcs.KindOf(api.ModuleCreate(ctx, id)))
	entries, err := api.ModuleQueue(ctx, id)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	domain, ip, password := "a.example.com", "192.0.2.9", secret.New("p&ss word")
	require.NoError(t, api.UpdateService(ctx, id, whmcs.ServiceUpdate{Domain: &domain, DedicatedIP: &ip, Password: &password}))
	require.NoError(t, api.ModuleCreate(ctx, id))
	require.NoError(t, api.ModuleSuspend(ctx, id, "abuse"))
	service, err := api.Service(ctx, id)
	require.NoError(t, err)
	require.Equal(t, whmcs.StatusSuspended, service.Status)
	require.Equal(t, "abuse", service.SuspensionReason)
	require.Equal(t, password, service.Password)
	require.Equal(t, []whmcs.ConfigOption{{ID: 1, Name: "IP|Addresses", Type: "quantity", Value: "3"}, {ID: 2, Name: "os", Type: "dropdown", Value: "ub|Ubuntu"}}, service.ConfigOptions)
	require.NoError(t, api.ModuleUnsuspend(ctx, id))
	require.NoError(t, api.ModuleTerminate(ctx, id))
	services, err := api.ClientServices(ctx, client)
	require.NoError(t, err)
	require.Equal(t, whmcs.StatusTerminated, services[0].Status)

	read, err := api.Order(ctx, order.OrderID)
	require.NoError(t, err)
	require.Equal(t, []int{id}, read.Services())
	require.NoError(t, api.AcceptOrder(ctx, order.OrderID))
	products, err := api.Products(ctx)
	require.NoError(t, err)
	require.Equal(t, []whmcs.Product{{ID: 1, Module: "sample", Name: "Server"}}, products)
	version, err := api.Version(ctx)
	require.NoError(t, err)
	require.Equal(t, "8.13.1-release.1", version)
	_, _, err = api.OpenTicket(ctx, whmcs.Ticket{DepartmentID: 1, ClientID: client, ServiceID: id, Subject: "s", Message: "m"})
	require.NoError(t, err)
	require.NoError(t, api.TriggerNotification(ctx, whmcs.Notification{Identifier: "metalease", Title: "t", Message: "m"}))
	require.NoError(t, api.LogActivity(ctx, client, "a line"))
	wrong, err := whmcs.New(whmcs.Config{URL: "http://" + h.address + "/", Identifier: stack.Identifier, Secret: "wrong"})
	require.NoError(t, err)
	_, err = wrong.Version(ctx)
	require.Equal(t, whmcs.KindCredentials, whmcs.KindOf(err))
}
