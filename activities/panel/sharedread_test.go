package panel

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// TestWhoeverAsksMeanwhileSharesTheNextAnswer: nobody gets what was asked for before them, and a crowd
// costs one request more.
func TestWhoeverAsksMeanwhileSharesTheNextAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn, requests := make(chan struct{}), 0
		s := &sharedRead[int]{fetch: func(context.Context) (int, error) {
			requests++
			n := requests
			<-goOn
			if n == 3 {
				return 0, errors.New("the panel is down")
			}
			return n, nil
		}}
		answers := make(chan int, 30)
		ask := func() {
			n, err := s.get(t.Context())
			if err != nil {
				n = -1
			}
			answers <- n
		}
		go ask()
		synctest.Wait()
		for range 20 {
			go ask()
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.get(gone)
		require.ErrorIs(t, err, context.Canceled)
		synctest.Wait()

		goOn <- struct{}{}
		require.Equal(t, 1, <-answers)
		synctest.Wait()
		require.Empty(t, answers, "they wait for a request that began after they had asked")
		goOn <- struct{}{}
		for range 20 {
			require.Equal(t, 2, <-answers)
		}
		go ask()
		synctest.Wait()
		goOn <- struct{}{}
		require.Equal(t, -1, <-answers)
		require.Equal(t, 3, requests)
	})
}
