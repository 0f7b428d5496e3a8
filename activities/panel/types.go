package panel

import (
	"time"

	"metalease/activities/holding"
)

// Target names one service's server on a panel.
type Target struct {
	ServiceID int    `json:"service_id"`
	ServerID  string `json:"server_id"`
	// Account owns the server after hand-over; empty while it is built.
	Account holding.Account `json:"account,omitzero"`
	// Approved is true when a person has said that the next destructive act is meant,
	// whatever the limits of the panel.
	Approved bool `json:"approved,omitempty"`
	// ForExpiry is true for a block or a step of a release that is only due while WHMCS shows that
	// nobody paid: it is asked once more right before the change.
	ForExpiry bool `json:"for_expiry,omitempty"`
}

// Server is what a lifecycle remembers of its server.
type Server struct {
	ID       string   `json:"id"`
	Label    string   `json:"label"`
	Hostname string   `json:"hostname"`
	IP       string   `json:"ip"`
	ExtraIPs []string `json:"extra_ips,omitempty"`
}

// Found is the answer of FindServer.
type Found struct {
	Server *Server `json:"server,omitempty"`
	// State of the mark; empty for the remembered server that has lost it.
	State string `json:"state,omitempty"`
	// HandedOver is true when a customer's account owns the server: Account.
	HandedOver bool            `json:"handed_over,omitempty"`
	Account    holding.Account `json:"account,omitzero"`
	// Blocked is what the panel shows.
	Blocked bool `json:"blocked,omitempty"`
	// Cleared is true for a server that has the name of a free one.
	Cleared bool `json:"cleared,omitempty"`
	// Shared says that the account holds another client's server too; empty when it does not.
	Shared string `json:"shared,omitempty"`
	// Unread are servers whose record cannot be read, so that nobody knows whose they are.
	Unread []string `json:"unread,omitempty"`
}

// ClaimRequest asks for one free server to become one service's.
type ClaimRequest struct {
	ServerID  string `json:"server_id"`
	ServiceID int    `json:"service_id"`
	ClientID  int    `json:"client_id"`
	Package   string `json:"package"`
	// LastResort takes a server that failed lately as well.
	LastResort bool `json:"last_resort,omitempty"`
}

// ClaimOutcome says how a claim ended.
type ClaimOutcome string

// The ends of a claim.
const (
	ClaimGranted ClaimOutcome = "granted"
	// ClaimTaken: the server is not free any more; try the next one.
	ClaimTaken ClaimOutcome = "taken"
	// ClaimUnreliable: the server failed twice within 30 days; try others first.
	ClaimUnreliable ClaimOutcome = "unreliable"
	// ClaimRefused: this service cannot have this server, or no server at all.
	ClaimRefused ClaimOutcome = "refused"
)

// ClaimResult is the answer of Claim.
type ClaimResult struct {
	Outcome ClaimOutcome `json:"outcome"`
	Server  Server       `json:"server,omitzero"`
	// Package is what the stock counts the server under.
	Package string `json:"package,omitempty"`
	// Code and Why explain a refusal to a person; Why also tells why a server was taken.
	Code string `json:"code,omitempty"`
	Why  string `json:"why,omitempty"`
}

// Want is how many candidates of one package an allocator can use.
type Want struct {
	Package string `json:"package"`
	Count   int    `json:"count"`
}

// Survey is what one look at a panel tells an allocator: enough candidates for
// the queue, and counts. Never the whole list.
type Survey struct {
	// Candidates by package, in the panel's order.
	Candidates map[string][]string `json:"candidates"`
	// Lasts is how long they serve those who come after the survey.
	Lasts time.Duration `json:"lasts,omitempty"`
	// Held are servers that waiting services have already, by service.
	Held  map[int]string `json:"held,omitempty"`
	Stock []PackageCount `json:"stock"`
	// Missing are wanted packages that no server of the panel is of, free or not. An empty list of
	// servers tells nothing about that.
	Missing []string  `json:"missing,omitempty"`
	AsOf    time.Time `json:"as_of"`
}

// PackageCount counts the servers of one package.
type PackageCount struct {
	Package     string `json:"package"`
	Free        int    `json:"free"`
	Claimed     int    `json:"claimed"`
	Quarantined int    `json:"quarantined"`
}

// Build is what the building steps need to know of the order.
type Build struct {
	Target
	ClientID int    `json:"client_id"`
	Hostname string `json:"hostname"`
	// Named is the hostname that the server had when the service last looked.
	Named        string `json:"named,omitempty"`
	IPv4         int    `json:"ipv4,omitempty"`
	IPv6         int    `json:"ipv6,omitempty"`
	AddressGroup string `json:"address_group,omitempty"`
	OSTemplate   string `json:"os_template,omitempty"`
	Recipe       string `json:"recipe,omitempty"`
	// Install numbers the installs of this service, from 1. It stands in the mark, so
	// that a repeat of one install is told from the next one.
	Install int           `json:"install,omitempty"`
	Limit   time.Duration `json:"limit,omitempty"`
	// MayPowerOff is true when a power off that nobody saw the end of may still come.
	MayPowerOff bool `json:"may_power_off,omitempty"`
	// BrokenAccepted is true when a person wants the server though the panel reports a hardware problem.
	BrokenAccepted bool `json:"broken_accepted,omitempty"`
	// KeepBlocked is true for a server that a reason of ours keeps blocked.
	KeepBlocked bool `json:"keep_blocked,omitempty"`
}

// Addresses are all addresses of a server.
type Addresses struct {
	Main  string   `json:"main"`
	Extra []string `json:"extra"`
	// Since is when MakeReady had seen all of them there.
	Since time.Time `json:"since,omitzero"`
}

// Progress of an install, as the panel shows it now.
type Progress string

// What an install can look like.
const (
	InstallRunning  Progress = "running"
	InstallFinished Progress = "finished"
	InstallFailed   Progress = "failed"
)

// Started is the answer of StartInstall.
type Started struct {
	AcceptedAt time.Time `json:"accepted_at"`
	Progress   Progress  `json:"progress"`
	// Number is that of the install which the mark announces; 0 when it was asked for just now.
	Number int `json:"number,omitempty"`
}

// Watched is the end of an install.
type Watched struct {
	Progress   Progress  `json:"progress"`
	FinishedAt time.Time `json:"finished_at"`
	// Words of the panel about a failure.
	Words string `json:"words,omitempty"`
}
