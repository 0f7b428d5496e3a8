package whmcs

import (
	"errors"
	"fmt"
	"strings"
	"time"
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

// Errors of each kind, for errors.Is.
const (
	ErrCredentials   = sentinel(KindCredentials)
	ErrUnknownAction = sentinel(KindUnknownAction)
	ErrNotFound      = sentinel(KindNotFound)
	ErrRefused       = sentinel(KindRefused)
	ErrNotAnAnswer   = sentinel(KindNotAnAnswer)
	ErrUnavailable   = sentinel(KindUnavailable)
	ErrResultUnknown = sentinel(KindResultUnknown)
)

type sentinel Kind

func (s sentinel) Error() string { return "WHMCS error of kind " + Kind(s).String() }

// kinds is the table of what is true of each kind. Its order is that of the constants.
var kinds = [...]struct {
	name string
	// retryable: a repeat of the same call may end otherwise by itself. Whether the call may be
	// repeated without a read before is another question.
	retryable bool
	// advice is what a person can do; empty when the message says all.
	advice string
}{
	KindNone:          {name: "None", retryable: true},
	KindCredentials:   {name: "Credentials", advice: "check identifier, secret, API role and API IP access in WHMCS and in the configuration"},
	KindUnknownAction: {name: "UnknownAction"},
	KindNotFound:      {name: "NotFound"},
	KindRefused:       {name: "Refused"},
	KindNotAnAnswer:   {name: "NotAnAnswer", retryable: true},
	KindUnavailable:   {name: "Unavailable", retryable: true},
	KindResultUnknown: {name: "ResultUnknown", retryable: true},
}

// Kinds are all kinds of errors that the client returns.
func Kinds() []Kind {
	var all []Kind
	for k := KindCredentials; int(k) < len(kinds); k++ {
		all = append(all, k)
	}
	return all
}

// String is the kind's name, for logs and metrics.
func (k Kind) String() string { return kinds[k].name }

// Retryable tells whether a repeat of the same call may end otherwise by itself.
func (k Kind) Retryable() bool { return kinds[k].retryable }

// Advice is what a person can do about it; empty when the message says all.
func (k Kind) Advice() string { return kinds[k].advice }

// Error is a failed call. Its text is for support people and holds no secret.
type Error struct {
	Action  string
	Kind    Kind
	Message string
	// RetryAfter is how long WHMCS asked to be left alone, up to ten minutes; 0 when it said
	// nothing.
	RetryAfter time.Duration
}

// Is makes errors.Is(err, ErrNotFound) and the like work.
func (e *Error) Is(target error) bool {
	kind, is := target.(sentinel)
	return is && Kind(kind) == e.Kind
}

// Error names the action and what went wrong.
func (e *Error) Error() string {
	text := fmt.Sprintf("WHMCS, %s: %s", e.Action, e.Message)
	if advice := e.Kind.Advice(); advice != "" {
		text += "; " + advice
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
