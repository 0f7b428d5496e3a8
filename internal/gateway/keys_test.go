package gateway_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"metalease/internal/config"
	"metalease/internal/gateway"
	"metalease/internal/secret"
	"metalease/internal/signing"
	"metalease/workflows/api"
)

// newKeyScene is a gateway with two secrets at a time, and a key that only reads.
func newKeyScene(t *testing.T, registry *prometheus.Registry) scene {
	t.Helper()
	m := &memory{orders: map[int]api.Order{}}
	server := httptest.NewServer(gateway.New(gateway.Options{
		Control: m, Panels: []string{"fra1"}, Installation: installation, Logger: zap.NewNop(), Registry: registry,
		Secret: secretOfTheGateway, PreviousSecret: "the-secret-of-last-year",
		ReadKeys: []config.ReadKey{{Name: "monitoring", Secret: secret.New("a-secret-that-only-reads")}},
	}))
	t.Cleanup(server.Close)
	return scene{t: t, url: server.URL, mem: m}
}

func (s scene) with(key, secret, method, path string) reply {
	body := ""
	if method == http.MethodPost {
		body = "{}"
	}
	return s.send(method, path, body, func(r *http.Request) {
		if key != "" {
			r.Header.Set(signing.HeaderKey, key)
		}
		signing.Sign(r, []byte(body), installation, secret, s.mem.time())
	})
}

func TestTwoSecretsAtATime(t *testing.T) {
	s := newKeyScene(t, nil)
	require.Equal(t, http.StatusOK, s.with("", secretOfTheGateway, "GET", "/v1/services").code)
	require.Equal(t, http.StatusOK, s.with("", "the-secret-of-last-year", "GET", "/v1/services").code)
	refused := s.with("", "the-secret-before-that-one", "GET", "/v1/services")
	require.Equal(t, http.StatusUnauthorized, refused.code)
	require.Contains(t, refused.problem(t).Type, "wrong-signature")
}

func TestAKeyThatOnlyReads(t *testing.T) {
	s := newKeyScene(t, nil)
	const reads = "a-secret-that-only-reads"
	require.Equal(t, http.StatusOK, s.with("monitoring", reads, "GET", "/v1/services").code)
	for _, path := range []string{"/v1/services/101/terminate", "/v1/services/101/sso", "/v1/services"} {
		refused := s.with("monitoring", reads, "POST", path)
		require.Equal(t, http.StatusForbidden, refused.code, path)
		require.Contains(t, refused.problem(t).Type, "read-only-key")
	}
	require.Equal(t, http.StatusUnauthorized, s.with("monitoring", secretOfTheGateway, "GET", "/v1/services").code, "each key has its own secret")
	require.Equal(t, http.StatusUnauthorized, s.with("", reads, "GET", "/v1/services").code, "the secret is worth nothing without its name")
	require.Equal(t, http.StatusUnauthorized, s.with("stranger", reads, "GET", "/v1/services").code)
}

func TestAKeyTeachesNoSystemURL(t *testing.T) {
	s := newKeyScene(t, nil)
	r := s.send("GET", "/v1/services", "", func(r *http.Request) {
		r.Header.Set(signing.HeaderKey, "monitoring")
		r.Header.Set(signing.HeaderSystem, "https://evil.example/")
		signing.Sign(r, nil, installation, "a-secret-that-only-reads", s.mem.time())
	})
	require.Equal(t, http.StatusOK, r.code)
	require.Empty(t, s.mem.system, "only WHMCS says whose calls are served")
	require.Equal(t, http.StatusOK, s.from("https://billing.example.com/", "GET", "/v1/services", "").code)
	require.Equal(t, "https://billing.example.com/", s.mem.system)
}

func TestMetricsMayHaveAnAddressOfTheirOwn(t *testing.T) {
	registry := prometheus.NewRegistry()
	s := newKeyScene(t, registry)
	hidden := s.send("GET", "/metrics", "", func(*http.Request) {})
	require.Equal(t, http.StatusNotFound, hidden.code)
	require.Contains(t, hidden.problem(t).Detail, "gateway.metrics_listen")
	families, err := registry.Gather()
	require.NoError(t, err)
	var names []string
	for _, family := range families {
		names = append(names, family.GetName())
	}
	require.Contains(t, names, "metalease_gateway_requests_total")
}
