package service

import (
	"slices"
	"time"

	"metalease/workflows/api"
)

// Blocks are the reasons to block the server, and what keeps it from being blocked.
type Blocks struct {
	// Expiry is set while the service is expired and not renewed.
	Expiry *Expiry `json:"expiry,omitempty"`
	// ExpireLater is an expiry that came while a release was being undone.
	ExpireLater *Expiry `json:"expire_later,omitempty"`
	// Suspensions are what WHMCS or people asked for; each has its own reason.
	Suspensions []api.Block `json:"suspensions,omitempty"`
	// Hold is why nothing is blocked or released by itself; empty without a hold.
	Hold string `json:"hold,omitempty"`
	// GraceEndsAt is set when the block for expiry is done; a repeated expire never moves it.
	GraceEndsAt *time.Time `json:"grace_ends_at,omitempty"`
	// GraceAsked is true when a release was refused at the end of grace; a person decides.
	GraceAsked bool `json:"grace_asked,omitempty"`
	// ReleaseHeld is true when a hold stopped a release that had begun: it begins again only
	// when a person says so.
	ReleaseHeld bool `json:"release_held,omitempty"`
	// PaidUntil is the expires_at of the newest renewal, which was said at PaidSaid. A correction
	// may move it back: a chargeback does.
	PaidUntil time.Time `json:"paid_until,omitzero"`
	PaidSaid  time.Time `json:"paid_said,omitzero"`
	// Doubts are what WHMCS is asked about; Undue is what a person sees when it does not show a payment.
	Doubts Doubts `json:"doubts,omitzero"`
	Undue  *Undue `json:"undue,omitempty"`
	// SuspendedAt is the newest at of suspend and unsuspend, SuspendedBy its source. Times order
	// the words of one source; two clocks order nothing.
	SuspendedAt time.Time `json:"suspended_at,omitzero"`
	SuspendedBy string    `json:"suspended_by,omitempty"`
	// Stopped names what failed for good: nothing is written until a person has looked. Empty:
	// nothing did.
	Stopped string `json:"stopped,omitempty"`
}

// What Blocks.Stopped names.
const (
	stoppedBlock   = "block"
	stoppedUnblock = "unblock"
	// stoppedExpiry is a block for an expiry that WHMCS does not agree to.
	stoppedExpiry = "expiry"
)

// Expiry is a paid time that is over.
type Expiry struct {
	Due   time.Time    `json:"due,omitzero"`
	Since time.Time    `json:"since"`
	Grace api.Duration `json:"grace"`
}

// reasons are all reasons to block the server, for people.
func (b *Blocks) reasons() []api.Block {
	reasons := []api.Block{}
	if b.Expiry != nil {
		reasons = append(reasons, api.Block{Reason: api.ReasonExpired, Source: api.SourceWHMCS, Since: b.Expiry.Since})
	}
	return append(reasons, b.Suspensions...)
}

// reasonElsewhere stands in WHMCS for a reason that was not given there. WHMCS's own page shows
// its reason to the customer, as it is; what staff wrote elsewhere is for staff.
const reasonElsewhere = "Suspended by staff"

// reason is the one that WHMCS shows. WHMCS lifts a suspension after a payment only when it
// reads exactly so (docs/whmcs-api.md 4).
func (b *Blocks) reason() string {
	if len(b.Suspensions) == 0 {
		return api.ReasonOverdue
	}
	if i := slices.IndexFunc(b.Suspensions, func(s api.Block) bool { return s.Source == api.SourceWHMCS }); i >= 0 {
		return b.Suspensions[i].Reason
	}
	return reasonElsewhere
}

// byHand tells whether the only reason is a block that somebody set in the panel.
func (b *Blocks) byHand() bool {
	return b.Expiry == nil && !slices.ContainsFunc(b.Suspensions, func(s api.Block) bool { return s.Source != sourcePanel })
}

// keepReasons bounds the reasons to block. What comes after the last is kept as one.
const keepReasons = 20

// suspend adds a reason unless it is known.
func (b *Blocks) suspend(reason, source string, since time.Time) {
	if slices.ContainsFunc(b.Suspensions, func(s api.Block) bool { return s.Reason == reason }) {
		return
	}
	if n := len(b.Suspensions); n >= keepReasons {
		last := &b.Suspensions[n-1]
		last.Reason = "several more reasons"
		if last.Source == api.SourceWHMCS { // what people asked for is not lifted by a payment
			last.Source = source
		}
		return
	}
	b.Suspensions = append(b.Suspensions, api.Block{Reason: reason, Source: source, Since: since})
}

// startGrace begins the grace period: when the server is blocked, and once.
func (b *Blocks) startGrace(now time.Time) {
	if b.Expiry == nil || b.GraceEndsAt != nil {
		return
	}
	end := now.Add(time.Duration(b.Expiry.Grace))
	b.GraceEndsAt = &end
}

// renewed ends expiry and grace.
func (b *Blocks) renewed() {
	b.Expiry, b.ExpireLater, b.GraceEndsAt = nil, nil, nil
	b.GraceAsked, b.ReleaseHeld = false, false
	b.Doubts, b.Undue = Doubts{}, nil
}

// graceRuns tells whether the end of grace will have to be acted upon.
func (b *Blocks) graceRuns() bool {
	return b.Expiry != nil && b.GraceEndsAt != nil && !b.GraceAsked && b.Hold == ""
}

// wantsBlock decides whether the server should be blocked now. A hold keeps
// expiry from blocking it, but does not unblock it.
func (s *State) wantsBlock() bool {
	if len(s.Blocks.Suspensions) > 0 {
		return true
	}
	return s.Blocks.Expiry != nil && (s.Blocks.Hold == "" || s.blocked())
}

// unsettled tells whether the panel may not be as the reasons want it.
func (s *State) unsettled() bool {
	if s.wantsBlock() {
		return !s.blocked()
	}
	return s.Server != nil && (s.Server.Blocked || s.Server.BlockUnsure)
}
