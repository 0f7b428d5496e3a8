package service

import (
	"time"

	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/api"
)

// Input is the argument of ServiceLifecycle: the whole durable state of a
// service. The first run begins with an order and settings only; a run that
// continues as new hands over everything. Fields are only ever added.
type State struct {
	Order    api.Order    `json:"order"`
	Settings api.Settings `json:"settings"`

	// Adopted services were not ordered through metalease: they have the name and the package
	// that they came with. Adopt is set until the server was taken over.
	Adopted bool          `json:"adopted,omitempty"`
	Adopt   *api.Adoption `json:"adopt,omitempty"`

	Phase api.Phase `json:"phase,omitempty"`
	Step  api.Step  `json:"step,omitempty"`
	// Checked is true once WHMCS has shown the order as Pending.
	Checked bool `json:"checked,omitempty"`
	// Username is the service's username in WHMCS.
	Username string          `json:"username,omitempty"`
	Account  holding.Account `json:"account,omitzero"`
	Server   *api.Server     `json:"server,omitempty"`
	// Ask numbers the requests to the allocator; an answer to an older one is stale.
	Ask    int  `json:"ask,omitempty"`
	Asking bool `json:"asking,omitempty"`
	// Named is a server that a person chose for the next claim.
	Named string `json:"named,omitempty"`
	// Resume is the step at which an adopted server goes on.
	Resume   api.Step `json:"resume,omitempty"`
	Position int      `json:"position,omitempty"`
	// WaitingSince is when no free server was found; LongWait is true an hour later.
	WaitingSince time.Time `json:"waiting_since,omitzero"`
	LongWait     bool      `json:"long_wait,omitempty"`
	// Exclude are servers that failed for this order.
	Exclude []string `json:"exclude,omitempty"`
	// Failures counts the servers whose install failed.
	Failures int         `json:"failures,omitempty"`
	Install  api.Install `json:"install,omitzero"`
	// InstallAsked is true while the end of the install is not known.
	InstallAsked bool `json:"install_asked,omitempty"`
	// InstallSeen is true once the panel was seen to run the install.
	InstallSeen bool `json:"install_seen,omitempty"`
	// Watching is true while an install that the panel accepted may still run.
	Watching bool `json:"watching,omitempty"`
	// SkipInstall is set by accept: a technician did it by hand.
	SkipInstall bool `json:"skip_install,omitempty"`
	Ready       bool `json:"ready,omitempty"`

	// Expiry is set while the service is expired and not renewed.
	Expiry      *Expiry     `json:"expiry,omitempty"`
	Suspensions []api.Block `json:"suspensions,omitempty"`
	// ExpireLater is an expiry that came while a release was being undone.
	ExpireLater *Expiry    `json:"expire_later,omitempty"`
	Blocked     bool       `json:"blocked,omitempty"`
	GraceEndsAt *time.Time `json:"grace_ends_at,omitempty"`
	// GraceAsked is true when a release was refused at the end of grace; a person decides.
	GraceAsked bool   `json:"grace_asked,omitempty"`
	Held       string `json:"held,omitempty"`
	// PaidUntil is the newest expires_at; it only orders events.
	PaidUntil time.Time `json:"paid_until,omitzero"`
	// SuspendedAt is the newest at of suspend and unsuspend.
	SuspendedAt time.Time `json:"suspended_at,omitzero"`
	// FollowAt is when WHMCS is compared with what is true; nil when it was.
	FollowAt *time.Time `json:"follow_at,omitempty"`

	Terminate *Ending `json:"terminate,omitempty"`
	Leaving   *Ending `json:"leaving,omitempty"`
	Retry     *Retry  `json:"retry,omitempty"`
	Accept    *Retry  `json:"accept,omitempty"`

	Release ReleaseState `json:"release,omitzero"`
	// PaidLate is true when a renewal came after the release could be undone.
	PaidLate bool `json:"paid_late,omitempty"`
	// Approved is true when a person has said that the block or release is meant,
	// whatever the limits of the panel.
	Approved bool `json:"approved,omitempty"`
	// BrokenAccepted is true when a person wants this server though the panel reports a hardware problem.
	BrokenAccepted bool `json:"broken_accepted,omitempty"`
	// BlockUnsure is true when a block may have taken effect whose end nobody saw.
	BlockUnsure bool `json:"block_unsure,omitempty"`
	// StoppedBlocking tells that what stopped the service was a block.
	StoppedBlocking bool `json:"stopped_blocking,omitempty"`
	// Stopped is true after a block or unblock failed for good: nothing is
	// written until a person has looked.
	Stopped     bool              `json:"stopped,omitempty"`
	Attention   *api.Attention    `json:"attention,omitempty"`
	ProblemTold string            `json:"problem_told,omitempty"`
	Announced   *Announced        `json:"announced,omitempty"`
	Events      []api.EventRecord `json:"events,omitempty"`
	Seen        []string          `json:"seen,omitempty"`
	Timeline    []api.Entry       `json:"timeline,omitempty"`
	Steps       []api.StepTime    `json:"steps,omitempty"`
	UpdatedAt   time.Time         `json:"updated_at,omitzero"`

	// changes counts timeline entries within this run, to wake who waits for any.
	changes int
}

