package simulator

import (
	crand "crypto/rand"
	"slices"
	"strings"
	"time"
)

const (
	sessionLife = time.Hour
	minKey      = 16

	defaultKeyLife = 10 * time.Minute
)

// session is a login. It belongs to one address and ends an hour after its last
// use (docs/dcimanager.md 2.3).
type session struct {
	user   string
	remote string
	used   time.Time
	// ours is true when a key of the API account made it.
	ours bool
}

type loginKey struct {
	user string
	made time.Time
	ours bool
}

// authenticate finds out who calls, by session or by authinfo.
func (c *call) authenticate() error {
	if id := c.sessionID(); id != "" {
		return c.resume(id)
	}
	name, password, _ := strings.Cut(c.get("authinfo"), ":")
	user := c.login(name)
	if user == nil || user.Password != password {
		return c.refuseLogin("badpassword")
	}
	c.user = user
	return nil
}

// sessionID is that of the request; a browser keeps it in a cookie.
func (c *call) sessionID() string {
	if c.params.Has("auth") || c.params.Has("authinfo") {
		return c.get("auth")
	}
	return c.cookie
}

func (c *call) resume(id string) error {
	s := c.sessions[id]
	switch {
	case s == nil, c.now.Sub(s.used) > sessionLife, s.remote != c.remote && !c.cfg.RoamingSessions:
		return c.refuseLogin("session")
	}
	user := c.userByID(s.user)
	if user == nil {
		return c.refuseLogin("session")
	}
	s.used = c.now
	c.user, c.ours = user, s.ours
	return nil
}

func (c *call) refuseLogin(object string) error {
	return &refusal{c.cfg.AuthErrorType, object, "", "Invalid user name or password"}
}

func (p *Panel) login(name string) *User {
	if i := slices.IndexFunc(p.users, func(u *User) bool { return u.Name == name }); i >= 0 {
		return p.users[i]
	}
	return nil
}

func (p *Panel) userByID(id string) *User {
	if i := slices.IndexFunc(p.users, func(u *User) bool { return u.ID == id }); i >= 0 {
		return p.users[i]
	}
	return nil
}

// logIn is func=auth: by password, or by a key from session.newkey.
func (c *call) logIn() (*node, error) {
	user, made := c.login(c.get("username")), loginKey{}
	switch key := c.get("key"); {
	case user == nil:
		return nil, c.refuseLogin("badpassword")
	case key != "":
		made = c.keys[key]
		if made.user != user.ID || c.now.Sub(made.made) > c.cfg.KeyLife {
			return nil, c.refuseLogin("badkey")
		}
		if c.browser() && !c.cookies && c.get("checkcookie") != "no" && !c.cfg.NoCookieCheck {
			return nil, c.refuseLogin("cookie")
		}
		if !c.cfg.ReusableKeys {
			delete(c.keys, key)
		}
	case user.Password != c.get("password"):
		return nil, c.refuseLogin("badpassword")
	}
	c.user = user
	c.forgetOld()
	id := strings.ToLower(crand.Text())
	c.sessions[id] = &session{user.ID, c.remote, c.now, made.ours}
	c.cookie = id
	return document(field("auth", id).with("id", id).with("level", number(user.Level))), nil
}

func (c *call) forgetOld() {
	for id, s := range c.sessions {
		if c.now.Sub(s.used) > sessionLife {
			delete(c.sessions, id)
		}
	}
	for key, made := range c.keys {
		if c.now.Sub(made.made) > c.cfg.KeyLife {
			delete(c.keys, key)
		}
	}
}

// newKey is session.newkey: a key with which somebody logs in as a user.
func newKey(c *call) (*node, error) {
	user := c.login(c.get("username"))
	if user == nil {
		return nil, missed("username", c.get("username"))
	}
	key := c.get("key")
	if len(key) < minKey {
		return nil, badValue("key", "", "it must be at least 16 characters long")
	}
	if _, there := c.keys[key]; there {
		return nil, &refusal{typeExists, "key", "", "The key exists already"}
	}
	c.keys[key] = loginKey{user.ID, c.now, c.user.ID == c.apiID}
	return done(), nil
}
