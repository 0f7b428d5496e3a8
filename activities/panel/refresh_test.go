package panel

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/internal/lanes"
)

// queue is a panel whose calls wait for their turn until a test lets them.
type queue struct {
	common, urgent chan struct{}
	turns          int
}

func (q *queue) turn(ctx context.Context, do func(context.Context) error) error {
	lane := q.common
	if lanes.IsUrgent(ctx) {
		lane = q.urgent
	}
	select {
	case <-lane:
		q.turns++
		return do(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func newQueue() *queue { return &queue{common: make(chan struct{}), urgent: make(chan struct{})} }

// TestWhoComesWhileTheListWaitsForItsTurnSharesIt: under load a turn comes late, and a crowd costs one request.
func TestWhoComesWhileTheListWaitsForItsTurnSharesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		list := &serverList{turn: q.turn, fetch: func(context.Context) ([]dcim.Server, error) { return []dcim.Server{{ID: "5"}}, nil }}
		answers := make(chan *Listing, 100)
		for range 100 {
			<-time.After(100 * time.Millisecond)
			go func() {
				listing, err := list.fresh(t.Context(), true)
				require.NoError(t, err)
				answers <- listing
			}()
		}
		synctest.Wait()
		let := time.Now()
		q.common <- struct{}{}
		for range 100 {
			require.Equal(t, let, (<-answers).Began, "it began after each of them had asked")
		}
		require.Equal(t, 1, q.turns)
	})
}

// TestAListIsAsUrgentAsWhoeverWaitsForIt: a block is not held up by the turn of a list that builds have asked for.
func TestAListIsAsUrgentAsWhoeverWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		list := &serverList{turn: q.turn, tick: time.Hour, fetch: func(context.Context) ([]dcim.Server, error) { return []dcim.Server{{ID: "5"}}, nil }}
		list.rested = time.Now().Add(time.Hour)
		done := make(chan error, 3)
		ask := func(ctx context.Context, now bool) {
			_, err := list.fresh(ctx, now)
			done <- err
		}
		go ask(t.Context(), false)
		go ask(t.Context(), true)
		synctest.Wait()
		go ask(lanes.Urgent(t.Context()), true)
		q.urgent <- struct{}{}
		for range 3 {
			require.NoError(t, <-done)
		}
		require.Equal(t, 1, q.turns)

		go ask(t.Context(), false) // the next one is in its turn again
		<-time.After(2 * time.Hour)
		q.common <- struct{}{}
		require.NoError(t, <-done)
	})
}

// TestListsOfAllServersAreAFifthOfThePanelsTime: who asks one after another waits for that, and never longer than a tick.
func TestListsOfAllServersAreAFifthOfThePanelsTime(t *testing.T) {
	for _, c := range []struct{ takes, apart time.Duration }{
		{20 * time.Millisecond, 100 * time.Millisecond}, {3 * time.Second, 5 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			list := &serverList{tick: 2 * time.Second, fetch: func(context.Context) ([]dcim.Server, error) {
				<-time.After(c.takes)
				return []dcim.Server{{ID: "5"}}, nil
			}}
			var before time.Time
			for i := range 6 {
				ask := list.fresh
				if i%2 == 1 { // without filters that is a list of all servers too
					ask = func(ctx context.Context, now bool) (*Listing, error) { return list.freshOf(ctx, now, "5") }
				}
				listing, err := ask(t.Context(), true)
				require.NoError(t, err)
				if !before.IsZero() {
					require.Equal(t, c.apart, listing.Began.Sub(before))
				}
				before = listing.Began
			}
			began := time.Now()
			_, err := list.fresh(lanes.Urgent(t.Context()), true)
			require.NoError(t, err)
			require.Equal(t, c.takes, time.Since(began), "whoever is urgent does not wait for it")
		})
	}
}

// TestUrgentLooksComeSoon: a block is seen as soon as the panel shows it, and not with the next tick.
func TestUrgentLooksComeSoon(t *testing.T) {
	next, now := pressing(2*time.Second), time.Now()
	var after []time.Duration
	for at := now; at.Before(now.Add(8 * time.Second)); {
		at = next(at)
		after = append(after, at.Sub(now))
	}
	require.Equal(t, []time.Duration{250 * time.Millisecond, 750 * time.Millisecond, 1750 * time.Millisecond, 3750 * time.Millisecond, 5750 * time.Millisecond, 7750 * time.Millisecond, 9750 * time.Millisecond}, after)
}

// TestAnUrgentListWaitsForNoFurtherRequestOfAnother: a list of several servers takes several turns, each in the rank of those
// who asked.
func TestAnUrgentListWaitsForNoFurtherRequestOfAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		var all []dcim.Server
		for i := range 100 {
			all = append(all, dcim.Server{ID: fmt.Sprint(i), PowerOn: true})
		}
		inTurn := func(ctx context.Context, do func(context.Context) error) error {
			return q.turn(ctx, func(ctx context.Context) error { return do(context.WithValue(ctx, q, true)) })
		}
		list := &serverList{tick: time.Second, turn: inTurn, fetch: func(context.Context) ([]dcim.Server, error) { return all, nil },
			some: func(ctx context.Context, where dcim.Where) ([]dcim.Server, error) {
				var found []dcim.Server
				one := func(context.Context) error {
					for _, s := range all {
						if s.ID == where.ID {
							found = append(found, s)
						}
					}
					return nil
				}
				wait := q.turn
				if ctx.Value(q) != nil { // it has its turn
					wait = func(ctx context.Context, do func(context.Context) error) error { return do(ctx) }
				}
				err := wait(ctx, one)
				return found, err
			}}
		list.filters.byID.counts, list.filters.byOwner.refused = true, true
		done := make(chan error, 4)
		ask := func(ctx context.Context, server string) {
			_, err := list.freshOf(ctx, true, server)
			done <- err
		}
		go func() {
			_, err := list.fresh(t.Context(), true)
			done <- err
		}()
		q.common <- struct{}{}
		require.NoError(t, <-done)
		go ask(t.Context(), "1")
		go ask(t.Context(), "2")
		synctest.Wait()
		q.common <- struct{}{} // the first of two requests; the other one waits
		synctest.Wait()
		go ask(lanes.Urgent(t.Context()), "3")
		q.urgent <- struct{}{}
		require.NoError(t, <-done)
		q.common <- struct{}{}
		require.NoError(t, <-done)
		require.NoError(t, <-done)
	})
}
