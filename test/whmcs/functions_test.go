package whmcs_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func clientPage(id int) string { return fmt.Sprintf("/clientarea.php?action=productdetails&id=%d", id) }

func adminPage(id int) string { return fmt.Sprintf("/admin/clientsservices.php?id=%d", id) }

func (w *world) requirePage(t *testing.T, b *browser, path string) string {
	t.Helper()
	code, page := b.get(t, path)
	require.Equal(t, http.StatusOK, code, "%s: %s", path, page)
	require.Contains(t, page, "</html>", "the page is whole")
	return page
}

// field is where the customer types something, such as the name of one address: a control shows no fact.
var field = regexp.MustCompile(`(?s)<label.*?</label>`)

// requireShownOnce checks that the page of a service has its host name and its addresses, and none of them twice: both
// official themes show them by themselves.
func (w *world) requireShownOnce(t *testing.T, client int, service hostService) {
	t.Helper()
	shown := append(strings.Fields(service.ExtraIPs), service.IP, service.Domain)
	require.Greater(t, len(shown), 2)
	for _, theme := range []string{"six", "twenty-one"} {
		page := w.requirePage(t, w.login(t, client), clientPage(service.ID)+"&systpl="+theme)
		page = field.ReplaceAllString(page, "")
		for _, text := range shown {
			require.Len(t, regexp.MustCompile(`[^\w.-]`+regexp.QuoteMeta(text)+`[^\w.-]`).FindAllString(page, -1), 1, "%s shows %q", theme, text)
		}
	}
}

// contract is what WHMCS takes from each function (docs/whmcs-api.md 3.2): the
// kind of its answer.
var contract = map[string]string{
	"MetaData": "array", "ConfigOptions": "array", "TestConnection": "array", "AdminServicesTabFields": "array",
	"AdminCustomButtonArray": "array", "ClientArea": "array or text",
	"CreateAccount": "text", "SuspendAccount": "text", "UnsuspendAccount": "text", "TerminateAccount": "text", "Renew": "text",
	"ChangePackage": "text", "AdminServicesTabFieldsSave": "nothing", "UsageUpdate": "nothing", "ClientAreaAllowedFunctions": "array",
	"poweron": "text", "poweroff": "text", "reboot": "text", "networkoff": "text", "networkon": "text", "reinstall": "text",
	"clientpower": "text", "clientreinstall": "text", "clientnames": "text",
}

// WHMCS's own sample test calls functions without params: each must answer what
// WHMCS takes, and say that nothing was done.
func functionsSurviveNoParams(t *testing.T, w *world) {
	for name, kind := range contract {
		there, result := w.callModule(t, name, nil)
		require.True(t, there, "the module has no %s", name)
		require.NotContains(t, fmt.Sprint(result), "Uncaught", name)
		switch kind {
		case "text":
			require.IsType(t, "", result, name)
			require.NotEqual(t, "success", result, "%s did nothing", name)
		case "array":
			require.NotNil(t, result, name)
			require.NotEqual(t, "string", fmt.Sprintf("%T", result), name)
		}
	}
}

// callModule calls a function with exactly these params.
func (w *world) callModule(t *testing.T, function string, params record) (there bool, result any) {
	t.Helper()
	var answer struct {
		There  bool
		Result any
	}
	w.ask(t, "call", record{"function": function, "params": params}, &answer)
	return answer.There, answer.Result
}

// TestConnection is what staff press on the server entry.
func theServerEntryTellsTruths(t *testing.T, w *world) {
	test := func(change record) (bool, string) {
		var answer struct {
			Result struct {
				Success bool
				Error   string
			}
		}
		w.ask(t, "call", record{"function": "TestConnection", "serverid": w.entry, "params": change}, &answer)
		return answer.Result.Success, answer.Result.Error
	}
	w.ask(t, "cron", record{}, nil)
	good, problem := test(nil)
	require.False(t, good, "a product of this shop is set up too early, which the table says")
	require.Regexp(t, `^Everything answers, but: (`+
		`product 901 of the configuration: expected metalease, seen not there. What it means: correct products\[\].product`+ // until another test makes it
		`|Automatically setup of products: expected do not automatically setup, seen .* choose Do not automatically setup)`, problem)
	said := map[string]string{}
	for name, change := range map[string]record{
		"unreachable": {"serverport": "1"}, "secret": {"serverpassword": "another secret"}, "panel": {"serverusername": "nowhere"},
		"installation": {"serveraccesshash": "installation=a copy"},
	} {
		good, problem = test(change)
		require.False(t, good, name)
		require.NotEmpty(t, problem, name)
		require.NotContains(t, problem, "another secret")
		said[problem] = name
	}
	require.Len(t, said, 4, "each fault has words of its own: %v", said)
	for function, offered := range map[string]string{"LoadPackages": "E3-16G", "LoadTemplates": "ISPsystem__Debian-12-x86_64"} {
		var answer struct{ Result map[string]string }
		w.ask(t, "call", record{"function": function, "serverid": w.entry}, &answer)
		require.Contains(t, answer.Result, offered, "the product editor offers what the panel has")
	}
}
