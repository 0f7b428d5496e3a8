package dcim

import (
	"fmt"
	"time"
)

// SignOn lets one browser into the panel: it posts the Fields to the URL before the time is
// over. The URL holds no secret, the Fields are one. So they go from here to that browser, and
// neither into a log nor into a history.
type SignOn struct {
	URL string `json:"url"`
	// Fields are those of a form, by name.
	Fields map[string]string `json:"-"`
	// Inside is an address without a secret that leads to the same place for a browser that is
	// signed in: for panels whose sessions hold for one address only, so that the one in Fields is
	// refused (docs/dcimanager.md 3.10). Empty for the panel itself.
	Inside string `json:"inside,omitempty"`
	// ExpiresAt is until when we count on it. How long a panel does is not confirmed
	// (docs/dcimanager.md 2.3).
	ExpiresAt time.Time `json:"expires_at"`
}

// Format prints the sign-on without its fields, whatever the verb.
func (s SignOn) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "sign-on at %s until %s", s.URL, s.ExpiresAt.UTC().Format(time.RFC3339))
}
