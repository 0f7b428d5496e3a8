package dci5

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
)

// recogniseSix tells DCImanager 6 by its session cookie, its API's errors and its
// login page (docs/dcimanager.md 6.1; the page's words are not confirmed). It is asked
// only about answers that are no document of DCImanager 5, and never about a 5xx:
// those come from anything in between and end by themselves.
func recogniseSix(resp *http.Response, text []byte) (why string) {
	if resp.StatusCode >= http.StatusInternalServerError {
		return ""
	}
	for _, cookie := range resp.Cookies() {
		if cookie.Name == "ses6" {
			return "this is DCImanager 6 (it sets the cookie ses6)"
		}
	}
	if isSixError(text) {
		return "this is DCImanager 6 (its API answers)"
	}
	page := bytes.ToLower(text)
	if bytes.Contains(page, []byte("isp-box-instance")) || bytes.Contains(page, []byte("dcimanager 6")) {
		return "this is DCImanager 6 (its login page answers)"
	}
	return ""
}

// isSixError knows both shapes: {"error":{"code":1,"msg":"..."}} and
// {"error":"...","code":1}.
func isSixError(text []byte) bool {
	var outer struct {
		Error json.RawMessage `json:"error"`
		Code  *int            `json:"code"`
	}
	if json.Unmarshal(text, &outer) != nil || outer.Error == nil {
		return false
	}
	var inner struct {
		Code *int    `json:"code"`
		Msg  *string `json:"msg"`
	}
	if json.Unmarshal(outer.Error, &inner) == nil {
		return inner.Code != nil && inner.Msg != nil
	}
	var message string
	return json.Unmarshal(outer.Error, &message) == nil && outer.Code != nil
}

// answersAsSix asks the same host the question "who am I" of DCImanager 6,
// without credentials (docs/dcimanager.md 6.2).
func (c *Client) answersAsSix(ctx context.Context) bool {
	done, err := c.limits.Acquire(ctx)
	if err != nil {
		return false
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	whoami := url.URL{Scheme: c.address.Scheme, Host: c.address.Host, Path: "/api/auth/v4/whoami"}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, whoami.String(), nil)
	if err != nil {
		return false
	}
	req.Header.Set("Isp-Box-Instance", "true")
	resp, err := c.kept.Do(req)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	return err == nil && recogniseSix(resp, text) != ""
}
