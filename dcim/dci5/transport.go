package dci5

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"metalease/dcim"
	"metalease/internal/retryafter"
)

// turnKey marks the context of calls that have their turn already.
type turnKey struct{}

// Turn implements dcim.Backend. Each begins with the form of its server; one of no server, with a list.
func (c *Client) Turn(ctx context.Context, serverID string, calls int, do func(context.Context) error) error {
	if ctx.Value(turnKey{}) != nil {
		return do(ctx)
	}
	done, err := c.limits.AcquireTurn(ctx, calls)
	if err != nil {
		function := "server.edit"
		if serverID == "" {
			function = "server"
		}
		return dcim.NoTurn(c.config.Name, function, serverID, err)
	}
	defer done()
	return do(context.WithValue(ctx, turnKey{}, true))
}

// do sends one request when its turn has come, and reads the answer.
func (c *Client) do(ctx context.Context, r request) (node, error) {
	if failure := c.unfit(r); failure != nil {
		return node{}, failure
	}
	if ctx.Value(turnKey{}) == nil {
		done, err := c.limits.Acquire(ctx)
		if err != nil {
			return node{}, dcim.NoTurn(c.config.Name, r.function, c.clean(r, r.subject()), err)
		}
		defer done()
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	began := time.Now()
	doc, err := c.send(ctx, r)
	if c.config.Observe != nil {
		c.config.Observe(r.function, err, time.Since(began))
	}
	return doc, err
}

// unfit is why a request is not sent; nil when it is.
func (c *Client) unfit(r request) *dcim.Error {
	if name, bad := r.badID(); bad {
		return c.fail(r, dcim.KindValue, fmt.Sprintf("%q is not the id of one object (%s); nothing was sent", r.get(name), name))
	}
	if (r.changes || r.once) && c.config.ReadOnly {
		return c.readOnly(r)
	}
	return nil
}

func (c *Client) readOnly(r request) *dcim.Error {
	return c.fail(r, dcim.KindReadOnly, "the panel is only observed, so nothing was sent; set its mode to manage to have it managed")
}

func (c *Client) send(ctx context.Context, r request) (node, error) {
	resp, sent, err := c.exchange(ctx, r, c.kept)
	if err != nil && errors.Is(err, errUnsent) {
		resp, sent, err = c.exchange(ctx, r, c.fresh)
	}
	if err != nil {
		return node{}, c.lost(r, sent, err)
	}
	defer func() { _ = resp.Body.Close() }()
	from := &answer{in: resp.Body, left: c.config.MaxAnswer}
	doc, err := decode(from, c.charset(resp))
	from.end(err == nil)
	if from.failed != nil {
		return node{}, c.lost(r, true, from.failed)
	}
	if failure := c.understand(r, resp, from, doc, err); failure != nil {
		failure.RetryAfter = retryafter.Of(resp.Header, time.Now())
		return node{}, failure
	}
	return doc, nil
}

// errUnsent is the error of a request of which no byte was written, and none will be.
var errUnsent = errors.New("nothing was sent")

// exchange sends a request and awaits the answer. Once there is a connection the request may be on
// its way, and from then on only the panel knows. (The connection is reported before anything is
// written, in this goroutine.) Errors: errUnsent for one that may be sent again.
func (c *Client) exchange(ctx context.Context, r request, over *http.Client) (resp *http.Response, sent bool, err error) {
	var on track
	req, err := c.newRequest(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: on.gotConn}), r)
	if err != nil {
		return nil, false, err
	}
	resp, err = over.Do(req)
	if err != nil && ctx.Err() == nil && on.again() {
		return nil, false, fmt.Errorf("%w: %w", errUnsent, err)
	}
	return resp, on.given, err
}

// newRequest decides who may repeat. What changes something, or works once, has no GetBody, so net/http can
// never send it a second time. A read has one and is marked as idempotent (an
// empty value is not sent), so net/http replaces a connection that the panel
// closed meanwhile.
func (c *Client) newRequest(ctx context.Context, r request) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address.String(), strings.NewReader(r.encode(c.config.authinfo())))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if r.changes || r.once {
		req.GetBody = nil
	} else {
		req.Header["Idempotency-Key"] = nil
	}
	return req, nil
}

func (c *Config) authinfo() string { return c.User + ":" + c.Password }

// understand decides by the document, not by the HTTP status (docs/dcimanager.md 2.1). A
// document without an error counts only with a status of success.
func (c *Client) understand(r request, resp *http.Response, from *answer, doc node, err error) *dcim.Error {
	var large tooLarge
	switch {
	case from.over:
		return c.large(r, fmt.Sprintf("the answer is larger than %d bytes", c.config.MaxAnswer))
	case errors.As(err, &large):
		return c.large(r, err.Error())
	case err != nil:
		if why := recogniseSix(resp, from.head); why != "" {
			return c.failSent(r, dcim.KindUnsupported, why)
		}
		return c.strange(r, resp, describe(from.head, err))
	}
	if e, failed := doc.child("error"); failed {
		return c.refused(r, e)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return c.strange(r, resp, "a document without an error")
	}
	if doc.fault != "" {
		return c.unreadable(r, doc.fault)
	}
	return nil
}

// strange is an answer that no panel gives.
func (c *Client) strange(r request, resp *http.Response, what string) *dcim.Error {
	status := fmt.Sprintf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	if to, err := url.Parse(resp.Header.Get("Location")); err == nil && to.Host != "" {
		return c.failSent(r, dcim.KindNotAPanel, fmt.Sprintf("%s answered %s, a redirect to %s, which is never followed with credentials", c.address.Host, status, to.Host))
	}
	return c.failSent(r, dcim.KindNotAPanel, fmt.Sprintf("%s answered %s with %s, which is no answer of a panel", c.address.Host, status, what))
}

// describe says what an answer looks like, without quoting it: it may hold anything.
// Of a document that breaks off, err says where.
func describe(text []byte, err error) string {
	start := bytes.ToLower(bytes.TrimSpace(text[:min(len(text), 1<<10)]))
	switch {
	case len(start) == 0:
		return "nothing"
	case bytes.HasPrefix(start, []byte("<!doctype html")), bytes.HasPrefix(start, []byte("<html")):
		return "an HTML page"
	case start[0] == '{' || start[0] == '[':
		return "JSON"
	case start[0] == '<':
		return "a broken document (" + err.Error() + ")"
	}
	return "garbage"
}

// lost turns an error of the connection into ours.
func (c *Client) lost(r request, sent bool, err error) error {
	switch {
	case r.changes && sent:
		return c.failSent(r, dcim.KindMayHaveHappened, "the connection was lost after the request had been sent ("+cause(err)+"), so the change may have been made")
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("panel %s, %s: %w", c.config.Name, r.function, context.Canceled)
	case isUntrusted(err):
		return c.fail(r, dcim.KindCertificate, "the certificate of "+c.address.Host+" is not trusted: "+cause(err))
	case sent:
		return c.fail(r, dcim.KindUnreachable, "the answer of "+c.address.Host+" was lost: "+cause(err))
	}
	return c.fail(r, dcim.KindUnreachable, c.address.Host+" was not reached: "+cause(err))
}
