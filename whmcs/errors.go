package whmcs

import (
	"errors"
	"fmt"
	"time"
)

// Error is a failed call. Its text is for support people and holds no secret.
// errors.Is finds its kind: errors.Is(err, whmcs.ErrNotFound).
type Error struct {
	Action  string
	Kind    Kind
	Message string
	// Status is the HTTP status of an answer that refused; 0 where there was none.
	Status int
	// Reason is what to change, where the message of a refusal says it; else empty.
	Reason Reason
	// RetryAfter is how long WHMCS, or what stands before it, asks to be left alone:
	// up to ten minutes; 0 when it did not ask.
	RetryAfter time.Duration
}

// Error names the action, what went wrong, and the fix where one is known.
func (e *Error) Error() string {
	text := fmt.Sprintf("WHMCS, %s: %s", e.Action, e.Message)
	if advice := e.Kind.Properties().Advice; advice != "" {
		text += "; " + advice
	}
	return text
}

// Is tells whether the target is the sentinel of this error's kind.
func (e *Error) Is(target error) bool {
	kind, is := target.(sentinel)
	return is && Kind(kind) == e.Kind
}

// KindOf returns the kind of a client's error; KindNone for any other.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindNone
}