// Expiry is a paid time that is over.
type Expiry struct {
	Due   time.Time    `json:"due,omitzero"`
	Since time.Time    `json:"since"`
	Grace api.Duration `json:"grace"`
}

// Ending is a wish to end the service.
type Ending struct {
	Reason string `json:"reason,omitempty"`
	Source string `json:"source,omitempty"`
}

// Retry is what a person decided about a service that waits for one.
type Retry struct {
	Replace  bool   `json:"replace,omitempty"`
	ServerID string `json:"server_id,omitempty"`
}

// ReleaseState says how far a release has come.
type ReleaseState struct {
	Why string `json:"why,omitempty"`
	// ForExpiry releases may still be undone by a renewal.
	ForExpiry bool `json:"for_expiry,omitempty"`
	CutOff    bool `json:"cut_off,omitempty"`
	// PowerDownBegan is true from the moment before the first power off.
	PowerDownBegan bool `json:"power_down_began,omitempty"`
	Off            bool `json:"off,omitempty"`
	// RestoreFailed is true after an undoing that failed, until a person has looked.
	RestoreFailed bool `json:"restore_failed,omitempty"`
	// Rebuild is true for a server that an earlier life left half released: the order goes on afterwards.
	Rebuild bool `json:"rebuild,omitempty"`
	// Deleting is true from the moment before the first address is deleted.
	Deleting bool `json:"deleting,omitempty"`
	Cleared  bool `json:"cleared,omitempty"`
	// Resale is what is left to do before the server is stock again.
	Resale panel.Resale `json:"resale,omitzero"`
	// HeldUntil is when a server that rests is stock again.
	HeldUntil time.Time `json:"held_until,omitzero"`
	// GivenBack is true when the panel counts the server as free, or as quarantined.
	GivenBack bool `json:"given_back,omitempty"`
	// Server is what was released, for the record.
	Server *api.Server `json:"server,omitempty"`
}

// blocks are all reasons to block the server, for people.
func (s *State) blocks() []api.Block {
	blocks := []api.Block{}
	if s.Expiry != nil {
		blocks = append(blocks, api.Block{Reason: "expired", Source: "whmcs", Since: s.Expiry.Since})
	}
	return append(blocks, s.Suspensions...)
}

// wantsBlock decides whether the server should be blocked now. A hold keeps
// expiry from blocking it, but does not unblock it.
func (s *State) wantsBlock() bool {
	if len(s.Suspensions) > 0 {
		return true
	}
	return s.Expiry != nil && (s.Held == "" || s.Blocked)
}

// unsettled tells whether the panel may not be as the reasons want it.
func (s *State) unsettled() bool {
	if s.wantsBlock() {
		return !s.Blocked
	}
	return s.Blocked || s.BlockUnsure
}

// status is the answer of the query.
func (s *State) status() api.Status {
	status := api.Status{
		ServiceID: s.Order.ServiceID, ClientID: s.Order.ClientID,
		Panel: s.Order.Panel, Package: s.Order.Package,
		Phase: s.Phase, Step: s.Step, Ready: s.Ready,
		Server: s.Server, Account: s.Account.Name,
		Blocks: s.blocks(), GraceEndsAt: s.GraceEndsAt, Held: s.Held,
		Attention: s.Attention, Events: s.Events, Timeline: s.Timeline,
		UpdatedAt: s.UpdatedAt, Steps: s.Steps, Order: s.Order,
	}
	if s.Server == nil {
		status.Server = s.Release.Server
	}
	if s.Phase == api.PhaseWaiting {
		status.Position = s.Position
	}
	if s.Install.Attempt > 0 {
		install := s.Install
		status.Install = &install
	}
	if status.Events == nil {
		status.Events = []api.EventRecord{}
	}
	if status.Timeline == nil {
		status.Timeline = []api.Entry{}
	}
	return status
}
