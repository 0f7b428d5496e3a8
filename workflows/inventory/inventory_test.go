package inventory

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/message"
)

func TestFirstPaidFirstServed(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.ask(0, 103, 3)
	m.ask(0, 101, 1)
	m.ask(0, 102, 2)
	next := m.run(State{Panel: "fra1"}, time.Minute/2)
	require.Contains(t, m.told, "103 queued at 1")
	require.NotContains(t, m.told, "103 granted 1")
	require.Len(t, next.Queue, 1)
	require.Len(t, next.Answers, 2)
}

func TestAReleaseServesTheNextAndTheQueueSurvives(t *testing.T) {
	m := newMarket(t)
	m.ask(0, 102, 2)
	m.ask(0, 101, 1)
	next := m.run(State{Panel: "fra1"}, time.Hour)
	require.Len(t, next.Queue, 2)

	m = newMarket(t, "9")
	m.RegisterDelayedCallback(func() { m.SignalWorkflow(message.SignalReleased, "9") }, time.Second)
	next = m.run(next, 10*time.Second)
	require.Equal(t, []string{"101 granted 9"}, m.told)
	require.Len(t, next.Queue, 1)
}

func TestTheSameRequestGetsTheSameAnswer(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.ask(0, 101, 1)
	m.ask(time.Second, 101, 1)
	m.ask(2*time.Second, 101, 1, func(r *message.ServerRequest) { r.Ask = 2 })
	m.run(State{Panel: "fra1"}, time.Minute)
	require.Equal(t, []string{"101 granted 1", "101 granted 1", "101 granted 2"}, m.told)
}

func TestAskingAgainChangesNothing(t *testing.T) {
	m := newMarket(t)
	for i := range 20 {
		m.ask(time.Duration(i)*time.Second, 101, 1)
	}
	next := m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Len(t, next.Queue, 1)
	require.Equal(t, 1, m.surveys)
	require.Equal(t, []string{"101 queued at 1"}, m.told)
}

func TestTakenCandidatesAreSkippedNotHammered(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	m.taken["1"], m.taken["2"] = true, true
	m.ask(0, 101, 1)
	m.ask(0, 102, 2)
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Contains(t, m.told, "101 granted 3")
	require.Less(t, m.surveys, 8)
}

func TestANamedServerOrAClearError(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.taken["2"] = true
	m.ask(0, 101, 1, func(r *message.ServerRequest) { r.ServerID = "2" })
	m.ask(0, 102, 2, func(r *message.ServerRequest) { r.ServerID = "1" })
	m.run(State{Panel: "fra1"}, time.Minute)
	require.ElementsMatch(t, []string{"101 refused ", "102 granted 1"}, m.told)
}

func TestAGrantThatReachesNobodyIsGivenBack(t *testing.T) {
	m := newMarket(t, "1")
	m.deaf[101] = true
	m.ask(0, 101, 1)
	m.run(State{Panel: "fra1"}, time.Minute)
	require.Equal(t, []string{"1"}, m.returned)
}

// TestAnEarlierPayerIsServedWhenSomebodyTakesItsCandidate: the candidate of the first is
// gone, and the last free server is claimed for the second at that moment.
func TestAnEarlierPayerIsServedWhenSomebodyTakesItsCandidate(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	m.taken["1"] = true
	for i := range 3 {
		m.ask(0, 101+i, i)
	}
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.ElementsMatch(t, []string{"101 granted 3", "102 granted 2", "103 queued at 1"}, m.told)
	require.Equal(t, []string{"3"}, m.returned)
}

func TestServersThatFailedLatelyAreOfferedLast(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	m.unreliable = map[string]bool{"1": true}
	m.ask(0, 101, 1)
	m.ask(0, 102, 2)
	m.ask(5*time.Second, 103, 3)
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Equal(t, []string{"102 granted 2", "101 granted 3", "103 granted 1"}, m.told)
}

func TestANamedServerIsHadThoughItFailedLately(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.unreliable = map[string]bool{"1": true}
	m.ask(0, 101, 1, func(r *message.ServerRequest) { r.ServerID = "1" })
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Equal(t, []string{"101 granted 1"}, m.told)
}

// TestWhoComesDuringALookIsNotGivenASecondServer: the panel was not asked about it.
func TestWhoComesDuringALookIsNotGivenASecondServer(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.down = 10 * time.Second
	m.marked = map[int]string{101: "9"}
	m.ask(0, 102, 2)
	m.ask(5*time.Second, 101, 1, again)
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.ElementsMatch(t, []string{"101 granted 9", "102 granted 2"}, m.told)
	require.Equal(t, []string{"1"}, m.free)
}

// TestTheClaimOfALostAllocatorIsFound: it was saved, and its grant was never sent.
func TestTheClaimOfALostAllocatorIsFound(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.marked = map[int]string{101: "9"}
	m.ask(0, 101, 1)
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Equal(t, []string{"101 granted 9"}, m.told)
	require.Equal(t, []string{"1", "2"}, m.free)
}

func TestAServerThatFailedForTheServiceIsNotTakenUpAgain(t *testing.T) {
	m := newMarket(t, "1")
	m.marked = map[int]string{101: "9"}
	m.ask(0, 101, 1, func(r *message.ServerRequest) { r.Exclude = []string{"9"} })
	m.run(State{Panel: "fra1"}, 30*time.Second)
	require.Equal(t, []string{"101 granted 1"}, m.told)
}

