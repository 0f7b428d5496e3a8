package dci5

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// param is one field of a request or a form; their order is kept.
type param struct{ name, value string }

// request is one call of a function.
type request struct {
	function string
	params   []param
	// changes is true when the call may change something in the panel.
	changes bool
	// once is true for a call that must not be repeated, though a lost one has changed nothing
	// that anybody would miss.
	once bool
	// as is in whose name the call is made, session the login for it, and key what that was made
	// with; empty for our own.
	as, session, key string
}

// ask is a request that changes nothing.
func read(function string, namesAndValues ...string) request {
	r := request{function: function}
	for pair := range slices.Chunk(namesAndValues, 2) {
		r.params = append(r.params, param{pair[0], pair[1]})
	}
	return r
}

// order is a request for a change.
func write(function string, namesAndValues ...string) request {
	r := read(function, namesAndValues...)
	r.changes = true
	return r
}

func (r request) get(name string) string {
	for _, p := range r.params {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// subject is the id that the call is about.
func (r request) subject() string {
	if id := r.get("elid"); id != "" {
		return id
	}
	return r.get("plid")
}

// badID names the first of the request's ids that is not one id. The panel takes
// "5, 6" as two objects, and a change without an id as the creation of something
// new (docs/dcimanager.md 2.5).
func (r request) badID() (name string, bad bool) {
	for _, p := range r.params {
		if p.name != "elid" && p.name != "plid" {
			continue
		}
		if p.value == "" || strings.ContainsFunc(p.value, func(c rune) bool { return c == ',' || unicode.IsSpace(c) || unicode.IsControl(c) }) {
			return p.name, true
		}
	}
	return "", false
}

// encode is the body of the request. Credentials stand in it and nowhere else.
func (r request) encode(authinfo string) string {
	var b strings.Builder
	add := func(name, value string) {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(name) + "=" + url.QueryEscape(value))
	}
	add("out", "xml")
	add("func", r.function)
	for _, p := range r.params {
		add(p.name, p.value)
	}
	switch {
	case r.session != "":
		add("auth", r.session)
	case r.function != functionAuth: // it brings its own credentials
		add("authinfo", authinfo)
	}
	return b.String()
}

// secretParams are the fields that carry secrets (docs/dcimanager.md 5).
var secretParams = []string{"passwd", "confirm", "checkpasswd", "password", "authinfo", "auth", "key"}

func (r request) secrets() []string {
	secrets := []string{r.session, r.key}
	for _, p := range r.params {
		if slices.Contains(secretParams, p.name) {
			secrets = append(secrets, p.value)
		}
	}
	return secrets
}
