package whmcs_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
)

// One world for all: each set of processes costs a core for seconds.
func TestTheModuleInAWHMCS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	t.Run("together", func(t *testing.T) {
		for name, scenario := range map[string]func(*testing.T, *world){
			"a whole life":                  aWholeLife,
			"not renewed":                   notRenewed,
			"two services in one order":     twoServicesInOneOrder,
			"a second order of the client":  aSecondOrder,
			"staff suspend a paid service":  staffSuspendAPaidService,
			"cancelled while building":      cancelledWhileBuilding,
			"started on acceptance":         startedOnAcceptance,
			"started by the button":         startedByTheButton,
			"an order that costs nothing":   anOrderThatCostsNothing,
			"events come twice":             eventsComeTwice,
			"autosetup":                     autosetup,
			"exempt from suspension":        exemptFromSuspension,
			"overdue by word only":          overdueByWordOnly,
			"fraud and refund":              fraudAndRefund,
			"nothing that can be sold":      nothingThatCanBeSold,
			"functions survive no params":   functionsSurviveNoParams,
			"the server entry tells truths": theServerEntryTellsTruths,
			"the table is true":             theTableIsTrue,
			"what is refused":               whatIsRefused,
			"what is not supported":         whatIsNotSupported,
			"blocked from outside":          blockedFromOutside,
			"terminated before it began":    terminatedBeforeItBegan,
			"created again":                 createdAgain,
			"deleted while building":        deletedWhileBuilding,
			"a named server":                aNamedServer,
			"a gateway that hangs":          aGatewayThatHangs,
			"released by staff":             releasedByStaff,
			"gone and back":                 goneAndBack,
			"text of others":                textOfOthers,
			"the cart knows the stock":      theCartKnowsTheStock,
			"power by a client":             powerByAClient,
			"a reinstall by a client":       aReinstallByAClient,
			"staff and a running server":    staffAndARunningServer,
			"signed on":                     signedOn,
			"the right login":               theRightLogin,
			"more addresses":                moreAddresses,
			"refused on the page":           refusedOnThePage,
			"usage":                         usage,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				scenario(t, w)
			})
		}
	})
	t.Run("the gateway is killed at every step", func(t *testing.T) { theGatewayIsKilledAtEveryStep(t, w) })
	t.Run("an order of another age", func(t *testing.T) { anOrderOfAnotherAge(t, w) })
	t.Run("a reinstall survives the worker", func(t *testing.T) { aReinstallSurvivesTheWorker(t, w) })
	t.Run("what ends without a gateway", func(t *testing.T) { whatEndsWithoutAGateway(t, w) })
}

// Paid, Pending with progress, Active once, one mail, overdue, Suspended and
// blocked, paid, Active, cancelled, free.
func aWholeLife(t *testing.T, w *world) {
	client := w.client(t)
	order := w.place(t, client, "server")
	id := order.ServiceIDs[0]
	w.ask(t, "cron", record{}, nil)
	_, known := w.status(t, id)
	require.False(t, known, "nothing is built before it is paid")

	w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	w.awaitStatus(t, id, "installing", func(s api.Status) bool { return s.Step == api.StepInstall })
	require.Equal(t, "Pending", w.of(t, id).service(id).Status)
	page := w.requirePage(t, w.login(t, client), clientPage(id))
	require.Contains(t, page, "Installing the operating system", "the client sees the steps")
	require.Contains(t, page, `role="progressbar"`)
	page = w.requirePage(t, w.login(t, 0), adminPage(id))
	require.Contains(t, page, "Build steps", "staff see the steps")
	require.Contains(t, page, w.awaitPhase(t, id, api.PhasePending).Server.ID)

	w.awaitShown(t, id, "Active")
	server := w.requireDelivered(t, id)
	require.Empty(t, w.of(t, id).queueOf(id), "and no false failure")
	require.Equal(t, fmt.Sprintf("u%d", id), w.of(t, id).service(id).Username)
	require.Equal(t, server.ID, w.state(t).oldModule(id), "ISPsystem's module could take over again")
	w.requireShownOnce(t, client, w.of(t, id).service(id))

	w.overdue(t, id)
	w.awaitShown(t, id, "Suspended")
	require.Equal(t, "Overdue on Payment", w.of(t, id).service(id).SuspendedBy)
	w.requireBlocked(t, server.ID, true)
	require.NotNil(t, w.awaitPhase(t, id, api.PhaseBlocked).GraceEndsAt)
	require.Contains(t, w.requirePage(t, w.login(t, client), clientPage(id)), "kept for you until")

	w.edit(t, id, record{"nextduedate": today()})
	w.renew(t, id)
	w.awaitShown(t, id, "Active")
	w.requireBlocked(t, server.ID, false)
	require.Nil(t, w.awaitPhase(t, id, api.PhaseActive).GraceEndsAt)

	w.ask(t, "cancel-request", record{"serviceid": id, "type": "Immediate", "reason": "moving away"}, nil)
	require.Equal(t, api.PhaseActive, w.awaitPhase(t, id, api.PhaseActive).Phase, "a request is an intent")
	w.ask(t, "cron", record{"daily": true}, nil)
	w.awaitShown(t, id, "Cancelled")
	w.awaitPhase(t, id, api.PhaseReleased)
	w.requireFree(t, id, server.ID)
	require.Equal(t, 1, w.of(t, id).mailsOf(id))
	require.Contains(t, w.of(t, id).service(id).Notes, server.ID)
	require.Empty(t, w.state(t).oldModule(id), "or it would install a server that is somebody else's now")
}

