package simulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs/simulator"
)

// api asks api.php for an action.
func api(t *testing.T, w *simulator.WHMCS, action string, pairs ...string) map[string]any {
	t.Helper()
	form := url.Values{"action": {action}, "identifier": {"identifier"}, "secret": {"secret"}, "responsetype": {"json"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	var answer map[string]any
	require.NoError(t, json.Unmarshal([]byte(post(t, w, "/includes/api.php", "application/x-www-form-urlencoded", form.Encode())), &answer))
	return answer
}

func control(t *testing.T, w *simulator.WHMCS, path, body string) string {
	t.Helper()
	return post(t, w, path, "application/json", body)
}

func post(t *testing.T, w *simulator.WHMCS, path, kind, body string) string {
	t.Helper()
	server := httptest.NewServer(w)
	defer server.Close()
	resp, err := http.Post(server.URL+path, kind, strings.NewReader(body))
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode, string(text))
	return string(text)
}

func TestAnOrderByTheAPI(t *testing.T) {
	w, gateway, _ := newPair(t)
	gateway.calls = nil
	person := []string{"firstname", "Ada", "lastname", "L", "email", "ada@example.com", "address1", "1", "city", "c", "state", "s",
		"postcode", "1", "country", "GB", "phonenumber", "1", "password2", "p"}
	require.Contains(t, api(t, w, "AddClient", person[:12]...)["message"], "did not enter your postcode")
	client := strconv.Itoa(int(api(t, w, "AddClient", person...)["clientid"].(float64)))
	require.Contains(t, api(t, w, "AddClient", person...)["message"], "already exists")
	details := api(t, w, "GetClientsDetails", "email", "ada@example.com")["client"].(map[string]any)
	require.Equal(t, "Ada L", details["fullname"])
	require.Equal(t, client, details["userid"])

	require.Equal(t, "Client ID Not Found", api(t, w, "AddOrder", "clientid", "9", "paymentmethod", "stripe", "pid[0]", "1")["message"])
	require.Contains(t, api(t, w, "AddOrder", "clientid", client, "paymentmethod", "stripe", "pid", "1")["message"], "to be an array")
	require.Contains(t, api(t, w, "AddOrder", "clientid", client, "paymentmethod", "stripe", "pid[0]", "77")["message"], "No items")
	placed := api(t, w, "AddOrder", "clientid", client, "paymentmethod", "banktransfer", "pid[0]", "1", "qty[0]", "2", "pid[1]", "2", "hostname[1]", "big.example.org")
	ids := strings.Split(placed["serviceids"].(string), ",")
	require.Len(t, ids, 3)
	require.Empty(t, gateway.calls, "it is not paid: nothing starts")
	last, err := strconv.Atoi(ids[2])
	require.NoError(t, err)
	require.Equal(t, "big.example.org", w.State().Service(last).Domain)

	invoice := strconv.Itoa(int(placed["invoiceid"].(float64)))
	require.Equal(t, "Unpaid", api(t, w, "GetInvoice", "invoiceid", invoice)["status"])
	require.Contains(t, act(t, w, last, "paid"), `"gateway_status":200`)
	require.Equal(t, []string{"POST /v1/services", "POST /v1/services", "POST /v1/services"}, gateway.calls, "every service of the order")
	paid := api(t, w, "GetInvoice", "invoiceid", invoice)
	require.Equal(t, "Paid", paid["status"])
	require.Len(t, paid["items"].(map[string]any)["item"], 3)
}

func TestACancelledOrderEndsWhatIsNotHandedOver(t *testing.T) {
	w, gateway, _ := newPair(t)
	placed, err := w.PlaceOrder(simulator.Order{Services: 3})
	require.NoError(t, err)
	active := placed.Services[1].ServiceID
	gateway.ready = true
	act(t, w, active, "create")
	gateway.calls = nil
	order := strconv.Itoa(placed.OrderID)
	require.Equal(t, "success", api(t, w, "CancelOrder", "orderid", order)["result"])
	require.Equal(t, []string{
		"POST /v1/services/" + strconv.Itoa(placed.Services[0].ServiceID) + "/terminate reason=order Cancelled source=whmcs",
		"POST /v1/services/" + strconv.Itoa(placed.Services[2].ServiceID) + "/terminate reason=order Cancelled source=whmcs",
	}, gateway.calls)
	for _, s := range placed.Services {
		require.Equal(t, "Cancelled", w.State().Service(s.ServiceID).Status)
	}
	require.Contains(t, api(t, w, "FraudOrder", "orderid", order)["message"], "not Pending")
	require.Equal(t, "Order ID not found or Status not Pending", api(t, w, "CancelOrder", "orderid", "1")["message"])
}

func TestWhenAProductIsStarted(t *testing.T) {
	gateway := &fakeGateway{t: t, status: http.StatusCreated}
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	w, err := simulator.New(simulator.Config{Gateway: server.URL, GatewaySecret: "shared", Installation: "main", Products: []simulator.Product{
		{ID: 1, Module: "metalease", Package: "A", StartOn: simulator.StartOnAcceptance, Domain: "@ID@.@DOMAIN@", Grace: "72h",
			InstallTimeout: "720s", InstallAttempts: 2, DontWait: true},
		{ID: 2, Module: "metalease", Package: "B", StartOn: simulator.StartOnCreate},
		{ID: 3, Module: "cpanel", Package: "C"},
	}})
	require.NoError(t, err)
	var orders []simulator.Placed
	for _, pkg := range []string{"A", "B", "C"} {
		placed, err := w.PlaceOrder(simulator.Order{Package: pkg, Domain: "example.org"})
		require.NoError(t, err)
		require.Len(t, placed.Services, 1)
		orders = append(orders, placed)
	}
	require.Empty(t, gateway.calls, "a payment starts none of them")
	for _, placed := range orders {
		require.Equal(t, "success", api(t, w, "AcceptOrder", "orderid", strconv.Itoa(placed.OrderID))["result"])
	}
	require.Equal(t, []string{"POST /v1/services"}, gateway.calls)
	id := orders[0].Services[0].ServiceID
	for key, want := range map[string]any{"package": "A", "domain": strconv.Itoa(id) + ".example.org", "grace": "72h", "install_timeout": "720s",
		"install_attempts": 2.0, "dont_wait": true, "service_id": float64(id), "panel": "demo"} {
		require.Equal(t, want, gateway.bodies[0][key], key)
	}
	require.NotContains(t, gateway.bodies[0], "server_id")
	require.NotContains(t, gateway.bodies[0], "recipe", "what nobody chose is left out")
}

func TestWhatIsNoCatalogue(t *testing.T) {
	for want, products := range map[string][]simulator.Product{
		"twice":    {{ID: 1}, {ID: 1}},
		"positive": {{ID: 0}},
		"start_on": {{ID: 1, StartOn: "never"}},
	} {
		_, err := simulator.New(simulator.Config{Products: products})
		require.ErrorContains(t, err, want)
	}
}

func TestServerEntriesArePanels(t *testing.T) {
	w, err := simulator.New(simulator.Config{Products: []simulator.Product{
		{ID: 1, Module: "metalease", Package: "A", Panel: "one"}, {ID: 2, Module: "metalease", Package: "B", Panel: "two"}}})
	require.NoError(t, err)
	require.Len(t, api(t, w, "GetServers")["servers"], 2)
	placed, err := w.PlaceOrder(simulator.Order{Package: "A", Panel: "two", IPv4: 2})
	require.NoError(t, err)
	rows := api(t, w, "GetClientsProducts", "serviceid", strconv.Itoa(placed.Services[0].ServiceID))["products"].(map[string]any)
	row := rows["product"].([]any)[0].(map[string]any)
	require.Equal(t, "dci-two", row["servername"])
	require.Equal(t, "2", row["serverid"], "an id as text")
	require.IsType(t, 0.0, row["id"], "an id as number")
	require.Equal(t, "0000-00-00", row["overidesuspenduntil"])
	require.Len(t, row["password"], 16, "in the clear")
	require.Contains(t, row["configoptions"], "configoption")
}

func TestTheModulesOtherFunctions(t *testing.T) {
	w, _, placed := newPair(t)
	id := strconv.Itoa(placed.Services[0].ServiceID)
	require.Equal(t, "Service ID is required", api(t, w, "ModuleSuspend")["message"])
	require.Equal(t, "Service ID not found", api(t, w, "ModuleSuspend", "serviceid", "1")["message"])
	require.Contains(t, api(t, w, "ModuleChangePackage", "serviceid", id)["message"], "Not supported")
	require.Contains(t, api(t, w, "ModuleCustom", "serviceid", id, "func_name", "dance")["message"], "dance")
	require.Contains(t, api(t, w, "ModuleChangePw", "serviceid", id, "servicepassword", "N3w-pass")["message"], "Not Supported")
	require.NotEqual(t, "N3w-pass", w.State().Service(placed.Services[0].ServiceID).Password)
	first := api(t, w, "EncryptPassword", "password2", "p")["password"].(string)
	require.NotEqual(t, first, api(t, w, "EncryptPassword", "password2", "p")["password"])
	require.Equal(t, "p", api(t, w, "DecryptPassword", "password2", first)["password"])
}

func TestFaultsSpoilWhatTheyName(t *testing.T) {
	w, err := simulator.New(simulator.Config{})
	require.NoError(t, err)
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	ask := func(action string) (string, error) {
		resp, err := http.PostForm(server.URL+"/includes/api.php", url.Values{"action": {action}, "identifier": {"identifier"}, "secret": {"secret"}})
		if err != nil {
			return "", err
		}
		defer func() { _ = resp.Body.Close() }()
		text, err := io.ReadAll(resp.Body)
		return resp.Status + " " + string(text), err
	}
	control(t, w, "/_sim/faults", `[{"function":"GetProducts","effect":"error","message":"Access Denied","count":1},{"function":"GetProducts","effect":"http500","count":1},
		{"function":"GetProducts","effect":"garbage","count":1},{"function":"GetProducts","effect":"slow","delay_ms":1,"count":1},
		{"function":"LogActivity","effect":"close-before","count":1},{"function":"LogActivity","effect":"close-after","count":1}]`)
	for _, want := range []string{"Access Denied", "500 Internal", "Maintenance", `"result":"success"`, `"result":"success"`} {
		text, err := ask("GetProducts")
		require.NoError(t, err)
		require.Contains(t, text, want)
	}
	for lines := range 2 { // before: not done; after: done
		require.Len(t, w.State().Activity, 0)
		_, err := ask("LogActivity")
		require.Error(t, err, lines)
		if lines == 1 {
			require.Len(t, w.State().Activity, 1)
		}
	}
	count := w.State().Counters["GetProducts"]
	require.Equal(t, 5, count.Requests, "spoiled ones too")
	require.Positive(t, count.Bytes)
}

func TestAStateFileWithoutEverythingIsRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	first, err := simulator.New(simulator.Config{StateFile: file})
	require.NoError(t, err)
	placed, err := first.PlaceOrder(simulator.Order{IPv6: 2, Unpaid: true})
	require.NoError(t, err)
	require.NoError(t, first.Close())
	second, err := simulator.New(simulator.Config{StateFile: file})
	require.NoError(t, err)
	require.Equal(t, first.State().Order(placed.OrderID), second.State().Order(placed.OrderID))
	require.Equal(t, first.State().Client(placed.ClientID), second.State().Client(placed.ClientID))
	again, err := second.PlaceOrder(simulator.Order{})
	require.NoError(t, err)
	require.Greater(t, again.OrderID, placed.Services[0].ServiceID, "no id twice")
	rows := api(t, second, "GetClientsProducts", "serviceid", strconv.Itoa(placed.Services[0].ServiceID))["products"].(map[string]any)
	require.Contains(t, rows["product"].([]any)[0].(map[string]any)["configoptions"], "configoption", "an option of a state file")
}
