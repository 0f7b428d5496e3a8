package api

import (
	"slices"

	"metalease/activities/edge"
)

// Codes of attention that workflows give themselves; the others come from the types of
// activity errors. Programs and support people rely on all of them.
const (
	CodeAddressesLeft    = "addresses_surplus"
	CodeAdoptMismatch    = "adopt_mismatch"
	CodeAskedSince       = "asked_since"
	CodeCancelRequested  = "cancel_requested"
	CodeClientsShare     = "clients_share_account"
	CodeFailed           = "failed"
	CodeHeld             = "held"
	CodeHardware         = "hardware_problem"
	CodeInstallFailed    = "install_failed"
	CodeInstallLate      = "install_late"
	CodeInstallUnknown   = "install_unknown"
	CodeKept             = "build_kept"
	CodeLimit            = "limit_reached"
	CodeNoSuchPackage    = "no_such_package"
	CodeNotDue           = "not_due"
	CodePaidAfterRelease = "paid_after_release"
	CodeQueueFull        = "queue_full"
	CodeQuarantined      = "quarantined"
	CodeReleaseRefused   = "release_not_confirmed"
	CodeServerNotFree    = "server_not_free"
	CodeWHMCSDisagrees   = "whmcs_disagrees"
	// CodeLongWait and CodeMarkLost are causes of an announcement, not of attention: a service that
	// waits for a server goes on by itself, and so does one whose server's notes were edited.
	CodeLongWait = "waiting_for_server"
	CodeMarkLost = "mark_lost"
)

// AttentionCode is one cause for which a service waits for a person. The table of them is
// the only place that knows a code: decisions, status, help and docs/attention.md read it.
type AttentionCode struct {
	Code string
	// Errors are the types of activity errors (package edge) that have this cause.
	Errors []string
	// Actions are the signals that answer it, unless the place that raises it names others.
	Actions []string
	// Notice is true for what a person should see and that stops nothing.
	Notice bool
	// Approvable is true when a person's retry goes on over it: it is meant.
	Approvable bool
	// Meaning says what happened, Runbook what to do.
	Meaning, Runbook string
}

