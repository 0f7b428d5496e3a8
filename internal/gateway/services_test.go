package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/workflows/api"
)

func TestAnOrderIsStartedOnce(t *testing.T) {
	s := newScene(t)
	r := s.call("POST", "/v1/services", goodOrder)
	require.Equal(t, http.StatusCreated, r.code, r.body)
	require.Equal(t, "/v1/services/101", r.header.Get("Location"))
	require.JSONEq(t, `{"service_id":101,"started":true}`, r.body)
	r = s.call("POST", "/v1/services", goodOrder)
	require.Equal(t, http.StatusOK, r.code)
	require.JSONEq(t, `{"service_id":101,"started":false}`, r.body)
	require.Equal(t, "s101.example.com", s.mem.orders[101].Domain)
}

func TestABadOrderNamesEveryField(t *testing.T) {
	s := newScene(t)
	r := s.call("POST", "/v1/services", `{"service_id":-1,"client_id":"x","paid_at":"2026-01-05T12:00:00Z","panel":"nowhere","os_template":"a","domain":"d.example.com","pakage":"E3"}`)
	require.Equal(t, http.StatusUnprocessableEntity, r.code)
	p := r.problem(t)
	require.Equal(t, "/problems/invalid-order", p.Type)
	require.Equal(t, []string{"service_id", "client_id", "panel", "package", "pakage"}, p.fields())
	require.Empty(t, s.mem.orders)
	for _, text := range []string{"", "[]", "null", "{", goodOrder + "x"} {
		r := s.call("POST", "/v1/services", text)
		require.Equal(t, http.StatusBadRequest, r.code, text)
		require.Equal(t, "/problems/not-json", r.problem(t).Type)
	}
}

func TestConflictsOfAnOrder(t *testing.T) {
	s := newScene(t)
	s.mem.err = &control.Conflict{Fields: []string{"package", "ipv4"}}
	r := s.call("POST", "/v1/services", goodOrder)
	require.Equal(t, http.StatusConflict, r.code)
	require.Equal(t, "/problems/other-order", r.problem(t).Type)
	require.Equal(t, []string{"package", "ipv4"}, r.problem(t).fields())

	s.mem.err = control.ErrClosed
	r = s.call("POST", "/v1/services", goodOrder)
	require.Equal(t, http.StatusConflict, r.code)
	require.Equal(t, "/problems/service-ended", r.problem(t).Type)
	require.Contains(t, r.problem(t).Detail, "restart")
}

func TestStatus(t *testing.T) {
	s := newScene(t)
	for _, id := range []string{"101", "0", "-1", "abc", "99999999999999999999"} {
		r := s.call("GET", "/v1/services/"+id, "")
		require.Equal(t, http.StatusNotFound, r.code, id)
		require.Equal(t, "/problems/unknown-service", r.problem(t).Type)
	}
	s.call("POST", "/v1/services", goodOrder)
	r := s.call("GET", "/v1/services/101", "")
	require.Equal(t, http.StatusOK, r.code)
	require.Equal(t, "application/json", r.header.Get("Content-Type"))
	require.Contains(t, r.body, `"phase":"active"`)

	s.mem.err = control.ErrWorkerUnavailable
	r = s.call("GET", "/v1/services/424242", "")
	require.Equal(t, http.StatusServiceUnavailable, r.code, "never 404 then")
	require.Equal(t, "/problems/worker-unavailable", r.problem(t).Type)
}

func TestList(t *testing.T) {
	s := newScene(t)
	r := s.call("GET", "/v1/services?phase=active&client_id=7&panel=fra1&ip=10.0.0.5&attention=true&page_size=3&page_token=t", "")
	require.Equal(t, http.StatusOK, r.code)
	require.Contains(t, r.body, `"service_id":101`)
	require.Contains(t, r.body, `"next_page_token":"more"`)
	require.Equal(t, control.Filter{Phase: "active", ClientID: "7", Panel: "fra1", IP: "10.0.0.5", Attention: true}, s.mem.filters[0])
	s.call("GET", "/v1/services?phase=&client_id=&panel=&ip=&attention=false", "")
	require.Equal(t, control.Filter{}, s.mem.filters[1])
	require.Equal(t, []int{3, 50}, s.mem.sizes)

	r = s.call("GET", "/v1/services?phase=aktiv&pannel=fra1&page_size=501&attention=1&ip=x", "")
	require.Equal(t, http.StatusUnprocessableEntity, r.code)
	require.Equal(t, []string{"attention", "page_size", "pannel", "phase"}, r.problem(t).fields())
	r = s.call("GET", "/v1/services?page_token=bad", "")
	require.Equal(t, http.StatusUnprocessableEntity, r.code)
	require.Equal(t, []string{"page_token"}, r.problem(t).fields())
}

