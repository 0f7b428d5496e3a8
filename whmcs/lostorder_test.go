package whmcs_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// spoiled are the ways in which a reply is lost, and whether the change was made.
var spoiled = []struct {
	effect string
	done   bool
	kind   whmcs.Kind
}{
	{"close-after", true, whmcs.KindResultUnknown},
	{"close-before", false, whmcs.KindResultUnknown},
	{"garbage", false, whmcs.KindNotAnAnswer},
	{"http500", false, whmcs.KindNotAnAnswer},
}

func TestALostReplyOfAddOrder(t *testing.T) {
	for _, c := range spoiled {
		t.Run(c.effect, func(t *testing.T) {
			s := newShop(t)
			client := s.customer()
			other := orderOf(client, server("other.example.com"))
			other.Mark = "cart-another-one"
			s.place(other)

			o := orderOf(client, server("a.example.com"), server("b.example.com"))
			require.NoError(t, s.billing.Fault(simulator.Fault{Function: "AddOrder", Effect: c.effect, Count: 1}))
			_, err := s.AddOrder(t.Context(), o)
			require.Equal(t, c.kind, whmcs.KindOf(err))
			found, err := s.OrdersByMark(t.Context(), client, mark)
			require.NoError(t, err)
			if !c.done {
				require.Empty(t, found)
				s.place(o)
				found, err = s.OrdersByMark(t.Context(), client, mark)
				require.NoError(t, err)
			}
			require.Len(t, found, 1)
			require.Len(t, found[0].Services(), 2, "with all that a caller needs to go on")
			invoice, err := s.Invoice(t.Context(), found[0].InvoiceID)
			require.NoError(t, err)
			require.Equal(t, "100.00", invoice.Total.String())
			require.Len(t, s.billing.State().Orders, 2, "never twice")
		})
	}
}

// A caller that gave up too early finds the order once WHMCS has made it.
func TestAnOrderThatComesLate(t *testing.T) {
	s := newShop(t)
	client := s.customer()
	require.NoError(t, s.billing.Fault(simulator.Fault{Function: "AddOrder", Effect: "slow", DelayMS: 60_000, Count: 1}))
	hasty := clientOf(t, s.url, func(c *whmcs.Config) { c.Timeout = 50 * time.Millisecond })
	_, err := hasty.AddOrder(t.Context(), orderOf(client, server("a.example.com")))
	require.ErrorIs(t, err, whmcs.ErrResultUnknown)
	require.Eventually(t, func() bool {
		found, err := s.OrdersByMark(t.Context(), client, mark)
		return err == nil && len(found) == 1
	}, 10*time.Second, 5*time.Millisecond)
}

// What WHMCS itself does twice is seen: the younger one can be cancelled.
func TestAnOrderThatWasSentTwice(t *testing.T) {
	s := newShop(t)
	client := s.customer()
	first, second := s.place(orderOf(client, server("a.example.com"))), s.place(orderOf(client, server("a.example.com")))
	found, err := s.OrdersByMark(t.Context(), client, mark)
	require.NoError(t, err)
	require.Equal(t, []int{first.OrderID, second.OrderID}, []int{found[0].ID, found[1].ID}, "the oldest first")

	stranger, err := s.AddClient(t.Context(), ada("eve@example.com"), true)
	require.NoError(t, err)
	found, err = s.OrdersByMark(t.Context(), stranger, mark)
	require.NoError(t, err)
	require.Empty(t, found, "another client's order is none of this one's")
	found, err = s.OrdersByMark(t.Context(), client, "")
	require.NoError(t, err)
	require.Empty(t, found)

	// Once the order is known, the name server need not show it any longer.
	require.NoError(t, s.UpdateService(t.Context(), first.Services[0], whmcs.ServiceUpdate{Unset: []string{"ns1"}}))
	service, err := s.Service(t.Context(), first.Services[0])
	require.NoError(t, err)
	require.Empty(t, service.Nameserver1)
}

