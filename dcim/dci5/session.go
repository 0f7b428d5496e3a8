package dci5

import (
	"context"

	"metalease/dcim"
)

// functionAuth is the one function that is called without authinfo.
const functionAuth = "auth"

// NewSessionKey lets whoever knows the key log in as the user (docs/dcimanager.md 2.3).
// The key needs at least 16 characters; that it works once, and for minutes, is not confirmed.
func (c *Client) NewSessionKey(ctx context.Context, username, key string) error {
	_, err := c.do(ctx, write("session.newkey", "username", username, "key", key))
	return err
}

// LoginWithKey spends a key of NewSessionKey and returns the id of a session.
func (c *Client) LoginWithKey(ctx context.Context, username, key string) (string, error) {
	return c.login(ctx, write(functionAuth, "username", username, "key", key))
}

// LoginWithPassword returns the id of a session of the user.
func (c *Client) LoginWithPassword(ctx context.Context, username, password string) (string, error) {
	return c.login(ctx, read(functionAuth, "username", username, "password", password))
}

// login takes both forms in which panels give the id (docs/dcimanager.md 2.3).
func (c *Client) login(ctx context.Context, r request) (string, error) {
	doc, err := c.do(ctx, r)
	if err != nil {
		return "", err
	}
	auth, _ := doc.child("auth")
	if id := auth.text(); id != "" {
		return id, nil
	}
	if id := auth.attr("id"); id != "" {
		return id, nil
	}
	return "", c.failSent(r, dcim.KindNotAPanel, "the panel reported no error, but no session either")
}
