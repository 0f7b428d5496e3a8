package dci5

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"metalease/dcim"
)

// What a panel does with keys and browsers, tried as its own API account (docs/dcimanager.md 2.3).

// ReusesKeys tells whether a login key works a second time.
func (c *Client) ReusesKeys(ctx context.Context) (bool, error) {
	if c.config.ReadOnly {
		return false, c.readOnly(request{function: "session.newkey"})
	}
	key, err := c.keyOf(ctx, c.config.User)
	if err != nil {
		return false, err
	}
	for _, again := range []bool{false, true} {
		r := read(functionAuth, "username", c.config.User, "key", key)
		r.once = true
		_, err := c.do(ctx, r)
		switch {
		case again && dcim.KindOf(err) != dcim.KindNone && !errors.Is(err, dcim.ErrUnreachable):
			return false, nil
		case err != nil:
			return false, err
		}
	}
	return true, nil
}

// SignsInBrowsers tells whether a browser without a cookie is signed in by a key: it gets a cookie
// with a session.
func (c *Client) SignsInBrowsers(ctx context.Context, checkCookie bool) (bool, error) {
	if c.config.ReadOnly {
		return false, c.readOnly(request{function: "session.newkey"})
	}
	key, err := c.keyOf(ctx, c.config.User)
	if err != nil {
		return false, err
	}
	form := url.Values{"func": {functionAuth}, "username": {c.config.User}, "key": {key}}
	if !checkCookie {
		form.Set("checkcookie", "no")
	}
	r := read(functionAuth)
	r.key = key
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return false, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.GetBody = nil
	resp, err := c.fresh.Do(req)
	if err != nil {
		return false, c.lost(r, true, err)
	}
	defer func() { _ = resp.Body.Close() }()
	for _, cookie := range resp.Cookies() {
		if strings.Contains(strings.ToLower(cookie.Name), "ses") && cookie.Value != "" && cookie.MaxAge >= 0 {
			return true, nil
		}
	}
	return false, nil
}

// ConsoleAnswer says in what form the panel tells the API account where the console of a server of
// its own is, in the words of the table of facts. The address itself is a secret.
func (c *Client) ConsoleAnswer(ctx context.Context, as dcim.Account, serverID string) (string, error) {
	r := read("ipmiredirect", "elid", serverID, "newwindow", "yes")
	r.once = true
	session, err := c.logIn(ctx, as, r)
	if err != nil {
		return "", err
	}
	value, err := c.consoleOf(ctx, session, serverID)
	if err != nil {
		return "", err
	}
	r.params = append(r.params, param{"value", value})
	doc, err := c.do(ctx, session.call(r))
	if err != nil {
		return "", err
	}
	text := doc.get("ok")
	to, err := url.Parse(text)
	switch {
	case text == "":
		return "none", nil
	case err != nil:
		return "", nil
	case to.Host != "" && to.Host != c.address.Host:
		return "foreign", nil
	case !strings.Contains(text, session.id):
		return "cookie", nil
	case !strings.Contains(to.RawQuery, session.id):
		return "path", nil
	case to.Host == "":
		return "relative", nil
	}
	return "session", nil
}
