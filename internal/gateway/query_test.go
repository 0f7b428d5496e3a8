package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAQueryThatIsNotUnderstoodDoesNothing(t *testing.T) {
	s := newScene(t)
	s.call("POST", "/v1/services", goodOrder)
	for path, fields := range map[string][]string{
		"GET /v1/services?client_id=1001;x=1":                 {"query"},
		"GET /v1/services?client_id=%zz":                      {"query"},
		"GET /v1/services?phase=active&phase=blocked":         {"phase"},
		"GET /v1/services/101?verbose=1":                      {"verbose"},
		"POST /v1/services/101/suspend?wiat=20s":              {"wiat"},
		"POST /v1/services/101/suspend?wait=1s&wait=2s&b=&a=": {"a", "b", "wait"},
		"POST /v1/services?dry_run=true":                      {"dry_run"},
	} {
		method, path, _ := strings.Cut(path, " ")
		r := s.call(method, path, "")
		require.Equal(t, http.StatusUnprocessableEntity, r.code, path)
		require.Equal(t, "/problems/invalid-parameter", r.problem(t).Type)
		require.Equal(t, fields, r.problem(t).fields(), path)
	}
	require.Empty(t, s.mem.filters)
	require.Empty(t, s.mem.events)
	require.Equal(t, http.StatusNoContent, s.send("GET", "/healthz?t=1", "", func(*http.Request) {}).code, "a probe may send what it likes")
}

func TestTextsHaveALimit(t *testing.T) {
	s := newScene(t)
	s.call("POST", "/v1/services", goodOrder)
	most := strings.Repeat("ü", 500)
	require.Equal(t, http.StatusAccepted, s.call("POST", "/v1/services/101/suspend", `{"reason":"`+most+`"}`).code)
	for body, field := range map[string]string{
		`{"reason":"` + most + `x"}`:                            "reason",
		`"` + most + `x"`:                                       "reason",
		`{"event_id":"` + strings.Repeat("e", 129) + `"}`:       "event_id",
		`{"source":"` + strings.Repeat("whmcs", 30) + `"}`:      "source",
		`{"server_id":"` + strings.Repeat("1", 129) + `"}`:      "server_id",
		`{"event_id":"e1","server_id":` + manyDigits(300) + `}`: "server_id",
	} {
		r := s.call("POST", "/v1/services/101/retry", body)
		require.Equal(t, http.StatusUnprocessableEntity, r.code)
		require.Equal(t, "/problems/invalid-event", r.problem(t).Type)
		require.Equal(t, []string{field}, r.problem(t).fields())
	}
	require.Len(t, s.mem.events, 1)

	long := strings.Replace(goodOrder, `"E3-16G"`, `"`+strings.Repeat("E", 60<<10)+`"`, 1)
	r := s.call("POST", "/v1/services", long)
	require.Equal(t, http.StatusUnprocessableEntity, r.code)
	require.Equal(t, []string{"package"}, r.problem(t).fields())
}

func manyDigits(n int) string { return strings.Repeat("9", n) }
