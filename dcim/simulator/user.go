package simulator

import (
	"fmt"
	"slices"
	"strings"
)

// User is an account of the panel.
type User struct {
	ID       string `json:"id" yaml:"id"`
	Name     string `json:"name" yaml:"name"`
	Password string `json:"password" yaml:"password"`
	// Level is 16 for users and 29 for administrators (docs/dcimanager.md 3.1); default 16.
	Level int `json:"level" yaml:"level"`
}

const (
	levelUser  = 16
	levelAdmin = 29
	levelRoot  = 30
	maxName    = 64
)

// levels are the names that user.edit takes; the list shows numbers.
var levels = map[string]int{"lvUser": levelUser, "lvAdmin": levelAdmin}

func (u *User) admin() bool { return u.Level > levelUser }

func (p *Panel) addUser(user User) error {
	if user.Level == 0 {
		user.Level = levelUser
	}
	if user.Name == "" || p.login(user.Name) != nil {
		return fmt.Errorf("user %q: the name is empty or given twice", user.Name)
	}
	if user.ID == "" {
		user.ID = p.newID()
	}
	if p.userByID(user.ID) != nil {
		return fmt.Errorf("user %q: the id %s is given twice", user.Name, user.ID)
	}
	p.users = append(p.users, &user)
	return nil
}

func listUsers(c *call) (*node, error) {
	doc := list()
	if c.cfg.RootListed {
		doc.add(row(field("id", "1"), field("name", "root"), field("level", number(levelRoot))))
	}
	for _, u := range c.users {
		doc.add(row(field("id", u.ID), field("name", u.Name), field("level", number(u.Level))))
	}
	return doc, nil
}

// editUser shows, creates or changes a user. No repetition of the password is
// asked for: the module sends none (docs/dcimanager.md 3.1).
func editUser(c *call) (*node, error) {
	user := &User{}
	if id := c.get("elid"); id != "" {
		if user = c.userByID(id); user == nil {
			return nil, missed("elid", id)
		}
	}
	if !c.saves() {
		return document(field("elid", user.ID), field("name", user.Name), field("level", number(user.Level))), nil
	}
	if user.ID == "" {
		return createUser(c)
	}
	if c.params.Has("passwd") {
		if err := c.goodPassword("passwd"); err != nil {
			return nil, err
		}
		user.Password = c.get("passwd")
	}
	return done(), nil
}

func createUser(c *call) (*node, error) {
	name, level := c.get("name"), levels[c.get("level")]
	switch {
	case level == 0:
		return nil, badValue("level", c.get("level"), "it is not the name of a level")
	case name == "" || len(name) > maxName || strings.ContainsAny(name, ": \t\r\n/"):
		return nil, badValue("name", name, "it is empty, too long, or has a character that is not allowed")
	case c.login(name) != nil:
		return nil, &refusal{typeExists, "user", name, "The user '" + name + "' exists already"}
	}
	if err := c.goodPassword("passwd"); err != nil {
		return nil, err
	}
	user := &User{ID: c.newID(), Name: name, Password: c.get("passwd"), Level: level}
	c.Panel.users = append(c.Panel.users, user)
	return done(field("id", user.ID)), nil
}

// deleteUser refuses while the user owns a server.
func deleteUser(c *call) (*node, error) {
	user := c.userByID(c.get("elid"))
	switch {
	case user == nil:
		return nil, missed("elid", c.get("elid"))
	case user.ID == c.apiID, slices.ContainsFunc(c.servers, func(s *Server) bool { return s.Owner == user.ID }):
		return nil, denied("user", user.ID)
	}
	c.Panel.users = slices.DeleteFunc(c.Panel.users, func(u *User) bool { return u == user })
	return done(), nil
}

// goodPassword checks a parameter; its value is never echoed.
func (c *call) goodPassword(parameter string) error {
	password := c.get(parameter)
	if password == "" || len(password) < c.cfg.MinPassword {
		return badValue(parameter, "", fmt.Sprintf("it must be at least %d characters long", max(1, c.cfg.MinPassword)))
	}
	return nil
}
