package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"metalease/internal/signing"
)

// gatewayTimeout is how long the double waits for an answer. The module has less,
// for it sits in a web request; here a slow machine must not change what happens.
const gatewayTimeout = 30 * time.Second

// words are an error that staff read as it stands, with capitals and full stops.
type words string

// Error implements error.
func (w words) Error() string { return string(w) }

// start orders a server for a service, as hooks and CreateAccount do.
func (w *WHMCS) start(s Service, restart bool) (reply, error) {
	body := Body{}
	for key, value := range s.Order {
		body[key] = value
	}
	if restart { // another life, behind those who paid since
		body["restart"], body["paid_at"] = true, w.config.Now().UTC().Format(time.RFC3339)
		w.edit(s.ID, func(s *Service) { s.HandedOver = time.Time{} })
	}
	answer, err := w.call(http.MethodPost, "/v1/services", body)
	switch {
	case err == nil && answer.ok():
		w.edit(s.ID, func(s *Service) { s.Stopped = "" })
	case err == nil && !answer.is("other-order") && !answer.is("service-ended"):
		w.edit(s.ID, func(s *Service) { s.Stopped = "It is not started: " + answer.problem() })
	}
	return answer, err
}

// call sends one signed call. An error is a gateway that gave no answer, or none
// of a gateway; its text is the module's.
func (w *WHMCS) call(method, path string, body Body) (reply, error) {
	now := w.config.Now()
	got, err := w.callAt(method, path, body, now)
	// The very same was sent in this second: signed as of a while ago it is another call.
	for back := 1; err == nil && got.code == http.StatusUnauthorized && got.view.text("type") == "/problems/replayed" && back <= 60; back++ {
		got, err = w.callAt(method, path, body, now.Add(-time.Duration(back)*time.Second))
	}
	return got, err
}

func (w *WHMCS) callAt(method, path string, body Body, signed time.Time) (reply, error) {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return reply{}, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), gatewayTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, w.gatewayURL()+path, bytes.NewReader(text))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	if w.config.SystemURL != "" {
		req.Header.Set(signing.HeaderSystem, w.config.SystemURL)
	}
	signing.Sign(req, text, w.config.Installation, w.config.GatewaySecret, signed)
	resp, err := w.gateway.Do(req)
	if err != nil {
		return reply{}, w.unreachable(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return reply{}, w.unreachable(err)
	}
	got := reply{code: resp.StatusCode, body: answer}
	if json.Unmarshal(answer, &got.view) != nil && json.Unmarshal(answer, new([]any)) != nil {
		return got, words(fmt.Sprintf("What answers at %s is not metalease's gateway: HTTP status %d, and no JSON.", w.gatewayURL(), got.code))
	}
	return got, nil
}

func (w *WHMCS) gatewayURL() string { return strings.TrimRight(w.config.Gateway, "/") }

// unreachable says why there is no answer, in the module's words.
func (w *WHMCS) unreachable(err error) error {
	where := "metalease's gateway at " + w.gatewayURL()
	var timeout net.Error
	var wrapped *url.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return words(where + ` cannot be reached: is "starter serve" running, and does a firewall let WHMCS through?`)
	case errors.As(err, &timeout) && timeout.Timeout():
		return words(where + " did not answer in time. Nothing is lost: ask again in a minute.")
	case errors.As(err, &wrapped):
		err = wrapped.Err
	}
	return words(fmt.Sprintf("%s cannot be reached: %v.", where, err))
}
