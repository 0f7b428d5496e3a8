package dci5

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"slices"

	"metalease/dcim"
	"metalease/internal/tlstrust"
)

// fail is an error of a call that ended before it was sent, or of a read.
func (c *Client) fail(r request, kind dcim.Kind, message string) *dcim.Error {
	return &dcim.Error{Panel: c.config.Name, Function: r.function, Subject: c.clean(r, r.subject()), As: c.clean(r, r.as), Kind: kind,
		Message: c.clean(r, message), Advice: kind.Advice()}
}

// failSent is an error of a call that had left for the panel.
func (c *Client) failSent(r request, kind dcim.Kind, message string) *dcim.Error {
	failure := c.fail(r, kind, message)
	failure.Sent = r.changes
	return failure
}

// doubt is the error of a write whose answer does not say that it was made.
func (c *Client) doubt(r request, message string) error {
	return c.failSent(r, dcim.KindMayHaveHappened, message)
}

// large is an answer over a limit. Of a write it is no answer: it does not say what was done.
func (c *Client) large(r request, message string) *dcim.Error {
	if r.changes {
		return c.failSent(r, dcim.KindNotAPanel, message)
	}
	return c.fail(r, dcim.KindTooLarge, message)
}

// unreadable is an answer about one object that was not read whole.
func (c *Client) unreadable(r request, why string) *dcim.Error {
	if r.changes {
		return c.failSent(r, dcim.KindNotAPanel, why)
	}
	return c.fail(r, dcim.KindUnreadable, "it cannot be read whole: "+why)
}

// kinds are the types of error documents (docs/dcimanager.md 2.6).
var kinds = map[string]dcim.Kind{
	"auth": dcim.KindCredentials, "access": dcim.KindAccess, "missed": dcim.KindMissed, "value": dcim.KindValue,
	"exists": dcim.KindExists, "limit": dcim.KindLimit, "license": dcim.KindLicense,
}

// loginObjects are the objects of an access error that is about the login itself. They are
// not confirmed: docs/dcimanager.md 2.2 only says that a refused authinfo may be one.
var loginObjects = []string{"auth", "authinfo", "badpassword"}

// refused reads an error document (docs/dcimanager.md 2.6).
func (c *Client) refused(r request, e node) *dcim.Error {
	failure := &dcim.Error{
		Panel: c.config.Name, Function: r.function, Subject: c.clean(r, r.subject()), As: c.clean(r, r.as), Sent: r.changes,
		Type: c.clean(r, e.attr("type")), Object: e.attr("object"), Message: c.clean(r, e.get("msg")),
	}
	for _, child := range e.children {
		switch {
		case child.name == "param" && child.attr("name") == "object":
			failure.Object = child.text()
		case child.name == "param" && child.attr("name") == "value":
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
	case kind == dcim.KindAccess && slices.Contains(loginObjects, failure.Object):
		failure.Kind = dcim.KindCredentials
	case c.missing(failure):
		failure.Kind = dcim.KindMissed
	case known:
		failure.Kind = kind
	default:
		failure.Kind = dcim.KindPanel
	}
	if r.as != "" && (failure.Kind == dcim.KindCredentials || failure.Kind == dcim.KindAccess) {
		failure.Kind = dcim.KindDenied // it met somebody else: our own login and rights are not at fault
	}
	failure.Advice = failure.Kind.Advice()
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
