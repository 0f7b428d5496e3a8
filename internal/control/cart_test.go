package control_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/temporaltest"
	"metalease/workflows/api/shop"
)

var web = config.Shop{Name: "web", Hold: time.Minute, MaxHeld: 20, MaxHeldPerVisitor: 3, MaxQuantity: 5}

func basket(reference string) shop.Request {
	return shop.Request{Reference: reference, Client: shop.Client{ID: 7}, Items: []shop.Item{{SKU: "e3", Cycle: "monthly"}}}
}

func (s scene) cart(key, reference string) shop.Cart {
	s.t.Helper()
	cart, started, err := s.StartCart(s.t.Context(), web, key, basket(reference), timeout)
	require.NoError(s.t, err)
	require.True(s.t, started)
	return cart
}

// TestTheSameKeyIsTheSameCart, and another body or another shop is not.
func TestTheSameKeyIsTheSameCart(t *testing.T) {
	s := newScene(t)
	s.WorkCarts(t)
	first := s.cart("k1", "r1")
	again, started, err := s.StartCart(t.Context(), web, "k1", basket("r1"), timeout)
	require.NoError(t, err)
	require.False(t, started)
	require.Equal(t, first, again)

	_, _, err = s.StartCart(t.Context(), web, "k1", basket("r2"), timeout)
	require.ErrorIs(t, err, control.ErrOtherCart)

	other := web
	other.Name = "other"
	theirs, started, err := s.StartCart(t.Context(), other, "k1", basket("r2"), timeout)
	require.NoError(t, err)
	require.True(t, started, "a key is of one shop")
	require.NotEqual(t, first.ID, theirs.ID)
	_, err = s.Cart(t.Context(), "other", first.ID, 0)
	require.ErrorIs(t, err, control.ErrUnknownCart, "nobody learns of another shop's carts")
	_, err = s.CancelCart(t.Context(), "other", first.ID, "x", 0)
	require.ErrorIs(t, err, control.ErrUnknownCart)
	seen, err := s.Cart(t.Context(), "", first.ID, 0)
	require.NoError(t, err)
	require.Equal(t, shop.StateOpen, seen.State)
}

