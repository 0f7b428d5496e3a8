package dci5

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"metalease/dcim"
)

// Answer is what a panel answered to a read, for whoever asks about the panel itself
// (dcim/proving). Backend leaves all of this out.
type Answer struct {
	Doc Element
	// Status is that of HTTP.
	Status int
	// Bytes and Took are the size of the answer, and how long it took with its turn behind it.
	Bytes int
	Took  time.Duration
	// Encoding is what the answer says of itself, in its declaration or header; empty for nothing.
	// Text is false when it holds bytes that are not UTF-8 though nothing else was said, and Raw is
	// the answer as it came.
	Encoding string
	Text     bool
	Raw      []byte
	// Date is the panel's clock; zero when it sends none.
	Date time.Time
	// Refused is the panel's error, if it answered one.
	Refused *dcim.Error
}

// Element is a part of an answer.
type Element struct{ n node }

// Name of the element.
func (e Element) Name() string { return e.n.name }

// Text of the element, without space around it.
func (e Element) Text() string { return e.n.text() }

// Get is the text of a child; empty when there is none.
func (e Element) Get(name string) string { return e.n.get(name) }

// Has tells whether there is such a child.
func (e Element) Has(name string) bool { return e.n.has(name) }

// Attr is an attribute of a child.
func (e Element) Attr(child, name string) string {
	c, _ := e.n.child(child)
	return c.attr(name)
}

// Rows are the rows at any depth.
func (e Element) Rows() []Element {
	var rows []Element
	for _, n := range e.n.nestedRows() {
		rows = append(rows, Element{n})
	}
	return rows
}

// Fields are the names of the children.
func (e Element) Fields() []string {
	var names []string
	for _, c := range e.n.children {
		names = append(names, c.name)
	}
	return names
}

// Look reads, and returns what the panel answered, refused or not. Errors are those of a Backend
// about the connection, and about what is no answer of a panel.
func (c *Client) Look(ctx context.Context, function string, namesAndValues ...string) (Answer, error) {
	r := read(function, namesAndValues...)
	if failure := c.unfit(r); failure != nil {
		return Answer{}, failure
	}
	done, err := c.limits.Acquire(ctx)
	if err != nil {
		return Answer{}, dcim.NoTurn(c.config.Name, r.function, c.clean(r, r.subject()), err)
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	return c.look(ctx, r)
}

func (c *Client) look(ctx context.Context, r request) (Answer, error) {
	began := time.Now()
	resp, sent, err := c.exchange(ctx, r, c.kept)
	if errors.Is(err, errUnsent) {
		resp, sent, err = c.exchange(ctx, r, c.fresh)
	}
	if err != nil {
		return Answer{}, c.lost(r, sent, err)
	}
	defer func() { _ = resp.Body.Close() }()
	from := &answer{in: resp.Body, left: c.config.MaxAnswer}
	text, err := io.ReadAll(from)
	if from.failed != nil {
		return Answer{}, c.lost(r, true, err)
	}
	a := Answer{Status: resp.StatusCode, Bytes: len(text), Took: time.Since(began), Raw: text, Encoding: said(resp, text), Text: utf8.Valid(text)}
	a.Date, _ = http.ParseTime(resp.Header.Get("Date"))
	doc, err := decode(bytes.NewReader(text), c.charset(resp))
	a.Doc = Element{doc}
	if failure := c.understand(r, resp, from, doc, err); failure != nil {
		if _, refused := doc.child("error"); !refused {
			return a, failure
		}
		a.Refused = failure
	}
	return a, nil
}

// said is the encoding that an answer names.
func said(resp *http.Response, text []byte) string {
	if found := declaration.FindSubmatch(text[:min(len(text), longestDeclaration)]); found != nil {
		return string(found[1])
	}
	return charsetOf(resp)
}

// Stranger is this panel for somebody whom it does not know, whose calls it refuses.
func (c *Client) Stranger() *Client {
	other := *c
	other.config.User, other.config.Password = "metalease-check", newKey()
	return &other
}

// Trust says how the panel's certificate is trusted, in the words of the table of facts.
func (c *Client) Trust() string {
	switch {
	case c.config.Fingerprint != "":
		return "pinned"
	case c.config.CAFile != "":
		return "own authority"
	}
	return "system roots"
}