func TestANewAllocatorLetsTheClaimsOfItsPredecessorEnd(t *testing.T) {
	m := newMarket(t, "1")
	m.recalled = 2
	m.ask(0, 102, 2)
	m.ask(10*time.Second, 101, 1) // it paid earlier, and was recalled as well
	m.RegisterDelayedCallback(func() { require.Empty(t, m.told) }, 19*time.Second)
	m.run(State{Panel: "fra1", Settings: api.Settings{Heartbeat: api.Duration(20 * time.Second)}}, 30*time.Second)
	require.Equal(t, []string{"101 granted 1", "102 queued at 1"}, m.told)
}

func TestWithdraw(t *testing.T) {
	m := newMarket(t)
	m.ask(0, 101, 1)
	m.RegisterDelayedCallback(func() {
		m.SignalWorkflow(message.SignalWithdraw, message.Withdrawal{ServiceID: 101, Ask: 1, RunID: "r"})
	}, time.Second)
	next := m.run(State{Panel: "fra1"}, time.Minute)
	require.Empty(t, next.Queue)
	require.Equal(t, "101 withdrawn ", m.told[len(m.told)-1])
}

// TestAWithdrawalIsNotAnsweredWithTheGrantOfAnEarlierRun: that server is the customer's.
func TestAWithdrawalIsNotAnsweredWithTheGrantOfAnEarlierRun(t *testing.T) {
	m := newMarket(t)
	m.ask(0, 101, 1)
	m.RegisterDelayedCallback(func() {
		m.SignalWorkflow(message.SignalWithdraw, message.Withdrawal{ServiceID: 101, Ask: 1, RunID: "r"})
	}, time.Second)
	earlier := []answer{{ServiceID: 101, RunID: "earlier", Signal: message.SignalGranted, Reply: message.Reply{Ask: 1, Server: panel.Server{ID: "5"}}}}
	next := m.run(State{Panel: "fra1", Answers: earlier}, time.Minute)
	require.Empty(t, next.Queue)
	require.Equal(t, "101 withdrawn ", m.told[len(m.told)-1])
}

// TestAGrantOfAnEarlierRunIsNotRepeatedBlindly: a service that was reset has another run, and the
// server that it once got may be anybody's. The panel is looked at.
func TestAGrantOfAnEarlierRunIsNotRepeatedBlindly(t *testing.T) {
	earlier := []answer{{ServiceID: 101, RunID: "earlier", Signal: message.SignalGranted, Reply: message.Reply{Ask: 1, Server: panel.Server{ID: "5"}}}}
	for name, c := range map[string]struct {
		marked map[int]string
		want   string
	}{
		"it is another one's": {nil, "101 granted 1"},
		"it has it still":     {map[int]string{101: "5"}, "101 granted 5"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMarket(t, "1")
			m.marked = c.marked
			m.ask(0, 101, 1)
			m.run(State{Panel: "fra1", Answers: earlier}, time.Minute)
			require.Equal(t, []string{c.want}, m.told)
			require.Positive(t, m.surveys)
		})
	}
}

// TestAnAllocatorThatWasResetForgetsItsGrants: each of them is asked of the panel again.
func TestAnAllocatorThatWasResetForgetsItsGrants(t *testing.T) {
	a := &allocator{in: &State{Answers: []answer{{ServiceID: 101, Signal: message.SignalGranted}, {ServiceID: 102, Signal: message.SignalRefused}}}}
	a.reset("another-run")
	require.True(t, a.wasReset && a.in.Woken)
	require.Len(t, a.in.Answers, 1)
	require.Equal(t, 102, a.in.Answers[0].ServiceID)
	require.True(t, uncertain(temporal.NewNonRetryableApplicationError("workflow reset", "", nil)), "whose end nobody saw")
	require.False(t, uncertain(lasting("PanelRefused")))
}

func TestStockIsUnknownUntilSeen(t *testing.T) {
	m := newMarket(t, "1", "2")
	var before, after fleet.Stock
	m.RegisterDelayedCallback(func() {
		value, err := m.QueryWorkflow(fleet.QueryStock)
		require.NoError(t, err)
		require.NoError(t, value.Get(&before))
		m.SignalWorkflow(fleet.SignalRefresh, nil)
	}, time.Second)
	m.RegisterDelayedCallback(func() {
		value, err := m.QueryWorkflow(fleet.QueryStock)
		require.NoError(t, err)
		require.NoError(t, value.Get(&after))
	}, time.Minute)
	m.run(State{Panel: "fra1"}, 2*time.Minute)
	require.Nil(t, before.AsOf)
	require.Empty(t, before.Packages)
	require.Equal(t, 2, *after.Packages[0].Free)
}

func TestMatchGivesEachWaiterAnotherServer(t *testing.T) {
	w := func(id int, exclude ...string) waiter {
		return waiter{ServerRequest: message.ServerRequest{ServiceID: id, Package: "A", Exclude: exclude}}
	}
	matches, _ := match([]waiter{w(1), w(2, "b"), w(3), w(4)}, []int{1, 2, 3, 4}, nil, nil, map[string][]string{"A": {"a", "b", "c"}}, nil)
	var got []string
	for _, m := range matches {
		got = append(got, fmt.Sprint(m.waiter.ServiceID, m.serverID))
	}
	require.Equal(t, []string{"1a", "2c", "3b"}, got)
}
