package simulator_test

import (
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/whmcs/simulator"
)

func act(t *testing.T, w *simulator.WHMCS, id int, what string) string {
	t.Helper()
	answer, err := w.Act(id, what)
	require.NoError(t, err)
	text, err := json.Marshal(answer)
	require.NoError(t, err)
	return string(text)
}

func TestTheModuleAsksBeforeItOrders(t *testing.T) {
	w, gateway, placed := newPair(t)
	id := placed.Services[0].ServiceID
	first := gateway.bodies[0]
	gateway.unknown, gateway.status = true, http.StatusCreated
	require.Contains(t, act(t, w, id, "create"), "In progress")
	require.Equal(t, "GET /v1/services/"+strconv.Itoa(id), gateway.calls[len(gateway.calls)-2])
	require.Equal(t, "POST /v1/services", gateway.last())
	require.Equal(t, first, gateway.bodies[len(gateway.bodies)-1], "the same body at every start")
	require.Empty(t, w.State().MailsOf(id))
}

func TestAFailureIsARowOfTheModuleQueue(t *testing.T) {
	w, gateway, placed := newPair(t)
	id := placed.Services[0].ServiceID
	gateway.answer = `not JSON`
	require.Contains(t, act(t, w, id, "create"), "no JSON")
	require.Equal(t, "Pending", w.State().Service(id).Status)
	require.Len(t, w.State().Queue, 1)
	require.Contains(t, w.State().Activity[len(w.State().Activity)-1], "Module CreateAccount Failed - Service ID: "+strconv.Itoa(id))
}

func TestWhatIsReadyButNotPendingStays(t *testing.T) {
	w, gateway, placed := newPair(t)
	id := placed.Services[0].ServiceID
	gateway.ready = true
	act(t, w, id, "cancel")
	require.Contains(t, act(t, w, id, "create"), "shows the service as Cancelled")
	require.Equal(t, "Cancelled", w.State().Service(id).Status)
	require.Empty(t, w.State().MailsOf(id))
}

func TestTheWelcomeMailSaysWhatWHMCSKnowsThen(t *testing.T) {
	w, gateway, placed := newPair(t)
	id := placed.Services[0].ServiceID
	gateway.ready = true
	api(t, w, "UpdateClientProduct", "serviceid", strconv.Itoa(id), "dedicatedip", "192.0.2.5", "assignedips", "192.0.2.6\n192.0.2.7", "serviceusername", "u77")
	require.Contains(t, act(t, w, id, "create"), "success")
	mails := w.State().MailsOf(id)
	require.Len(t, mails, 1)
	require.Equal(t, []string{"192.0.2.5", "192.0.2.6\n192.0.2.7", "u77"}, []string{mails[0].DedicatedIP, mails[0].AssignedIPs, mails[0].Username})
	require.Contains(t, w.State().Activity, "Hook AfterModuleCreate - Service ID: "+strconv.Itoa(id))
}

func TestOverdueIsNothingUntilTheDateIsPast(t *testing.T) {
	w, gateway, placed := newPair(t)
	id := placed.Services[0].ServiceID
	said := api(t, w, "ModuleSuspend", "serviceid", strconv.Itoa(id), "suspendreason", "Overdue on Payment")
	require.Contains(t, said["message"], "Unpaid: Nothing was done", "the due date lies ahead")
	require.NotContains(t, gateway.last(), "/suspend")
	act(t, w, id, "overdue")
	require.Contains(t, gateway.last(), "/expire source=whmcs due="+time.Now().AddDate(0, 0, -1).Format(time.DateOnly))
}

func TestAPaymentLiftsNoOtherSuspension(t *testing.T) {
	w, gateway, placed := newPair(t)
	id := placed.Services[0].ServiceID
	due := w.State().Service(id).NextDueDate
	act(t, w, id, "suspend")
	act(t, w, id, "paid")
	require.Contains(t, gateway.last(), "/renew source=whmcs expires_at="+w.State().Service(id).NextDueDate)
	require.Greater(t, w.State().Service(id).NextDueDate, due, "one cycle on")
	require.Equal(t, "Suspended", w.State().Service(id).Status)
}

