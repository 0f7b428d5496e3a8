package whmcs_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
)

// form is one of the customer's page, with what stands in its hidden fields.
func (w *world) form(t *testing.T, b *browser, id int, function string) url.Values {
	t.Helper()
	page := w.requirePage(t, b, clientPage(id))
	for _, form := range regexp.MustCompile(`(?s)<form.*?</form>`).FindAllString(page, -1) {
		if !strings.Contains(form, `name="a" value="`+function+`"`) {
			continue
		}
		values := url.Values{}
		for _, field := range regexp.MustCompile(`type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
			values.Set(field[1], html.UnescapeString(field[2]))
		}
		return values
	}
	t.Fatalf("service %d has no form for %s:\n%s", id, function, page)
	return nil
}

// click sends a form of the customer's page and returns the page that follows.
func (w *world) click(t *testing.T, b *browser, form url.Values, more ...string) string {
	t.Helper()
	sent := url.Values{}
	for name, values := range form {
		sent[name] = values
	}
	for i := 0; i+1 < len(more); i += 2 {
		sent.Set(more[i], more[i+1])
	}
	code, page := b.submit(t, "/clientarea.php?action=productdetails", sent)
	require.Equal(t, http.StatusOK, code, page)
	return page
}

// running is a service of a new client, delivered.
func (w *world) running(t *testing.T) (client, id int, server panelServer) {
	t.Helper()
	client = w.client(t)
	id = w.order(t, client, "server")
	return client, id, w.requireDelivered(t, id)
}

const pressed = "Action Completed Successfully"

// A customer powers the server off and sees it; two clicks of one form are one; the
// timeline names the customer.
func powerByAClient(t *testing.T, w *world) {
	client, id, server := w.running(t)
	b := w.login(t, client)
	off := w.form(t, b, id, "clientpower")
	for range 2 {
		require.Contains(t, w.click(t, b, off, "power", "off"), pressed)
	}
	require.True(t, eventually(func() bool { return w.panel(t).byID(server.ID).Power == "off" }))
	require.True(t, eventually(func() bool {
		return strings.Contains(w.requirePage(t, b, clientPage(id)), "Power: <span class=\"metalease-power\">Off")
	}),
		"the page shows the real state")
	status, _ := w.status(t, id)
	asked := 0
	for _, event := range status.Events {
		if event.Kind == api.SignalPower {
			asked++
		}
	}
	require.Equal(t, 1, asked, "a double click is one action: %v", status.Events)
	require.Equal(t, "client", status.Action.By.Kind)
	require.Contains(t, fmt.Sprint(status.Timeline), status.Action.By.Name)
	require.Contains(t, w.click(t, b, w.form(t, b, id, "clientpower"), "power", "on"), pressed)
	require.True(t, eventually(func() bool { return w.panel(t).byID(server.ID).Power == "on" }))
	w.awaitStatus(t, id, "idle", func(s api.Status) bool { return s.Action != nil && s.Action.What != status.Action.What })
}

// A customer installs the server anew with a password of their own: owner, addresses
// and host name stay, WHMCS has the new password, and no second mail is sent.
func aReinstallByAClient(t *testing.T, w *world) {
	client, id, server := w.running(t)
	before := w.of(t, id).service(id)
	b := w.login(t, client)
	form := w.form(t, b, id, "clientreinstall")
	form.Set("template", "ISPsystem__Debian-12-x86_64")
	form.Set("password", "Client-Passw0rd-"+strconv.Itoa(id))
	form.Set("again", form.Get("password"))
	page := w.click(t, b, form, "confirm", "wrong.example.com")
	require.Contains(t, page, "type the host name "+server.Hostname)
	require.NotContains(t, page, pressed)
	require.Contains(t, w.click(t, b, form, "confirm", server.Hostname), pressed)
	page = w.requirePage(t, b, clientPage(id))
	require.Contains(t, page, "Your server is being installed anew")
	require.Contains(t, page, `role="progressbar"`)
	require.NotContains(t, page, form.Get("password"))
	require.True(t, eventually(func() bool { return w.of(t, id).service(id).Password == form.Get("password") }), "the new root password is the service's")
	w.awaitStatus(t, id, "installed anew", func(s api.Status) bool {
		return s.Action != nil && s.Action.Kind == api.SignalReinstall && s.Install != nil && !s.Install.FinishedAt.IsZero()
	})
	require.True(t, eventually(func() bool { return strings.Contains(w.requirePage(t, b, clientPage(id)), "Your server is ready") }))
	after, anew := w.of(t, id).service(id), w.panel(t).byID(server.ID)
	after.Password = before.Password
	require.Equal(t, before, after)
	require.Equal(t, []string{server.Owner, server.Hostname}, []string{anew.Owner, anew.Hostname})
	require.Equal(t, server.Addresses, anew.Addresses)
	require.Equal(t, 1, w.of(t, id).mailsOf(id))
}

// Staff switch power and network, see the machine, and stand in the timeline by name.
func staffAndARunningServer(t *testing.T, w *world) {
	_, id, server := w.running(t)
	b := w.login(t, 0)
	press := func(function string) {
		t.Helper()
		code, page := b.submit(t, adminPage(id), url.Values{"modop": {"custom"}, "ac": {function}})
		require.Equal(t, http.StatusOK, code)
		require.Contains(t, page, "success", page)
	}
	press("networkoff")
	press("networkon")
	press("reboot")
	status, _ := w.status(t, id)
	require.Equal(t, api.Actor{Kind: "staff", Name: "admin"}, status.Action.By)
	page := w.requirePage(t, b, adminPage(id)+"&metalease_fresh=1")
	for _, label := range []string{"MAC address", "Switch port", "IPMI address", "by staff admin"} {
		require.Contains(t, page, label)
	}
	press("poweroff")
	require.Equal(t, "off", w.panel(t).byID(server.ID).Power)
	press("poweron")
}

// The sign-on opens the panel by a form: what opens it is in no address and no log,
// and works once.
func signedOn(t *testing.T, w *world) {
	client, id, _ := w.running(t)
	b := w.login(t, client)
	ask := func(b *browser, as, target string) (int, string) {
		return b.submit(t, "/modules/servers/metalease/signon.php", url.Values{"id": {strconv.Itoa(id)}, "as": {as}, "target": {target}})
	}
	code, page := ask(b, "client", "panel")
	require.Equal(t, http.StatusOK, code, page)
	form := regexp.MustCompile(`<form id="door" method="post" action="([^"]+)">`).FindStringSubmatch(page)
	require.Len(t, form, 2, page)
	require.NotContains(t, form[1], "key")
	fields := url.Values{}
	for _, field := range regexp.MustCompile(`type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		fields.Set(field[1], html.UnescapeString(field[2]))
	}
	require.Equal(t, w.of(t, id).service(id).Username, fields.Get("username"), "as the client's own account")
	require.NotEmpty(t, fields.Get("key"))
	state := w.of(t, id)
	require.NotContains(t, fmt.Sprint(state.ModuleLog, state.Activity, w.Gateway.Log(), w.Worker.Log()), fields.Get("key"))

	code, page = ask(b, "staff", "panel")
	require.Equal(t, http.StatusForbidden, code, page)
	code, page = ask(w.login(t, w.client(t)), "client", "panel")
	require.Equal(t, http.StatusForbidden, code, page)
	code, page = ask(w.login(t, 0), "staff", "panel")
	require.Equal(t, http.StatusOK, code, page)
	code, page = ask(b, "client", "console")
	require.Equal(t, http.StatusOK, code, page)
}

// Two servers of one client have one panel account: each mail has passwords for the
// doors that they open only.
func theRightLogin(t *testing.T, w *world) {
	client, first, _ := w.running(t)
	second := w.order(t, client, "server")
	w.requireDelivered(t, second)
	state := w.state(t)
	account := state.service(first)
	require.NotEqual(t, account.Password, state.service(second).Password)
	for _, mail := range state.Mails {
		switch mail.ServiceID {
		case first:
			require.Equal(t, []string{account.Username, account.Password, account.Password},
				[]string{mail.Fields.PanelUser, mail.Fields.PanelPassword, mail.Fields.RootPassword})
		case second:
			require.Equal(t, []string{account.Username, "", state.service(second).Password},
				[]string{mail.Fields.PanelUser, mail.Fields.PanelPassword, mail.Fields.RootPassword})
		}
	}
	page := w.requirePage(t, w.login(t, client), clientPage(second))
	require.Contains(t, page, state.service(second).Password)
	require.NotContains(t, page, account.Password, "it opens this server not")
}

// A paid change of the number of addresses is made; everything else of an upgrade is
// refused before there is an invoice.
func moreAddresses(t *testing.T, w *world) {
	client, id, server := w.running(t)
	b := w.login(t, client)
	path := fmt.Sprintf("/upgrade.php?type=configoptions&id=%d", id)
	upgrade := func(form url.Values) (int, string) {
		form.Set("id", strconv.Itoa(id))
		form.Set("step", "2")
		return b.submit(t, "/upgrade.php", form)
	}
	option := regexp.MustCompile(`(?s)<label>IP\s.*?name="(configoption\[\d+\])"`).FindStringSubmatch(w.requirePage(t, b, path))
	require.Len(t, option, 2)
	for _, theme := range []string{"six", "twenty-one"} {
		page := w.requirePage(t, b, fmt.Sprintf("/upgrade.php?type=package&id=%d&systpl=%s", id, theme))
		require.Contains(t, page, "cannot be changed into another one")
		require.NotContains(t, page, "<form")
	}
	invoices := regexp.MustCompile(`"invoiceid":(\d+)`)
	code, page := upgrade(url.Values{"type": {"package"}, "pid": {strconv.Itoa(w.products["by hand"])}})
	require.Equal(t, http.StatusOK, code)
	require.NotRegexp(t, invoices, page, "a forged form makes no invoice")
	require.Contains(t, page, "cannot be changed into another one")
	_, page = upgrade(url.Values{"type": {"configoptions"}, "configoption[4711]": {"1"}})
	require.NotRegexp(t, invoices, page)
	require.Contains(t, page, "Only the number of additional IP addresses")

	_, page = upgrade(url.Values{"type": {"configoptions"}, option[1]: {"3"}})
	paid := invoices.FindStringSubmatch(page)
	require.Len(t, paid, 2, page)
	invoice, err := strconv.Atoi(paid[1])
	require.NoError(t, err)
	w.ask(t, "pay", record{"invoiceid": invoice}, nil)
	require.True(t, eventually(func() bool { return len(strings.Fields(w.of(t, id).service(id).ExtraIPs)) == 3 }), "WHMCS's fields follow")
	require.Len(t, w.panel(t).byID(server.ID).Addresses, 4)
	require.Equal(t, "Active", w.of(t, id).service(id).Status)
}

// Each refusal is said on the page, in words for a customer, and nothing is done.
func refusedOnThePage(t *testing.T, w *world) {
	client, id, server := w.running(t)
	b := w.login(t, client)
	form := w.form(t, b, id, "clientpower")
	w.insist(t, id, "suspend", record{"suspendreason": "abuse"})
	w.requireBlocked(t, server.ID, true)
	page := w.click(t, b, form, "power", "off")
	require.Contains(t, page, "the server is suspended")
	require.Equal(t, "on", w.panel(t).byID(server.ID).Power)
	require.NotContains(t, w.requirePage(t, b, clientPage(id)), `value="clientpower"`, "a blocked server has no buttons")
	code, _ := w.login(t, w.client(t)).submit(t, "/clientarea.php?action=productdetails", form)
	require.Equal(t, http.StatusNotFound, code, "somebody else's")
	form.Set("token", "x")
	resp, err := b.http.PostForm("http://"+w.address+"/clientarea.php?action=productdetails", form)
	require.NoError(t, err)
	code, _ = read(t, resp)
	require.Equal(t, http.StatusForbidden, code, "a form of another site")
	w.insist(t, id, "unsuspend", nil)
	building := w.order(t, client, "server")
	require.Contains(t, w.click(t, b, url.Values{"id": {strconv.Itoa(building)}, "modop": {"custom"}, "a": {"clientpower"}, "power": {"off"}}), "still being set up")
	w.requireDelivered(t, building)
}

// UsageUpdate asks once for a panel and writes no zero for what is not known.
func usage(t *testing.T, w *world) {
	client, id, _ := w.running(t)
	w.ask(t, "edit", record{"table": "tblhosting", "id": id, "columns": record{"bwusage": 77}}, nil)
	w.ask(t, "call", record{"function": "UsageUpdate", "serverid": w.entry}, nil)
	w.requirePage(t, w.login(t, client), clientPage(id))
	require.NotZero(t, w.of(t, id).service(id).Bandwidth, "what is not known stays what it was")
}

// A worker that is killed while a server is installed anew goes on with it: there is no
// third install, and WHMCS has the new password.
func aReinstallSurvivesTheWorker(t *testing.T, w *world) {
	client, id, server := w.running(t)
	b := w.login(t, client)
	form := w.form(t, b, id, "clientreinstall")
	form.Set("template", "ISPsystem__Debian-12-x86_64")
	form.Set("password", "Killed-Passw0rd-"+strconv.Itoa(id))
	form.Set("again", form.Get("password"))
	require.Contains(t, w.click(t, b, form, "confirm", server.Hostname), pressed)
	w.awaitStatus(t, id, "installing anew", func(s api.Status) bool {
		return s.Action != nil && s.Action.Kind == api.SignalReinstall && s.Install != nil && s.Install.FinishedAt.IsZero()
	})
	w.Worker.Kill()
	w.requirePage(t, b, clientPage(id))
	require.NotContains(t, w.click(t, b, url.Values{"id": {strconv.Itoa(id)}, "modop": {"custom"}, "a": {"clientreinstall"}, "click": form["click"],
		"template": form["template"], "password": form["password"], "again": form["again"], "confirm": {"x"}}), pressed, "nothing is taken that nobody can check")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, w.AwaitWorker(ctx))
	w.awaitStatus(t, id, "installed anew", func(s api.Status) bool { return s.Install != nil && !s.Install.FinishedAt.IsZero() })
	require.True(t, eventually(func() bool { return w.of(t, id).service(id).Password == form.Get("password") }))
	require.Equal(t, 2, w.installs(t, id), "the first, and the one that was asked for")
}
