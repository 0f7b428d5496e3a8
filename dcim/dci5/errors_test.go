package dci5_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
)

func TestErrorDocuments(t *testing.T) {
	for document, want := range map[string]*dcim.Error{
		`<?xml version="1.0" encoding="UTF-8"?>
<doc><error type="value" object="name" lang="en">
  <param name="object" type="msg" msg="Name">name</param>
  <param name="value">x y</param>
  <msg>Field 'Name' has an invalid value</msg>
</error></doc>`: {Kind: dcim.KindValue, Type: "value", Object: "name", Value: "x y", Message: "Field 'Name' has an invalid value"},
		`<doc><error type="value" object="passwd"><param name="value">almost the secret</param><msg>too short</msg></error></doc>`: {
			Kind: dcim.KindValue, Type: "value", Object: "passwd", Message: "too short"},
		`<doc><error type="auth" object="badpassword"><msg>no</msg></error></doc>`: {Kind: dcim.KindCredentials, Type: "auth", Object: "badpassword", Message: "no"},
		`<doc><error type="access" object="authinfo"><msg>no</msg></error></doc>`:  {Kind: dcim.KindCredentials, Type: "access", Object: "authinfo", Message: "no"},
		`<doc><error type="access" object="server"><msg>no</msg></error></doc>`:    {Kind: dcim.KindAccess, Type: "access", Object: "server", Message: "no"},
		`<doc><error type="missed" object="server"><param name="value">5</param><msg>none</msg></error></doc>`: {
			Kind: dcim.KindMissed, Type: "missed", Object: "server", Value: "5", Message: "none"},
		`<doc><error type="exists"><msg>there</msg></error></doc>`: {Kind: dcim.KindExists, Type: "exists", Message: "there"},
		`<doc><error type="limit"><msg>full</msg></error></doc>`:   {Kind: dcim.KindLimit, Type: "limit", Message: "full"},
		`<doc><error type="license"><msg>over</msg></error></doc>`: {Kind: dcim.KindLicense, Type: "license", Message: "over"},
		`<doc><error type="db"><msg>locked</msg></error></doc>`:    {Kind: dcim.KindPanel, Type: "db", Message: "locked"},
		`<doc><ok/><error type="new in 2027"/></doc>`:              {Kind: dcim.KindPanel, Type: "new in 2027", Message: "the panel gave no reason"},
		`<doc><error/></doc>`: {Kind: dcim.KindPanel, Message: "the panel gave no reason"},
		"<doc><error type=\"db\"><msg>two\r\n\tlines\u0007 </msg></error></doc>": {Kind: dcim.KindPanel, Type: "db", Message: "two lines"},
	} {
		err := says(t, document).client(t).Block(t.Context(), "5")
		want.Panel, want.Function, want.Subject, want.Sent, want.Advice = "dc1", "server.disable", "5", true, want.Kind.Advice()
		require.Equal(t, want, err, document)
	}
}

// TestErrorDocumentsOfAnyStatus: what a document says counts, not its status.
func TestErrorDocumentsOfAnyStatus(t *testing.T) {
	for _, status := range []int{200, 400, 403, 404, 500, 503} {
		panel := newStub(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `<doc><error type="missed"><msg>none</msg></error></doc>`)
		})
		require.Equal(t, dcim.KindMissed, dcim.KindOf(panel.client(t).Block(t.Context(), "5")), "%d", status)
	}
}

func TestErrorTexts(t *testing.T) {
	for want, document := range map[string]string{
		"panel dc1, server.disable of 5: value: bad name (name \"x\")": `<doc><error type="value" object="name"><param name="value">x</param><msg>bad name</msg></error></doc>`,
		"panel dc1, server.disable of 5: missed: none (server)":        `<doc><error type="missed" object="server"><msg>none</msg></error></doc>`,
		"panel dc1, server.disable of 5: db: two lines":                "<doc><error type=\"db\"><msg> two\n\tlines</msg></error></doc>",
		"panel dc1, server.disable of 5: auth: refused; check user and password of this panel in the configuration, and the panel's RestrictAuthinfo ranges": `<doc><error type="auth"><msg>refused</msg></error></doc>`,
	} {
		require.EqualError(t, says(t, document).client(t).Block(t.Context(), "5"), want)
	}
	err := says(t, `<doc><error type="db"><msg>`+strings.Repeat("long ", 10_000)+`</msg></error></doc>`).client(t).Block(t.Context(), "5")
	require.Less(t, len(err.Error()), 1000)
}

