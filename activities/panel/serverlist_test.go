package panel

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

// panelList is a list whose requests a test lets through one by one.
type panelList struct {
	*serverList
	requests atomic.Int32
	began    chan struct{}
	answer   chan error
}

func newPanelList(tick time.Duration) *panelList {
	p := &panelList{began: make(chan struct{}), answer: make(chan error)}
	p.serverList = &serverList{tick: tick, fetch: func(context.Context) ([]dcim.Server, error) {
		p.requests.Add(1)
		p.began <- struct{}{}
		return []dcim.Server{{ID: "5"}, {ID: "6"}}, <-p.answer
	}}
	return p
}

func TestAHundredWaitersCostOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPanelList(time.Hour)
		p.serverList.began = time.Now() // a list has just begun, so the next one waits for the tick
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				listing, err := p.fresh(t.Context(), false)
				require.NoError(t, err)
				require.Equal(t, []dcim.Server{{ID: "5"}, {ID: "6"}}, listing.Servers, "in the panel's order")
				server, there := listing.Server("6")
				require.True(t, there && server.ID == "6")
				_, there = listing.Server("7")
				require.False(t, there)
			})
		}
		synctest.Wait() // all of them wait
		asked := time.Now()
		<-p.began
		require.Equal(t, time.Hour, time.Since(asked), "one tick later")
		p.answer <- nil
		all.Wait()
		require.Equal(t, int32(1), p.requests.Load())
	})
}

func TestHurryNeedsNoTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPanelList(time.Hour)
		p.serverList.began = time.Now()
		asked := time.Now()
		go func() { <-p.began; p.answer <- nil }()
		_, err := p.fresh(t.Context(), true)
		require.NoError(t, err)
		require.Zero(t, time.Since(asked))
	})
}

func TestAListThatBeganEarlierIsNotFresh(t *testing.T) {
	p := newPanelList(0)
	first := make(chan *Listing)
	go func() { r, _ := p.fresh(t.Context(), true); first <- r }()
	<-p.began
	second := make(chan *Listing)
	go func() { r, _ := p.fresh(t.Context(), true); second <- r }()
	require.Eventually(t, func() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.next != nil }, 5*time.Second, time.Millisecond)
	p.answer <- nil
	<-p.began // never two at once
	p.answer <- nil
	require.NotSame(t, <-first, <-second)
}

func TestAnErrorReachesEveryWaiterAndIsForgotten(t *testing.T) {
	p := newPanelList(0)
	broken := errors.New("panel down")
	go func() { <-p.began; p.answer <- broken }()
	_, err := p.fresh(t.Context(), true)
	require.ErrorIs(t, err, broken)
	go func() { <-p.began; p.answer <- nil }()
	_, err = p.fresh(t.Context(), true)
	require.NoError(t, err)
}

func TestAWaiterThatGivesUpLeavesTheOthersAlone(t *testing.T) {
	p := newPanelList(0)
	gone, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() { _, err := p.fresh(gone, true); result <- err }()
	<-p.began
	cancel()
	require.ErrorIs(t, <-result, context.Canceled)
	p.answer <- nil
	listing, err := p.cached(t.Context(), time.Hour)
	require.NoError(t, err)
	require.Len(t, listing.Servers, 2)
	require.Equal(t, int32(1), p.requests.Load(), "a cached list is good enough where a read-back follows")
}
