package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
)

func (w *world) announcement() Announcement {
	service := w.order(7)
	return Announcement{ServiceRef: ServiceRef{ServiceID: service.ID, ClientID: 7}, Code: "install_late", Message: "the install is late"}
}

func TestAnnounceByNotification(t *testing.T) {
	w := newWorld(t)
	w.w.Tell = Tell{Event: true}
	said := w.announcement()
	left, err := run[Announced](w, w.w.Announce, said)
	require.NoError(t, err)
	require.Zero(t, left.Ticket)
	said.Over = true
	require.NoError(t, do(w, w.w.Announce, said))
	events := w.billing.State().Notifications
	require.Len(t, events, 2)
	require.Equal(t, NotificationIdentifier, events[0].Identifier)
	require.Contains(t, events[0].Message, "the install is late")
	require.Contains(t, events[1].Title, "over")
}

func TestAnnounceByTicket(t *testing.T) {
	w := newWorld(t)
	w.w.Tell = Tell{Ticket: true, Department: 4, From: whmcs.Sender{Name: "metalease", Email: "metalease@billing.example.com", Silent: true}}
	said := w.announcement()
	left, err := run[Announced](w, w.w.Announce, said)
	require.NoError(t, err)
	require.NotZero(t, left.Ticket)
	said.Over, said.Ticket = true, left.Ticket
	require.NoError(t, do(w, w.w.Announce, said))
	tickets := w.billing.State().Tickets
	require.Len(t, tickets, 1, "one ticket for one cause")
	require.Len(t, tickets[0].Messages, 2)
	require.Zero(t, tickets[0].ClientID, "the client does not see it")
}

func TestAnnounceNothingWhenSwitchedOff(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, do(w, w.w.Announce, w.announcement()))
	require.Empty(t, w.billing.State().Notifications)
	require.Empty(t, w.billing.State().Tickets)
}

func TestAnAnnouncementWhoseReplyIsLostIsNotRepeated(t *testing.T) {
	w := newWorld(t)
	w.w.Tell = Tell{Event: true}
	said := w.announcement()
	require.NoError(t, w.billing.Fault(faultOf("close-after", "")))
	require.NoError(t, do(w, w.w.Announce, said))
	require.Len(t, w.billing.State().Notifications, 1)
}