// TestRetryAfter: what asks us to wait is heard, whatever else it says.
func TestRetryAfter(t *testing.T) {
	for _, body := range []string{"<html>busy</html>", `<doc><error type="limit"><msg>busy</msg></error></doc>`} {
		panel := newStub(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, body)
		})
		var failure *dcim.Error
		require.ErrorAs(t, panel.client(t).Block(t.Context(), "5"), &failure)
		require.Equal(t, 7*time.Second, failure.RetryAfter)
	}
	var failure *dcim.Error
	require.ErrorAs(t, says(t, "<html>").client(t).Block(t.Context(), "5"), &failure)
	require.Zero(t, failure.RetryAfter)
}

// echoes are the forms in which something between us and the panel, or the panel
// itself, may repeat a secret.
func echoes(secret string) []string {
	quoted, _ := json.Marshal(secret)
	return []string{
		secret, strings.ToUpper(secret), url.QueryEscape(secret), strings.ToLower(url.QueryEscape(secret)), url.PathEscape(secret), html.EscapeString(secret), string(quoted),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte(secret)), hex.EncodeToString([]byte(secret)),
	}
}

// TestNoSecretInErrors: a panel that repeats secrets everywhere gets none into an error.
func TestNoSecretInErrors(t *testing.T) {
	const userPassword = `customer's "p/w" + 1`
	secrets := []string{apiPassword, userPassword}
	var leak strings.Builder
	for _, secret := range append(secrets, apiUser+":"+apiPassword) {
		leak.WriteString(strings.Join(echoes(secret), " ; ") + " ; ")
	}
	var escaped strings.Builder
	require.NoError(t, xml.EscapeText(&escaped, []byte(leak.String())))
	document := func(kind string) string {
		x := escaped.String()
		return `<doc><error type="` + kind + `" object="` + x + `"><param name="object">` + x + `</param><param name="value">` + x + `</param><msg>` + x + `</msg></error></doc>`
	}
	handlers := map[string]http.HandlerFunc{
		"value":     func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, document("value")) },
		"auth":      func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, document("auth")) },
		"type":      func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, document(escaped.String())) },
		"garbage":   func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, leak.String()) },
		"html":      func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>"+leak.String()) },
		"broken":    func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<doc><"+escaped.String()) },
		"no answer": func(w http.ResponseWriter, _ *http.Request) { dropped(w) },
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://"+url.PathEscape(userPassword)+".example.com/?authinfo="+url.QueryEscape(r.Form.Get("authinfo")))
			w.WriteHeader(http.StatusFound)
		},
		"not http": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, leak.String()+"\r\n\r\n")
			_ = conn.Close()
		},
	}
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			client := newStub(t, handler).client(t)
			_, created := client.CreateAccount(t.Context(), "cust42", userPassword)
			installed := client.Install(t.Context(), "5", dcim.Install{Template: "A__one", Password: userPassword})
			for _, err := range []error{created, installed} {
				require.Error(t, err)
				requireClean(t, err, apiPassword, userPassword)
			}
		})
	}
}

// requireClean looks through everything that can be printed of an error.
func requireClean(t *testing.T, err error, secrets ...string) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		asJSON, _ := json.Marshal(err)
		for _, printed := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err), string(asJSON)} {
			for _, secret := range secrets {
				for _, form := range echoes(secret) {
					require.NotContains(t, strings.ToLower(printed), strings.ToLower(strings.TrimRight(form, "=")))
				}
			}
		}
	}
}

func TestPrintingHoldsNoSecret(t *testing.T) {
	config := dci5.Config{Name: "dc1", URL: "https://dci.example.com", User: apiUser, Password: apiPassword}
	install := dcim.Install{Template: "A__one", Password: apiPassword}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		require.NotContains(t, fmt.Sprintf(verb, config)+fmt.Sprintf(verb, install), "S3cret", verb)
		require.NotContains(t, fmt.Sprintf(verb, &config)+fmt.Sprintf(verb, &install), "S3cret", verb)
	}
	for _, value := range []any{config, install} {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		require.NotContains(t, string(text), "S3cret")
	}
}