// AttentionTable lists all causes, in the order of their codes.
var AttentionTable = []AttentionCode{
	{Code: "account_foreign", Errors: []string{edge.ErrAccountForeign}, Actions: retryOrEnd,
		Meaning: "The panel has a user of this name that no service of the client carries.",
		Runbook: "Give the service another username in WHMCS, then retry. If the user is the client's after all, have another service of the client carry the name."},
	{Code: "addresses_by_hand", Errors: []string{edge.ErrAddressesByHand}, Actions: retryOrEnd, Approvable: true,
		Meaning: "Somebody deleted an address of the server in the panel while it was being built.",
		Runbook: "Find out why. retry assigns it again and goes on."},
	{Code: "addresses_exhausted", Errors: []string{edge.ErrAddressPool}, Actions: retryOrEnd,
		Meaning: "The panel's address group has no free address left.",
		Runbook: "Add addresses to the group in the panel, then retry."},
	{Code: CodeAddressesLeft, Actions: []string{SignalAccept, SignalRetry}, Notice: true,
		Meaning: "The customer has more extra addresses than are ordered now. Nothing is taken from a running server by itself.",
		Runbook: "See that the customer does not use the named ones any more. accept takes exactly those, retry looks again."},
	{Code: CodeAdoptMismatch, Actions: []string{SignalSuspend, SignalUnsuspend, SignalAccept}, Notice: true,
		Meaning: "At its adoption WHMCS and the panel said different things about whether the service is suspended.",
		Runbook: "Decide which is right: suspend, unsuspend, or accept what the panel has."},
	{Code: CodeAskedSince, Actions: retryOrEnd,
		Meaning: "The allocator of the panel knows a later request of this service than the one it asks with, as after a reset of the workflow.",
		Runbook: "See whether the service has a server in the panel, then retry: it asks anew."},
	{Code: "bad_order", Errors: []string{edge.ErrBadOrder}, Actions: retryOrEnd,
		Meaning: "The order names something that the panel or WHMCS does not have.",
		Runbook: "retry with corrected fields (--set FIELD=VALUE), or correct the product in WHMCS."},
	{Code: "blocked_by_hand", Errors: []string{edge.ErrBlockedByHand}, Actions: retryOrEnd, Approvable: true,
		Meaning: "Somebody blocked the server in the panel while it was being built.",
		Runbook: "Find out why. retry unblocks it and goes on; retry with replace takes another server."},
	{Code: CodeKept, Actions: retryOrEnd,
		Meaning: "The build was to be given up, and a person has kept it.",
		Runbook: "retry goes on with the build, terminate gives it up."},
	{Code: CodeCancelRequested, Actions: []string{SignalTerminate, SignalAccept}, Notice: true,
		Meaning: "Somebody asked Temporal to cancel the workflow. That releases nothing.",
		Runbook: "To end the service use the signal terminate. accept says that you have seen it."},
	{Code: "client_differs", Errors: []string{edge.ErrClient}, Actions: retryOrEnd, Approvable: true,
		Meaning: "WHMCS shows the service under another client than the order named, and nothing was built yet.",
		Runbook: "See whether the order was meant for another service. retry says that it is right, and goes on for the client that WHMCS shows."},
	{Code: CodeClientsShare, Actions: []string{SignalRetry, SignalAccept}, Notice: true,
		Meaning: "WHMCS has moved a service to another client, and its server is in a panel account that holds the former client's servers too: each can reach the other's.",
		Runbook: "In the panel give the server to an account of the new client, and write that name into the service's username in WHMCS; then retry. accept leaves it as it is."},
	{Code: CodeFailed, Actions: retryOrEnd,
		Meaning: "Something failed for which there is no better word; the message says what.",
		Runbook: "Mend what the message names, then retry."},
	{Code: CodeHardware, Errors: []string{edge.ErrHardware}, Actions: retryOrEnd, Approvable: true,
		Meaning: "The panel reports a hardware problem on the server.",
		Runbook: "retry with replace takes another server; retry goes on with this one all the same."},
	{Code: CodeHeld, Actions: []string{SignalUnhold, SignalRenew, SignalTerminate}, Notice: true,
		Meaning: "The service has expired, but a person holds it: nothing is blocked or released by itself.",
		Runbook: "unhold lets the expiry go on, renew ends it."},
	{Code: "hostname_not_set", Errors: []string{edge.ErrHostname}, Actions: retryOrEnd,
		Meaning: "The server's main address or its name is not what it must be, so it would never count as free.",
		Runbook: "Correct the main address or its name in the panel, then retry."},
	{Code: CodeInstallFailed, Actions: []string{SignalRetry, SignalAccept, SignalTerminate},
		Meaning: "The panel reports that the install failed.",
		Runbook: "Look at the server's console. retry installs again, retry with replace takes another server, accept says that you installed it by hand."},
	{Code: CodeInstallLate, Actions: []string{SignalRetry, SignalAccept, SignalTerminate},
		Meaning: "The install has not finished in time. It is still watched, and the service goes on by itself if it ends well.",
		Runbook: "Wait, or look at the server's console. retry gives it the same time again, retry with replace takes another server, accept says that it is installed."},
	{Code: CodeInstallUnknown, Errors: []string{edge.ErrInstallUnknown}, Actions: []string{SignalRetry, SignalAccept, SignalTerminate},
		Meaning: "The install was asked for, the reply was lost, and the panel shows no install; or another install runs on the server.",
		Runbook: "Look at the server in the panel. retry installs, accept says that it is installed."},
	{Code: CodeLimit, Errors: []string{edge.ErrLimit}, Actions: []string{SignalRetry, SignalAccept}, Approvable: true,
		Meaning: "More services would be blocked or released within an hour than the panel's limit.",
		Runbook: "Find out whether a billing run went wrong. retry says that this one is meant, accept keeps the service."},
	{Code: "no_diagnostics", Errors: []string{edge.ErrDiagnostics}, Actions: []string{SignalRetry, SignalDetach},
		Meaning: "The panel did not test the hardware of a server that is given back.",
		Runbook: "Start the test in the panel, or switch it off in the configuration; then retry."},
	{Code: CodeNoSuchPackage, Actions: retryOrEnd,
		Meaning: "No server of the panel, free or not, has the package as its configuration or type.",
		Runbook: "Correct the package's name in the product or the panel; retry with --set package=NAME."},
	{Code: "not_adoptable", Errors: []string{edge.ErrNotAdoptable}, Actions: []string{SignalRetry, SignalDetach},
		Meaning: "The server is not what the records of the old module say.",
		Runbook: "Correct owner or record, then retry; detach leaves the server alone."},
	{Code: "not_done", Errors: []string{edge.ErrNotDone}, Actions: retryOrEnd,
		Meaning: "The panel accepted a change of the server, was asked again, and has not done it within the time limit.",
		Runbook: "Look at the server and at the panel's own queue of operations, or do it there by hand; then retry."},
	{Code: CodeNotDue, Errors: []string{edge.ErrNotDue}, Actions: []string{SignalRetry, SignalRenew, SignalTerminate},
		Meaning: "A service was to be blocked or released because nobody paid, and WHMCS does not show that any more.",
		Runbook: "Look at the service in WHMCS. renew ends the expiry, retry asks WHMCS again, terminate releases the server."},
	{Code: "not_pending", Errors: []string{edge.ErrNotPending, edge.ErrStatus}, Actions: retryOrEnd,
		Meaning: "WHMCS does not show the service as Pending, so it is not built.",
		Runbook: "Set it to Pending in WHMCS and retry, or terminate the order."},
	{Code: "not_powered_off", Errors: []string{edge.ErrNotOff}, Actions: []string{SignalRetry, SignalDetach},
		Meaning: "The server does not power off, so it cannot be given back.",
		Runbook: "Switch it off by hand (power unit, IPMI), then retry."},
	{Code: "ownership_lost", Errors: []string{edge.ErrOwnership}, Actions: retryOrEnd,
		Meaning: "The panel does not show this server, this owner and our mark together, so nothing was written.",
		Runbook: "See who changed the server. Put owner and mark back (`starter drift` prints the line), then retry."},
	{Code: CodePaidAfterRelease, Actions: []string{SignalAccept}, Notice: true,
		Meaning: "The service was paid after its release had begun, and the server cannot be given back.",
		Runbook: "Set up a new service or refund, then accept."},
	{Code: "panel_credentials", Errors: []string{edge.ErrPanelCredentials}, Actions: retryOrEnd,
		Meaning: "The panel refuses our login, right or certificate.",
		Runbook: "Correct user, password or certificate of the panel in the configuration (`starter panel NAME` tells), then retry."},
	{Code: "panel_observed", Errors: []string{edge.ErrObserved}, Actions: retryOrEnd,
		Meaning: "The panel is in observe mode: nothing is written.",
		Runbook: "Set mode: manage for the panel when you want metalease to work on it, then retry."},
	{Code: "panel_refused", Errors: []string{edge.ErrPanelRefused}, Actions: retryOrEnd,
		Meaning: "The panel says no, in its own words.",
		Runbook: "Correct what the words name, in the panel or with retry --set, then retry."},
	{Code: "panel_unsupported", Errors: []string{edge.ErrPanelUnsupported}, Actions: retryOrEnd,
		Meaning: "What answers is DCImanager 6, or no DCImanager.",
		Runbook: "Correct the panel's url; metalease works with DCImanager 5."},
	{Code: "power_failed", Errors: []string{edge.ErrPower}, Actions: retryOrEnd,
		Meaning: "The server did not power on.",
		Runbook: "Check its power unit or IPMI. retry tries again, retry with replace takes another server."},
	{Code: CodeQuarantined, Actions: []string{SignalAccept}, Notice: true,
		Meaning: "The server could not go back into stock and is in quarantine, still blocked.",
		Runbook: "Mend the server; `starter quarantine clear` returns it to stock. accept says that you have seen it."},
	{Code: CodeQueueFull, Actions: retryOrEnd,
		Meaning: "So many orders wait for a server of the panel that one more cannot be remembered.",
		Runbook: "Add servers, or end orders that nobody wants any more; then retry. Those who paid first have their places."},
	{Code: CodeReleaseRefused, Actions: []string{SignalRetry, SignalRenew, SignalTerminate},
		Meaning: "The grace period is over, but WHMCS does not agree that the service is to be released.",
		Runbook: "Look at the service in WHMCS. retry asks again, renew ends the expiry, terminate releases it."},
	{Code: "renamed_by_hand", Errors: []string{edge.ErrRenamedByHand}, Actions: retryOrEnd, Approvable: true,
		Meaning: "Somebody gave the server another name in the panel while it was being built.",
		Runbook: "Find out whether somebody else uses it. retry names it as ordered and goes on, retry with replace takes another server."},
	{Code: CodeServerNotFree, Actions: retryOrEnd,
		Meaning: "The server that was named for the order cannot be had.",
		Runbook: "Name another one (retry --server ID), or retry without a name."},
	{Code: "service_on_two_servers", Errors: []string{edge.ErrDuplicatedMark}, Actions: retryOrEnd,
		Meaning: "Two servers carry the mark of this service.",
		Runbook: "Delete the mark from the wrong one in the panel, then retry."},
	{Code: "whmcs_credentials", Errors: []string{edge.ErrWHMCSCredentials}, Actions: retryOrEnd,
		Meaning: "WHMCS refuses our API credentials, role or address.",
		Runbook: "Correct them (docs/whmcs.md), then retry."},
	{Code: CodeWHMCSDisagrees, Actions: []string{SignalRetry, SignalAccept}, Notice: true,
		Meaning: "WHMCS refuses to show what is true of the service, so it bills for what nobody has, or for nothing.",
		Runbook: "Mend what the message names; it is tried again by itself. retry tries at once, accept leaves WHMCS as it is."},
	{Code: "whmcs_refused", Errors: []string{edge.ErrWHMCSRefused}, Actions: retryOrEnd,
		Meaning: "WHMCS or its module says no.",
		Runbook: "Most often WHMCS does not reach the gateway: use Test Connection, then retry."},
}

var retryOrEnd = []string{SignalRetry, SignalTerminate}

// Attend returns the row of a code; an unknown one is like CodeFailed.
func Attend(code string) AttentionCode {
	i := slices.IndexFunc(AttentionTable, func(a AttentionCode) bool { return a.Code == code })
	if i < 0 {
		row := Attend(CodeFailed)
		row.Code = code
		return row
	}
	return AttentionTable[i]
}

// AttentionOf returns the row of an activity error's type.
func AttentionOf(errorType string) AttentionCode {
	i := slices.IndexFunc(AttentionTable, func(a AttentionCode) bool { return slices.Contains(a.Errors, errorType) })
	if i < 0 {
		return Attend(CodeFailed)
	}
	return AttentionTable[i]
}

// IsNotice tells attention that a person should see from attention that stops the service
// until one has decided.
func (a *Attention) IsNotice() bool { return Attend(a.Code).Notice }
