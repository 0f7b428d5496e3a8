package inventory

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/message"
)

func again(r *message.ServerRequest) { r.Again = true }

// TestOneLookServesThoseWhoComeSoonAfter, each with another server, and nobody once it is too old.
func TestOneLookServesThoseWhoComeSoonAfter(t *testing.T) {
	m := newMarket(t, "1", "2", "3", "4")
	for i := range 3 {
		m.ask(time.Duration(i)*10*time.Second, 101+i, 9-i)
	}
	m.RegisterDelayedCallback(func() { require.Equal(t, 1, m.surveys) }, 30*time.Second)
	m.ask(surveyLasts, 104, 1)
	m.run(State{Panel: "fra1"}, surveyLasts+time.Minute)
	require.Equal(t, []string{"101 granted 1", "102 granted 2", "103 granted 3", "104 granted 4"}, m.told)
	require.Equal(t, 2, m.surveys)
}

// TestWhoeverMayHaveAServerIsLookedFor: who asks again may have been given one by an allocator that was lost; and
// so may a service for which a claim was tried since the look.
func TestWhoeverMayHaveAServerIsLookedFor(t *testing.T) {
	for name, second := range map[string]func(*message.ServerRequest){
		"it asks again":                     func(r *message.ServerRequest) { r.ServiceID, r.Again = 102, true },
		"its life began anew since":         func(r *message.ServerRequest) { r.RunID = "another" },
		"it is named a server, and asks on": func(r *message.ServerRequest) { r.ServiceID, r.ServerID, r.Again = 102, "9", true },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(t, "1", "2")
			m.ask(0, 101, 1)
			m.RegisterDelayedCallback(func() { m.marked = map[int]string{101: "1", 102: "9"} }, 5*time.Second)
			m.ask(10*time.Second, 101, 1, second)
			m.run(State{Panel: "fra1"}, 30*time.Second)
			require.Equal(t, 2, m.surveys)
			require.Equal(t, []string{"2"}, m.free, "nobody got a second one")
		})
	}
}

// TestWhatEndsASight: after it the panel is looked at.
func TestWhatEndsASight(t *testing.T) {
	for name, does := range map[string]func(m *market){
		"nothing":                        func(*market) {},
		"a server that was given back":   func(m *market) { m.SignalWorkflow(message.SignalReleased, "7") },
		"a refresh":                      func(m *market) { m.SignalWorkflow(fleet.SignalRefresh, nil) },
		"a candidate that cannot be had": func(m *market) { m.taken["2"] = true },
		"a claim that fails":             func(m *market) { m.broken = map[string]error{"2": lasting("PanelRefused")} },
		"a package of which it shows none": func(m *market) {
			m.SignalWorkflow(message.SignalRequest, message.ServerRequest{ServiceID: 200, Ask: 1, RunID: "r", Package: "B"})
		},
		"a hold": func(m *market) {
			m.SignalWorkflow(message.SignalHold, message.Hold{CartID: "a", Shop: "web", Package: "A", Count: 1, Until: m.Now().Add(time.Hour)})
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(t, "1", "2", "3", "4")
			m.ask(0, 101, 1)
			m.RegisterDelayedCallback(func() { does(m) }, 5*time.Second)
			m.ask(10*time.Second, 102, 1)
			m.RegisterDelayedCallback(func() { require.Equal(t, name == "nothing", m.surveys == 1) }, 20*time.Second)
			m.run(State{Panel: "fra1"}, 30*time.Second)
			require.Contains(t, m.told, "101 granted 1")
			require.Regexp(t, `102 granted [23]`, fmt.Sprint(m.told))
		})
	}
}

// TestWhoWaitsBehindTheLastCandidateIsLookedFor: what the last look showed is used up.
func TestWhoWaitsBehindTheLastCandidateIsLookedFor(t *testing.T) {
	m := newMarket(t, "1")
	m.ask(0, 101, 1)
	m.RegisterDelayedCallback(func() { m.free = append(m.free, "2") }, 5*time.Second)
	m.ask(10*time.Second, 102, 1)
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Equal(t, []string{"101 granted 1", "102 granted 2"}, m.told)
	require.Equal(t, 2, m.surveys)
}

