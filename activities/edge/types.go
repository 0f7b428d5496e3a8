// Package edge is where activities end: the types of the application errors that leave them,
// the one place where a client's error becomes such an error, and the interceptors that every
// worker has.
package edge

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
)

// Types of the application errors that leave activities. They are part of histories and do
// not change. What attention each asks for stands in the table of package api.
const (
	// ErrPanelUnavailable: the panel does not answer as one. Retried until it does.
	ErrPanelUnavailable = "PanelUnavailable"
	// ErrPanelCredentials: refused login, right, licence or certificate.
	ErrPanelCredentials = "PanelCredentials"
	// ErrPanelRefused: the panel says no, in its words.
	ErrPanelRefused = "PanelRefused"
	// ErrPanelUnsupported: DCImanager 6, or no DCImanager.
	ErrPanelUnsupported = "PanelUnsupported"
	// ErrObserved: the panel is in observe mode, so nothing is written.
	ErrObserved = "PanelObserved"

	// ErrPaused: a person has paused what destroys. Retried until it is resumed.
	ErrPaused = "PanelPaused"
	// ErrLimit: more would be destroyed in an hour than the panel's limit.
	ErrLimit = "LimitReached"
	// ErrBrakesTurning: ask once more, for a pause or a resume has just arrived.
	ErrBrakesTurning = "BrakesTurning"
	// ErrBrakesUnavailable: the brakes do not answer, so nothing is destroyed. Retried.
	ErrBrakesUnavailable = "BrakesUnavailable"

	// ErrWHMCSUnavailable: WHMCS does not answer as one. Retried until it does.
	ErrWHMCSUnavailable = "WHMCSUnavailable"
	// ErrWHMCSCredentials: identifier, role or address list; or an action that it does not know.
	ErrWHMCSCredentials = "WHMCSCredentials"
	// ErrWHMCSRefused: WHMCS, or the module that it ran, says no.
	ErrWHMCSRefused = "WHMCSRefused"
	// ErrNotCalled: no function of WHMCS's module was called. Compare again.
	ErrNotCalled = "NotCalled"
	// ErrNotPending: the order was cancelled, marked as fraud, ended, or is gone.
	ErrNotPending = "NotPending"
	// ErrStatus: a WHMCS status that a person must look at.
	ErrStatus = "UnexpectedStatus"
	// ErrClient: WHMCS shows the service under another client than the one who ordered it.
	ErrClient = "ClientDiffers"
	// ErrBadOrder: something that only a vendor could know is wrong.
	ErrBadOrder = "BadOrder"

	// ErrAccountForeign: a panel user of that name is somebody else's.
	ErrAccountForeign = "AccountForeign"
	// ErrOwnership: the record does not show this id, owner and mark. Nothing was written.
	ErrOwnership = "OwnershipLost"
	// ErrDuplicatedMark: two servers carry the mark of one service.
	ErrDuplicatedMark = "ServiceOnTwoServers"
	// ErrNotAdoptable: the server is not what the old module's records say.
	ErrNotAdoptable = "NotAdoptable"

	// ErrAddressPool: the panel has no address left in the group.
	ErrAddressPool = "AddressesExhausted"
	// ErrHostname: the server does not show the hostname that it has to.
	ErrHostname = "HostnameNotSet"
	// ErrPower: the power did not become what was asked for.
	ErrPower = "PowerFailed"
	// ErrNotOff: power off did not happen, so a release may not go on.
	ErrNotOff = "NotPoweredOff"
	// ErrInstallUnknown: the reply was lost and the panel shows no install, or one of somebody else.
	ErrInstallUnknown = "InstallUnknown"
	// ErrDiagnostics: the panel did not test the hardware.
	ErrDiagnostics = "NoDiagnostics"
	// ErrHardware: the test found a fault.
	ErrHardware = "HardwareProblem"
	// ErrNotDone: the panel has accepted a change, and does not do it within the time limit
	// though it was asked again.
	ErrNotDone = "NotDone"
	// ErrNotDue: what was to be done because nobody paid is not due any more by what WHMCS shows now.
	// Earlier attempts may have done a part of it.
	ErrNotDue = "NotDue"

	// ErrNotNow: the server is blocked, built, given back or at work on something else. Nothing was
	// written; the message is the reason.
	ErrNotNow = "NotNow"
	// ErrTooLate: it could not be begun within the time in which it was wanted. Nothing was written.
	ErrTooLate = "TooLate"
	// ErrRebootUnknown: the reply to a reboot was lost, and no read tells whether it was done.
	ErrRebootUnknown = "RebootUnknown"

	// ErrBlockedByHand: somebody blocked the server in the panel during its build.
	ErrBlockedByHand = "BlockedByHand"
	// ErrRenamedByHand: somebody gave it another name.
	ErrRenamedByHand = "RenamedByHand"
	// ErrAddressesByHand: somebody deleted one of its addresses.
	ErrAddressesByHand = "AddressesByHand"

	// ErrWebhook: a shop did not take an event. Retried for three days.
	ErrWebhook = "WebhookNotTaken"
	// ErrWorkerStopping: the worker stops; another one goes on. Retried.
	ErrWorkerStopping = "WorkerStopping"
	// ErrBadMessage: a message to another workflow that Temporal does not take.
	ErrBadMessage = "BadMessage"
	// ErrUnexpected: any other error. Retried.
	ErrUnexpected = "Unexpected"
)

// NonRetryable ends an activity for good: a person or the workflow decides.
func NonRetryable(kind, format string, args ...any) error {
	return temporal.NewNonRetryableApplicationError(fmt.Sprintf(format, args...), kind, nil)
}

// Retryable ends an attempt that is worth repeating.
func Retryable(kind, format string, args ...any) error {
	return temporal.NewApplicationError(fmt.Sprintf(format, args...), kind)
}

// Expected ends an attempt for a reason that needs no alarm; it is repeated.
func Expected(kind, format string, args ...any) error {
	return temporal.NewApplicationErrorWithOptions(fmt.Sprintf(format, args...), kind,
		temporal.ApplicationErrorOptions{Category: temporal.ApplicationErrorCategoryBenign})
}
