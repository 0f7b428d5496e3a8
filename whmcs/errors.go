package whmcs

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what a caller can do about an error.
type Kind int

// Kinds of errors. WHMCS has no error codes, so refusals are told apart by their
// message (docs/whmcs-api.md 1.2).
const (
	KindNone Kind = iota
	// KindCredentials: identifier, secret, role or address list. A person repairs it.
	KindCredentials
	// KindUnknownAction: this WHMCS does not know the call.
	KindUnknownAction
	// KindNotFound: the service, order or client is not there.
	KindNotFound
	// KindRefused: WHMCS or the module it ran said no.
	KindRefused
	// KindNotAnAnswer: HTML, warnings of PHP, a 5xx. Whether a change was made is not known.
	KindNotAnAnswer
	// KindUnavailable: no connection, no turn, or a question without an answer. Nothing
	// was changed.
	KindUnavailable
	// KindResultUnknown: the reply to a change was lost.
	KindResultUnknown
)

// Error is a failed call. Its text is for support people and holds no secret.
type Error struct {
	Action  string
	Kind    Kind
	Message string
}

// Error names the action and what went wrong.
func (e *Error) Error() string {
	text := fmt.Sprintf("WHMCS, %s: %s", e.Action, e.Message)
	if e.Kind == KindCredentials {
		text += "; check identifier, secret, API role and API IP access in WHMCS and in the configuration"
	}
	return text
}

// KindOf returns the kind of a client's error; KindNone for any other.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindNone
}

// phrases are the beginnings of known messages, lower case, the longer first. Only
// the beginning counts: a module's own text may speak of an "invalid ip" too.
var phrases = []struct {
	beginning string
	kind      Kind
}{
	{"authentication failed", KindCredentials},
	{"invalid or missing credentials", KindCredentials},
	{"invalid ip", KindCredentials},
	{"access denied", KindCredentials},
	{"administrator account disabled", KindCredentials},
	{"ip banned", KindCredentials},
	{"invalid permissions", KindCredentials},
	{"command not found", KindUnknownAction},
	{"api function not found", KindUnknownAction},
	{"invalid api action", KindUnknownAction},
	{"empty action request", KindUnknownAction},
	{"order id not found or status not pending", KindRefused}, // says neither which
	{"service id not found", KindNotFound},
	{"order id not found", KindNotFound},
	{"client id not found", KindNotFound},
	{"client not found", KindNotFound},
	{"ticket id not found", KindNotFound},
}

// classify tells what a message means, with the HTTP status as fallback.
func classify(message string, status int) Kind {
	lower := strings.ToLower(message)
	for _, phrase := range phrases {
		if strings.HasPrefix(lower, phrase.beginning) {
			return phrase.kind
		}
	}
	if status == 401 || status == 403 {
		return KindCredentials
	}
	return KindRefused
}
