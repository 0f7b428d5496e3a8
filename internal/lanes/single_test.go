package lanes

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestOneAtATimeIsOne: an urgent call goes before those that wait, and beside none.
func TestOneAtATimeIsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(plenty, 1, 0.25)
		for range 2 {
			var order []string
			running, most := 0, 0
			call := func(ctx context.Context, name string) {
				go func() {
					done, err := l.Acquire(ctx)
					require.NoError(t, err)
					order = append(order, name)
					running++
					most = max(most, running)
					<-time.After(time.Second)
					running--
					done()
				}()
				synctest.Wait()
			}
			call(t.Context(), "a list")
			call(t.Context(), "a build")
			call(Urgent(t.Context()), "a block")
			call(First(t.Context()), "an unblock")
			call(Urgent(t.Context()), "another block")
			<-time.After(time.Minute)
			synctest.Wait()
			require.Equal(t, []string{"a list", "an unblock", "a block", "another block", "a build"}, order)
			require.Equal(t, 1, most)
			l.Share(3) // each process has one at least
		}
	})
}

// TestOneAtATimeHasTheWholeRate: urgent calls that held the only slot at a part of the rate would keep all others from the rest.
func TestOneAtATimeHasTheWholeRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const calls, rate = 100, 10
		l := New(rate, 1, 0.25)
		began := time.Now()
		for range calls {
			go func() {
				done, err := l.Acquire(Urgent(t.Context()))
				require.NoError(t, err)
				<-time.After(10 * time.Millisecond)
				done()
			}()
		}
		synctest.Wait()
		done, err := l.Acquire(t.Context())
		require.NoError(t, err)
		done()
		require.LessOrEqual(t, time.Since(began), (calls/rate+1)*time.Second)
	})
}
