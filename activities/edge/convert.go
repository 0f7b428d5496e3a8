package edge

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"

	"metalease/dcim"
	"metalease/whmcs"
)

// panelTypes are the types of a panel's errors by kind. Whether each is retried stands in the
// table of package dcim.
var panelTypes = map[dcim.Kind]string{
	dcim.KindCredentials:     ErrPanelCredentials,
	dcim.KindAccess:          ErrPanelCredentials,
	dcim.KindCertificate:     ErrPanelCredentials,
	dcim.KindLicense:         ErrPanelCredentials,
	dcim.KindReadOnly:        ErrObserved,
	dcim.KindUnsupported:     ErrPanelUnsupported,
	dcim.KindValue:           ErrPanelRefused,
	dcim.KindMissed:          ErrPanelRefused,
	dcim.KindExists:          ErrPanelRefused,
	dcim.KindLimit:           ErrPanelRefused,
	dcim.KindPanel:           ErrPanelRefused,
	dcim.KindNotAPanel:       ErrPanelUnavailable,
	dcim.KindUnreachable:     ErrPanelUnavailable,
	dcim.KindMayHaveHappened: ErrPanelUnavailable,
	dcim.KindTooLarge:        ErrPanelUnavailable,
	dcim.KindUnreadable:      ErrPanelRefused,
	dcim.KindDenied:          ErrPanelRefused,
}

// whmcsTypes are the types of WHMCS's errors by kind; its table says whether each is retried.
var whmcsTypes = map[whmcs.Kind]string{
	whmcs.KindCredentials:   ErrWHMCSCredentials,
	whmcs.KindUnknownAction: ErrWHMCSCredentials,
	whmcs.KindNotFound:      ErrNotPending,
	whmcs.KindRefused:       ErrWHMCSRefused,
	whmcs.KindNotAnAnswer:   ErrWHMCSUnavailable,
	whmcs.KindUnavailable:   ErrWHMCSUnavailable,
	whmcs.KindResultUnknown: ErrWHMCSUnavailable,
	whmcs.KindTooLarge:      ErrWHMCSUnavailable,
	whmcs.KindUnreadable:    ErrWHMCSRefused,
}

// Convert is the application error of whatever an activity has returned. It is always the
// outermost: Temporal reads the type and the retry from there alone. A cancellation stays
// itself, so that Temporal sees a cancelled activity.
func Convert(err error) error { return convert(err, false) }

// TypeOf is the stable type of an application error; empty when it has none.
func TypeOf(err error) string {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return app.Type()
	}
	return ""
}

// convert is Convert, which is told whether an odd answer does not pass.
func convert(err error, lasting bool) error {
	var app *temporal.ApplicationError
	var panel *dcim.Error
	var billing *whmcs.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &app):
		return app
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.As(err, &panel):
		return panelError(panel, lasting)
	case errors.As(err, &billing):
		return application(billing.Error(), whmcsTypes[billing.Kind], billing.Kind.Properties().Retryable, billing.RetryAfter)
	}
	return Retryable(ErrUnexpected, "%s", err)
}

func panelError(err *dcim.Error, lasting bool) error {
	retry := err.Kind.Retry()
	if retry == dcim.RetrySome && !lasting {
		return application(err.Error(), ErrPanelUnavailable, true, err.RetryAfter)
	}
	return application(err.Error(), panelTypes[err.Kind], retry == dcim.RetryAlways, err.RetryAfter)
}

// application makes the error. A vendor that asked to be left alone for some time is.
func application(message, kind string, retryable bool, after time.Duration) error {
	options := temporal.ApplicationErrorOptions{NonRetryable: !retryable}
	if retryable {
		options.NextRetryDelay = after
	}
	return temporal.NewApplicationErrorWithOptions(message, kind, options)
}
