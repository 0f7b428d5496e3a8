package inventory

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

func lasting(kind string) error {
	return temporal.NewNonRetryableApplicationError("the panel's words", kind, nil)
}
func passing(kind string) error { return temporal.NewApplicationError("the panel's words", kind) }

// TestARequestSentTwiceIsAnsweredTwiceNotServedTwice: an activity that sends it may run twice, and the
// second time may come late.
func TestARequestSentTwiceIsAnsweredTwiceNotServedTwice(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.taken["2"] = true
	named := func(r *message.ServerRequest) { r.ServerID = "2" }
	m.ask(0, 101, 1, named)
	m.ask(time.Minute, 101, 1, func(r *message.ServerRequest) { r.Ask = 2 })
	m.ask(2*time.Minute, 101, 1, named)
	m.RegisterDelayedCallback(func() {
		m.SignalWorkflow(message.SignalWithdraw, message.Withdrawal{ServiceID: 102, Ask: 1, RunID: "r"})
	}, 3*time.Minute)
	m.ask(4*time.Minute, 102, 1)
	m.run(State{Panel: "fra1"}, 5*time.Minute)
	require.Equal(t, []string{"101 refused ", "101 granted 1", "101 refused ", "102 withdrawn ", "102 withdrawn "}, m.told)
	require.Equal(t, []string{"2"}, m.free)
}

// TestAnOlderRequestOfTheSameLifeIsNotServed: its answer may be forgotten by then.
func TestAnOlderRequestOfTheSameLifeIsNotServed(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.ask(0, 101, 1, func(r *message.ServerRequest) { r.Ask = 2 })
	m.ask(time.Minute, 101, 1)
	m.run(State{Panel: "fra1"}, 2*time.Minute)
	require.Equal(t, []string{"101 granted 1", "101 refused "}, m.told)
	require.Equal(t, []string{"2"}, m.free)
}

func TestAnErrorAboutOneServerRefusesNobody(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	m.broken = map[string]error{"1": lasting(edge.ErrPanelRefused)}
	m.ask(0, 101, 1)
	m.ask(time.Minute, 102, 2)
	next := m.run(State{Panel: "fra1"}, 2*time.Minute)
	require.Equal(t, []string{"101 granted 2", "102 granted 3"}, m.told)
	require.Equal(t, 1, m.tries["1"], "it is set aside for a while")
	require.Len(t, next.Notices, 1)
	require.Contains(t, next.Notices[0].What, "the panel's words")
}

// TestAServiceWhoseServerFailsGetsNoOther: its claim was saved, and what came after it failed.
func TestAServiceWhoseServerFailsGetsNoOther(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.marked = map[int]string{101: "9"}
	m.broken = map[string]error{"9": lasting(edge.ErrPanelRefused)}
	m.ask(0, 101, 1)
	m.ask(time.Minute, 102, 2)
	m.RegisterDelayedCallback(func() {
		require.Equal(t, []string{"102 granted 1"}, m.told[len(m.told)-1:])
		require.Less(t, m.tries["9"], 3)
		m.broken = nil
	}, 5*time.Minute)
	m.run(State{Panel: "fra1"}, 15*time.Minute)
	require.Contains(t, m.told, "101 granted 9")
	require.Equal(t, []string{"2"}, m.free)
}

func TestAnErrorAboutOneServiceRefusesThatOneOnly(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.unwanted = map[int]error{101: lasting(edge.ErrWHMCSRefused)}
	m.ask(0, 101, 1)
	m.ask(0, 102, 2)
	m.run(State{Panel: "fra1"}, time.Minute)
	require.ElementsMatch(t, []string{"101 refused ", "102 granted 2"}, m.told)
}

// TestOddAnswersOfThePanelKeepTheQueue: half a minute of them sent every order to a person.
func TestOddAnswersOfThePanelKeepTheQueue(t *testing.T) {
	m := newMarket(t, "1")
	m.odd = slices.Repeat([]error{lasting(edge.ErrPanelRefused)}, 4)
	m.ask(0, 101, 1)
	m.ask(0, 102, 2)
	next := m.run(State{Panel: "fra1"}, 5*time.Minute)
	require.Equal(t, []string{"101 granted 1", "102 queued at 1"}, m.told)
	require.Len(t, next.Queue, 1)
}