// TestAnEarlierPayerIsKeptACandidateOfTheLastLook: an order on its way was paid before the one that asks.
func TestAnEarlierPayerIsKeptACandidateOfTheLastLook(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.ask(0, 101, 1)
	m.RegisterDelayedCallback(func() {
		m.SignalWorkflow(fleet.SignalReserve, fleet.Reservation{ServiceID: 102, Package: "A", PaidAt: api.Moment{Time: paid.Add(2 * time.Minute)}})
	}, 4*time.Second)
	m.ask(5*time.Second, 103, 3)
	m.ask(10*time.Second, 102, 2)
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Equal(t, []string{"101 granted 1", "102 granted 2", "103 queued at 1"}, m.told)
}

// TestASightEndsThoughItsLookHasNot: the list may have begun before.
func TestASightEndsThoughItsLookHasNot(t *testing.T) {
	for name, word := range map[string]struct {
		signal string
		input  any
	}{"a release": {message.SignalReleased, "7"}, "a refresh": {fleet.SignalRefresh, nil}} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(t, "1")
			m.down = 10 * time.Second
			m.ask(0, 101, 1)
			m.RegisterDelayedCallback(func() { m.SignalWorkflow(word.signal, word.input) }, 5*time.Second)
			m.RegisterDelayedCallback(func() { require.Equal(t, 2, m.surveys) }, 30*time.Second)
			m.run(State{Panel: "fra1"}, time.Minute)
		})
	}
}

// TestAnEarlierPayerOfTheSameServersByAnotherName: one asks for a type, the other for a configuration, and the last look
// was for one of them.
func TestAnEarlierPayerOfTheSameServersByAnotherName(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.ask(0, 101, 1)
	m.RegisterDelayedCallback(func() {
		m.SignalWorkflow(fleet.SignalReserve, fleet.Reservation{ServiceID: 102, Package: "B", PaidAt: api.Moment{Time: paid.Add(2 * time.Minute)}})
	}, 4*time.Second)
	m.ask(5*time.Second, 103, 3)
	m.ask(20*time.Second, 102, 2, func(r *message.ServerRequest) { r.Package = "B" })
	m.run(State{Panel: "fra1"}, 40*time.Second)
	require.Contains(t, m.told, "102 granted 2", "%v", m.told)
}

// TestWhoPaidFirstHasTheLastServerOfAnOldLook: people have taken all others by hand since.
func TestWhoPaidFirstHasTheLastServerOfAnOldLook(t *testing.T) {
	m := newMarket(t, "1", "2", "3", "4")
	m.ask(0, 101, 1)
	m.RegisterDelayedCallback(func() { m.taken["2"], m.taken["4"] = true, true }, 5*time.Second)
	m.ask(10*time.Second, 103, 3)
	m.ask(10*time.Second, 102, 2)
	m.RegisterDelayedCallback(func() { m.free = nil }, 11*time.Second)
	m.run(State{Panel: "fra1"}, time.Minute)
	require.Contains(t, m.told, "102 granted 3")
	require.NotContains(t, fmt.Sprint(m.told), "103 granted")
}

// TestTheStockFollowsGrantsWithoutALook, by the name that it counts a server under, and not those that reached nobody.
func TestTheStockFollowsGrantsWithoutALook(t *testing.T) {
	free := func(m *market) int {
		var stock fleet.Stock
		value, err := m.QueryWorkflow(fleet.QueryStock)
		require.NoError(t, err)
		require.NoError(t, value.Get(&stock))
		return *stock.Packages[0].Free
	}
	t.Run("sold by their type, counted by their configuration", func(t *testing.T) {
		m := newMarket(t, "1", "2", "3", "4")
		for i := range 3 {
			m.ask(time.Duration(i)*5*time.Second, 101+i, i, func(r *message.ServerRequest) { r.Package = "T" })
		}
		m.RegisterDelayedCallback(func() { require.Equal(t, 1, free(m)); require.Equal(t, 1, m.surveys) }, 30*time.Second)
		m.run(State{Panel: "fra1"}, time.Minute)
	})
	t.Run("a grant that reached nobody", func(t *testing.T) {
		m := newMarket(t, "1", "2")
		m.deaf[101] = true
		m.ask(0, 101, 1)
		m.RegisterDelayedCallback(func() { require.Equal(t, []string{"1"}, m.returned); require.Equal(t, 2, free(m)) }, 30*time.Second)
		m.run(State{Panel: "fra1"}, time.Minute)
	})
}
