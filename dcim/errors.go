package dcim

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"

	"metalease/internal/tlstrust"
)

// Kind says what a caller can do about an error.
type Kind int

// Kinds of errors. The panel's own types are those of docs/dcimanager.md 2.6; which
// function gives which is [UNCONFIRMED].
const (
	// KindNone is any error that is not an *Error.
	KindNone Kind = iota
	// KindCredentials: the login was refused (type auth, or access about the login).
	KindCredentials
	// KindAccess: the account may not do this (type access).
	KindAccess
	// KindMissed: an object or value is not there (type missed).
	KindMissed
	// KindValue: a field has a bad value (type value). Nothing was changed.
	KindValue
	// KindExists: it is there already (type exists).
	KindExists
	// KindLimit: nothing is left, such as in the address pool (type limit).
	KindLimit
	// KindLicense: the panel's licence forbids it (type license).
	KindLicense
	// KindPanel: any other error document.
	KindPanel
	// KindNotAPanel: HTML, garbage, a 5xx, or an answer over the size limit. After a
	// change this says nothing about whether it was made.
	KindNotAPanel
	// KindUnreachable: no connection, or no turn within the time limit; of a read,
	// also a lost answer. No change was made.
	KindUnreachable
	// KindCertificate: the server's certificate is not trusted; nothing was sent.
	KindCertificate
	// KindMayHaveHappened: the connection was lost, or the time limit reached, after
	// a change had been sent. A read must settle it before the next write.
	KindMayHaveHappened
	// KindUnsupported: DCImanager 6 answers.
	KindUnsupported
	// KindReadOnly: this client may not change anything; nothing was sent.
	KindReadOnly
)

var kindNames = [...]string{"None", "Credentials", "Access", "Missed", "Value", "Exists", "Limit", "License", "Panel", "NotAPanel",
	"Unreachable", "Certificate", "MayHaveHappened", "Unsupported", "ReadOnly"}

// String is the kind's name, for logs and metrics.
func (k Kind) String() string { return kindNames[k] }

// Error is a failed call. Its text is for support people; no field holds a secret.
type Error struct {
	// Panel is the configured name; Subject the id that the call was about, if any.
	Panel, Function, Subject string
	Kind                     Kind
	// Type, Object and Value are the panel's own words, when it gave any.
	Type, Object, Value string
	Message             string
}

// Error names the panel, the function, what went wrong, and the fix where one is known.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "panel %s, %s", e.Panel, e.Function)
	if e.Subject != "" {
		fmt.Fprintf(&b, " of %s", e.Subject)
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
	if advice := e.advice(); advice != "" {
		b.WriteString("; " + advice)
	}
	return b.String()
}

func (e *Error) advice() string {
	switch e.Kind {
	case KindCredentials:
		if e.Function == functionAuth {
			return "" // somebody else's login, not the configured one
		}
		return "check user and password of this panel in the configuration, and the panel's RestrictAuthinfo ranges"
	case KindAccess:
		return "give the panel's API account the right to do this"
	case KindLicense:
		return "renew the panel's licence"
	case KindNotAPanel:
		return "check that the url is the panel's own and that it is not in maintenance"
	case KindCertificate:
		return "set ca or fingerprint of this panel in the configuration"
	case KindMayHaveHappened:
		return "look before asking again"
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

func (c *Client) fail(r request, kind Kind, message string) error {
	return &Error{Panel: c.config.Name, Function: r.function, Subject: c.clean(r, r.subject()), Kind: kind, Message: c.clean(r, message)}
}

var kinds = map[string]Kind{
	"auth": KindCredentials, "access": KindAccess, "missed": KindMissed, "value": KindValue,
	"exists": KindExists, "limit": KindLimit, "license": KindLicense,
}

// loginObjects are the objects of an access error that is about the login itself
// ([UNCONFIRMED]; docs/dcimanager.md 2.2 only says that a refused authinfo may be one).
var loginObjects = []string{"auth", "authinfo", "badpassword"}

// refused reads an error document (docs/dcimanager.md 2.6).
func (c *Client) refused(r request, e node) error {
	failure := &Error{
		Panel: c.config.Name, Function: r.function, Subject: c.clean(r, r.subject()),
		Type: c.clean(r, e.attr("type")), Object: e.attr("object"), Message: c.clean(r, e.get("msg")),
	}
	for _, child := range e.Children {
		switch {
		case child.name() == "param" && child.attr("name") == "object":
			failure.Object = child.text()
		case child.name() == "param" && child.attr("name") == "value":
			failure.Value = c.clean(r, child.text())
		}
	}
	failure.Object = c.clean(r, failure.Object)
	if slices.Contains(secretParams, failure.Object) {
		failure.Value = "" // it is, or is close to, a secret
	}
	if failure.Message == "" {
		failure.Message = "the panel gave no reason"
	}
	switch kind, known := kinds[failure.Type]; {
	case kind == KindAccess && slices.Contains(loginObjects, failure.Object):
		failure.Kind = KindCredentials
	case known:
		failure.Kind = kind
	default:
		failure.Kind = KindPanel
	}
	return failure
}

func isUntrusted(err error) bool {
	var verify *tls.CertificateVerificationError
	return errors.Is(err, tlstrust.ErrFingerprint) || errors.As(err, &verify)
}

// cause is what went wrong below the request. The text of the url.Error around
// it would only repeat the address.
func cause(err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "the call was given up"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "time limit reached"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the panel closed the connection"
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return err.Error()
}
