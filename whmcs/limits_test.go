package whmcs_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// allocated is how many MiB a call allocates in all, which is more than what it holds at a time.
func allocated(call func()) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) >> 20
}

// Whatever fills the largest answer, reading it takes little more than that.
func TestALargeAnswerTakesLittleMemory(t *testing.T) {
	const largest = 2 << 20
	fill := func(begin, again, end string) string {
		return begin + strings.Repeat(again, (largest-len(begin)-len(end)-10)/len(again)) + end
	}
	for name, c := range map[string]struct {
		body string
		kind whmcs.Kind
	}{
		"rows":       {fill(`{"result":"success","products":{"product":[`, `{},`, `{}]}}`), whmcs.KindTooLarge},
		"keyed rows": {fill(`{"result":"success","products":{"0":{}`, `,"1":{}`, `}}`), whmcs.KindTooLarge},
		"no rows":    {fill(`{"result":"success","products":[`, `0,`, `0]}`), whmcs.KindTooLarge},
		"fields":     {fill(`{"result":"success","products":[{"id":7,"customfields":[`, `{},`, `{}]}]}`), whmcs.KindUnreadable},
		"one text":   {fill(`{"result":"success","products":[{"id":7,"notes":"`, `text`, `"}]}`), whmcs.KindUnreadable},
		"controls":   {fill(`{"result":"success","products":[{"id":7,"notes":"`, "\x01", `"}]}`), whmcs.KindUnreadable},
		"message":    {fill(`{"result":"error","message":"`, `text`, `"}`), whmcs.KindRefused},
		"nesting":    {`{"result":"success","products":` + strings.Repeat(`{"a":`, 5000) + `[]` + strings.Repeat(`}`, 5000) + `}`, whmcs.KindNotAnAnswer},
		"too long":   {strings.Repeat("x", largest+1), whmcs.KindTooLarge},
	} {
		client := clientOf(t, serverURL(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(c.body))
		})), func(config *whmcs.Config) { config.MaxAnswer = largest })
		var err error
		took := allocated(func() { _, err = client.Service(t.Context(), 7) })
		require.Equal(t, c.kind, whmcs.KindOf(err), "%s: %v", name, err)
		require.Less(t, len(err.Error()), 1000, name)
		require.Less(t, took, uint64(150), "%s: MiB for an answer of 2 MiB", name)
	}
}

// A list that never ends is given up, with little memory, and says so.
func TestEndlessPages(t *testing.T) {
	billing, client := newWHMCS(t)
	fast := clientOf(t, serverURL(t, billing), func(c *whmcs.Config) { c.Rate = 1e6 })
	require.NoError(t, billing.Fault(simulator.Fault{Function: "GetClientsProducts", Effect: "endless"}))
	_, err := fast.ProductServices(t.Context(), 1)
	require.ErrorIs(t, err, whmcs.ErrTooLarge)
	require.ErrorContains(t, err, "more than 100000 rows")
	billing.ClearFaults()
	_, err = client.ProductServices(t.Context(), 1)
	require.NoError(t, err)
}

func TestLargePagesWithoutEnd(t *testing.T) {
	notes := strings.Repeat("n", 60<<10)
	pages := 0
	client := clientOf(t, serverURL(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pages++
		start, _ := strconv.Atoi(r.PostFormValue("limitstart"))
		_, _ = fmt.Fprint(w, `{"result":"success","totalresults":999999999,"products":{"product":[`)
		for i := range 100 {
			_, _ = fmt.Fprintf(w, `{"id":%d,"notes":%q},`, start+i+1, notes)
		}
		_, _ = fmt.Fprintf(w, `{"id":%d}]}}`, start+101)
	})), func(c *whmcs.Config) { c.Rate, c.MaxList = 1e6, 16<<20 })
	_, err := client.ProductServices(t.Context(), 1)
	require.ErrorIs(t, err, whmcs.ErrTooLarge)
	require.Less(t, pages, 5, "what is kept counts in bytes too")
}
