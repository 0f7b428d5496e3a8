// Package drift compares what a panel, WHMCS and the lifecycles show. It is pure: it reads
// nothing and writes nothing.
package drift

import (
	"time"

	"metalease/whmcs"
)

// DriftKind says in one word how panel, WHMCS and workflows differ. Metrics and ids carry
// it, so it does not change.
type Kind string

// Kinds of drift. Of those that name a service, the service is the first number of the id,
// the server the second.
const (
	// DriftOrphan: our mark stands on a server, but no lifecycle runs for the service.
	DriftOrphan Kind = "orphan"
	// DriftTwice: two servers carry the mark of one service.
	DriftTwice Kind = "twice"
	// DriftContested: one server carries several marks, ours among them.
	DriftContested Kind = "contested"
	// DriftOwner: the service is alive in WHMCS, but its server belongs to another account.
	DriftOwner Kind = "owner"
	// DriftFree: the service is alive in WHMCS, but its server belongs to nobody.
	DriftFree Kind = "free"
	// DriftBlocked: Active in WHMCS, but the server is blocked.
	DriftBlocked Kind = "blocked"
	// DriftMissing: Active in WHMCS, but no server of the panel is the service's.
	DriftMissing Kind = "missing"
	// DriftOpen: Suspended in WHMCS, but the server is not blocked.
	DriftOpen Kind = "open"
	// DriftEnded: Terminated, Cancelled, Fraud or deleted in WHMCS, but still holding a server.
	DriftEnded Kind = "ended"
	// DriftGone: the lifecycle's server is not on the panel any more.
	DriftGone Kind = "gone"
	// DriftMarkless: the lifecycle's server does not carry the service's mark.
	DriftMarkless Kind = "markless"
	// DriftUnmarked: the API account owns a server that carries no mark.
	DriftUnmarked Kind = "unmarked"
	// DriftUnreadable: what the panel shows of a server, or WHMCS of a service, cannot be read whole.
	DriftUnreadable Kind = "unreadable"
	// DriftAccount: an account of ours is nobody's any more.
	DriftAccount Kind = "account"
	// DriftUnstarted: the order is paid and Pending in WHMCS, but no lifecycle looks after it.
	DriftUnstarted Kind = "unstarted"
	// DriftPending: the customer has the server, but WHMCS shows the service as Pending.
	DriftPending Kind = "pending"
	// DriftClient: WHMCS has the service with another client than its lifecycle, or two clients
	// share one account.
	DriftClient Kind = "client"
)

// DriftKinds lists all kinds: a metric of each is told, zero included.
var Kinds = []Kind{
	DriftTwice, DriftContested, DriftOwner, DriftFree, DriftClient, DriftUnstarted, DriftMissing, DriftGone, DriftBlocked, DriftOrphan,
	DriftPending, DriftEnded, DriftOpen, DriftMarkless, DriftUnmarked, DriftUnreadable, DriftAccount,
}

// Severity of a drift.
type Severity string

// The severities: a customer is harmed or may be; money or stock is lost; tidiness.
const (
	SeverityHigh   Severity = "high"
	SeverityMedium Severity = "medium"
	SeverityLow    Severity = "low"
)

// Remedy is what `starter drift repair` does about a drift.
type Remedy string

// The remedies. None is ever applied by itself.
const (
	// RemedyNone: only a person can decide.
	RemedyNone Remedy = ""
	// RemedyGiveBack powers the server off, clears it and returns it to stock.
	RemedyGiveBack Remedy = "give-back"
	// RemedyRestart starts the order of an ended lifecycle again; it goes on with its server.
	RemedyRestart Remedy = "restart"
	// RemedyStart starts the order as WHMCS has it, at its place in the queue by the time of
	// payment.
	RemedyStart Remedy = "start"
	// RemedyShow has WHMCS show what is true. No module function runs, so no mail goes out.
	RemedyShow Remedy = "show"
	// RemedySuspend tells the lifecycle what WHMCS shows.
	RemedySuspend Remedy = "suspend"
	// RemedyTerminate tells the lifecycle that the service has ended.
	RemedyTerminate Remedy = "terminate"
)

