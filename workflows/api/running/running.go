// Package running is what gateway, lifecycle and worker say to each other of a server that a customer
// has: how long a wish lasts, and the ways into the panel.
package running

import (
	"time"

	"metalease/workflows/api"
)

// UpdateSignOn makes a way into the panel or to the console. It is an update and no signal: its answer
// is for the one who clicked, at once, or for nobody.
const UpdateSignOn = "sso"

// Words of action and state.
const (
	PowerOn     = "on"
	PowerOff    = "off"
	PowerReboot = "reboot"
)

// Targets of a sign-on.
const (
	SignOnPanel   = "panel"
	SignOnConsole = "console"
)

// WishLasts is how long after it was asked for power, network and reinstall may still begin: nobody
// wants a reboot two hours after the click.
const WishLasts = 5 * time.Minute

// SignOn is the input of UpdateSignOn.
type SignOn struct {
	EventID string    `json:"event_id,omitempty"`
	Actor   api.Actor `json:"actor,omitzero"`
	// Target is SignOnPanel or SignOnConsole.
	Target string `json:"target"`
	// Key is the public key, for this call alone, to which the answer is sealed: what opens a door
	// stands in no history.
	Key []byte `json:"key"`
}

// Sealed is the answer of UpdateSignOn: a signon.Door, sealed to the key of the call.
type Sealed struct {
	Text []byte `json:"text"`
}
