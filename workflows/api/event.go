package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"metalease/internal/hostname"
)

// Event is the input of every public signal: one flat, tolerant record.
type Event struct {
	// EventID makes a signal idempotent: random per call, reused for retries of that call.
	EventID string `json:"event_id,omitempty"`
	// At is when the sender decided; absent: when received.
	At Moment `json:"at,omitzero"`
	// Due is the day that was not paid (expire).
	Due   Moment   `json:"due,omitzero"`
	Grace Duration `json:"grace,omitempty"`
	// ExpiresAt is until when the service is paid (renew).
	ExpiresAt Moment `json:"expires_at,omitzero"`
	Reason    string `json:"reason,omitempty"`
	// Source names who asked: whmcs, gateway, cli, ...
	Source string `json:"source,omitempty"`
	// Attention is the number of the attention that a person's word answers; 0 is the open one.
	Attention int  `json:"attention,omitempty"`
	Replace   bool `json:"replace,omitempty"`
	ServerID  ID   `json:"server_id,omitempty"`
	// Order holds corrected order fields (retry). Identity and paid_at never change.
	Order json.RawMessage `json:"order,omitempty"`
	// Actor is who asks for something to be done with a running server.
	Actor Actor `json:"actor,omitzero"`
	// Action is on, off or reboot (power); State is on or off (network).
	Action string `json:"action,omitempty"`
	State  string `json:"state,omitempty"`
	// OSTemplate and Recipe are what is installed, and Confirm is the host name of the server whose
	// data is given up (reinstall). A password never travels with a call.
	OSTemplate string `json:"os_template,omitempty"`
	Recipe     string `json:"recipe,omitempty"`
	Confirm    string `json:"confirm,omitempty"`
	// IPv4 and IPv6 count the wanted addresses beyond the main one; absent leaves them. Domains are the
	// names of single addresses (addresses).
	IPv4    *int           `json:"ipv4,omitempty"`
	IPv6    *int           `json:"ipv6,omitempty"`
	Domains hostname.Names `json:"domains,omitempty"`
}

// Moment is a time that JSON gives as RFC 3339 or as a WHMCS date.
type Moment struct{ time.Time }

// UnmarshalJSON takes RFC 3339, YYYY-MM-DD and YYYY-MM-DD HH:MM:SS. WHMCS's
// zero dates mean no date (docs/whmcs-api.md 1.3).
func (m *Moment) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return fmt.Errorf("a time must be text")
	}
	text = strings.TrimSpace(text)
	if text == "" || strings.HasPrefix(text, "0000-00-00") {
		m.Time = time.Time{}
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly, time.DateTime} {
		if parsed, err := time.Parse(layout, text); err == nil {
			m.Time = parsed.UTC()
			return nil
		}
	}
	return fmt.Errorf("%q is no time: write 2026-01-31T12:00:00Z or 2026-01-31", text)
}

// MarshalJSON writes RFC 3339.
func (m Moment) MarshalJSON() ([]byte, error) { return json.Marshal(m.Time) }

// parseEvent reads the input of a signal: absent, a JSON string taken as the
// reason, or an object whose unknown fields are ignored.
func ParseEvent(raw json.RawMessage) (Event, error) {
	text := strings.TrimSpace(string(raw))
	if text == "" || text == "null" {
		return Event{}, nil
	}
	var event Event
	if len(text) > LimitInput {
		return event, fmt.Errorf("the input has %d bytes; at most %d are read", len(text), LimitInput)
	}
	if strings.HasPrefix(text, `"`) {
		err := json.Unmarshal(raw, &event.Reason)
		return event.bounded(), err
	}
	if !strings.HasPrefix(text, "{") {
		return event, fmt.Errorf("the input must be absent, a text or an object")
	}
	err := json.Unmarshal(raw, &event)
	return event.bounded(), err
}