// Only a product of the type server has the field for the mark: the offer says so before.
func TestAProductThatKeepsNoMark(t *testing.T) {
	s := newShop(t, func(c *simulator.Config) { c.Products = []simulator.Product{{ID: 1, Type: "other"}} })
	offers, err := s.Offers(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, "other", offers[0].Type)
	client := s.customer()
	s.place(orderOf(client, server("a.example.com")))
	found, err := s.OrdersByMark(t.Context(), client, mark)
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestALostReplyOfAddClient(t *testing.T) {
	for _, c := range spoiled {
		t.Run(c.effect, func(t *testing.T) {
			s := newShop(t)
			require.NoError(t, s.billing.Fault(simulator.Fault{Function: "AddClient", Effect: c.effect, Count: 1}))
			_, err := s.AddClient(t.Context(), ada("ada@example.com"), true)
			require.Equal(t, c.kind, whmcs.KindOf(err))
			_, err = s.ClientByEmail(t.Context(), "ada@example.com")
			require.Equal(t, c.done, err == nil)
			_, err = s.AddClient(t.Context(), ada("ada@example.com"), true)
			require.Equal(t, c.done, whmcs.ReasonOf(err) == whmcs.ReasonEmailTaken, "%v", err)
			require.Len(t, s.billing.State().Clients, 1)
		})
	}
}

// Each change that ends an order, with its reply lost: a read tells what became of it, and
// a repeat is refused or changes nothing.
func TestLostRepliesOfAnEnd(t *testing.T) {
	s := newShop(t)
	client := s.customer()
	for _, c := range spoiled {
		placed := s.place(orderOf(client, server("a.example.com")))
		status := func() (order, invoice string) {
			o, err := s.Order(t.Context(), placed.OrderID)
			require.NoError(t, err)
			i, err := s.Invoice(t.Context(), placed.InvoiceID)
			require.NoError(t, err)
			return o.Status, i.Status
		}
		lose := func(function string, call func() error) {
			require.NoError(t, s.billing.Fault(simulator.Fault{Function: function, Effect: c.effect, Count: 1}))
			require.Equal(t, c.kind, whmcs.KindOf(call()), "%s %s", function, c.effect)
		}
		cancel := func() error { return s.CancelOrder(t.Context(), placed.OrderID, true) }
		lose("CancelOrder", cancel)
		order, _ := status()
		require.Equal(t, c.done, order == "Cancelled")
		err := cancel()
		require.Equal(t, c.done, whmcs.ReasonOf(err) == whmcs.ReasonOrderStatus, "%v", err)
		order, invoice := status()
		require.Equal(t, []string{"Cancelled", "Cancelled"}, []string{order, invoice})

		reopen := func() error { return s.ReopenOrder(t.Context(), placed.OrderID) }
		lose("PendingOrder", reopen)
		require.NoError(t, reopen())
		order, _ = status()
		require.Equal(t, "Pending", order)
		void := func() error { return s.CancelInvoice(t.Context(), placed.InvoiceID) }
		lose("UpdateInvoice", void)
		require.NoError(t, void())

		remove := func() error { return s.DeleteOrder(t.Context(), placed.OrderID) }
		require.Equal(t, whmcs.ReasonOrderStatus, whmcs.ReasonOf(remove()), "it is Pending")
		require.NoError(t, cancel())
		lose("DeleteOrder", remove)
		require.Equal(t, c.done, whmcs.KindOf(remove()) == whmcs.KindNotFound)
		_, err = s.Order(t.Context(), placed.OrderID)
		require.ErrorIs(t, err, whmcs.ErrNotFound)
		require.Empty(t, s.billing.State().Services, "nothing is left")
	}
	require.ErrorIs(t, s.ReopenOrder(t.Context(), 1), whmcs.ErrNotFound)
	require.ErrorIs(t, s.CancelInvoice(t.Context(), 1), whmcs.ErrNotFound)
}

// A paid order is Pending like an unpaid one, and WHMCS cancels it: the invoice tells.
func TestAnOrderThatIsPaidWhileItIsCancelled(t *testing.T) {
	for _, keeps := range []bool{false, true} {
		s := newShop(t, func(c *simulator.Config) { c.CancelKeepsInvoice = keeps })
		placed := s.place(orderOf(s.customer(), server("a.example.com")))
		s.post("/_sim/services/"+strconv.Itoa(placed.Services[0])+"/paid", "")
		require.NoError(t, s.CancelOrder(t.Context(), placed.OrderID, true))
		invoice, err := s.Invoice(t.Context(), placed.InvoiceID)
		require.NoError(t, err)
		require.Equal(t, whmcs.InvoicePaid, invoice.Status)
		require.Zero(t, invoice.Balance)
		require.False(t, invoice.Paid.IsZero())
		require.NoError(t, s.ReopenOrder(t.Context(), placed.OrderID))
		service, err := s.Service(t.Context(), placed.Services[0])
		require.NoError(t, err)
		require.Equal(t, whmcs.StatusPending, service.Status)
	}
	s := newShop(t, func(c *simulator.Config) { c.CancelKeepsInvoice = true })
	placed := s.place(orderOf(s.customer(), server("a.example.com")))
	require.NoError(t, s.CancelOrder(t.Context(), placed.OrderID, true))
	invoice, err := s.Invoice(t.Context(), placed.InvoiceID)
	require.NoError(t, err)
	require.Equal(t, whmcs.InvoiceUnpaid, invoice.Status, "where WHMCS leaves it, it is cancelled by a call of its own")
}
