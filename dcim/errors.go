package dcim

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Error is a failed call. Its text is for support people; no field holds a secret.
type Error struct {
	// Panel is the configured name. Function is what was called, in the panel's words, and
	// Subject the id that the call was about, if any.
	Panel, Function, Subject string
	// As is the name of the account that the call was made as; empty for the configured one.
	As   string
	Kind Kind
	// Sent is true when the call was a write that had left for the panel. A write that failed
	// in the read before it, or waited in vain for its turn, was not sent.
	Sent bool
	// RetryAfter is how long the panel asked to be left alone, up to ten minutes; 0 when it
	// said nothing.
	RetryAfter time.Duration
	// Type, Object and Value are the panel's own words, when it gave any.
	Type, Object, Value string
	Message             string
	// Advice is what a person can do, mostly Kind.Advice; empty when the message says all.
	Advice string
}

// Error names the panel, the function, what went wrong, and the fix where one is known.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "panel %s, %s", e.Panel, e.Function)
	if e.Subject != "" {
		fmt.Fprintf(&b, " of %s", e.Subject)
	}
	if e.As != "" {
		fmt.Fprintf(&b, " as %s", e.As)
	}
	b.WriteString(": ")
	if e.Type != "" {
		fmt.Fprintf(&b, "%s: ", e.Type)
	}
	b.WriteString(e.Message)
	switch {
	case e.Object != "" && e.Value != "":
		fmt.Fprintf(&b, " (%s %q)", e.Object, e.Value)
	case e.Object != "":
		fmt.Fprintf(&b, " (%s)", e.Object)
	case e.Value != "":
		fmt.Fprintf(&b, " (%q)", e.Value)
	}
	if e.Advice != "" {
		b.WriteString("; " + e.Advice)
	}
	return b.String()
}

// Is makes errors.Is(err, ErrMissed) and the like work.
func (e *Error) Is(target error) bool {
	kind, is := target.(sentinel)
	return is && Kind(kind) == e.Kind
}

// Uncertain tells whether a write may have been made although it failed: it was sent, and
// what came back, if anything, is no word of the panel. A read must settle it before the
// next write.
func (e *Error) Uncertain() bool { return e.Sent && kinds[e.Kind].uncertain }

// Uncertain is Error.Uncertain of a backend's error; false for any other.
func Uncertain(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Uncertain()
}

// Refused tells whether the panel has said no to a write: it was sent, the panel answered,
// and nothing was changed.
func Refused(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Sent && kinds[e.Kind].refusal
}

// AboutOne tells whether the error of a read of one object may be about that object alone: the
// panel answered, and not about the login, the account's rights or its licence. Whoever reads
// many objects goes on with the others.
func AboutOne(err error) bool {
	switch KindOf(err) {
	case KindMissed, KindValue, KindExists, KindLimit, KindPanel, KindNotAPanel, KindTooLarge, KindUnreadable, KindDenied:
		return true
	case KindNone, KindCredentials, KindAccess, KindLicense, KindUnreachable, KindCertificate,
		KindMayHaveHappened, KindUnsupported, KindReadOnly:
	}
	return false
}

// KindOf returns the kind of a backend's error; KindNone for any other.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindNone
}

// NoTurn is the error of a call that waited in vain for its turn: what Limits returned.
// It is for backends.
func NoTurn(panel, function, subject string, err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return &Error{Panel: panel, Function: function, Subject: subject, Kind: KindUnreachable,
			Message: "no turn within the time limit: more is asked of this panel than its rate and concurrency allow; nothing was sent"}
	}
	return fmt.Errorf("panel %s, %s: %w", panel, function, context.Canceled)
}
