package service

import (
	"time"

	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/internal/operation"
)

// StateVersion is the version of State. A change that an older build could not read raises it,
// and gets histories of its own (CONTRIBUTING.md).
const StateVersion = 1

// Input is the argument of ServiceLifecycle: how the service started, and, in a run that
// continues another one, its state.
type Input struct {
	api.Start
	State *State `json:"state,omitempty"`
}

// State is all that a service remembers. Fields are only ever added.
type State struct {
	Version  int          `json:"state_version"`
	Order    api.Order    `json:"order"`
	Settings api.Settings `json:"settings"`
	Life     Life         `json:"life"`
	Request  Request      `json:"request,omitzero"`
	// Account is the client's account on the panel, once the account entity has named it.
	Account holding.Account `json:"account,omitzero"`
	// Server is what is true of one server: born with its claim, gone with it.
	Server    *Server        `json:"server,omitempty"`
	Blocks    Blocks         `json:"blocks,omitzero"`
	Billing   Billing        `json:"billing,omitzero"`
	Release   Release        `json:"release,omitzero"`
	Operator  Operator       `json:"operator,omitzero"`
	Attention *api.Attention `json:"attention,omitempty"`
	Journal   Journal        `json:"journal,omitzero"`
	Adoption  Adoption       `json:"adoption,omitzero"`
	Follower  Follower       `json:"follower,omitzero"`
	Acting    Acting         `json:"acting,omitzero"`
}

// Request is the service's request to the allocator for a server.
type Request struct {
	// Number counts the requests; an answer to an older one is stale.
	Number int `json:"number,omitempty"`
	// Open is true from the first request until its answer.
	Open bool `json:"open,omitempty"`
	// Package is what was asked for; the order may be corrected meanwhile.
	Package string `json:"package,omitempty"`
	// Named is a server that a person chose for this request; it goes with the answer.
	Named string `json:"named,omitempty"`
	// ByHand is true when that person has installed the named server by hand.
	ByHand bool `json:"by_hand,omitempty"`
	// Position in the queue when last told; 1 is next.
	Position int `json:"position,omitempty"`
	// WaitingSince is when no free server was found; LongWait is true an hour later.
	WaitingSince time.Time `json:"waiting_since,omitzero"`
	LongWait     bool      `json:"long_wait,omitempty"`
	// Exclude are servers that failed for this order; Failures counts their installs.
	Exclude  []string `json:"exclude,omitempty"`
	Failures int      `json:"failures,omitempty"`
	// Installs counts the installs that were asked for, on all servers.
	Installs int `json:"installs,omitempty"`
}

// Server is the server that a service holds, and what is true of that one only.
type Server struct {
	api.Server
	// Resume is the step at which the build goes on with a server that an earlier run left.
	Resume  api.Step          `json:"resume,omitempty"`
	Install operation.Install `json:"install,omitzero"`
	// HardwareAccepted is true when a person wants it though the panel reports a hardware problem.
	HardwareAccepted bool `json:"hardware_accepted,omitempty"`
	// Blocked is what the panel showed after our last block or unblock.
	Blocked bool `json:"blocked,omitempty"`
	// BlockUnsure is true when a block may have taken effect whose end nobody saw.
	BlockUnsure bool `json:"block_unsure,omitempty"`
	// PowerUnsure is true when a switch of the power may still take effect whose end nobody saw.
	PowerUnsure bool `json:"power_unsure,omitempty"`
}

// newServer is a server that has just been claimed or found.
func newServer(m panel.Server) *Server {
	return &Server{Server: api.Server{
		ID: m.ID, Label: clean.Cut(m.Label, api.LimitName), Hostname: clean.Cut(m.Hostname, api.LimitName), IP: clean.Cut(m.IP, api.LimitID), ExtraIPs: []string{},
	}}
}

// keepAddresses bounds the extra addresses that are remembered; the panel knows them all.
const keepAddresses = 512

// hasAddresses remembers the extra addresses of the server.
func (s *Server) hasAddresses(extra []string) {
	s.ExtraIPs = []string{}
	for _, ip := range extra[:min(len(extra), keepAddresses)] {
		s.ExtraIPs = append(s.ExtraIPs, clean.Cut(ip, api.LimitID))
	}
}