func TestManyCallsWithOneKeyMakeOneCart(t *testing.T) {
	s := newScene(t)
	s.WorkCarts(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	count, ids := 0, map[string]bool{}
	for range 20 {
		all.Go(func() {
			cart, started, err := s.StartCart(context.WithoutCancel(t.Context()), web, "k1", basket("r1"), timeout)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if ids[cart.ID] = true; started {
				count++
			}
		})
	}
	all.Wait()
	require.Equal(t, 1, count)
	require.Len(t, ids, 1)
}

// TestACartWhoseWorkerIsAway is taken all the same, and what is known of it is told.
func TestACartWhoseWorkerIsAway(t *testing.T) {
	s := newScene(t)
	taken, started, err := s.StartCart(t.Context(), web, "k1", basket("r1"), time.Millisecond)
	require.NoError(t, err)
	require.True(t, started)
	require.Equal(t, shop.StateChecking, taken.State)
	require.Equal(t, "r1", taken.Reference)
	require.False(t, taken.CreatedAt.IsZero())
	again, started, err := s.StartCart(t.Context(), web, "k1", basket("r1"), time.Millisecond)
	require.NoError(t, err)
	require.False(t, started)
	require.Equal(t, taken, again)
	read, err := s.Cart(t.Context(), "web", taken.ID, time.Millisecond)
	require.NoError(t, err)
	require.Equal(t, taken, read)
	_, _, err = s.StartCart(t.Context(), web, "k1", basket("r2"), time.Millisecond)
	require.ErrorIs(t, err, control.ErrOtherCart)
	stop := s.WorkCarts(t)
	s.eventually(func() bool {
		cart, started, err := s.StartCart(t.Context(), web, "k1", basket("r1"), timeout)
		return err == nil && !started && cart.State == shop.StateOpen
	})
	stop()
	open, err := s.Cart(t.Context(), "web", taken.ID, 0)
	require.NoError(t, err)
	require.Equal(t, shop.StateOpen, open.State, "a worker that went away does not hide what was durable")
}

func TestAnUnknownCart(t *testing.T) {
	s := newScene(t)
	for _, id := range []string{"", "nope", string(make([]byte, 999))} {
		_, err := s.Cart(t.Context(), "web", id, 0)
		require.ErrorIs(t, err, control.ErrUnknownCart)
	}
	_, err := s.ReplayEvents(t.Context(), "nope", "")
	require.ErrorIs(t, err, control.ErrUnknownCart)
}

func TestACartIsCancelledOnce(t *testing.T) {
	s := newScene(t)
	s.WorkCarts(t)
	open := s.cart("k1", "r1")
	for range 2 { // its run is over at the second call
		cancelled, err := s.CancelCart(t.Context(), "web", open.ID, "left", timeout)
		require.NoError(t, err)
		require.Equal(t, shop.StateCancelled, cancelled.State)
		require.Equal(t, []shop.Fault{{Reason: "left"}}, cancelled.Problems)
	}
	again, started, err := s.StartCart(t.Context(), web, "k1", basket("r1"), timeout)
	require.NoError(t, err)
	require.False(t, started, "a key is used once")
	require.Equal(t, shop.StateCancelled, again.State)

	paid := s.cart("k2", temporaltest.ReferencePaid)
	_, err = s.CancelCart(t.Context(), "web", paid.ID, "left", timeout)
	require.ErrorIs(t, err, control.ErrCartPaid)

	expired := s.cart("k4", temporaltest.ReferenceExpired)
	began := time.Now()
	_, err = s.CancelCart(t.Context(), "web", expired.ID, "left", time.Hour)
	require.ErrorIs(t, err, control.ErrCartEnded)
	require.Less(t, time.Since(began), time.Minute, "nobody waits for what cannot come")

	failed := s.cart("k3", temporaltest.ReferenceFailed)
	require.Equal(t, "items[0].quantity", failed.Problems[0].Field)
	_, err = s.CancelCart(t.Context(), "web", failed.ID, "left", timeout)
	require.ErrorIs(t, err, control.ErrCartEnded)
}

// TestAWaitEndsWithTheChange, not with the time.
func TestAWaitEndsWithTheChange(t *testing.T) {
	s := newScene(t)
	s.WorkCarts(t)
	open := s.cart("k1", "r1")
	seen := make(chan error, 1)
	go func() {
		_, err := s.Cart(context.WithoutCancel(t.Context()), "web", open.ID, time.Hour)
		seen <- err
	}()
	s.eventually(func() bool { // it changes until the other has seen one of the changes
		require.NoError(t, s.Client.SignalWorkflow(t.Context(), shop.WorkflowID(open.ID), "", shop.SignalReplay, ""))
		select {
		case err := <-seen:
			require.NoError(t, err)
			return true
		default:
			return false
		}
	})
}

func TestKeptEventsAreSentAgain(t *testing.T) {
	s := newScene(t)
	s.WorkCarts(t)
	lost := s.cart("k1", temporaltest.ReferenceLost)
	replay := func(event string) int {
		count, err := s.ReplayEvents(t.Context(), lost.ID, event)
		require.NoError(t, err)
		return count
	}
	left := func(n int) {
		s.eventually(func() bool {
			cart, err := s.Cart(t.Context(), "web", lost.ID, 0)
			return err == nil && len(cart.Undelivered) == n
		})
	}
	require.Zero(t, replay("evt_9"))
	require.Equal(t, 1, replay("evt_1"))
	left(1)
	require.Equal(t, 1, replay(""))
	left(0)
	require.Zero(t, replay(""))
}

// TestWhatAShopCallsItsCartIsNoMarkdown in the list of Temporal.
func TestWhatAShopCallsItsCartIsNoMarkdown(t *testing.T) {
	s := newScene(t)
	_, _, err := s.StartCart(t.Context(), web, "k1", basket("[pay](https://example.com)"), time.Millisecond)
	require.NoError(t, err)
	there, err := s.Client.DescribeWorkflow(t.Context(), shop.WorkflowID(s.CartID("web", "k1")), "")
	require.NoError(t, err)
	var summary string
	require.NoError(t, converter.GetDefaultDataConverter().FromPayload(there.RawResponse.GetExecutionConfig().GetUserMetadata().GetSummary(), &summary))
	require.Equal(t, `cart of shop web, \[pay\](https:\//example.com)`, summary)
}

func TestACartIsReadStrictly(t *testing.T) {
	read := func(text string) []string {
		_, err := control.ReadCart([]byte(text), web)
		var invalid *control.Invalid
		require.ErrorAs(t, err, &invalid, text)
		var fields []string
		for _, f := range invalid.Faults {
			fields = append(fields, f.Field)
		}
		return fields
	}
	_, err := control.ReadCart([]byte(`{"client":{"id":7},"items":[{"sku":"e3","quantity":5}]}`), web)
	require.NoError(t, err)
	for _, none := range []string{"", "[]", "null", "{", "7"} {
		_, err := control.ReadCart([]byte(none), web)
		require.ErrorIs(t, err, control.ErrNotJSON, none)
	}
	require.Equal(t, []string{"items"}, read(`{"client":{"id":7},"items":[{"sku":"e3","quantity":6}]}`), "this shop's limit")
	require.Equal(t, []string{"items[0].cycle", "items[0].cylce", "total"}, read(`{"client":{"id":7},"items":[{"sku":"e3","cycle":3,"cylce":"monthly"}],"total":"1.00"}`))
	require.Equal(t, []string{"client", "items", "client.email"}, read(`{"client":7,"items":{}}`))
}
