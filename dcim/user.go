package dcim

import (
	"context"
	"strconv"
)

// LevelUser is the level of an ordinary user (docs/dcimanager.md 3.1).
const LevelUser = 16

// User is a panel user.
type User struct {
	ID, Name string
	// Level is 0 when the panel shows none.
	Level int
}

// Users lists all users (docs/dcimanager.md 3.1).
func (c *Client) Users(ctx context.Context) ([]User, error) {
	doc, err := c.do(ctx, ask("user"))
	if err != nil {
		return nil, err
	}
	var users []User
	for _, row := range doc.rows() {
		level, _ := strconv.Atoi(row.get("level"))
		users = append(users, User{row.get("id"), row.get("name"), level})
	}
	return users, nil
}

// CreateUser creates an ordinary user and returns its id. An answer without an
// id is no success, whatever else it says (docs/dcimanager.md 3.1).
func (c *Client) CreateUser(ctx context.Context, name, password string) (string, error) {
	r := order("user.edit", "sok", "ok", "level", "lvUser", "name", name, "passwd", password)
	doc, err := c.do(ctx, r)
	if err != nil {
		return "", err
	}
	id := doc.get("id")
	if id == "" {
		return "", c.fail(r, KindMayHaveHappened, "the panel reported no error, but no id of the new user either")
	}
	return id, nil
}
