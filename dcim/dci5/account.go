package dci5

import (
	"context"
	"strconv"

	"metalease/dcim"
)

// levelCustomer is the level of an ordinary user (docs/dcimanager.md 3.1).
const levelCustomer = 16

// user is a row of the panel's list of users.
type user struct {
	dcim.Account
	// level is 0 when the panel shows none.
	level int
}

func (c *Client) users(ctx context.Context) ([]user, error) {
	doc, err := c.do(ctx, read("user"))
	if err != nil {
		return nil, err
	}
	var users []user
	for _, row := range doc.rows() {
		level, _ := strconv.Atoi(row.get("level"))
		users = append(users, user{dcim.Account{ID: row.get("id"), Name: row.get("name")}, level})
	}
	c.knew(users)
	return users, nil
}

// Self implements dcim.Backend: the configured user among the panel's. What is no panel is
// asked once more, without credentials, whether it is DCImanager 6. The superuser root is in
// no list (docs/dcimanager.md 1), so nothing can be held for it: ErrCredentials.
func (c *Client) Self(ctx context.Context) (dcim.Account, error) {
	users, err := c.users(ctx)
	if dcim.KindOf(err) == dcim.KindNotAPanel && c.answersAsSix(ctx) {
		return dcim.Account{}, c.fail(read("user"), dcim.KindUnsupported, "this is DCImanager 6 (its API answers)")
	}
	if err != nil {
		return dcim.Account{}, err
	}
	for _, user := range users {
		if user.Name == c.config.User {
			return user.Account, nil
		}
	}
	failure := c.fail(read("user"), dcim.KindCredentials,
		"the panel does not list its API account "+strconv.Quote(c.config.User)+" as a user, so no server can be held for it")
	failure.Advice = "use an administrator, not root"
	return dcim.Account{}, failure
}

// Accounts implements dcim.Backend.
func (c *Client) Accounts(ctx context.Context) ([]dcim.Account, error) {
	users, err := c.users(ctx)
	if err != nil {
		return nil, err
	}
	var accounts []dcim.Account
	for _, user := range users {
		if user.level == levelCustomer {
			accounts = append(accounts, user.Account)
		}
	}
	return accounts, nil
}

// CreateAccount implements dcim.Backend. An answer without an id is no success, whatever else
// it says (docs/dcimanager.md 3.1).
func (c *Client) CreateAccount(ctx context.Context, name, password string) (dcim.Account, error) {
	r := write("user.edit", "sok", "ok", "level", "lvUser", "name", name, "passwd", password)
	doc, err := c.do(ctx, r)
	if err != nil {
		return dcim.Account{}, err
	}
	id := doc.get("id")
	if id == "" {
		return dcim.Account{}, c.doubt(r, "the panel reported no error, but no id of the new user either")
	}
	return dcim.Account{ID: id, Name: name}, nil
}
