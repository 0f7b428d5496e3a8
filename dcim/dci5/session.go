package dci5

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"metalease/dcim"
)

// functionAuth is the one function that is called without authinfo.
const functionAuth = "auth"

// newKey is a key that nobody guesses: 26 letters and digits, where the panel wants 16 at least
// (docs/dcimanager.md 2.3 and 7.19).
func newKey() string { return strings.ToLower(rand.Text()) }

// as makes a request in the name of an account. The session is made for it and used for nothing
// else, so none is ever stale. What fails before the request itself has changed nothing.
func (c *Client) as(ctx context.Context, account dcim.Account, r request) error {
	session, err := c.logIn(ctx, account, r)
	if err != nil {
		return err
	}
	_, err = c.do(ctx, session.call(r))
	return err
}

// session is a login in the name of an account. Its id is a secret, and the key that made it too.
type session struct{ name, id, key string }

// call is the request in this session.
func (s session) call(r request) request {
	r.as, r.session, r.key = s.name, s.id, s.key
	return r
}

// logIn opens a session for what is to be called (docs/dcimanager.md 2.3).
func (c *Client) logIn(ctx context.Context, account dcim.Account, what request) (session, error) {
	if failure := c.unfit(what); failure != nil {
		return session{}, failure
	}
	name, err := c.mayActAs(ctx, account)
	if err != nil {
		return session{}, err
	}
	key, err := c.keyOf(ctx, name)
	if err != nil {
		return session{}, err
	}
	r := read(functionAuth, "username", name, "key", key)
	r.once, r.as = true, name
	doc, err := c.do(ctx, r)
	if err != nil {
		return session{}, err
	}
	auth, _ := doc.child("auth") // panels give the id in one of two ways
	for _, id := range []string{auth.text(), auth.attr("id")} {
		if id != "" {
			return session{name, id, key}, nil
		}
	}
	return session{}, c.fail(r, dcim.KindNotAPanel, "the panel reported no error, but no session either")
}

// keyOf makes a key of an account. A key that was lost on the way opens nothing, so it is no
// change that anybody would look for.
func (c *Client) keyOf(ctx context.Context, name string) (string, error) {
	key := newKey()
	r := read("session.newkey", "username", name, "key", key)
	r.once = true
	_, err := c.do(ctx, r)
	return key, err
}

// mayActAs is the name of an account in whose name calls are made: the configured one or a
// customer's. A key of any other one would open more than is ours to give.
func (c *Client) mayActAs(ctx context.Context, account dcim.Account) (string, error) {
	r := read("user")
	r.as = account.Name
	if account == (dcim.Account{}) {
		return "", c.fail(r, dcim.KindValue, "no account is named; nothing was sent")
	}
	users, err := c.users(ctx)
	if err != nil {
		return "", err
	}
	for _, user := range users {
		if (account.ID != "" && account.ID != user.ID) || (account.Name != "" && account.Name != user.Name) || user.Name == "" {
			continue
		}
		if user.level != levelCustomer && user.Name != c.config.User {
			return "", c.fail(r, dcim.KindDenied, fmt.Sprintf("the account %s is no customer's (its level is %d), so nothing is done in its name", user.Name, user.level))
		}
		return user.Name, nil
	}
	return "", c.fail(r, dcim.KindMissed, fmt.Sprintf("the panel has no account named %q with the id %q", account.Name, account.ID))
}

// PowerAs implements dcim.Backend (docs/dcimanager.md 3.5).
func (c *Client) PowerAs(ctx context.Context, as dcim.Account, serverID string, to dcim.Power) error {
	r, err := c.powerCommand(serverID, to)
	if err != nil {
		return err
	}
	return c.as(ctx, as, r)
}

// InstallAs implements dcim.Backend. ISPsystem's module sends no recipe in the name of a customer
// (docs/dcimanager.md 3.6).
func (c *Client) InstallAs(ctx context.Context, as dcim.Account, serverID string, in dcim.Install) error {
	r := installation(serverID, in)
	if in.Recipe != "" {
		return c.fail(r, dcim.KindValue, "an install in the name of an account carries no recipe; nothing was sent")
	}
	return c.as(ctx, as, r)
}
