package whmcs_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/test/golden"
)

// api calls the host's API as a client does.
func (h *host) api(t *testing.T, action string, fields map[string]string) map[string]any {
	t.Helper()
	form := url.Values{"action": {action}, "identifier": {stack.Identifier}, "secret": {stack.APISecret}, "responsetype": {"json"}}
	for name, value := range fields {
		form.Set(name, value)
	}
	resp, err := http.PostForm("http://"+h.address+"/includes/api.php", form)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	var answer map[string]any
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	return answer
}

// shopHost is a WHMCS whose one product, with options, prices and numbers, is that of the golden calls.
func shopHost(t *testing.T) *host {
	t.Helper()
	h := startHost(t, t.TempDir(), filepath.Join("testdata", "module"))
	t.Cleanup(h.stop)
	insert := func(table string, rows ...record) { h.ask(t, "insert", record{"table": table, "rows": rows}, nil) }
	var group struct{ ID, Group int }
	h.ask(t, "server", record{"name": "Panel", "type": "sample", "hostname": "127.0.0.1"}, &group)
	insert("tblproducts", record{"id": 1, "gid": 1, "name": "Dedicated E3-16G", "servertype": "metalease", "paytype": "recurring", "allowqty": 1, "servergroup": group.Group,
		"description": "A dedicated server of the configuration E3-16G.", "autosetup": "order"})
	insert("tblcustomfields", record{"id": 7, "relid": 1, "fieldname": "Reference", "showorder": "on"})
	insert("tblproductconfiglinks", record{"gid": 1, "pid": 1})
	insert("tblproductconfigoptions", record{"id": 101, "gid": 1, "optionname": "IP|Additional IPv4 addresses", "optiontype": "4", "qtymaximum": 16},
		record{"id": 103, "gid": 1, "optionname": "os|Operating system", "optiontype": "1", "qtymaximum": 0})
	insert("tblproductconfigoptionssub", record{"id": 1011, "configid": 101, "optionname": "IP|Additional IPv4 addresses"},
		record{"id": 1031, "configid": 103, "optionname": "ISPsystem__Debian-12-x86_64|Debian 12"},
		record{"id": 1032, "configid": 103, "optionname": "ISPsystem__AlmaLinux-9-x86_64|AlmaLinux 9"})
	price := func(kind string, id int, monthly, annually string) record {
		return record{"type": kind, "relid": id, "currency": 1, "monthly": monthly, "annually": annually,
			"quarterly": "-1.00", "semiannually": "-1.00", "biennially": "-1.00", "triennially": "-1.00"}
	}
	insert("tblpricing", price("product", 1, "50.00", "500.00"), price("configoptions", 1011, "2.00", "20.00"),
		price("configoptions", 1031, "0.00", "0.00"), price("configoptions", 1032, "0.00", "0.00"))
	insert("tblpromotions", record{"code": "WELCOME10", "type": "Percentage", "value": "10.00"})
	for table, id := range map[string]int{"tblclients": 1001, "tblorders": 101, "tblhosting": 102, "tblinvoices": 103} {
		h.ask(t, "next", record{"table": table, "id": id}, nil)
	}
	return h
}

// The golden calls of a shop get the same answers here as from the simulator and in the manual.
func TestTheHostsShop(t *testing.T) {
	t.Parallel()
	h := shopHost(t)
	for _, call := range golden.Calls(t, "../../whmcs/testdata/shop") {
		require.Empty(t, golden.Lacks(call.Answer, h.api(t, call.Action, call.Request)), call.Name)
		if call.Action == "AddOrder" && call.Answer["result"] == "success" {
			service := h.of(t, 102).service(102)
			require.Equal(t, "Pending", service.Status, "an order of the API sets nothing up, though the product says at once")
			require.Equal(t, "db1.example.com", service.Domain)
			require.Empty(t, h.of(t, 102).Calls)
		}
	}
	require.Empty(t, h.state(t).Orders)
}

// No order has a key against doubles; stock goes down with each and comes back with its end, and the cart sells none beyond it.
func TestTheHostsStock(t *testing.T) {
	t.Parallel()
	h := shopHost(t)
	var client struct{ ID int }
	h.ask(t, "client", record{}, &client)
	h.ask(t, "edit", record{"table": "tblproducts", "id": 1, "columns": record{"stockcontrol": 1, "qty": 2}}, nil)
	order := map[string]string{"clientid": fmt.Sprint(client.ID), "paymentmethod": "stripe", "pid[0]": "1", "billingcycle[0]": "monthly"}
	first, second := h.api(t, "AddOrder", order), h.api(t, "AddOrder", order)
	require.NotEqual(t, first["orderid"], second["orderid"])
	require.Equal(t, 0, h.available(t, 1))
	var placed placed
	cart := record{"clientid": client.ID, "items": []record{{"pid": 1}}}
	h.ask(t, "order", cart, &placed)
	require.Equal(t, []string{"Out of Stock"}, placed.Errors)
	h.api(t, "CancelOrder", map[string]string{"orderid": fmt.Sprint(first["orderid"])})
	require.Equal(t, 1, h.available(t, 1))
	placed.Errors = nil
	h.ask(t, "order", cart, &placed)
	require.Empty(t, placed.Errors)
	h.ask(t, "edit", record{"table": "tblclients", "id": client.ID, "columns": record{"status": "Closed"}}, nil)
	require.Equal(t, "Unable to add order when client status is Closed", h.api(t, "AddOrder", order)["message"])
	order["pid"] = "1"
	h.ask(t, "edit", record{"table": "tblclients", "id": client.ID, "columns": record{"status": "Active"}}, nil)
	delete(order, "pid[0]")
	require.Equal(t, "Expecting parameter 'pid' to be an array", h.api(t, "AddOrder", order)["message"])
}

// A token signs a browser in once, within its minute, and only a client who allows it.
func TestTheHostsSignOn(t *testing.T) {
	t.Parallel()
	h := shopHost(t)
	var client struct{ ID int }
	h.ask(t, "client", record{}, &client)
	placed := h.api(t, "AddOrder", map[string]string{"clientid": fmt.Sprint(client.ID), "paymentmethod": "stripe", "pid[0]": "1", "billingcycle[0]": "monthly"})
	ask := map[string]string{"client_id": fmt.Sprint(client.ID), "destination": "sso:custom_redirect", "sso_redirect_path": fmt.Sprintf("viewinvoice.php?id=%v", placed["invoiceid"])}
	open := func(address any) string {
		jar, err := cookiejar.New(nil)
		require.NoError(t, err)
		resp, err := (&http.Client{Jar: jar}).Get(fmt.Sprint(address))
		require.NoError(t, err)
		_, page := read(t, resp)
		return page
	}
	address := h.api(t, "CreateSsoToken", ask)["redirect_url"]
	require.Contains(t, open(address), "Unpaid, 50.00")
	require.NotContains(t, open(address), "50.00", "once")
	h.ask(t, "setting", record{"name": "HostSignOnSeconds", "value": "-1"}, nil) // the minute is over
	require.NotContains(t, open(h.api(t, "CreateSsoToken", ask)["redirect_url"]), "50.00")
	h.ask(t, "edit", record{"table": "tblclients", "id": client.ID, "columns": record{"allow_sso": 0}}, nil)
	require.Contains(t, h.api(t, "CreateSsoToken", ask)["message"], "SSO authentication blocked")
	ask["destination"] = "clientarea:moon"
	require.Equal(t, "Invalid destination", h.api(t, "CreateSsoToken", ask)["message"])
}
