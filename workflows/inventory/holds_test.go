package inventory

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/message"
)

// toCart notes what a cart is told, beside what lifecycles are.
func (m *market) toCart(cart, signal string, arg any) error {
	if m.gone[cart] {
		return errors.New("not found")
	}
	switch said := arg.(type) {
	case message.HoldReply:
		what := "held"
		if !said.Held {
			what = "not held: " + said.Why
		}
		m.told = append(m.told, cart+" "+what)
	case int:
		m.told = append(m.told, fmt.Sprintf("%s %s %d", cart, signal, said))
	}
	return nil
}

// hold asks for a hold of so many servers that lasts an hour.
func (m *market) hold(after time.Duration, cart string, count int, change ...func(*message.Hold)) {
	m.RegisterDelayedCallback(func() {
		h := message.Hold{CartID: cart, Shop: "web", Package: "A", Count: count, Until: m.Now().Add(time.Hour)}
		for _, c := range change {
			c(&h)
		}
		m.SignalWorkflow(message.SignalHold, h)
	}, after)
}

func bound(services ...int) func(*message.Hold) {
	return func(h *message.Hold) { h.Services = services }
}

func TestTwoCartsForTheLastServer(t *testing.T) {
	m := newMarket(t, "1")
	m.hold(0, "a", 1)
	m.hold(0, "b", 1)
	next := m.run(State{Panel: "fra1"}, time.Minute)
	require.ElementsMatch(t, []string{"a held", "b not held: 0 of these are free, not 1"}, m.told, "they are told side by side")
	require.Len(t, next.Holds, 1)
	require.Equal(t, "a", next.Holds[0].CartID)
}

// TestWhatIsHeldIsNobodyElses, and who paid for it stands ahead of the queue.
func TestWhatIsHeldIsNobodyElses(t *testing.T) {
	m := newMarket(t, "1", "2")
	m.hold(0, "a", 1)
	m.ask(time.Second, 101, 1)
	m.ask(time.Second, 102, 2)
	m.hold(time.Minute, "a", 1, bound(201))
	m.ask(2*time.Minute, 201, 60)
	next := m.run(State{Panel: "fra1"}, 3*time.Minute)
	require.Equal(t, []string{"a held", "101 granted 2", "102 queued at 1", "a held", "a asked 201", "201 granted 1"}, m.told)
	require.Empty(t, next.Holds, "nothing of it is left")
	require.Len(t, next.Queue, 1)
}

// TestACrowdDuringALook: the panel takes long, and was asked for as many servers as the first cart could use.
func TestACrowdDuringALook(t *testing.T) {
	const crowd = 3 * spare
	var free []string
	for i := range crowd + 1 {
		free = append(free, fmt.Sprint(i))
	}
	m := newMarket(t, free...)
	m.down = 20 * time.Second
	m.hold(0, "first", 1)
	for i := range crowd {
		m.hold(time.Second, fmt.Sprintf("cart%d", i), 1)
	}
	next := m.run(State{Panel: "fra1"}, 2*time.Minute)
	require.Len(t, m.told, crowd+1)
	for _, told := range m.told {
		require.NotContains(t, told, "not held", "there is a server for each")
	}
	require.Len(t, next.Holds, crowd+1)
}

// TestAHoldTakesNothingFromThoseWhoPaid: neither from the queue nor from an order on its way.
func TestAHoldTakesNothingFromThoseWhoPaid(t *testing.T) {
	m := newMarket(t, "1")
	m.expect(0, 101, 1)
	m.hold(time.Second, "a", 1)
	m.ask(2*time.Second, 101, 1)
	m.run(State{Panel: "fra1"}, time.Minute)
	require.Equal(t, []string{"a not held: 0 of these are free, not 1", "101 granted 1"}, m.told)
}

func TestAHoldExpiresAndServesTheQueue(t *testing.T) {
	m := newMarket(t, "1")
	m.hold(0, "a", 1, func(h *message.Hold) { h.Until = m.Now().Add(20 * time.Minute) })
	m.ask(time.Minute, 101, 1)
	m.RegisterDelayedCallback(func() { require.NotContains(t, m.told, "101 granted 1") }, 19*time.Minute)
	m.ask(21*time.Minute, 201, 2)
	next := m.run(State{Panel: "fra1"}, 22*time.Minute)
	require.Equal(t, []string{"a held", "101 queued at 1", "101 granted 1", "201 queued at 1"}, m.told)
	require.Empty(t, next.Holds)
}

func TestAFreedHoldServesTheQueue(t *testing.T) {
	m := newMarket(t, "1")
	m.hold(0, "a", 1)
	m.ask(time.Minute, 101, 1)
	m.RegisterDelayedCallback(func() { m.SignalWorkflow(message.SignalFree, "a") }, 2*time.Minute)
	m.run(State{Panel: "fra1"}, 3*time.Minute)
	require.Equal(t, "101 granted 1", m.told[len(m.told)-1])
}

// TestAHoldOfACartThatHasEndedHoldsNothing.
func TestAHoldOfACartThatHasEndedHoldsNothing(t *testing.T) {
	m := newMarket(t, "1")
	m.gone = map[string]bool{"a": true}
	m.hold(0, "a", 1)
	m.ask(time.Minute, 101, 1)
	m.run(State{Panel: "fra1"}, 2*time.Minute)
	require.Equal(t, []string{"101 granted 1"}, m.told)
}

