package simulator

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is one request to the panel.
type call struct {
	url.Values
	function string
	// user who calls; nil before a login.
	user *User
	from string
}

func (c call) admin() bool { return c.user.Level > levelUser }

// saves tells whether a form is to be saved, not shown (reference 2.5).
func (c call) saves() bool { return c.Get("sok") != "" }

// ServeHTTP answers the panel on both of its paths, and /_sim/ for tests.
func (p *Panel) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

func (p *Panel) routes() {
	p.mux = http.NewServeMux()
	p.mux.HandleFunc("/dcimgr", p.serve)
	p.mux.HandleFunc("/manager/dcimgr", p.serve)
	p.controlRoutes()
}

func (p *Panel) serve(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.Method != http.MethodGet && r.Method != http.MethodPost {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	c := call{Values: r.Form, function: r.Form.Get("func"), from: host(r.RemoteAddr)}
	fault := p.pick(c)
	if fault.before(p, w, r) {
		return
	}
	answer, refused := p.answer(c)
	status := http.StatusOK
	if refused != nil {
		answer = refused.document()
		if p.config.ErrorStatus != 0 {
			status = p.config.ErrorStatus
		}
	}
	contentType, body := encode(answer, c.Get("out"))
	p.count(c.function, len(body))
	if fault.after(w) {
		return
	}
	write(w, status, contentType, body)
}

func host(remote string) string {
	address, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	return address
}

func (p *Panel) count(function string, bytes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.state.Counters[function]
	p.state.Counters[function] = Count{n.Requests + 1, n.Bytes + int64(bytes)}
}

// answer runs the function under the panel's one lock.
func (p *Panel) answer(c call) (element, *refusal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.settle()
	if c.function == "auth" {
		return p.login(c)
	}
	user := p.authenticate(c)
	if user == nil {
		return element{}, refuse("auth", "badpassword", "", "Access denied. Check the user name and the password")
	}
	c.user = user
	run, there := functions[c.function]
	if !there {
		return element{}, refuse("missed", "func", c.function, "The function "+c.function+" does not exist")
	}
	answer, refused := run(p, c)
	p.dirty = p.dirty || c.saves()
	return answer, refused
}

// authenticate takes authinfo or a session (reference 2.2, 2.3).
func (p *Panel) authenticate(c call) *User {
	if id := c.Get("auth"); id != "" {
		s, there := p.sessions[id]
		if !there || s.address != c.from || p.config.Now().After(s.until) {
			return nil
		}
		s.until = p.config.Now().Add(time.Hour)
		p.sessions[id] = s
		return p.userByName(s.user)
	}
	name, password, _ := strings.Cut(c.Get("authinfo"), ":")
	user := p.userByName(name)
	if user == nil || user.password != password {
		return nil
	}
	return user
}

// login opens a session by password, or by a key that an administrator made.
func (p *Panel) login(c call) (element, *refusal) {
	user := p.userByName(c.Get("username"))
	key, keyed := c.Get("key"), c.Has("key")
	switch {
	case user == nil:
	case keyed && p.keys[key] == user.Name && key != "":
		if !p.config.ReusableKeys {
			delete(p.keys, key)
		}
		return p.open(user, c.from), nil
	case !keyed && c.Get("password") == user.password:
		return p.open(user, c.from), nil
	}
	return element{}, refuse("auth", "badpassword", "", "Access denied. Check the user name and the password")
}

func (p *Panel) open(user *User, from string) element {
	id := p.token()
	p.sessions[id] = session{user.Name, from, p.config.Now().Add(time.Hour)}
	return doc(el("auth", id).with("id", id).with("level", level(user)))
}

func (p *Panel) token() string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	id := make([]byte, 24)
	for i := range id {
		id[i] = letters[p.random.IntN(len(letters))]
	}
	return string(id)
}