// An expired service is released when its grace period is over, and one that was
// paid inside it is not.
func notRenewed(t *testing.T, w *world) {
	client := w.client(t)
	lost, kept := w.order(t, client, "impatient"), w.order(t, client, "impatient")
	gone, stays := w.requireDelivered(t, lost), w.requireDelivered(t, kept)
	w.overdue(t, lost, kept)
	w.awaitShown(t, kept, "Suspended")
	w.edit(t, kept, record{"nextduedate": today()})
	w.renew(t, kept)
	w.awaitShown(t, kept, "Active")

	w.awaitPhase(t, lost, api.PhaseReleased)
	w.requireFree(t, lost, gone.ID)
	w.awaitShown(t, lost, "Terminated")
	require.Contains(t, w.of(t, lost).service(lost).Notes, gone.ID)
	status := w.awaitPhase(t, kept, api.PhaseActive)
	require.Empty(t, status.Blocks)
	w.requireBlocked(t, stays.ID, false)
	require.Equal(t, 1, w.of(t, kept).mailsOf(kept))
}

// What staff suspended stays suspended when it is paid.
func staffSuspendAPaidService(t *testing.T, w *world) {
	id := w.order(t, w.client(t), "server")
	server := w.requireDelivered(t, id)
	w.insist(t, id, "suspend", record{"suspendreason": "abuse"})
	w.requireBlocked(t, server.ID, true)
	status := w.awaitPhase(t, id, api.PhaseBlocked)
	require.Nil(t, status.GraceEndsAt, "no grace period")
	require.Equal(t, "abuse", status.Blocks[0].Reason)

	w.renew(t, id)
	require.Equal(t, "Suspended", w.of(t, id).service(id).Status)
	w.awaitStatus(t, id, "told of the payment", func(s api.Status) bool {
		return outcome(s, "renew") != "" && outcome(s, "renew") != api.OutcomePending
	})
	require.True(t, w.panel(t).byID(server.ID).Disabled)

	w.insist(t, id, "unsuspend", nil)
	w.requireBlocked(t, server.ID, false)
	require.Equal(t, "Active", w.of(t, id).service(id).Status)
	w.insist(t, id, "terminate", nil)
	w.awaitShown(t, id, "Terminated")
	w.requireFree(t, id, server.ID)
}

// outcome is what became of the newest signal of a kind.
func outcome(status api.Status, kind string) (found api.Outcome) {
	for _, event := range status.Events {
		if event.Kind == kind {
			found = event.Outcome
		}
	}
	return found
}

// An override that staff set keeps a service from being suspended.
func exemptFromSuspension(t *testing.T, w *world) {
	id := w.order(t, w.client(t), "unwatched")
	server := w.requireDelivered(t, id)
	w.edit(t, id, record{"overideautosuspend": 1, "overidesuspenduntil": "2999-01-01"})
	w.overdue(t, id)
	require.Equal(t, "Active", w.of(t, id).service(id).Status)
	require.False(t, w.panel(t).byID(server.ID).Disabled)
}

// A person who types WHMCS's own reason blocks nothing, for by its date the service is paid. They
// are told so, and WHMCS goes on showing what is true.
func overdueByWordOnly(t *testing.T, w *world) {
	id := w.order(t, w.client(t), "impatient")
	server := w.requireDelivered(t, id)
	answer := w.press(t, id, "suspend", record{"suspendreason": "Overdue on Payment"})
	require.Contains(t, answer, "the Next Due Date is not past")
	require.Equal(t, "Active", w.of(t, id).service(id).Status)
	w.requireBlocked(t, server.ID, false)
	status, _ := w.status(t, id)
	require.Equal(t, api.PhaseActive, status.Phase)
	require.Empty(t, status.Blocks)
	require.Nil(t, status.GraceEndsAt)
}
