package gateway_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"metalease/internal/control"
	"metalease/internal/gateway"
	"metalease/internal/signing"
	"metalease/workflows/api"
)

func (m *memory) System(_ context.Context, said string) error {
	m.asked++
	switch {
	case m.err != nil:
		return m.err
	case !strings.HasPrefix(said, "http"):
		return control.ErrNoSystem
	case m.system == "":
		m.system = said
	case m.system != said:
		return &control.OtherSystem{Known: m.system, Said: said}
	}
	return nil
}

// from sends a call as the WHMCS with that System URL does.
func (s scene) from(system, method, path, body string) reply {
	s.t.Helper()
	return s.send(method, path, body, func(r *http.Request) {
		r.Header.Set(signing.HeaderSystem, system)
		signing.Sign(r, []byte(body), installation, secretOfTheGateway, s.mem.time())
	})
}

func TestACopyOfAWHMCSIsRefused(t *testing.T) {
	s := newScene(t)
	require.Equal(t, http.StatusCreated, s.from("https://billing.example.com/", "POST", "/v1/services", goodOrder).code)
	for _, call := range []struct{ method, path string }{
		{"GET", "/v1/services/101"}, {"POST", "/v1/services/101/terminate"}, {"POST", "/v1/services"}, {"GET", "/v1/services"},
	} {
		r := s.from("https://staging.example.com/", call.method, call.path, "")
		require.Equal(t, http.StatusForbidden, r.code, call)
		p := r.problem(t)
		require.Equal(t, "/problems/wrong-system", p.Type)
		require.Contains(t, p.Detail, "starter installation move --to https://staging.example.com/")
	}
	require.Empty(t, s.mem.events)
	require.Equal(t, 4, s.logs.FilterMessage("a call of another WHMCS was refused").Len())
	require.Equal(t, "/problems/wrong-system", s.from("no address", "GET", "/v1/services/101", "").problem(t).Type)

	require.Equal(t, http.StatusOK, s.from("https://billing.example.com/", "GET", "/v1/services/101", "").code)
	require.Equal(t, http.StatusOK, s.call("GET", "/v1/services/101", "").code, "a program that is no WHMCS says no System URL")
	unsigned := s.send("GET", "/v1/services/101", "", func(r *http.Request) {
		signing.Sign(r, nil, installation, secretOfTheGateway, time.Now())
		r.Header.Set(signing.HeaderSystem, "https://billing.example.com/")
	})
	require.Equal(t, "/problems/wrong-signature", unsigned.problem(t).Type)
}

func TestAnUnsignedCallTeachesNothing(t *testing.T) {
	s := newScene(t)
	s.send("GET", "/v1/services/101", "", func(r *http.Request) {
		r.Header.Set(signing.HeaderSystem, "https://evil.example/")
		signing.Sign(r, nil, installation, "a-guess-at-the-secret", time.Now())
	})
	s.send("GET", "/v1/services/101", "", func(r *http.Request) {
		r.Header.Set(signing.HeaderSystem, "https://evil.example/")
		signing.Sign(r, nil, "staging", secretOfTheGateway, time.Now())
	})
	require.Zero(t, s.mem.asked)
	require.Empty(t, s.mem.system)
}

func TestWithoutTemporalNobodyKnowsWhoIsServed(t *testing.T) {
	s := newScene(t)
	s.mem.err = errors.New("no connection")
	r := s.from("https://billing.example.com/", "POST", "/v1/services/101/terminate", "")
	require.Equal(t, http.StatusServiceUnavailable, r.code)
	require.Equal(t, "/problems/temporal-unavailable", r.problem(t).Type)
}

func TestAMoveHoldsInEveryGatewayWithinSeconds(t *testing.T) {
	now := time.Now()
	m := &memory{orders: map[int]api.Order{}}
	server := httptest.NewServer(gateway.New(gateway.Options{
		Control: m, Panels: []string{"fra1"}, Installation: installation, Secret: secretOfTheGateway, Logger: zap.NewNop(), Now: func() time.Time { return now },
	}))
	t.Cleanup(server.Close)
	s := scene{t: t, url: server.URL, mem: m}
	before := func() reply { return s.from("https://billing.example.com/", "GET", "/v1/services/101", "") }
	require.Equal(t, http.StatusNotFound, before().code)
	require.Equal(t, http.StatusNotFound, before().code)
	require.Equal(t, 1, m.asked, "Temporal is not asked for each call")
	m.system = "https://new.example.com/"
	require.Equal(t, http.StatusNotFound, s.from("https://new.example.com/", "GET", "/v1/services/101", "").code, "at once")
	now = now.Add(10 * time.Second)
	require.Equal(t, http.StatusForbidden, before().code)
}
