package simulator

import (
	"fmt"
	"html"
	"net"
	"net/http"
	"strings"
)

// What a browser sees: an answer without out is a page, and the session is kept in a cookie. The
// names of the cookies are a guess (docs/dcimanager.md 2.3).
const (
	functionAuth  = "auth"
	sessionCookie = "dcimgrses5"
	otherCookie   = "dcimgrlang5"
)

// browser tells whether the answer is to be a page.
func (c *call) browser() bool { return c.get("out") == "" }

func (c *call) readCookies(r *http.Request) {
	c.cookies = len(r.Cookies()) > 0
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		c.cookie = cookie.Value
	}
}

// lead sends a browser on where an answer leads to another page.
func (c *call) lead(w http.ResponseWriter, r *http.Request, doc *node) bool {
	switch to := doc.get("ok"); {
	case c.function == functionAuth:
		c.welcome(w, r)
	case c.function == "ipmiredirect" && to != "":
		http.Redirect(w, r, to, http.StatusSeeOther)
	default:
		return false
	}
	return true
}

// welcome gives a browser that has logged in its cookie, and sends it on: neither key nor session
// stays in its address or on a page.
func (c *call) welcome(w http.ResponseWriter, r *http.Request) {
	for name, value := range map[string]string{sessionCookie: c.cookie, otherCookie: "en"} {
		http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode})
	}
	http.Redirect(w, r, "/dcimgr", http.StatusSeeOther)
}

// home is the first page: who is there, and the servers that this user sees.
func (c *call) home() *node {
	doc := list(row(field("user", c.user.Name)))
	for _, s := range c.visible() {
		doc.add(c.serverRow(s))
	}
	return doc
}

// Console is what ipmiredirect answers.
type Console string

// Answers of ipmiredirect. Which one a panel gives is not confirmed (docs/dcimanager.md 3.10).
const (
	ConsoleSession  Console = "session"  // an address with the caller's session in its query
	ConsoleCookie   Console = "cookie"   // an address without one: the browser has to be logged in
	ConsoleRelative Console = "relative" // a path with the session in its query
	ConsolePath     Console = "path"     // an address with the session in its path
	ConsoleForeign  Console = "foreign"  // the address of the IPMI itself
	ConsoleNone     Console = "none"     // no address
)

var consoles = []Console{ConsoleSession, ConsoleCookie, ConsoleRelative, ConsolePath, ConsoleForeign, ConsoleNone}

// functionConsole is the name under which consoles that were opened are counted.
const functionConsole = "ipmi"

// redirectToIPMI answers where the console of a server is. It wants the name that the list shows.
func redirectToIPMI(c *call) (*node, error) {
	s, err := c.server("elid")
	if err != nil {
		return nil, err
	}
	if err := c.mayTouch(s); err != nil {
		return nil, err
	}
	ipmi := s.ipmi()
	switch {
	case ipmi == nil:
		return nil, missed("ipmi", s.ID)
	case c.get("value") != consoleName(s):
		return nil, badValue("value", c.get("value"), "there is no such console")
	}
	path, session := "/ipmi/"+s.ID, c.sessionID()
	to := c.scheme + "://" + c.host + path
	switch c.cfg.Console {
	case ConsoleSession:
		to += "?auth=" + session
	case ConsoleRelative:
		to = path + "?auth=" + session
	case ConsolePath:
		to += "/" + session
	case ConsoleForeign:
		to = "http://" + ipmi.Port + "/"
	case ConsoleNone:
		return done(), nil
	case ConsoleCookie:
	}
	return document(field("ok", to).with("type", "url")), nil
}

// consoleName is what the list calls the IPMI of a server.
func consoleName(s *Server) string { return "IPMI S" + s.ID }

func (s *Server) ipmi() *Connection {
	for i := range s.Connections {
		if s.Connections[i].Type == connectionIPMI {
			return &s.Connections[i]
		}
	}
	return nil
}

// serveConsole is the console itself: a page for whoever has a session that sees the server.
func (p *Panel) serveConsole(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the parameters cannot be read", http.StatusBadRequest)
		return
	}
	remote, _, _ := net.SplitHostPort(r.RemoteAddr)
	c := &call{Panel: p, function: functionConsole, params: r.Form, remote: remote, host: r.Host}
	c.readCookies(r)
	id, session, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/ipmi/"), "/")
	if session != "" {
		c.cookie = session
	}
	page, err := c.console(id)
	status, result := http.StatusOK, ""
	if err != nil {
		status, page, result = http.StatusForbidden, err.Error(), typeAccess
	}
	text := []byte("<!DOCTYPE html>\n<html><head><title>IPMI</title></head><body><p>" + html.EscapeString(page) + "</p></body></html>\n")
	p.count(c, len(text), result)
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(text) // a browser that went away is no concern of the panel
}

func (c *call) console(id string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.Panel.now()
	if err := c.authenticate(); err != nil {
		return "", err
	}
	s, err := c.serverByID("elid", id)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Console of server %s for %s", s.ID, c.user.Name), nil
}
