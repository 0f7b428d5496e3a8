package inventory

import (
	"testing"
	"time"

	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/message"

	"github.com/stretchr/testify/require"
)

// expect announces an order that was paid in that minute.
func (m *market) expect(after time.Duration, service, minutes int) {
	reservation := fleet.Reservation{ServiceID: service, Package: "A", PaidAt: api.Moment{Time: paid.Add(time.Duration(minutes) * time.Minute)}}
	m.RegisterDelayedCallback(func() { m.SignalWorkflow(fleet.SignalReserve, reservation) }, after)
}

func TestAnOrderOnItsWayIsNotOvertaken(t *testing.T) {
	m := newMarket(t, "1")
	m.expect(0, 101, 1)
	m.ask(time.Second, 102, 2)
	m.RegisterDelayedCallback(func() {
		require.Empty(t, m.told, "who stands behind an order on its way knows no position yet")
	}, 4*time.Second)
	m.ask(5*time.Second, 101, 1)
	next := m.run(State{Panel: "fra1"}, 20*time.Second)
	require.Equal(t, []string{"101 granted 1", "102 queued at 1"}, m.told)
	require.Empty(t, next.Reservations)
}

func TestNobodyWaitsForAnOrderThatPaidLaterOrThatLeavesEnough(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.expect(0, 101, 1)
	m.expect(0, 105, 5)
	m.ask(time.Second, 102, 2)
	m.run(State{Panel: "fra1"}, 20*time.Second)
	require.Equal(t, []string{"102 granted 2"}, m.told, "the first free one is kept for service 101")
}

func TestAnOrderThatNeverAsksHoldsNobodyUp(t *testing.T) {
	m := newMarket(t, "1")
	m.expect(0, 101, 1)
	m.ask(time.Second, 102, 2)
	m.RegisterDelayedCallback(func() { m.SignalWorkflow(message.SignalWithdraw, message.Withdrawal{ServiceID: 101}) }, 10*time.Second)
	m.run(State{Panel: "fra1"}, 20*time.Second)
	require.Equal(t, []string{"102 granted 1"}, m.told)
}

func TestAnOrderThatIsLostIsGivenUp(t *testing.T) {
	m := newMarket(t, "1")
	m.expect(0, 101, 1)
	m.ask(time.Second, 102, 2)
	m.RegisterDelayedCallback(func() { require.Empty(t, m.told) }, reservationLimit-time.Second)
	m.run(State{Panel: "fra1"}, reservationLimit+time.Minute)
	require.Equal(t, []string{"102 granted 1"}, m.told)
}

func TestAnOrderIsNotExpectedAfterItHasAsked(t *testing.T) {
	m := newMarket(t, "1")
	m.ask(0, 101, 1)
	m.expect(time.Second, 101, 1)
	next := m.run(State{Panel: "fra1"}, 20*time.Second)
	require.Empty(t, next.Reservations)
	require.Equal(t, []string{"101 granted 1"}, m.told)
}

func TestOrdersOnTheirWaySurviveAContinueAsNew(t *testing.T) {
	m := newMarket(t, "1")
	m.expect(0, 101, 1)
	next := m.run(State{Panel: "fra1"}, time.Second)
	require.Len(t, next.Reservations, 1)

	m = newMarket(t, "1")
	m.ask(0, 102, 2)
	m.ask(10*time.Second, 101, 1)
	next.Reservations[0].Until = m.Now().Add(reservationLimit)
	m.run(next, 20*time.Second)
	require.Equal(t, "101 granted 1", m.told[0])
}

func TestAWaiterThatWasEndedByForceLeavesTheQueue(t *testing.T) {
	m := newMarket(t)
	m.deaf[101] = true
	m.ask(0, 101, 1)
	m.ask(0, 102, 2)
	for i := range 3 {
		m.ask(time.Duration(i)*30*time.Minute, 102, 2)
	}
	next := m.run(State{Panel: "fra1", Settings: api.Settings{Repeat: api.Duration(10 * time.Minute)}}, 80*time.Minute)
	require.Len(t, next.Queue, 1)
	require.Equal(t, 102, next.Queue[0].ServiceID)
	require.Equal(t, []string{"102 queued at 2"}, m.told, "one that asks again is not bothered")
}

// TestAWithdrawalIsAnsweredWhileThePanelIsDown: the look at the panel lasts as long as that.
func TestAWithdrawalIsAnsweredWhileThePanelIsDown(t *testing.T) {
	m := newMarket(t, "1")
	m.down = 5 * time.Hour
	m.ask(0, 101, 1)
	m.RegisterDelayedCallback(func() {
		m.SignalWorkflow(message.SignalWithdraw, message.Withdrawal{ServiceID: 101, Ask: 1, RunID: "r"})
	}, time.Hour)
	m.RegisterDelayedCallback(func() { require.Equal(t, []string{"101 withdrawn "}, m.told) }, 2*time.Hour)
	m.ask(290*time.Minute, 102, 2)
	m.run(State{Panel: "fra1"}, 6*time.Hour)
	require.Equal(t, []string{"101 withdrawn ", "102 granted 1"}, m.told)
}