func TestWrongCredentialsAreToldToThoseWhoWait(t *testing.T) {
	m := newMarket(t, "1")
	m.odd = []error{lasting(edge.ErrPanelCredentials)}
	m.ask(0, 101, 1)
	m.ask(time.Minute, 101, 1, func(r *message.ServerRequest) { r.Ask = 2 }) // a person's retry
	m.run(State{Panel: "fra1"}, 2*time.Minute)
	require.Equal(t, []string{"101 refused ", "101 granted 1"}, m.told)
}

func TestAPackageThatThePanelDoesNotHaveIsTold(t *testing.T) {
	m := newMarket(t, "1")
	m.missing = 1000
	m.ask(0, 101, 1)
	m.ask(time.Minute, 102, 2)
	m.RegisterDelayedCallback(func() { require.Equal(t, []string{"101 refused "}, m.told) }, 30*time.Second)
	m.run(State{Panel: "fra1"}, 2*time.Minute)
	require.Equal(t, []string{"101 refused ", "102 refused "}, m.told)

	m = newMarket(t)
	m.missing = 1 // a list may lack servers for a moment
	m.ask(0, 101, 1)
	m.run(State{Panel: "fra1"}, 2*time.Minute)
	require.Equal(t, []string{"101 queued at 1"}, m.told)
}

// TestAnEndedOrderHoldsNobodyUp: its last word was lost, as that of 57 of 57.
func TestAnEndedOrderHoldsNobodyUp(t *testing.T) {
	m := newMarket(t, "1")
	for i := range 50 {
		m.deaf[1+i] = true
		m.expect(0, 1+i, 0)
	}
	m.ask(time.Second, 102, 2)
	m.RegisterDelayedCallback(func() { require.Equal(t, []string{"102 granted 1"}, m.told) }, 10*time.Second)
	next := m.run(State{Panel: "fra1"}, time.Minute)
	require.Empty(t, next.Reservations)
}

// TestAClaimThatHangsKeepsOthersForHalfAMinuteAtMost, and is found out before its service gets
// another server.
func TestAClaimThatHangsKeepsOthersForHalfAMinuteAtMost(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	m.broken = map[string]error{"1": passing(edge.ErrPanelUnavailable)}
	m.ask(0, 101, 1)
	m.ask(time.Second, 102, 2)
	m.RegisterDelayedCallback(func() { require.Equal(t, []string{"102 granted 2"}, m.told) }, time.Minute)
	m.ask(2*time.Minute+10*time.Second, 103, 3)
	m.RegisterDelayedCallback(func() { require.Contains(t, m.told, "103 granted 3") }, 2*time.Minute+50*time.Second)
	m.RegisterDelayedCallback(func() { m.broken = nil }, 10*time.Minute)
	m.run(State{Panel: "fra1"}, 15*time.Minute)
	require.Contains(t, m.told, "101 granted 1")
}

func TestAWithdrawalDuringAClaimThatHangsGivesTheServerBack(t *testing.T) {
	m := newMarket(t, "1")
	m.broken = map[string]error{"1": passing(edge.ErrPanelUnavailable)}
	m.ask(0, 101, 1)
	m.RegisterDelayedCallback(func() {
		m.SignalWorkflow(message.SignalWithdraw, message.Withdrawal{ServiceID: 101, Ask: 1, RunID: "r"})
	}, 10*time.Second)
	m.RegisterDelayedCallback(func() { require.Equal(t, []string{"101 withdrawn "}, m.told) }, time.Minute)
	next := m.run(State{Panel: "fra1"}, 2*time.Minute)
	require.Equal(t, []string{"1"}, m.returned, "it may have been claimed")
	require.Empty(t, next.Returns)
	require.Empty(t, next.Queue)
}

func TestACancelRequestKeepsTheAllocator(t *testing.T) {
	m := newMarket(t, "1")
	m.RegisterDelayedCallback(m.CancelWorkflow, time.Second)
	m.ask(time.Minute, 101, 1)
	next := m.run(State{Panel: "fra1"}, 2*time.Minute)
	require.Equal(t, []string{"101 granted 1"}, m.told)
	require.Len(t, next.Notices, 1)
}

