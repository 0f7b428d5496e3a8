package simulator

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"metalease/internal/signing"
)

// gatewayPatience is how long the module waits for an answer.
const gatewayPatience = 30 * time.Second

// reply is an answer of the gateway; code 0 is that of a WHMCS without one.
type reply struct {
	code int
	body []byte
}

// done tells that the gateway did, or durably took, what it was asked.
func (r reply) done() bool {
	return r.code == 0 || r.code == http.StatusOK || r.code == http.StatusCreated || r.code == http.StatusAccepted
}

// err is what the module says about an answer that is not done, in the words of
// the gateway's problem details (RFC 9457).
func (r reply) err(what string) error {
	if r.done() {
		return nil
	}
	var problem struct{ Title, Detail string }
	if json.Unmarshal(r.body, &problem) == nil && problem.Title+problem.Detail != "" {
		return fmt.Errorf("the gateway answered %d to %s: %s", r.code, what, strings.TrimSpace(problem.Title+" "+problem.Detail))
	}
	return fmt.Errorf("the gateway answered %d to %s", r.code, what)
}

// json is the body for people to read: as it is when it is JSON.
func (r reply) json() json.RawMessage {
	if json.Valid(r.body) {
		return r.body
	}
	text, _ := json.Marshal(string(r.body)) // a text can always be encoded
	return text
}

// start orders a server for a service, as the hook does.
func (w *WHMCS) start(s Service) (reply, error) {
	answer, err := w.call(http.MethodPost, "/v1/services", s.Order)
	if err != nil {
		return answer, err
	}
	return answer, answer.err("the start")
}

// signal sends one of the signals of docs/architecture.md 6.
func (w *WHMCS) signal(s Service, name string, input Body) (reply, error) {
	answer, err := w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/%s", s.ID, name), input)
	if err != nil {
		return answer, err
	}
	return answer, answer.err(name)
}

// event begins a signal's input: the id is random for each call.
func event(now time.Time) Body {
	return Body{"event_id": rand.Text(), "at": now.UTC().Format(time.RFC3339Nano)}
}

// call sends one signed call. An error is a gateway that gave no answer.
func (w *WHMCS) call(method, path string, body Body) (reply, error) {
	if w.config.Gateway == "" {
		return reply{}, nil
	}
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return reply{}, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), gatewayPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(w.config.Gateway, "/")+path, bytes.NewReader(text))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	signing.Sign(req, text, w.config.Installation, w.config.GatewaySecret, w.config.Now())
	resp, err := w.gateway.Do(req)
	if err != nil {
		return reply{}, fmt.Errorf("the gateway is not reachable: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return reply{}, fmt.Errorf("the gateway's answer was cut off: %w", err)
	}
	return reply{resp.StatusCode, answer}, nil
}
