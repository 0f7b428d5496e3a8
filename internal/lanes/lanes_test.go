package lanes

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// plenty is a rate that nobody reaches.
const plenty = 1e9

// fill takes slots until the next would have to wait.
func fill(t *testing.T, l *Limits, ctx context.Context) (taken int) {
	t.Helper()
	for {
		soon, cancel := context.WithTimeout(ctx, time.Second)
		_, err := l.Acquire(soon)
		cancel()
		if err != nil {
			require.ErrorIs(t, err, context.DeadlineExceeded)
			return taken
		}
		taken++
	}
}

func TestSlotsKeptForUrgentCalls(t *testing.T) {
	for _, c := range []struct {
		concurrency  int
		share        float64
		common, kept int
	}{
		{8, 0.25, 6, 2}, {4, 0.25, 3, 1}, {10, 0.5, 5, 5}, {3, 0.01, 2, 1}, {2, 0.9, 1, 1}, {4, 0.9, 1, 3},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := New(plenty, c.concurrency, c.share)
			require.Equal(t, c.common, fill(t, l, t.Context()), "%+v", c)
			require.Equal(t, c.kept, fill(t, l, Urgent(t.Context())), "%+v", c)
		})
		synctest.Test(t, func(t *testing.T) {
			l := New(plenty, c.concurrency, c.share)
			require.Equal(t, c.common+c.kept, fill(t, l, Urgent(t.Context())), "urgent calls may use what is idle: %+v", c)
			require.Zero(t, fill(t, l, t.Context()))
		})
	}
}

func TestSlotsComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(plenty, 2, 0.5)
		for _, ctx := range []context.Context{t.Context(), Urgent(t.Context())} {
			for range 10 {
				done, err := l.Acquire(ctx)
				require.NoError(t, err)
				done()
			}
		}
		hold, err := l.Acquire(t.Context())
		require.NoError(t, err)
		got := make(chan error)
		go func() {
			_, err := l.Acquire(t.Context())
			got <- err
		}()
		synctest.Wait() // it waits for the slot
		require.Empty(t, got)
		hold()
		require.NoError(t, <-got)
	})
}

// count is how many calls get through in a time when each takes no time.
func count(t *testing.T, l *Limits, ctx context.Context, limit time.Duration) (calls int) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		done, err := l.Acquire(ctx)
		if err != nil {
			require.ErrorIs(t, err, context.DeadlineExceeded)
			return calls
		}
		done()
		calls++
	}
}

func TestRateKeptForUrgentCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(8, 8, 0.25) // 2 of 8 a second are kept
		started := time.Now()
		require.InDelta(t, 8*100, count(t, l, t.Context(), 100*time.Second), 7, "what nobody urgent wants is everybody's; at most a second's worth at once")
		require.InDelta(t, 100, time.Since(started).Seconds(), 1)

		// The common part is used up. Urgent calls have theirs, at once.
		started = time.Now()
		done, err := l.Acquire(Urgent(t.Context()))
		require.NoError(t, err)
		done()
		require.Zero(t, time.Since(started))
	})
	synctest.Test(t, func(t *testing.T) {
		l := New(8, 8, 0.25)
		urgent := count(t, l, Urgent(t.Context()), 100*time.Second)
		require.InDelta(t, 8*100, urgent, 9, "they take the idle rest too, and never more than all")
	})
}

// TestAllTogetherKeepTheRate: a run of blocks and a run of installs share what one of them would have.
func TestAllTogetherKeepTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(8, 8, 0.25)
		urgent := make(chan int)
		go func() { urgent <- count(t, l, Urgent(t.Context()), 100*time.Second) }()
		common := count(t, l, t.Context(), 100*time.Second)
		blocks := <-urgent
		require.InDelta(t, 8*100, common+blocks, 9)
		require.GreaterOrEqual(t, blocks, 2*100, "what is kept")
		require.Greater(t, common, 2*100, "and the builds go on")
	})
}