func TestTextsOfAnySizeEndNothing(t *testing.T) {
	m := newMarket(t, "1")
	for i := range 60 {
		m.ask(0, 1+i, 0, func(r *message.ServerRequest) { r.Package = strings.Repeat("x", 62_000) })
	}
	m.ask(time.Second, 101, 1, func(r *message.ServerRequest) {
		r.Exclude = slices.Repeat([]string{strings.Repeat("y", 9000), "7"}, 100)
	})
	next := m.run(State{Panel: "fra1"}, time.Minute)
	require.Len(t, m.told, 61)
	require.Contains(t, m.told, "60 refused ")
	require.Contains(t, m.told, "101 granted 1")
	written, err := json.Marshal(next)
	require.NoError(t, err)
	require.Less(t, len(written), 60_000)
}

// TestTwoThousandMayWait: the engine refuses more than 2 000 signals that are on their way.
func TestTwoThousandMayWait(t *testing.T) {
	m := newMarket(t)
	in := State{Panel: "fra1", Woken: true}
	for i := range keepWaiters {
		in.Queue = append(in.Queue, waiter{Heard: m.Now(), ServerRequest: message.ServerRequest{
			ServiceID: 1 + i, Ask: 1, RunID: "r", Package: "A", PaidAt: api.Moment{Time: paid.Add(time.Duration(i) * time.Second)}}})
	}
	m.ask(time.Second, 5000, -1)
	next := m.run(in, time.Minute)
	require.Len(t, next.Queue, keepWaiters)
	require.Equal(t, 5000, next.Queue[0].ServiceID, "who paid first has a place")
	require.Contains(t, m.told, fmt.Sprintf("%d refused ", keepWaiters))
	require.Contains(t, m.told, fmt.Sprintf("%d queued at %d", keepWaiters-1, keepWaiters-1))
}

// TestAFullStateFitsIntoAPayload: the engine ends a workflow whose input is larger than 2 MiB.
func TestAFullStateFitsIntoAPayload(t *testing.T) {
	const id, many = 1 << 40, keepWaiters + 20
	long := strings.Repeat("<", 9999) // six bytes each in JSON
	now := time.Date(2026, 11, 25, 12, 0, 0, 123456789, time.UTC)
	name := func(limit int) string { return clean.CutJSON(long, limit) }
	a := &allocator{run: &entity.Run{}, in: &State{StateVersion: stateVersion, Panel: name(300), Woken: true}}
	server := bounded(panel.Server{ID: long, Label: long, Hostname: long, IP: long})
	for i := range many {
		w := waiter{ServerRequest: message.ServerRequest{ServiceID: id + i, Ask: id, RunID: name(runLimit), Package: name(packageLimit)}}
		if i%2 == 0 {
			a.answer(w, message.SignalGranted, message.Reply{Server: server}, nil)
		} else {
			a.refuse(w, long, long)
		}
		a.giveBackLater(id+i, server.ID)
		a.setAside(server.ID, now)
		services := slices.Repeat([]int{id + i}, holdLimit)
		if i < keepHolds {
			a.in.Holds = append(a.in.Holds, hold{Held: true, Served: services, Hold: message.Hold{
				CartID: name(runLimit), Shop: name(runLimit), Visitor: name(visitorLimit), Package: name(packageLimit), Count: holdLimit,
				Until: now, MostHeld: id, MostHeldByVisitor: id, Services: services,
			}})
		}
		a.keepReservation(reservation{fleet.Reservation{ServiceID: id + i, Package: name(packageLimit), PaidAt: api.Moment{Time: now}, Until: now}, now})
	}
	for i := range many {
		w := waiter{Told: id, Heard: now, MissingSince: now, Unsure: server.ID, ServerRequest: message.ServerRequest{
			ServiceID: id + many + i, ClientID: id, Ask: id, Again: true, RunID: name(runLimit), Package: name(packageLimit),
			PaidAt: api.Moment{Time: now}, ServerID: name(idLimit), Exclude: excluded(slices.Repeat([]string{long, name(idLimit)}, 99)),
		}}
		a.enter(w)
	}
	a.remember(panel.Survey{AsOf: now, Stock: slices.Repeat([]panel.PackageCount{{Package: long, Free: id, Claimed: id, Quarantined: id}}, 2*keepPackages)})
	require.Len(t, a.in.Queue, keepWaiters)
	require.Len(t, a.in.Answers, keepAnswers)
	require.Len(t, a.in.Holds, keepHolds)
	written, err := json.Marshal(a.in)
	require.NoError(t, err)
	require.Less(t, len(written), 2<<20-100_000)

	m := newMarket(t)
	m.broken = map[string]error{server.ID: passing(edge.ErrPanelUnavailable)}
	require.Len(t, m.run(*a.in, time.Minute).Queue, keepWaiters)
}