// Billing is what WHMCS knows, and what it was told.
type Billing struct {
	// Username is the service's username in WHMCS.
	Username string `json:"username,omitempty"`
	// FollowAt is when WHMCS is compared with what is true; nil when it agrees.
	FollowAt *time.Time `json:"follow_at,omitempty"`
	// Calls are our newest calls of WHMCS's module; Refusals counts those in a row that failed for good.
	Calls    []Call `json:"calls,omitempty"`
	Refusals int    `json:"refusals,omitempty"`
	// ProblemTold is the problem that WHMCS shows beside the service.
	ProblemTold string `json:"problem_told,omitempty"`
	// Announced is the cause that staff were told last; nil when they know of none.
	Announced *Announced `json:"announced,omitempty"`
	// Aside is a word for staff that waits for nobody; nil when it is told.
	Aside *Announced `json:"aside,omitempty"`
	// PaidLate is true when a renewal came after the release could be undone, and nobody was told yet.
	PaidLate bool `json:"paid_late,omitempty"`
}

// Release is the giving back of the server, and why.
type Release struct {
	operation.Release
	Why string `json:"why,omitempty"`
	// ForExpiry releases may still be undone by a renewal.
	ForExpiry bool `json:"for_expiry,omitempty"`
	// Rebuild is true for a server that an earlier life left half released: the order goes on afterwards.
	Rebuild bool `json:"rebuild,omitempty"`
	// Unbuilt is true for an order that a person has ended before its customer had anything: WHMCS is
	// told, for it would have the order built anew once the engine has forgotten it.
	Unbuilt bool `json:"unbuilt,omitempty"`
	// RestoreFailed is true when undoing it failed; a person decides.
	RestoreFailed bool `json:"restore_failed,omitempty"`
	// Server is what was released, for the record.
	Server *api.Server `json:"server,omitempty"`
}

// Operator is what people want, until it is done.
type Operator struct {
	Terminate *Ending `json:"terminate,omitempty"`
	Detach    *Ending `json:"detach,omitempty"`
	Retry     *Retry  `json:"retry,omitempty"`
	Accept    *Retry  `json:"accept,omitempty"`
	// Attentions counts what the service waited for a person for; each has its number.
	Attentions int `json:"attentions,omitempty"`
	// Approved is true when a person has said that the next block or release is meant,
	// whatever the limits of the panel; the act that it was for ends it.
	Approved bool `json:"approved,omitempty"`
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

// Adoption is how a service came here that was not ordered through metalease.
type Adoption struct {
	// Adopted services have the name and the package that they came with.
	Adopted bool `json:"adopted,omitempty"`
	// Pending is what is to be taken over, until it was.
	Pending *api.Adoption `json:"pending,omitempty"`
}

// newState is the state with which a service starts.
func newState(start api.Start) *State {
	return &State{
		Version: StateVersion, Order: start.Order, Settings: start.Settings.WithDefaults(),
		Adoption: Adoption{Adopted: start.Adopted, Pending: start.Adopt},
	}
}

// blocked tells whether the server is blocked, as far as is known.
func (s *State) blocked() bool { return s.Server != nil && s.Server.Blocked }

// shown is the server that people are shown: the one that it has, else the one that was released.
func (s *State) shown() *api.Server {
	if s.Server != nil {
		return &s.Server.Server
	}
	return s.Release.Server
}

// status is the answer of the query.
func (s *State) status() api.Status {
	status := api.Status{
		ServiceID: s.Order.ServiceID, ClientID: s.Order.ClientID,
		Panel: s.Order.Panel, Package: s.Order.Package,
		Phase: s.Life.Phase, Step: s.Life.Step, Ready: s.Life.Ready,
		Server: s.shown(), Account: s.Account.Name,
		Blocks: s.Blocks.reasons(), GraceEndsAt: s.Blocks.GraceEndsAt, Held: s.Blocks.Hold,
		Attention: s.Attention, Events: s.Journal.Events, Timeline: s.Journal.Timeline,
		UpdatedAt: s.Journal.UpdatedAt, Steps: s.Life.Steps, Order: s.Order, Action: s.Acting.shown(),
	}
	if s.Server != nil {
		if i := s.Server.Install; i.Number > 0 {
			status.Install = &api.Install{AcceptedAt: i.AcceptedAt, Deadline: i.Deadline, FinishedAt: i.FinishedAt, Attempt: s.Request.Installs}
		}
	}
	if s.Life.Phase == api.PhaseWaiting {
		status.Position = s.Request.Position
	}
	if status.Events == nil {
		status.Events = []api.EventRecord{}
	}
	if status.Timeline == nil {
		status.Timeline = []api.Entry{}
	}
	return status
}
