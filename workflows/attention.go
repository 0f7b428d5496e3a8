package workflows

import (
	"errors"

	"go.temporal.io/sdk/temporal"
	"metalease/activities"
)

// Codes of attention. Programs and support people rely on them.
const (
	codeCancelRequested  = "cancel_requested"
	codeInstallLate      = "install_late"
	codeInstallFailed    = "install_failed"
	codeInstallUnknown   = "install_unknown"
	codeHeld             = "held"
	codeReleaseRefused   = "release_not_confirmed"
	codePaidAfterRelease = "paid_after_release"
	codeQuarantined      = "quarantined"
	codeReleasing        = "still_releasing"
	codeLimit            = "limit_reached"
	codeHardware         = "hardware_problem"
	codeKept             = "build_kept"
)

// notice tells attention that a person should see from attention that stops a
// release until one has looked.
func (a *Attention) notice() bool {
	return a.Code == codeCancelRequested || a.Code == codePaidAfterRelease || a.Code == codeQuarantined
}

// problem is an error in the words of a person.
type problem struct {
	code, message string
	actions       []string
}

// codes turns the types of activity errors into codes of attention.
var codes = map[string]string{
	activities.ErrPanelCredentials: "panel_credentials",
	activities.ErrPanelRefused:     "panel_refused",
	activities.ErrPanelUnsupported: "panel_unsupported",
	activities.ErrLimit:            codeLimit,
	activities.ErrObserved:         "panel_observed",
	activities.ErrWHMCSCredentials: "whmcs_credentials",
	activities.ErrWHMCSRefused:     "whmcs_refused",
	activities.ErrOwnership:        "ownership_lost",
	activities.ErrNotPending:       "not_pending",
	activities.ErrStatus:           "not_pending",
	activities.ErrAccountForeign:   "account_foreign",
	activities.ErrBadOrder:         "bad_order",
	activities.ErrPower:            "power_failed",
	activities.ErrNotOff:           "not_powered_off",
	activities.ErrDiagnostics:      "no_diagnostics",
	activities.ErrHardware:         codeHardware,
	activities.ErrBlockedByHand:    "blocked_by_hand",
	activities.ErrRenamedByHand:    "renamed_by_hand",
	activities.ErrAddressesByHand:  "addresses_by_hand",
	activities.ErrNotAdoptable:     "not_adoptable",
	activities.ErrInstallUnknown:   codeInstallUnknown,
	activities.ErrAddressPool:      "addresses_exhausted",
	activities.ErrHostname:         "hostname_not_set",
	activities.ErrDuplicatedMark:   "service_on_two_servers",
}

// typeOf is the stable type of an activity's error; empty when it has none.
func typeOf(err error) string {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return app.Type()
	}
	return ""
}

func problemOf(err error) problem {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return problem{orElse(codes[app.Type()], "failed"), app.Message(), []string{SignalRetry, SignalTerminate}}
	}
	return problem{"failed", err.Error(), []string{SignalRetry, SignalTerminate}}
}

// attend makes the service wait for a person. The cause is told once.
func (l *lifecycle) attend(code, message string, actions ...string) {
	if l.s.Attention != nil && l.s.Attention.Code == code && l.s.Attention.Message == message {
		return
	}
	l.s.Attention = &Attention{Code: code, Message: message, Since: l.now(), Actions: actions}
	l.note("needs attention: " + message)
}

func (l *lifecycle) attendError(err error, actions ...string) {
	p := problemOf(err)
	if len(actions) == 0 {
		actions = p.actions
	}
	l.attend(p.code, p.message, actions...)
}

func (l *lifecycle) clearAttention() {
	if l.s.Attention == nil {
		return
	}
	l.note("attention cleared: " + l.s.Attention.Code)
	l.s.Attention = nil
	if l.s.Phase == PhaseAttention {
		l.s.Phase = PhasePending
	}
}

// stuck stops the build until a person decides.
func (l *lifecycle) stuck(err error) {
	l.attendError(err)
	l.s.Phase = PhaseAttention
}

// interrupted tells whether a person wants something else than what is running.
func (l *lifecycle) interrupted() bool {
	return l.s.Terminate != nil || l.s.Leaving != nil || l.s.Retry != nil || l.s.Accept != nil
}
