package billing

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/internal/simulated"
	"metalease/whmcs"
)

// world is WHMCS over real HTTP, and the activities on it.
type world struct {
	*simulated.Vendors
	w *WHMCS
}

func newWorld(t *testing.T) *world {
	t.Helper()
	v := simulated.New(t)
	w := &world{v, &WHMCS{Client: v.API}}
	w.Env.RegisterActivity(w.w)
	return w
}

func (w *world) announcement() Announcement {
	service := w.Order(7)
	return Announcement{ServiceRef: ServiceRef{ServiceID: service.ID, ClientID: 7}, Code: "install_late", Message: "the install is late"}
}

func TestAnnounceByNotification(t *testing.T) {
	w := newWorld(t)
	w.w.Tell = Tell{Event: true}
	said := w.announcement()
	left, err := simulated.Run[Announced](w, w.w.Announce, said)
	require.NoError(t, err)
	require.Zero(t, left.Ticket)
	said.Over = true
	require.NoError(t, simulated.Do(w, w.w.Announce, said))
	events := w.Billing.State().Notifications
	require.Len(t, events, 2)
	require.Equal(t, NotificationIdentifier, events[0].Identifier)
	require.Contains(t, events[0].Message, "the install is late")
	require.Contains(t, events[1].Title, "over")
}

func TestAnnounceByTicket(t *testing.T) {
	w := newWorld(t)
	w.w.Tell = Tell{Ticket: true, Department: 4, From: whmcs.Sender{Name: "metalease", Email: "metalease@billing.example.com", Silent: true}}
	said := w.announcement()
	left, err := simulated.Run[Announced](w, w.w.Announce, said)
	require.NoError(t, err)
	require.NotZero(t, left.Ticket)
	said.Over, said.Ticket = true, left.Ticket
	require.NoError(t, simulated.Do(w, w.w.Announce, said))
	tickets := w.Billing.State().Tickets
	require.Len(t, tickets, 1, "one ticket for one cause")
	require.Len(t, tickets[0].Messages, 2)
	require.Zero(t, tickets[0].ClientID, "the client does not see it")
}

func TestAnnounceNothingWhenSwitchedOff(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, simulated.Do(w, w.w.Announce, w.announcement()))
	require.Empty(t, w.Billing.State().Notifications)
	require.Empty(t, w.Billing.State().Tickets)
}

func TestAnAnnouncementWhoseReplyIsLostIsNotRepeated(t *testing.T) {
	w := newWorld(t)
	w.w.Tell = Tell{Event: true}
	said := w.announcement()
	require.NoError(t, w.Billing.Fault(simulated.FaultOf("close-after", "")))
	require.NoError(t, simulated.Do(w, w.w.Announce, said))
	require.Len(t, w.Billing.State().Notifications, 1)
}