func TestAnOverrideStopsTheCron(t *testing.T) {
	w, gateway, placed := newPair(t)
	id := placed.Services[0].ServiceID
	control(t, w, "/_sim/services/"+strconv.Itoa(id), `{"override_auto_suspend":true,"override_suspend_until":"2999-01-01","status":"Active"}`)
	before := len(gateway.calls)
	act(t, w, id, "overdue")
	require.Len(t, gateway.calls, before)
	require.Equal(t, "Active", w.State().Service(id).Status)
	control(t, w, "/_sim/services/"+strconv.Itoa(id), `{"override_suspend_until":"2001-01-01"}`)
	act(t, w, id, "overdue")
	require.Contains(t, gateway.last(), "/expire")
}

func TestEveryCallHasItsOwnEvent(t *testing.T) {
	w, gateway, placed := newPair(t)
	for range 3 {
		act(t, w, placed.Services[0].ServiceID, "suspend")
	}
	seen := map[any]bool{}
	for _, body := range gateway.bodies[1:] {
		require.NotEmpty(t, body["event_id"])
		_, err := time.Parse(time.RFC3339Nano, body["at"].(string))
		require.NoError(t, err)
		seen[body["event_id"]] = true
	}
	require.Len(t, seen, 3)
}

func TestAGatewayThatIsDownBreaksNothing(t *testing.T) {
	w, err := simulator.New(simulator.Config{Gateway: "http://127.0.0.1:1", GatewaySecret: "shared"})
	require.NoError(t, err)
	placed, err := w.PlaceOrder(simulator.Order{})
	require.NoError(t, err, "the checkout goes on")
	require.Contains(t, placed.Services[0].Error, "cannot be reached")
	id := placed.Services[0].ServiceID
	for _, what := range []string{"create", "suspend", "terminate", "paid"} {
		require.Contains(t, act(t, w, id, what), "cannot be reached", what)
	}
	require.Equal(t, "Pending", w.State().Service(id).Status)
	require.Len(t, w.State().Queue, 4)
	require.Contains(t, act(t, w, id, "fraud"), "success", "nor a page of staff")
	require.Equal(t, "Fraud", w.State().Service(id).Status)
}

func TestTheGatewaysCertificateIsChecked(t *testing.T) {
	gateway := &fakeGateway{t: t, status: http.StatusCreated}
	server := httptest.NewTLSServer(gateway)
	t.Cleanup(server.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	for file, want := range map[string]int{ca: http.StatusCreated, "": 0} {
		w, err := simulator.New(simulator.Config{Gateway: server.URL, GatewaySecret: "shared", Installation: "main", GatewayCA: file})
		require.NoError(t, err)
		placed, err := w.PlaceOrder(simulator.Order{})
		require.NoError(t, err)
		require.Equal(t, want, placed.Services[0].Gateway)
		require.NoError(t, w.Close())
	}
	_, err := simulator.New(simulator.Config{GatewayCA: filepath.Join(t.TempDir(), "none.pem")})
	require.ErrorContains(t, err, "none.pem")
}

func TestPasswordsHaveFourClasses(t *testing.T) {
	w, err := simulator.New(simulator.Config{})
	require.NoError(t, err)
	_, err = w.PlaceOrder(simulator.Order{Services: 20})
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, s := range w.State().Services {
		require.Len(t, s.Password, 16)
		for _, class := range []string{"[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]"} {
			require.Regexp(t, regexp.MustCompile(class), s.Password)
		}
		require.Equal(t, "u"+strconv.Itoa(s.ID), s.Username)
		seen[s.Password] = true
	}
	require.Len(t, seen, 20)
}
