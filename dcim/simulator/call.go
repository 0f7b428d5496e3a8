package simulator

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is one request to a function of the panel.
type call struct {
	*Panel
	function string
	params   url.Values
	remote   string
	host     string
	scheme   string
	now      time.Time
	// cookie is the session of a browser; cookies tells whether it sent any cookie at all.
	cookie  string
	cookies bool
	// user is who calls, once that is known; ours is true for a session by a key of the API account.
	user *User
	ours bool
	// byHand is true for what a person does in the panel: no client is to blame for it.
	byHand bool
}

const maxRequest = 1 << 20

func (p *Panel) serveCall(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the parameters cannot be read", http.StatusBadRequest)
		return
	}
	remote, _, _ := net.SplitHostPort(r.RemoteAddr)
	c := &call{Panel: p, function: r.Form.Get("func"), params: r.Form, remote: remote, host: r.Host, scheme: "http"}
	if r.TLS != nil {
		c.scheme = "https"
	}
	c.readCookies(r)
	rule := p.hit(c)
	if rule.spoil(w, r, p.closed) {
		p.count(c, 0, string(rule.Effect))
		rule.abort()
		return
	}
	doc, result := c.answer(rule)
	text, kind := encode(doc, c.get("out"), c.cfg.Encoding)
	p.count(c, len(text), result)
	if rule.Effect == CloseAfter {
		panic(http.ErrAbortHandler)
	}
	if result == "" && c.browser() && c.lead(w, r, doc) {
		return
	}
	w.Header().Set("Content-Type", kind)
	if result != "" {
		w.WriteHeader(p.cfg.ErrorStatus)
	}
	_, _ = w.Write(text) // a client that went away is no concern of the panel
}

// answer runs the call; result is the type of the error, or empty.
func (c *call) answer(rule Rule) (doc *node, result string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.Panel.now()
	doc, err := c.run(rule)
	if err == nil {
		return doc, ""
	}
	var refused *refusal
	if !errors.As(err, &refused) {
		refused = &refusal{kind: "xml", message: err.Error()}
	}
	if refused.kind == typeMissed {
		refused.kind = c.cfg.MissingErrorType
	}
	return refused.document(c.get("lang")), refused.kind
}

func (c *call) run(rule Rule) (*node, error) {
	if rule.Effect == Error {
		return nil, &refusal{rule.Type, rule.Object, "", "Simulated error"}
	}
	f, known := functions[c.function]
	if c.function == functionAuth {
		return c.logIn()
	}
	if err := c.authenticate(); err != nil {
		return nil, err
	}
	switch {
	case c.function == "" && c.browser():
		return c.home(), nil
	case c.function == "":
		return nil, missed("func", "")
	case !known:
		return nil, missed("func", c.function)
	case f.adminOnly && !c.user.admin():
		return nil, denied(c.function, "")
	}
	if rule.Effect == Ignore {
		return done(), nil
	}
	c.dirty = true
	return f.run(c)
}

func (c *call) get(name string) string { return c.params.Get(name) }

// saves tells whether a form is to be saved, not shown (docs/dcimanager.md 2.5).
func (c *call) saves() bool { return c.get("sok") != "" }

// serverID is the server that a call is about: the parent, else the element.
func (c *call) serverID() string {
	if c.params.Has("plid") {
		return c.get("plid")
	}
	return c.get("elid")
}

// server finds a server that the caller may see.
func (c *call) server(parameter string) (*Server, error) {
	return c.serverByID(parameter, c.get(parameter))
}

func (c *call) serverByID(parameter, id string) (*Server, error) {
	s := c.byID[id]
	switch {
	case s == nil:
		return nil, missed(parameter, id)
	case !c.user.admin() && s.Owner != c.user.ID:
		c.judgeTrespass(s)
		return nil, denied("server", id)
	}
	return s, nil
}

// mayTouch keeps customers off a server that is disabled (docs/dcimanager.md 3.4).
func (c *call) mayTouch(s *Server) error {
	if s.blocked() && !c.user.admin() && !c.cfg.DisabledLetsCustomers {
		return &refusal{typeAccess, "disabled", s.ID, "The server is disabled"}
	}
	return nil
}

// each does something to every server in elid: several ids are joined with a
// comma and a space (docs/dcimanager.md 2.5). All are checked before any is changed.
func (c *call) each(check func(*Server) error, change func(*Server)) (*node, error) {
	var servers []*Server
	for id := range strings.SplitSeq(c.get("elid"), ",") {
		s, err := c.serverByID("elid", strings.TrimSpace(id))
		if err != nil {
			return nil, err
		}
		if err := c.mayTouch(s); err != nil {
			return nil, err
		}
		if err := check(s); err != nil {
			return nil, err
		}
		servers = append(servers, s)
	}
	for _, s := range servers {
		s.Tenancy.Touched = true
		change(s)
	}
	return done(), nil
}

// flag is a list flag: an element that is there (docs/dcimanager.md 4).
func (c *call) flag(name string) *node {
	if c.cfg.EmptyFlags {
		return field(name, "")
	}
	return field(name, "on")
}

func (p *Panel) count(c *call, size int, result string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := c.function
	if _, known := functions[name]; !known && name != functionAuth && name != functionConsole {
		name = "unknown"
	}
	counter := p.counters[name]
	counter.Requests++
	counter.Bytes += int64(size)
	if result != "" {
		counter.Errors++
	}
	p.counters[name] = counter
	if p.cfg.Log == nil {
		return
	}
	who, sok := "-", ""
	if c.user != nil {
		who = c.user.Name
	}
	if c.saves() {
		sok = "!"
	}
	if result == "" {
		result = "ok"
	}
	// A log that cannot be written does not stop the panel.
	_, _ = fmt.Fprintf(p.cfg.Log, "%s %s %s%s server=%q %s %d bytes\n", p.cfg.Clock().UTC().Format(time.RFC3339Nano), who, name, sok, c.serverID(), result, size)
}
