package simulator

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"metalease/internal/signing"
)

// overdue is the reason by which WHMCS suspends what was not paid, and lifts it
// by itself (reference/whmcs.md section 4).
const overdue = "Overdue on Payment"

// module wraps a module function: one at a time per service, the outcome in the
// queue when it failed.
func module(run func(*WHMCS, Service) (int, error)) func(*WHMCS, url.Values) object {
	return func(w *WHMCS, params url.Values) object {
		serviceID := id(params, "serviceid")
		if serviceID == 0 {
			return failed("Service ID is required")
		}
		return w.runModule(serviceID, run)
	}
}

func (w *WHMCS) runModule(serviceID int, run func(*WHMCS, Service) (int, error)) object {
	unlock := w.lock(serviceID)
	defer unlock()
	service, there := w.service(serviceID)
	if !there {
		return failed("Service ID not found")
	}
	if _, err := run(w, service); err != nil {
		w.queue(service, err)
		return failed(err.Error())
	}
	return success(nil)
}

func (w *WHMCS) queue(service Service, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.Queue = append(w.state.Queue, QueueRow{ID: w.newID(), ServiceID: service.ID, Error: err.Error(), At: w.config.Now()})
}

// moduleCreate is CreateAccount of the PHP module: a question to the gateway
// first, an order only when it does not know the service.
func (w *WHMCS) moduleCreate(s Service) (int, error) {
	if s.Status == "Active" {
		return 0, fmt.Errorf("already created, nothing done")
	}
	var status struct {
		Ready bool   `json:"ready"`
		Phase string `json:"phase"`
		Step  string `json:"step"`
	}
	code, err := w.call(http.MethodGet, fmt.Sprintf("/v1/services/%d", s.ID), nil, &status)
	switch {
	case err != nil:
		return code, err
	case code == 0 || code == http.StatusOK && status.Ready && s.Status == "Pending":
	case code == http.StatusNotFound:
		if _, err := w.call(http.MethodPost, "/v1/services", s.Order, nil); err != nil {
			return code, err
		}
		return code, fmt.Errorf("the server is being set up")
	case code == http.StatusOK:
		return code, fmt.Errorf("the server is being set up: %s %s", status.Phase, status.Step)
	default:
		return code, fmt.Errorf("the gateway answered %d", code)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	live := w.state.Service(s.ID)
	live.Status = "Active"
	w.state.Mails = append(w.state.Mails, Mail{w.config.Now(), live.ID, live.DedicatedIP, live.AssignedIPs, live.Username, live.Domain})
	w.dirty = true
	return code, nil
}

func (w *WHMCS) apiSuspend(params url.Values) object {
	reason := params.Get("suspendreason")
	return w.runModule(id(params, "serviceid"), func(w *WHMCS, s Service) (int, error) { return w.moduleSuspend(s, reason) })
}

// moduleSuspend tells an expired service from one that a person suspended.
func (w *WHMCS) moduleSuspend(s Service, reason string) (int, error) {
	signal, input := "suspend", event(w.config.Now())
	input["reason"], input["source"] = reason, "whmcs"
	if strings.Contains(reason, overdue) && s.NextDueDate < w.config.Now().Format(time.DateOnly) {
		signal = "expire"
		input["due"] = s.NextDueDate
	}
	code, err := w.signal(s, signal, input)
	if err == nil {
		w.edit(s.ID, func(s *Service) { s.Status, s.Suspended = "Suspended", reason })
	}
	return code, err
}

func (w *WHMCS) moduleUnsuspend(s Service) (int, error) {
	if strings.Contains(s.Suspended, overdue) {
		if code, err := w.moduleRenew(s); err != nil {
			return code, err
		}
	}
	input := event(w.config.Now())
	input["source"] = "whmcs"
	code, err := w.signal(s, "unsuspend", input)
	if err == nil {
		w.edit(s.ID, func(s *Service) { s.Status, s.Suspended = "Active", "" })
	}
	return code, err
}

func (w *WHMCS) moduleRenew(s Service) (int, error) {
	input := event(w.config.Now())
	input["expires_at"] = s.NextDueDate
	return w.signal(s, "renew", input)
}

func (w *WHMCS) moduleTerminate(s Service) (int, error) {
	input := event(w.config.Now())
	input["reason"], input["source"] = "terminated in WHMCS", "whmcs"
	code, err := w.signal(s, "terminate", input)
	if err != nil && code != http.StatusNotFound {
		return code, err
	}
	w.edit(s.ID, func(s *Service) { s.Status = "Terminated" })
	return code, nil
}

func event(now time.Time) Body {
	return Body{"event_id": rand.Text(), "at": now.UTC().Format(time.RFC3339Nano)}
}

func (w *WHMCS) signal(s Service, name string, input Body) (int, error) {
	code, err := w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/%s", s.ID, name), input, nil)
	switch {
	case err != nil:
		return code, err
	case code == 0 || code == http.StatusOK || code == http.StatusAccepted:
		return code, nil
	}
	return code, fmt.Errorf("the gateway answered %d to %s", code, name)
}

// call sends a signed call to the gateway; code 0 is a WHMCS without one.
func (w *WHMCS) call(method, path string, body, answer any) (int, error) {
	if w.config.Gateway == "" {
		return 0, nil
	}
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return 0, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(w.config.Gateway, "/")+path, bytes.NewReader(text))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	signing.Sign(req, text, w.config.Installation, w.config.GatewaySecret, w.config.Now())
	resp, err := w.gateway.Do(req)
	if err != nil {
		return -1, fmt.Errorf("the gateway is not reachable: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	reply, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return -1, err
	}
	if answer != nil && resp.StatusCode == http.StatusOK {
		if err := json.Unmarshal(reply, answer); err != nil {
			return resp.StatusCode, err
		}
	}
	if resp.StatusCode == http.StatusUnprocessableEntity || resp.StatusCode == http.StatusConflict || resp.StatusCode == http.StatusUnauthorized {
		return resp.StatusCode, fmt.Errorf("the gateway answered %d: %s", resp.StatusCode, bytes.TrimSpace(reply))
	}
	return resp.StatusCode, nil
}
