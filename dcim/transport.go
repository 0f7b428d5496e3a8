package dcim

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"

	"metalease/internal/tlstrust"
)

// node is one element of an answer, whatever its name.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []node     `xml:",any"`
}

func (n node) name() string { return n.XMLName.Local }

func (n node) text() string { return strings.TrimSpace(n.Text) }

func (n node) child(name string) (node, bool) {
	for _, c := range n.Children {
		if c.name() == name {
			return c, true
		}
	}
	return node{}, false
}

// get is the text of a child; empty when there is none.
func (n node) get(name string) string {
	c, _ := n.child(name)
	return c.text()
}

// has tests a flag: it is set when the element is there, whatever its text
// (reference/dcimanager.md 4.1).
func (n node) has(name string) bool {
	_, there := n.child(name)
	return there
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// rows are the elem rows at any depth: address lists nest them (reference 3.7).
func (n node) rows() []node {
	var rows []node
	for _, c := range n.Children {
		if c.name() == "elem" {
			rows = append(rows, c)
		}
		rows = append(rows, c.rows()...)
	}
	return rows
}

// read asks for something and changes nothing.
func (c *Client) read(ctx context.Context, function string, params ...string) (node, error) {
	return c.call(ctx, function, false, params)
}

// change asks the panel to do something; a lost reply is KindMayHaveHappened.
func (c *Client) change(ctx context.Context, function string, params ...string) (node, error) {
	return c.call(ctx, function, true, params)
}

func (c *Client) call(ctx context.Context, function string, changes bool, params []string) (node, error) {
	form := url.Values{"out": {"xml"}, "func": {function}}
	for i := 0; i+1 < len(params); i += 2 {
		form.Set(params[i], params[i+1])
	}
	if !form.Has("auth") && function != "auth" {
		form.Set("authinfo", c.config.User+":"+c.config.Password)
	}
	done, err := c.limits.acquire(ctx)
	if err != nil {
		return node{}, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	return c.send(ctx, function, changes, form)
}

func (c *Client) send(ctx context.Context, function string, changes bool, form url.Values) (node, error) {
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true) },
	})
	body := io.NopCloser(strings.NewReader(form.Encode()))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.config.URL, body)
	if err != nil {
		return node{}, c.fail(function, KindUnreachable, "the request could not be made")
	}
	// Without GetBody the transport can never send a change a second time by itself.
	req.ContentLength = int64(len(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "text/xml")
	resp, err := c.http.Do(req)
	if err != nil {
		return node{}, c.lost(function, changes && sent.Load(), err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, c.config.MaxAnswer+1))
	if err != nil {
		return node{}, c.lost(function, changes, err)
	}
	return c.understand(function, resp, text)
}

// lost turns a transport error into ours. The text of a url.Error would hold the
// address only, but the causes below it are the vendor's and the network's, so
// that only known words are kept.
func (c *Client) lost(function string, mayHaveHappened bool, err error) error {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	switch {
	case errors.Is(err, tlstrust.ErrFingerprint), errors.As(err, &unknown), errors.As(err, &host), errors.As(err, &invalid), errors.As(err, &verify):
		return c.fail(function, KindCertificate, "the certificate of "+c.host+" is not trusted: "+cause(err))
	case errors.Is(err, context.Canceled):
		if mayHaveHappened {
			return c.fail(function, KindMayHaveHappened, "the call was given up after it had been sent")
		}
		return context.Canceled
	case mayHaveHappened:
		return c.fail(function, KindMayHaveHappened, "the reply was lost ("+cause(err)+"); the change may have been made")
	}
	return c.fail(function, KindUnreachable, c.host+" did not answer: "+cause(err))
}

// cause is the innermost text of a network error, which names no request.
func cause(err error) string {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "time limit reached"
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Op + ": " + op.Err.Error()
	}
	return err.Error()
}

func (c *Client) understand(function string, resp *http.Response, text []byte) (node, error) {
	if int64(len(text)) > c.config.MaxAnswer {
		return node{}, c.fail(function, KindNotAPanel, fmt.Sprintf("the answer is larger than %d bytes", c.config.MaxAnswer))
	}
	if six := recogniseSix(resp, text); six != "" {
		return node{}, c.fail(function, KindUnsupported, six)
	}
	var doc node
	if err := xml.Unmarshal(text, &doc); err != nil || doc.name() != "doc" {
		return node{}, c.fail(function, KindNotAPanel, fmt.Sprintf("%s answered %s with %s, which is no answer of a panel",
			c.host, resp.Status, describe(text)))
	}
	if e, failed := doc.child("error"); failed {
		return node{}, c.refused(function, e)
	}
	if resp.StatusCode >= http.StatusInternalServerError {
		return node{}, c.fail(function, KindNotAPanel, c.host+" answered "+resp.Status)
	}
	return doc, nil
}

// refused reads an error document (reference 2.6).
func (c *Client) refused(function string, e node) error {
	kind, known := kinds[e.attr("type")]
	if !known {
		kind = KindPanel
	}
	failure := &Error{Panel: c.config.Name, Function: function, Kind: kind, Type: e.attr("type"), Object: e.attr("object"), Message: e.get("msg")}
	for _, param := range e.Children {
		if param.name() != "param" {
			continue
		}
		switch param.attr("name") {
		case "object":
			failure.Object = param.text()
		case "value":
			failure.Value = param.text()
		}
	}
	if failure.Message == "" {
		failure.Message = "the panel gave no reason"
	}
	failure.Message = c.conceal(failure.Message)
	failure.Value = c.conceal(failure.Value)
	return failure
}

// conceal takes the password out of what the panel may have echoed.
func (c *Client) conceal(text string) string {
	if c.config.Password == "" {
		return text
	}
	return strings.ReplaceAll(text, c.config.Password, "[secret]")
}

// recogniseSix tells DCImanager 6 by its API's answers and its login page
// (reference 6.1).
func recogniseSix(resp *http.Response, text []byte) string {
	for _, cookie := range resp.Cookies() {
		if cookie.Name == "ses6" {
			return "this is DCImanager 6 (it sets the cookie ses6)"
		}
	}
	lower := bytes.ToLower(text[:min(len(text), 64<<10)])
	switch {
	case bytes.Contains(lower, []byte("isp-box-instance")), bytes.Contains(lower, []byte("dcimanager 6")):
		return "this is DCImanager 6 (its login page answers)"
	case bytes.HasPrefix(bytes.TrimSpace(lower), []byte(`{"error"`)) && bytes.Contains(lower, []byte(`"code"`)):
		return "this is DCImanager 6 (its API answers)"
	}
	return ""
}

// describe says what an answer looks like, without quoting it: it may hold anything.
func describe(text []byte) string {
	trimmed := bytes.TrimSpace(text)
	switch {
	case len(trimmed) == 0:
		return "nothing"
	case bytes.HasPrefix(bytes.ToLower(trimmed), []byte("<!doctype html")), bytes.HasPrefix(bytes.ToLower(trimmed), []byte("<html")):
		return "an HTML page"
	case trimmed[0] == '{' || trimmed[0] == '[':
		return "JSON"
	case trimmed[0] == '<':
		return "a broken document"
	}
	return "garbage"
}

func (c *Client) fail(function string, kind Kind, message string) error {
	return &Error{Panel: c.config.Name, Function: function, Kind: kind, Message: c.conceal(message)}
}
