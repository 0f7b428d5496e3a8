package proving_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/proving"
	"metalease/dcim/simulator"
)

func slow() simulator.Config {
	return simulator.Config{FlagDelay: 3 * time.Second, PowerTime: 5 * time.Second, InstallTime: 10 * time.Minute, CancelMeansFailed: true, TemplateOnAccept: true}
}

// TestCtrlCPutsEverythingBack: whenever it comes.
func TestCtrlCPutsEverythingBack(t *testing.T) {
	for _, after := range []int{1, 2, 4, 7, 11, 16, 22, 29, 37, 46} {
		w := newWorld(t, slow())
		before := w.stock()
		ctx, cancel := context.WithCancel(t.Context())
		sleeps := 0
		w.asleep = func() {
			if sleeps++; sleeps == after {
				cancel()
			}
		}
		_, err := w.Drill(ctx, w.plan)
		if sleeps >= after {
			require.ErrorIs(t, err, context.Canceled, after)
		} else {
			require.NoError(t, err)
		}
		w.unchanged(before)
		cancel()
	}
}

// TestACrashIsUndone: the process is gone after any number of calls, the last of which may have
// been heard or not.
func TestACrashIsUndone(t *testing.T) {
	for _, heard := range []bool{false, true} {
		for after := int64(3); ; after += 6 {
			w := newWorld(t, slow())
			before := w.stock()
			var calls atomic.Int64
			w.wrap = func(panel http.Handler) http.Handler {
				return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					n := calls.Add(1)
					if n < after || n == after && heard {
						panel.ServeHTTP(discarding(rw, n == after), r)
					}
					if n >= after {
						panic(http.ErrAbortHandler)
					}
				})
			}
			_, err := w.Drill(t.Context(), w.plan)
			if calls.Load() < after {
				require.NoError(t, err)
				w.unchanged(before)
				break
			}
			require.Error(t, err)
			w.wrap = nil
			_, err = w.Undo(t.Context(), w.plan)
			if errors.Is(err, proving.ErrNoJournal) {
				err = nil // it was gone before the journal, or after everything
			}
			require.NoError(t, err, "after %d calls", after)
			require.NoError(t, w.sleep(t.Context(), time.Hour)) // whatever was accepted has come by then
			w.unchanged(before)
		}
	}
}

// discarding lets a panel hear a call whose answer nobody gets.
func discarding(rw http.ResponseWriter, lost bool) http.ResponseWriter {
	if lost {
		return silent{}
	}
	return rw
}

type silent struct{}

func (silent) Header() http.Header         { return http.Header{} }
func (silent) Write(b []byte) (int, error) { return len(b), nil }
func (silent) WriteHeader(int)             {}

// TestOnlyAFreeServerIsDrilled, and nothing is written to another.
func TestOnlyAFreeServerIsDrilled(t *testing.T) {
	for name, change := range map[string]string{
		"owned":           `{"owner":"u-7"}`,
		"named":           `{"hostname":"s1.example.com"}`,
		"blocked":         `{"disabled":true}`,
		"broken":          `{"hwproblem":true}`,
		"being tested":    `{"diag_in_progress":true}`,
		"being installed": `{"install_in_progress":true}`,
		"marked":          `{"notes":"metalease:main/service-7 claimed"}`,
	} {
		w := newWorld(t, simulator.Config{})
		_, err := w.Administer(drilled, []byte(change))
		require.NoError(t, err)
		before := w.stock()
		_, err = w.Inspect(t.Context(), drilled)
		require.ErrorIs(t, err, proving.ErrNotFree, name)
		_, err = w.Drill(t.Context(), w.plan)
		require.ErrorIs(t, err, proving.ErrNotFree, name)
		w.unchanged(before)
	}
}

// TestAServerThatSomebodyTakesIsLeftToThem: between the look of the drill and its save, or later.
func TestAServerThatSomebodyTakesIsLeftToThem(t *testing.T) {
	const theirs = "rack 4, unit 2\nleft rail is bent\nmetalease:main/service-7 claimed"
	w := newWorld(t, slow())
	w.asleep = func() { // an allocator that had looked before saves while the drill waits
		w.asleep = nil
		_, err := w.Administer(drilled, []byte(`{"owner":"whmcsapi","notes":"`+strings.ReplaceAll(theirs, "\n", `\n`)+`"}`))
		require.NoError(t, err)
	}
	before := w.stock()
	_, err := w.Drill(t.Context(), w.plan)
	require.ErrorContains(t, err, "mark of the drill")
	after := w.stock()
	require.Equal(t, theirs, after[1].Notes)
	after[1].Notes, after[1].Owner, after[1].OwnerName = before[1].Notes, before[1].Owner, before[1].OwnerName
	require.Equal(t, before, after, "nothing was written to a server that is another's")
	require.NoFileExists(t, w.plan.Journal, "there is nothing of ours to put back")

	w = newWorld(t, slow())
	w.asleep = func() { // ISPsystem's module keeps the notes and names the server
		w.asleep = nil
		_, err := w.Administer(drilled, []byte(`{"hostname":"s7.example.com"}`))
		require.NoError(t, err)
	}
	_, err = w.Drill(t.Context(), w.plan)
	require.ErrorContains(t, err, "somebody has named server 2")
	require.Equal(t, "s7.example.com", w.stock()[1].Hostname, "the way back does not take it from them either")
	require.NotEmpty(t, w.stock()[1].Owner)
	require.FileExists(t, w.plan.Journal, "a person decides")
}

// TestCtrlCWhileTheServerIsTaken: the panel saves after the drill has given up.
func TestCtrlCWhileTheServerIsTaken(t *testing.T) {
	w := newWorld(t, slow())
	before := w.stock()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	late, saved := make(chan struct{}), make(chan struct{})
	var first, waited sync.Once
	w.wrap = func(panel http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			text, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(text))
			if bytes.Contains(text, []byte("put+back+by")) {
				first.Do(func() {
					defer close(saved)
					cancel()
					<-late
					panel.ServeHTTP(silent{}, r.WithContext(t.Context()))
				})
			}
			panel.ServeHTTP(rw, r)
		})
	}
	w.Prover.Sleep = func(ctx context.Context, d time.Duration) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		waited.Do(func() {
			close(late)
			<-saved
		})
		return w.sleep(ctx, d)
	}
	_, err := w.Drill(ctx, w.plan)
	require.ErrorIs(t, err, context.Canceled)
	waited.Do(func() { close(late) })
	<-saved
	w.unchanged(before)
}

// TestTwoDrills: the second one is told how to end the first.
func TestTwoDrills(t *testing.T) {
	w := newWorld(t, slow())
	require.NoError(t, os.WriteFile(w.plan.Journal, []byte(`{"panel":"fra1","server":"2","holder":"x"}`), 0o600))
	_, err := w.Drill(t.Context(), w.plan)
	require.ErrorContains(t, err, "starter panel drill fra1 --undo")
}
