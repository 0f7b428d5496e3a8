package api

import (
	"metalease/activities/edge"
)

// Codes of attention. Programs and support people rely on them.
const (
	CodeCancelRequested  = "cancel_requested"
	CodeInstallLate      = "install_late"
	CodeInstallFailed    = "install_failed"
	codeInstallUnknown   = "install_unknown"
	CodeHeld             = "held"
	CodeReleaseRefused   = "release_not_confirmed"
	CodePaidAfterRelease = "paid_after_release"
	CodeQuarantined      = "quarantined"
	codeReleasing        = "still_releasing"
	CodeLimit            = "limit_reached"
	CodeHardware         = "hardware_problem"
	CodeKept             = "build_kept"
)

// notice tells attention that a person should see from attention that stops a
// release until one has looked.
func (a *Attention) Notice() bool {
	return a.Code == CodeCancelRequested || a.Code == CodePaidAfterRelease || a.Code == CodeQuarantined
}

// codes turns the types of activity errors into codes of attention.
var AttentionCodes = map[string]string{
	edge.ErrPanelCredentials: "panel_credentials",
	edge.ErrPanelRefused:     "panel_refused",
	edge.ErrPanelUnsupported: "panel_unsupported",
	edge.ErrLimit:            CodeLimit,
	edge.ErrObserved:         "panel_observed",
	edge.ErrWHMCSCredentials: "whmcs_credentials",
	edge.ErrWHMCSRefused:     "whmcs_refused",
	edge.ErrOwnership:        "ownership_lost",
	edge.ErrNotPending:       "not_pending",
	edge.ErrStatus:           "not_pending",
	edge.ErrAccountForeign:   "account_foreign",
	edge.ErrBadOrder:         "bad_order",
	edge.ErrPower:            "power_failed",
	edge.ErrNotOff:           "not_powered_off",
	edge.ErrDiagnostics:      "no_diagnostics",
	edge.ErrHardware:         CodeHardware,
	edge.ErrBlockedByHand:    "blocked_by_hand",
	edge.ErrRenamedByHand:    "renamed_by_hand",
	edge.ErrAddressesByHand:  "addresses_by_hand",
	edge.ErrNotAdoptable:     "not_adoptable",
	edge.ErrInstallUnknown:   codeInstallUnknown,
	edge.ErrAddressPool:      "addresses_exhausted",
	edge.ErrHostname:         "hostname_not_set",
	edge.ErrDuplicatedMark:   "service_on_two_servers",
}