func TestLimitsOfAShopAndOfAVisitor(t *testing.T) {
	limits := func(visitor string) func(*message.Hold) {
		return func(h *message.Hold) { h.MostHeld, h.MostHeldByVisitor, h.Visitor = 3, 1, visitor }
	}
	m := newMarket(t, "1", "2", "3", "4", "5")
	m.hold(0, "a", 1, limits("192.0.2.1"))
	m.hold(time.Second, "b", 1, limits("192.0.2.1"))
	m.hold(2*time.Second, "c", 1, limits("192.0.2.2"))
	m.hold(3*time.Second, "d", 2, limits(""))
	m.hold(4*time.Second, "e", 2, limits(""), func(h *message.Hold) { h.Shop = "other" })
	m.run(State{Panel: "fra1"}, time.Minute)
	require.Len(t, m.told, 5)
	require.Equal(t, "a held", m.told[0])
	require.Contains(t, m.told[1], "b not held: one visitor may hold 1 servers")
	require.Equal(t, "c held", m.told[2])
	require.Contains(t, m.told[3], "d not held: this shop may hold 3 servers")
	require.Equal(t, "e held", m.told[4])
}

// TestAHoldWaitsForThePanelAndIsRefusedWhenThatNeedsAPerson.
func TestAHoldWaitsForThePanelAndIsRefusedWhenThatNeedsAPerson(t *testing.T) {
	m := newMarket(t, "1")
	m.odd = []error{lasting(edge.ErrPanelRefused)}
	m.hold(0, "a", 1)
	m.run(State{Panel: "fra1"}, time.Minute)
	require.Equal(t, []string{"a held"}, m.told)

	m = newMarket(t, "1")
	m.odd = []error{lasting(edge.ErrPanelCredentials)}
	m.hold(0, "a", 1)
	next := m.run(State{Panel: "fra1"}, time.Minute)
	require.Equal(t, []string{"a not held: the stock is not known now"}, m.told)
	require.Empty(t, next.Holds)
}

// TestTheSameHoldAgainHoldsNoMore: a message may come twice, and its services may have their servers.
func TestTheSameHoldAgainHoldsNoMore(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	for range 3 {
		m.hold(0, "a", 2, bound(201, 202))
	}
	m.ask(time.Minute, 201, 1)
	m.hold(2*time.Minute, "a", 2, bound(201, 202))
	m.ask(3*time.Minute, 201, 1, func(r *message.ServerRequest) { r.Ask = 2 })
	next := m.run(State{Panel: "fra1"}, 4*time.Minute)
	require.Len(t, next.Holds, 1)
	require.Equal(t, 1, next.Holds[0].left(), "the second server of service 201 came from the stock")
	require.Empty(t, m.free[1:], "one is left, for service 202")
}

// TestAHoldIsNotMadeAgainForServicesThatHaveTheirServers: the cart hears of its payment from the very
// services that take the stock, and names them once more.
func TestAHoldIsNotMadeAgainForServicesThatHaveTheirServers(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	m.hold(0, "a", 1, bound(201))
	m.ask(time.Minute, 201, 1)
	m.hold(2*time.Minute, "a", 1, bound(201))
	m.ask(3*time.Minute, 101, 2)
	m.ask(3*time.Minute, 102, 3)
	next := m.run(State{Panel: "fra1"}, 4*time.Minute)
	require.Empty(t, next.Holds)
	require.Empty(t, next.Queue, "nothing is held for nobody")
	require.Contains(t, m.told, "a held")
}

// TestAServiceThatAskedBeforeItsHoldKnewIt took its server from the stock: credit of the client pays an
// order in the moment in which it is placed.
func TestAServiceThatAskedBeforeItsHoldKnewIt(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	m.hold(0, "a", 2)
	m.ask(time.Minute, 201, 1)
	m.hold(2*time.Minute, "a", 2, bound(201, 202))
	next := m.run(State{Panel: "fra1"}, 3*time.Minute)
	require.Len(t, next.Holds, 1)
	require.Equal(t, 1, next.Holds[0].left(), "the other service of the cart has none yet")
	require.Contains(t, m.told, "a asked 201")
}

// TestAServerOfAnotherPackageUsesUpNoHold.
func TestAServerOfAnotherPackageUsesUpNoHold(t *testing.T) {
	a := &allocator{in: &State{Answers: []answer{{ServiceID: 201, Package: "B", Signal: message.SignalGranted}, {ServiceID: 202, Package: "A", Signal: message.SignalRefused}}}}
	require.Empty(t, a.servedOf(hold{Hold: message.Hold{Package: "A", Services: []int{201, 202}}}))
	require.Equal(t, []int{201}, a.servedOf(hold{Hold: message.Hold{Package: "B", Services: []int{201, 202}}}))
}

// TestStockShowsWhatIsHeld: nobody is shown more than can be sold.
func TestStockShowsWhatIsHeld(t *testing.T) {
	m := newMarket(t, "1", "2", "3")
	m.hold(0, "a", 2)
	m.RegisterDelayedCallback(func() {
		value, err := m.QueryWorkflow(fleet.QueryStock)
		require.NoError(t, err)
		var stock fleet.Stock
		require.NoError(t, value.Get(&stock))
		require.Equal(t, 1, *stock.Packages[0].Free)
		require.Equal(t, 2, stock.Packages[0].Held)
	}, time.Minute)
	m.run(State{Panel: "fra1"}, 2*time.Minute)
}