func TestSignals(t *testing.T) {
	s := newScene(t)
	s.call("POST", "/v1/services", goodOrder)
	r := s.call("POST", "/v1/services/101/suspend", `{"event_id":"e1","reason":"abuse","source":"whmcs","something":"new"}`)
	require.Equal(t, http.StatusAccepted, r.code, "durable, but the effect is not there")
	require.Contains(t, r.body, `"outcome":"pending"`)
	s.mem.reached = true
	for _, signal := range api.SignalTable {
		if !signal.Running { // those say what is to be done: TestWhatIsDoneWithARunningServer
			require.Equal(t, http.StatusOK, s.call("POST", "/v1/services/101/"+signal.Name, "").code, signal.Name)
		}
	}
	first := s.mem.events[0]
	require.False(t, first.At.IsZero(), "the time of the call")
	first.At = api.Moment{}
	require.Equal(t, api.Event{EventID: "e1", Reason: "abuse", Source: "whmcs"}, first)
	require.Equal(t, "5s", s.mem.waits[0].String())

	s.call("POST", "/v1/services/101/suspend", `"abuse"`)
	require.Equal(t, "abuse", s.mem.events[len(s.mem.events)-1].Reason, "a text is the reason")

	r = s.call("POST", "/v1/services/101/explode", "")
	require.Equal(t, http.StatusNotFound, r.code)
	require.Contains(t, r.problem(t).Detail, "expire, renew")
	require.Equal(t, http.StatusNotFound, s.call("POST", "/v1/services/102/suspend", "").code)
	s.mem.err = control.ErrClosed
	require.Equal(t, http.StatusConflict, s.call("POST", "/v1/services/101/suspend", "").code)
}

func TestTheWaitOfASignal(t *testing.T) {
	s := newScene(t)
	s.call("POST", "/v1/services", goodOrder)
	for text, want := range map[string]string{"0": "0s", "7": "7s", "20": "20s", "1.5s": "1.5s", "300ms": "300ms", "20s": "20s"} {
		require.Equal(t, http.StatusAccepted, s.call("POST", "/v1/services/101/renew?wait="+text, "").code, text)
		require.Equal(t, want, s.mem.waits[len(s.mem.waits)-1].String())
	}
	sent := len(s.mem.events)
	for _, text := range []string{"21", "21s", "-1", "soon", "5m", "18446744074", "1e3"} {
		r := s.call("POST", "/v1/services/101/renew?wait="+text, "")
		require.Equal(t, http.StatusUnprocessableEntity, r.code, text)
		require.Equal(t, []string{"wait"}, r.problem(t).fields())
	}
	require.Len(t, s.mem.events, sent, "nothing was sent")
}

func TestABadEventIsNotSent(t *testing.T) {
	s := newScene(t)
	s.call("POST", "/v1/services", goodOrder)
	for text, want := range map[string]int{"{": 400, "{} {}": 400, "[]": 422, "5": 422, `{"reason":5}`: 422, `{"due":"soon"}`: 422, `{"grace":"long"}`: 422} {
		r := s.call("POST", "/v1/services/101/expire", text)
		require.Equal(t, want, r.code, text)
		r.problem(t)
	}
	require.Empty(t, s.mem.events)
	require.Equal(t, []string{"reason"}, s.call("POST", "/v1/services/101/hold", `{"reason":5}`).problem(t).fields())
	require.True(t, strings.Contains(s.call("POST", "/v1/services/101/expire", `{"due":"soon"}`).problem(t).Detail, "2026-01-31"))
}

func TestStock(t *testing.T) {
	s := newScene(t)
	r := s.call("GET", "/v1/panels/fra1/stock", "")
	require.Equal(t, http.StatusOK, r.code)
	require.JSONEq(t, `{"panel":"fra1","packages":[{"package":"E3-16G","free":3,"claimed":null,"quarantined":null,"waiting":0,"held":0}],"as_of":null}`, r.body)
	r = s.call("GET", "/v1/panels/nowhere/stock", "")
	require.Equal(t, http.StatusNotFound, r.code)
	require.Equal(t, "/problems/unknown-panel", r.problem(t).Type)
}
