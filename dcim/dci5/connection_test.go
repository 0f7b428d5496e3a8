package dci5_test

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
)

func TestChangesKeepTheirConnection(t *testing.T) {
	panel := says(t, `<doc><id>5</id><mac>m</mac><name>n</name><type>t</type></doc>`)
	client := panel.client(t)
	for range 5 {
		require.NoError(t, accounts(t.Context(), client))
		require.NoError(t, client.Block(t.Context(), "5"))
		require.NoError(t, save(t.Context(), client, "5", "3", ""))
	}
	connections := map[string]bool{}
	for _, asked := range panel.requests() {
		connections[asked.RemoteAddr] = true
	}
	require.Len(t, connections, 1, "no change needs a handshake of its own")
}

// TestACutConnectionCarriesNoChangeTwice: the panel cuts connections before an answer, after it, and in the middle of it. What was
// done arrived once, what may have been done at most once, and what is said not to have been sent never.
func TestACutConnectionCarriesNoChangeTwice(t *testing.T) {
	var mu sync.Mutex
	turn := 0
	panel := newStub(t, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		turn++
		now := turn % 7
		mu.Unlock()
		switch now {
		case 1: // answers, and closes the idle connection at once
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<doc/>")
				_ = conn.Close()
			}
		case 3:
			dropped(w)
		case 5:
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "<doc>")
		default:
			_, _ = io.WriteString(w, "<doc/>")
		}
	})
	client := panel.client(t, func(c *dci5.Config) { c.Concurrency = 8 })
	const changes = 400
	results := make([]error, changes)
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := worker; i < changes; i += 4 {
				results[i] = client.Block(t.Context(), fmt.Sprint(i))
			}
		})
	}
	all.Wait()
	arrived := map[string]int{}
	for _, asked := range panel.requests() {
		arrived[asked.Form.Get("elid")]++
	}
	done := 0
	for i, err := range results {
		times := arrived[fmt.Sprint(i)]
		switch dcim.KindOf(err) {
		case dcim.KindNone:
			require.Equal(t, 1, times, "change %d", i)
			done++
		case dcim.KindMayHaveHappened:
			require.LessOrEqual(t, times, 1, "change %d: %v", i, err)
		default:
			require.Zero(t, times, "change %d: %v", i, err)
		}
	}
	require.Greater(t, done, changes/2)
	require.Less(t, done, changes, "some were cut")
}
