package running

import "time"

// MemoHeld is the memo of a lifecycle whose customer has a server: [Held]. Lists of Temporal carry it, so that many
// services are told apart without a question to each.
const MemoHeld = "held"

// Held is since when the customer has the server, and by which account of the panel. A memo of another server than the service
// shows now says nothing.
type Held struct {
	ServerID    string    `json:"server_id,omitempty"`
	Since       time.Time `json:"since,omitzero"`
	AccountID   string    `json:"account_id,omitempty"`
	AccountName string    `json:"account,omitempty"`
}

// Same tells whether two say the same.
func (h Held) Same(other Held) bool {
	same := h.Since.Equal(other.Since)
	h.Since = other.Since
	return same && h == other
}
