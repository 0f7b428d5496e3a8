package dci5

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"metalease/dcim"
)

// signOnLife is how long we count on a key or session. Panels keep a session for an hour; how long
// a key is not confirmed (docs/dcimanager.md 2.3).
const signOnLife = 2 * time.Minute

// SignOn implements dcim.Backend. The panel's question for a cookie is left out: a browser that
// comes from another site has none (docs/dcimanager.md 2.3).
func (c *Client) SignOn(ctx context.Context, as dcim.Account) (dcim.SignOn, error) {
	if c.config.ReadOnly {
		return dcim.SignOn{}, c.readOnly(request{function: "session.newkey"})
	}
	name, err := c.mayActAs(ctx, as)
	if err != nil {
		return dcim.SignOn{}, err
	}
	expires := time.Now().Add(signOnLife)
	key, err := c.keyOf(ctx, name)
	if err != nil {
		return dcim.SignOn{}, err
	}
	return dcim.SignOn{URL: c.public.String(), ExpiresAt: expires,
		Fields: map[string]string{"func": functionAuth, "username": name, "key": key, "checkcookie": "no"}}, nil
}

// Console implements dcim.Backend. The panel answers an address, which may carry the session
// (docs/dcimanager.md 3.10).
func (c *Client) Console(ctx context.Context, as dcim.Account, serverID string) (dcim.SignOn, error) {
	r := read("ipmiredirect", "elid", serverID, "newwindow", "yes")
	r.once = true
	session, err := c.logIn(ctx, as, r)
	if err != nil {
		return dcim.SignOn{}, err
	}
	expires := time.Now().Add(signOnLife)
	value, err := c.consoleOf(ctx, session, serverID)
	if err != nil {
		return dcim.SignOn{}, err
	}
	r.params = append(r.params, param{"value", value})
	r = session.call(r)
	doc, err := c.do(ctx, r)
	if err != nil {
		return dcim.SignOn{}, err
	}
	to, fields, why := c.withoutSecret(doc.get("ok"), r)
	if why != "" {
		failure := c.fail(r, dcim.KindUnsupported, "the address of the console "+why)
		failure.Advice = "open the console in the panel"
		return dcim.SignOn{}, failure
	}
	return dcim.SignOn{URL: to, Fields: fields, Inside: c.inside(r), ExpiresAt: expires}, nil
}

// inside is the address of a function for a browser that has a session of its own.
func (c *Client) inside(r request) string {
	query := url.Values{"func": {r.function}}
	for _, p := range r.params {
		query.Set(p.name, p.value)
	}
	address := *c.public
	address.RawQuery = query.Encode()
	return address.String()
}

// consoleOf is what the panel calls the IPMI of a server; where the list does not say, the name
// that ISPsystem's module makes. The account sees its own servers only.
func (c *Client) consoleOf(ctx context.Context, s session, serverID string) (string, error) {
	r := s.call(read("server"))
	doc, err := c.do(ctx, r)
	if err != nil {
		return "", err
	}
	for _, row := range doc.rows() {
		if server := newServer(row); server.ID == serverID {
			if server.Console == "" {
				return "IPMI S" + serverID, nil
			}
			return server.Console, nil
		}
	}
	return "", c.fail(r, dcim.KindMissed, fmt.Sprintf("the panel shows this account no server %s", serverID))
}

// withoutSecret turns an address into one that may be logged, and the fields that it goes with.
// The panel takes parameters from the body of a POST as well (docs/dcimanager.md 2.1), so for its
// own addresses all of them move there. Without an address the panel itself is asked once more,
// by the browser. Why says what is wrong with the address, if anything is.
func (c *Client) withoutSecret(address string, r request) (to string, fields map[string]string, why string) {
	if address == "" {
		fields = map[string]string{"func": r.function, "auth": r.session}
		for _, p := range r.params {
			fields[p.name] = p.value
		}
		return c.public.String(), fields, ""
	}
	parsed, err := c.address.Parse(address)
	if err != nil || parsed.Hostname() == "" || (parsed.Scheme != "https" && parsed.Scheme != "http") {
		return "", nil, "is none"
	}
	query, err := url.ParseQuery(parsed.RawQuery)
	if err != nil {
		return "", nil, "cannot be read"
	}
	fields = map[string]string{}
	for name, values := range query {
		secret := slices.Contains(secretParams, name) || slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, r.session) })
		switch {
		case !secret && parsed.Host != c.address.Host:
			continue
		case len(values) > 1:
			return "", nil, "has one parameter several times"
		}
		fields[name] = values[0]
		query.Del(name)
	}
	parsed.RawQuery = query.Encode()
	if parsed.Host == c.address.Host { // as we reach it
		parsed.Scheme, parsed.Host = c.public.Scheme, c.public.Host
	}
	plain, err := url.PathUnescape(parsed.String())
	switch {
	case err != nil || parsed.User != nil || strings.Contains(plain, r.session):
		return "", nil, "has a secret that cannot be taken out"
	case len(fields) > 0 && parsed.Scheme != "https":
		return "", nil, "is not encrypted, and a session belongs to it"
	}
	return parsed.String(), fields, ""
}
