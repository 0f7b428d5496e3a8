package gateway_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
)

type batchResult struct {
	ServiceID int `json:"service_id"`
	Status    int
	Problem   *problem
}

func (s scene) batch(orders ...string) []batchResult {
	s.t.Helper()
	r := s.call("POST", "/v1/services/batch", `{"services":[`+strings.Join(orders, ",")+`]}`)
	require.Equal(s.t, http.StatusOK, r.code, r.body)
	var answer struct{ Results []batchResult }
	require.NoError(s.t, json.Unmarshal([]byte(r.body), &answer))
	require.Len(s.t, answer.Results, len(orders))
	return answer.Results
}

// orderOf is the good order for another service.
func orderOf(service int) string { return strings.ReplaceAll(goodOrder, "101", strconv.Itoa(service)) }

func TestABatchAnswersAsTheSingleCallsDo(t *testing.T) {
	s := newScene(t)
	require.Equal(t, http.StatusCreated, s.call("POST", "/v1/services", orderOf(3)).code)
	orders := []string{
		orderOf(1), `{"service_id":2,"panel":"ams1"}`, orderOf(3), `"no order"`, strings.Replace(orderOf(4), `"package"`, `"pakage"`, 1), orderOf(5),
	}
	results := s.batch(orders...)
	var ids, statuses []int
	for _, r := range results {
		ids, statuses = append(ids, r.ServiceID), append(statuses, r.Status)
	}
	require.Equal(t, []int{1, 2, 3, 0, 4, 5}, ids)
	require.Equal(t, []int{201, 422, 200, 400, 422, 201}, statuses)
	for _, id := range []int{1, 3, 5} {
		require.Contains(t, s.mem.orders, id)
	}
	require.Len(t, s.mem.orders, 3)
	for i, order := range orders {
		single := s.call("POST", "/v1/services", order)
		if results[i].Problem == nil {
			require.Equal(t, http.StatusOK, single.code)
			continue
		}
		require.Equal(t, single.problem(t), *results[i].Problem)
	}
	for _, r := range s.batch(orderOf(1), orderOf(5)) {
		require.Equal(t, http.StatusOK, r.Status, "the same again starts nothing")
	}
}

func TestABatchOfServicesThatCannotStart(t *testing.T) {
	s := newScene(t)
	for _, c := range []struct {
		err    error
		status int
		kind   string
	}{
		{&control.Conflict{Fields: []string{"package"}}, 409, "other-order"}, {&control.ErrObserved{Panel: "fra1"}, 409, "panel-observed"},
		{control.ErrClosed, 409, "service-ended"}, {control.ErrWorkerUnavailable, 503, "worker-unavailable"}, {errors.New("no connection"), 503, "temporal-unavailable"},
	} {
		s.mem.err = c.err
		for _, r := range s.batch(orderOf(1), orderOf(2)) {
			require.Equal(t, c.status, r.Status)
			require.Equal(t, "/problems/"+c.kind, r.Problem.Type)
		}
	}
	require.Equal(t, 2, s.logs.FilterMessage("Temporal failed").Len())
	require.NotEmpty(t, s.logs.FilterMessage("Temporal failed").All()[0].ContextMap()["request_id"])
}

func TestABatchHasBounds(t *testing.T) {
	s := newScene(t)
	many := func(n int) string {
		return `{"services":[` + strings.TrimSuffix(strings.Repeat(orderOf(1)+",", n), ",") + `]}`
	}
	require.Equal(t, http.StatusOK, s.call("POST", "/v1/services/batch", many(50)).code)
	for _, body := range []string{many(51), `{"services":[]}`, `{}`, `{"services":null}`} {
		r := s.call("POST", "/v1/services/batch", body)
		require.Equal(t, http.StatusUnprocessableEntity, r.code)
		require.Equal(t, []string{"services"}, r.problem(t).fields())
	}
	for _, body := range []string{"", "[]", `{"services":{}}`, `{"orders":[]}`, `{"services":[` + orderOf(9) + `]}}`} {
		require.Equal(t, "/problems/not-json", s.call("POST", "/v1/services/batch", body).problem(t).Type, body)
	}
	text := strings.Repeat("<", 255) // JSON may write each character as six
	long := strings.Replace(orderOf(1), `"os_template":"a"`, `"os_template":"`+text+`","recipe":"`+text+`","address_group":"`+text+`","server_id":"`+text+`"`, 1)
	large := strings.ReplaceAll(many(50), orderOf(1), strings.ReplaceAll(long, "<", `\u003c`))
	require.Greater(t, len(large), 64<<10, "above what one order may have")
	for _, r := range s.batch(strings.Split(strings.Repeat(long+"\n", 49)+long, "\n")...) {
		require.Equal(t, http.StatusOK, r.Status)
	}
	require.Equal(t, http.StatusOK, s.call("POST", "/v1/services/batch", large).code)
	require.Equal(t, http.StatusRequestEntityTooLarge, s.call("POST", "/v1/services/batch", strings.Repeat(" ", 512<<10+1)).code)
}

func TestAListOfNamedServices(t *testing.T) {
	s := newScene(t)
	require.Equal(t, http.StatusOK, s.call("GET", "/v1/services?ids=3,1,2", "").code)
	require.Equal(t, []int{3, 1, 2}, s.mem.filters[0].IDs)
	for _, bad := range []string{"1,", "a", "0", "1,-2", strings.Repeat("1,", 100) + "1"} {
		require.Equal(t, []string{"ids"}, s.call("GET", "/v1/services?ids="+bad, "").problem(t).fields(), bad)
	}
	require.Equal(t, http.StatusOK, s.call("GET", "/v1/services?ids="+strings.Repeat("1,", 99)+"1", "").code)
	require.Len(t, s.mem.filters, 2)
}
