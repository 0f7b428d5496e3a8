package dcim

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what a caller can do about an error.
type Kind int

// Kinds of errors. The panel's own types are those of reference/dcimanager.md 2.6.
const (
	KindNone Kind = iota
	// KindCredentials: the panel refused the login (type auth).
	KindCredentials
	// KindAccess: the API account may not do this (type access).
	KindAccess
	// KindMissed: an object or value is not there (type missed).
	KindMissed
	// KindValue: a field has a bad value (type value).
	KindValue
	// KindExists and KindLimit: there already, or used up (types exists, limit).
	KindExists
	KindLimit
	// KindLicense: the panel's licence forbids it (type license).
	KindLicense
	// KindPanel: any other error document.
	KindPanel
	// KindNotAPanel: HTML, garbage, a 5xx, or an answer over the size limit. Whether
	// a change was made is not known.
	KindNotAPanel
	// KindUnreachable: no connection; the request was not sent.
	KindUnreachable
	// KindCertificate: the server's certificate is not trusted; nothing was sent.
	KindCertificate
	// KindMayHaveHappened: the connection was lost after a change was sent.
	KindMayHaveHappened
	// KindUnsupported: DCImanager 6 answers.
	KindUnsupported
)

// Error is a failed call. Its text is for support people and holds no secret.
type Error struct {
	Panel, Function string
	Kind            Kind
	// Type, Object and Value are the panel's own words, when it gave any.
	Type, Object, Value string
	Message             string
}

// Error names the panel, the function and what went wrong.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "panel %s, %s: ", e.Panel, e.Function)
	if e.Type != "" {
		fmt.Fprintf(&b, "%s: ", e.Type)
	}
	b.WriteString(e.Message)
	if e.Object != "" && !strings.Contains(e.Message, e.Object) {
		fmt.Fprintf(&b, " (%s)", e.Object)
	}
	if advice := e.Kind.advice(); advice != "" {
		b.WriteString("; " + advice)
	}
	return b.String()
}

func (k Kind) advice() string {
	switch k {
	case KindCredentials:
		return "check user and password of the panel in the configuration, and the panel's RestrictAuthinfo ranges"
	case KindAccess:
		return "give the API account the right to do this"
	case KindCertificate:
		return "set ca or fingerprint of the panel in the configuration"
	case KindUnsupported:
		return "metalease works with DCImanager 5"
	}
	return ""
}

// KindOf returns the kind of a client's error; KindNone for any other.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindNone
}

// kinds are the error types of a panel (reference 2.6; what is not listed there
// is KindPanel).
var kinds = map[string]Kind{
	"auth": KindCredentials, "access": KindAccess, "missed": KindMissed, "value": KindValue,
	"exists": KindExists, "limit": KindLimit, "license": KindLicense,
}