// TestUrgentUnderLoad: with common calls queueing without end, an urgent call waits
// for nobody.
func TestUrgentUnderLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(4, 4, 0.25)
		ctx, cancel := context.WithCancel(t.Context())
		for range 50 {
			go func() {
				for {
					done, err := l.Acquire(ctx)
					if err != nil {
						return
					}
					select {
					case <-time.After(time.Minute): // a slow call
					case <-ctx.Done():
					}
					done()
				}
			}()
		}
		synctest.Wait()
		for range 10 {
			started := time.Now()
			done, err := l.Acquire(Urgent(t.Context()))
			require.NoError(t, err)
			require.LessOrEqual(t, time.Since(started), time.Second, "its own rate, nothing else")
			done()
		}
		cancel()
	})
}

// TestWhoHasPaidDoesNotWaitBehindBlocks: fifty blocks want the one slot that is kept, and an
// unblock gets it next.
func TestWhoHasPaidDoesNotWaitBehindBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(plenty, 2, 0.5)
		fill(t, l, t.Context())
		held, err := l.Acquire(Urgent(t.Context()))
		require.NoError(t, err)
		var order []string
		wait := func(ctx context.Context, name string) {
			go func() {
				done, err := l.Acquire(ctx)
				require.NoError(t, err)
				order = append(order, name)
				<-time.After(time.Second)
				done()
			}()
			synctest.Wait()
		}
		for range 50 {
			wait(Urgent(t.Context()), "block")
		}
		gone, cancel := context.WithCancel(First(t.Context()))
		go func() {
			_, err := l.Acquire(gone)
			require.ErrorIs(t, err, context.Canceled)
		}()
		synctest.Wait()
		cancel()
		wait(Urgent(First(t.Context())), "unblock")
		held()
		synctest.Wait()
		require.Equal(t, []string{"unblock"}, order, "urgent does not take away that it is first")
		<-time.After(time.Minute)
		synctest.Wait()
		require.Len(t, order, 51, "nobody is forgotten, and who gave up holds nothing")
	})
}

// Several processes together have what one would have.
func TestTheShareOfOneProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(12, 8, 0.25)
		l.Share(3)
		require.InDelta(t, 4*100, count(t, l, t.Context(), 100*time.Second), 10)
		l.Share(1)
		require.InDelta(t, 12*100, count(t, l, t.Context(), 100*time.Second), 10, "the others are gone")
	})
	synctest.Test(t, func(t *testing.T) {
		l := New(plenty, 8, 0.25)
		l.Share(3)
		require.Equal(t, 2, fill(t, l, t.Context()))
		require.Equal(t, 1, fill(t, l, Urgent(t.Context())), "one of each at least")
		l.Share(1)
		require.Equal(t, 4, fill(t, l, t.Context()), "the rest of six")
	})
}

// What is under way when a process comes goes on, and is not replaced.
func TestAShareThatShrinksUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(plenty, 8, 0.25)
		var done []func()
		for range 6 {
			end, err := l.Acquire(t.Context())
			require.NoError(t, err)
			done = append(done, end)
		}
		l.Share(2) // three each
		for _, end := range done[:3] {
			end()
			require.Zero(t, fill(t, l, t.Context()))
		}
		done[3]()
		require.Equal(t, 1, fill(t, l, t.Context()))
	})
}

// Who waits is served when there is more.
func TestAShareThatGrowsServesWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(plenty, 8, 0.25)
		l.Share(6)
		require.Equal(t, 1, fill(t, l, t.Context()))
		var served atomic.Int32
		for range 9 {
			go func() {
				if _, err := l.Acquire(t.Context()); err == nil {
					served.Add(1)
				}
			}()
		}
		synctest.Wait()
		require.Zero(t, served.Load())
		l.Share(1)
		synctest.Wait()
		require.EqualValues(t, 5, served.Load())
	})
}
