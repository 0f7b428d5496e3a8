package api

import (
	"time"
)

// Phase is where a service is in its life.
type Phase string

// The phases of a service.
const (
	PhasePending   Phase = "pending"
	PhaseWaiting   Phase = "waiting"
	PhaseAttention Phase = "attention"
	PhaseActive    Phase = "active"
	PhaseBlocked   Phase = "blocked"
	PhaseReleasing Phase = "releasing"
	PhaseReleased  Phase = "released"
)

// Phases lists all phases in the order of a life.
var Phases = []Phase{PhasePending, PhaseWaiting, PhaseAttention, PhaseActive, PhaseBlocked, PhaseReleasing, PhaseReleased}

// Step is where a service is while it is built.
type Step string

// The steps of phase pending.
const (
	StepAccount   Step = "account"
	StepClaim     Step = "claim"
	StepAddresses Step = "addresses"
	StepPower     Step = "power"
	StepInstall   Step = "install"
	StepHandOver  Step = "hand-over"
)

// Steps lists the steps in the order in which they are done.
var Steps = []Step{StepAccount, StepClaim, StepAddresses, StepPower, StepInstall, StepHandOver}

// Outcome of a signal.
type Outcome string

// What became of a signal.
const (
	OutcomePending    Outcome = "pending"
	OutcomeApplied    Outcome = "applied"
	OutcomeIgnored    Outcome = "ignored"
	OutcomeSuperseded Outcome = "superseded"
	// OutcomeFailed: it was begun and did not end well; what is true of the server then, the reason says.
	OutcomeFailed Outcome = "failed"
)

// Status is the answer of the query "status" and of GET /v1/services/{id}.
type Status struct {
	ServiceID   int           `json:"service_id"`
	ClientID    int           `json:"client_id"`
	Panel       string        `json:"panel"`
	Package     string        `json:"package"`
	Phase       Phase         `json:"phase"`
	Step        Step          `json:"step,omitempty"`
	Ready       bool          `json:"ready"`
	Server      *Server       `json:"server,omitempty"`
	Account     string        `json:"account,omitempty"`
	Install     *Install      `json:"install,omitempty"`
	Blocks      []Block       `json:"blocks"`
	GraceEndsAt *time.Time    `json:"grace_ends_at,omitempty"`
	Held        string        `json:"held,omitempty"`
	Attention   *Attention    `json:"attention,omitempty"`
	Events      []EventRecord `json:"events"`
	Timeline    []Entry       `json:"timeline"`
	UpdatedAt   time.Time     `json:"updated_at"`
	// Steps tells when each step of the build began and ended.
	Steps []StepTime `json:"steps,omitempty"`
	// Position in the queue when last told, 1 is next; 0 when not waiting.
	Position int `json:"position,omitempty"`
	// Action is what is being done with the running server, or was done last.
	Action *Action `json:"action,omitempty"`
	// Order is what was asked for; it holds no secret.
	Order Order `json:"order"`
}

// Server is what a service holds.
type Server struct {
	ID       string   `json:"id"`
	Label    string   `json:"label"`
	Hostname string   `json:"hostname"`
	IP       string   `json:"ip"`
	ExtraIPs []string `json:"extra_ips"`
}

// Install is the running or last OS install.
type Install struct {
	AcceptedAt time.Time `json:"accepted_at"`
	Deadline   time.Time `json:"deadline"`
	Attempt    int       `json:"attempt"`
	// FinishedAt is zero while the install runs or when it failed.
	FinishedAt time.Time `json:"finished_at,omitzero"`
}

// Block is one reason for which the server is blocked.
type Block struct {
	Reason string    `json:"reason"`
	Source string    `json:"source"`
	Since  time.Time `json:"since"`
}

// Attention says why the service waits for a person and what can be done.
type Attention struct {
	// Number tells this attention from those before; a person's word names it.
	Number  int       `json:"number"`
	Code    string    `json:"code"`
	Message string    `json:"message"`
	Since   time.Time `json:"since"`
	Actions []string  `json:"actions"`
}

// EventRecord is one signal and what became of it.
type EventRecord struct {
	EventID string  `json:"event_id"`
	Kind    string  `json:"kind"`
	Outcome Outcome `json:"outcome"`
	Reason  string  `json:"reason,omitempty"`
}

// Entry is one line of the timeline.
type Entry struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

// StepTime is when a step of the build began and ended.
type StepTime struct {
	Step  Step      `json:"step"`
	Began time.Time `json:"began"`
	Ended time.Time `json:"ended,omitzero"`
}
