package panel

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/dcim"
)

// listed is a list of one server.
func listed(server dcim.Server) *Listing {
	return &Listing{Began: time.Now(), Servers: []dcim.Server{server}, byID: map[string]int{server.ID: 0}}
}

// TestMarksHoldWhileTheListsConfirmThem: until a list contradicts them, none is read for a while, or they were read too long ago.
func TestMarksHoldWhileTheListsConfirmThem(t *testing.T) {
	server := dcim.Server{ID: "1", Owner: "2", Hostname: dcim.FreeHostname}
	quarantine := "quarantine 2026-11-26 failed"
	for name, c := range map[string]struct {
		state, named string
		change       func(*dcim.Server)
		pause        time.Duration
		looks        int
		young        bool
	}{
		"lists go on":                    {pause: markAge / 2, looks: 10, young: true},
		"read too long ago":              {pause: markAge / 2, looks: 20},
		"no list for a while":            {pause: markAge, looks: 1},
		"no list, but a name of its own": {named: "a.example.com", pause: markAge, looks: 1, young: true},
		"no list, in quarantine":         {state: quarantine, pause: 5 * markAge, looks: 1, young: true},
		"a quarantine of long ago":       {state: quarantine, pause: quarantineAge / 2, looks: 2},
		"out of quarantine":              {state: quarantine, pause: 5 * markAge, looks: 1, change: func(s *dcim.Server) { s.Owner = "" }},
		"a name for long":                {named: "a.example.com", pause: longestMarkAge, looks: 1},
		"another owner":                  {pause: time.Second, looks: 1, change: func(s *dcim.Server) { s.Owner = "3" }},
		"another name":                   {pause: time.Second, looks: 1, change: func(s *dcim.Server) { s.Hostname = "a.example.com" }},
		"powered on":                     {pause: time.Second, looks: 1, change: func(s *dcim.Server) { s.PowerOn = true }, young: true},
		"missing from one list":          {pause: time.Second, looks: 1, change: func(s *dcim.Server) { s.ID = "9" }, young: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var m markIndex
				server := server
				server.Hostname = cmp.Or(c.named, server.Hostname)
				m.remember("1", []holding.Mark{{Installation: "main", ServiceID: 101, State: cmp.Or(c.state, "claimed")}})
				<-time.After(time.Second)
				m.look(listed(server))
				now := server
				if c.change != nil {
					c.change(&now)
				}
				for range c.looks {
					<-time.After(c.pause)
					m.look(listed(now))
				}
				_, young := m.young("1")
				require.Equal(t, c.young, young)
				require.Equal(t, []string{"1"}, m.of("main", 101), "where a claim may have come through is not forgotten")
			})
		})
	}
}

// TestAStandingServerIsReadOnce: however many orders look for their servers while lists are read.
func TestAStandingServerIsReadOnce(t *testing.T) {
	w := newWorld(t)
	w.Administer("2", map[string]any{"owner": "whmcsapi", "notes": "metalease:main/service-9 quarantine broken"})
	w.Administer("3", map[string]any{"owner": "whmcsapi", "notes": "metalease:main/service-8 claimed"})
	forms := func() int { return w.Panel.State().Functions["server.edit"].Requests }
	for i := range 5 {
		service := w.Order(7 + i)
		found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: service.ID, ClientID: 7 + i})
		require.NoError(t, err)
		require.Nil(t, found.Server)
	}
	require.Equal(t, 2, forms())

	// The one that is found is read again: on its mark it is decided.
	w.Administer("3", map[string]any{"notes": "metalease:main/service-8 installing 1"})
	found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: 8})
	require.NoError(t, err)
	require.Equal(t, "installing 1", found.State)
	w.Administer("3", map[string]any{"notes": ""})
	found, err = simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: 8})
	require.NoError(t, err)
	require.Nil(t, found.Server)
}

// TestOrdersThatComeAtOnceReadAStandingServerOnce: who comes while it is read waits for the answer.
func TestOrdersThatComeAtOnceReadAStandingServerOnce(t *testing.T) {
	w := newWorld(t)
	w.Administer("2", map[string]any{"owner": "whmcsapi", "notes": "metalease:main/service-9 quarantine broken"})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			marks, err := w.p.marksOf(t.Context(), "2", false)
			require.NoError(t, err)
			require.Len(t, marks, 1)
		})
	}
	all.Wait()
	require.Equal(t, 1, w.Panel.State().Functions["server.edit"].Requests)
}

// TestARecordThatCannotBeReadHoldsUpNobodyInTurn: who waits for its read has the answer of that one.
func TestARecordThatCannotBeReadHoldsUpNobodyInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m markIndex
		began, broken := time.Now(), errors.New("the panel does not answer")
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				done, err := m.turn(t.Context(), "2")
				if err == nil {
					<-time.After(time.Minute)
					done(broken)
					return
				}
				require.ErrorIs(t, err, broken)
			})
		}
		all.Wait()
		require.Equal(t, time.Minute, time.Since(began))
		done, err := m.turn(t.Context(), "2")
		require.NoError(t, err, "the next one asks again")
		all.Go(func() {
			next, err := m.turn(t.Context(), "2")
			require.NoError(t, err, "who gave up says nothing of the server")
			next(nil)
		})
		synctest.Wait()
		done(context.Canceled)
		all.Wait()
	})
}