// Destructive tells whether somebody loses a server by it, or its use.
func (r Remedy) Destructive() bool {
	return r == RemedyGiveBack || r == RemedyTerminate || r == RemedySuspend
}

// Drift is one difference between panel, WHMCS and workflows.
type Drift struct {
	// ID names the same difference in every round: kind-service-server.
	ID        string   `json:"id"`
	Kind      Kind     `json:"kind"`
	Severity  Severity `json:"severity"`
	ServiceID int      `json:"service_id,omitempty"`
	ServerID  string   `json:"server_id,omitempty"`
	ClientID  int      `json:"client_id,omitempty"`
	// Label is the text on the machine.
	Label string `json:"label,omitempty"`
	// What is wrong, in plain words.
	What string `json:"what"`
	// Cause is what stops a service, in the words of who stops it.
	Cause string `json:"cause,omitempty"`
	// Repair is what `starter drift repair` would do; empty when only a person can.
	Repair string `json:"repair,omitempty"`
	Remedy Remedy `json:"remedy,omitempty"`
	// Advice is what a person can do instead.
	Advice string `json:"advice,omitempty"`
	// Since is when it was seen first.
	Since time.Time `json:"since,omitzero"`
	// Reason goes with the signal that repairs.
	Reason string `json:"reason,omitempty"`
	// Show is the status that WHMCS should show, for RemedyShow.
	Show whmcs.Status `json:"show,omitempty"`
}

// DriftReport is the result of one comparison of a panel.
type Report struct {
	Panel string `json:"panel"`
	// Began and AsOf frame the reading; what changed in between was read again.
	Began  time.Time `json:"began"`
	AsOf   time.Time `json:"as_of"`
	Drifts []Drift   `json:"drifts"`
	// Counts are those of Drifts. Beyond counts what was seen once and, for its number,
	// neither confirmed nor listed.
	Counts []Count `json:"counts"`
	Beyond []Count `json:"beyond,omitempty"`
	// What was compared. Forms are those that had to be read anew.
	Servers    int `json:"servers"`
	Forms      int `json:"forms"`
	Services   int `json:"services"`
	Lifecycles int `json:"lifecycles"`
	// Unread is what could not be looked at, and why; empty when all was.
	Unread string `json:"unread,omitempty"`
	// Strangers are accounts that are none of ours; nothing is said about them. Retired
	// are accounts of former customers, which a release keeps.
	Strangers int `json:"strangers"`
	Retired   int `json:"retired"`
}

// Wrong says in one line what is wrong with the panel, or could not be looked at; empty when nothing is but untidiness.
func (r *Report) Wrong() string {
	wrong, beyond := 0, 0
	for _, d := range r.Drifts {
		if d.Severity != SeverityLow {
			wrong++
		}
	}
	for _, b := range r.Beyond {
		beyond += b.Count
	}
	switch {
	case wrong+beyond > 0:
		return counted(wrong+beyond, "difference") + " to look at"
	case r.Unread != "":
		return "not all could be looked at: " + r.Unread
	}
	return ""
}

// DriftCount counts the differences of one kind.
type Count struct {
	Kind  Kind `json:"kind"`
	Count int  `json:"count"`
}

// KnownDrift is what a comparison knows of the one before.
type Known struct {
	ID    string    `json:"id"`
	Since time.Time `json:"since"`
}

// CompareInput is the argument of Compare.
type CompareInput struct {
	// Known are the differences of the round before: they are not told again, and keep
	// the time at which they were seen first.
	Known []Known `json:"known,omitempty"`
}

// CompareProgress is how far a comparison is, as its heartbeats show it.
type CompareProgress struct {
	// Doing is what is read now, Done of All the forms that had to be read.
	Doing string `json:"doing"`
	Done  int    `json:"done,omitempty"`
	All   int    `json:"all,omitempty"`
}
