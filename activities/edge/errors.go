// Package edge is what every activity has around it: its errors become application errors with
// stable types, and it is alive while it works.
package edge

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"metalease/dcim"
	"metalease/whmcs"
)

// Types of the application errors that leave activities. They are part of
// histories and do not change.
const (
	ErrPanelUnavailable  = "PanelUnavailable" // retried until the panel answers
	ErrPanelCredentials  = "PanelCredentials" // refused login, right or certificate
	ErrPanelRefused      = "PanelRefused"     // the panel says no, in its words
	ErrPanelUnsupported  = "PanelUnsupported" // DCImanager 6, or no DCImanager
	ErrObserved          = "PanelObserved"    // the panel is in observe mode: nothing is written
	ErrPaused            = "PanelPaused"      // a person has paused what destroys; retried until it is resumed
	ErrLimit             = "LimitReached"     // more would be destroyed in an hour than the panel's limit
	ErrBrakesTurning     = "BrakesTurning"    // ask once more: a pause or a resume has just arrived
	ErrWHMCSUnavailable  = "WHMCSUnavailable" // retried until WHMCS answers
	ErrWHMCSCredentials  = "WHMCSCredentials" // identifier, role or address list
	ErrWHMCSRefused      = "WHMCSRefused"     // WHMCS or its module says no
	ErrOwnership         = "OwnershipLost"    // the form does not show this id, owner and mark
	ErrNotPending        = "NotPending"       // the order was cancelled, marked as fraud or ended
	ErrStatus            = "UnexpectedStatus" // a WHMCS status that a person must look at
	ErrAccountForeign    = "AccountForeign"   // a panel user of that name is somebody else's
	ErrBadOrder          = "BadOrder"         // something that only a vendor could know is wrong
	ErrPower             = "PowerFailed"      // power on or off did not happen
	ErrNotOff            = "NotPoweredOff"    // a release may not go on
	ErrDiagnostics       = "NoDiagnostics"    // the panel did not test the hardware
	ErrHardware          = "HardwareProblem"  // the test found a fault
	ErrBlockedByHand     = "BlockedByHand"    // somebody blocked the server in the panel during its build
	ErrRenamedByHand     = "RenamedByHand"    // somebody gave it another name
	ErrAddressesByHand   = "AddressesByHand"  // somebody deleted one of its addresses
	ErrNotAdoptable      = "NotAdoptable"     // the server is not what the old module's records say
	ErrInstallUnknown    = "InstallUnknown"   // the reply was lost and the panel shows no install
	ErrAddressPool       = "AddressesExhausted"
	ErrHostname          = "HostnameNotSet"
	ErrDuplicatedMark    = "ServiceOnTwoServers"
	ErrAlreadyHandedOver = "AlreadyHandedOver"
)

// final ends an activity for good: a person or the workflow decides. It must be
// the outermost error, or Temporal would retry (docs/temporal.md 0.1).
func NonRetryable(kind, format string, args ...any) error {
	return temporal.NewNonRetryableApplicationError(fmt.Sprintf(format, args...), kind, nil)
}

// again ends an attempt that is worth repeating.
func Retryable(kind, format string, args ...any) error {
	return temporal.NewApplicationError(fmt.Sprintf(format, args...), kind)
}

// waiting ends an attempt for an expected reason that needs no alarm.
func Expected(kind, format string, args ...any) error {
	return temporal.NewApplicationErrorWithOptions(fmt.Sprintf(format, args...), kind,
		temporal.ApplicationErrorOptions{Category: temporal.ApplicationErrorCategoryBenign})
}

// edge turns a client's error into the application error that the workflow
// decides on. It is the one place where that is done.
func Convert(ctx context.Context, err error) error {
	var app *temporal.ApplicationError
	var panel *dcim.Error
	var billing *whmcs.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &app):
		return app
	case errors.Is(err, context.Canceled):
		return context.Canceled // as itself, so that Temporal sees a cancelled activity
	case errors.As(err, &panel):
		return panelError(panel, activity.GetInfo(ctx).Attempt)
	case errors.As(err, &billing):
		return whmcsError(billing)
	}
	return Retryable("Unexpected", "%s", err)
}

// patience is how often an error of unknown type is tried again before it
// becomes a person's business.
const patience = 6

func panelError(err *dcim.Error, attempt int32) error {
	switch err.Kind {
	case dcim.KindCredentials, dcim.KindAccess, dcim.KindCertificate, dcim.KindLicense:
		return NonRetryable(ErrPanelCredentials, "%s", err)
	case dcim.KindReadOnly:
		return NonRetryable(ErrObserved, "%s", err)
	case dcim.KindUnsupported:
		return NonRetryable(ErrPanelUnsupported, "%s", err)
	case dcim.KindValue, dcim.KindMissed, dcim.KindExists, dcim.KindLimit:
		return NonRetryable(ErrPanelRefused, "%s", err)
	case dcim.KindPanel:
		if attempt >= patience {
			return NonRetryable(ErrPanelRefused, "%s", err)
		}
	}
	return Retryable(ErrPanelUnavailable, "%s", err)
}

func whmcsError(err *whmcs.Error) error {
	switch err.Kind {
	case whmcs.KindCredentials, whmcs.KindUnknownAction:
		return NonRetryable(ErrWHMCSCredentials, "%s", err)
	case whmcs.KindNotFound:
		return NonRetryable(ErrNotPending, "%s", err)
	case whmcs.KindRefused:
		return NonRetryable(ErrWHMCSRefused, "%s", err)
	}
	return Retryable(ErrWHMCSUnavailable, "%s", err)
}
