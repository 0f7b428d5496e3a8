package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"metalease/internal/signing"
	"metalease/internal/stack"
)

// billed is what WHMCS shows of services.
type billed struct {
	Services []struct {
		ID     int
		Status string
	}
	Mails []struct {
		At        time.Time
		Template  string
		ServiceID int `json:"service_id"`
	}
}

func (s *scene) services(ctx context.Context) (all billed, err error) {
	return all, s.AskWHMCS(ctx, http.MethodGet, "/_sim/state", nil, &all)
}

const (
	activeStatus  = "Active"
	pendingStatus = "Pending"
)

// active are the services that WHMCS shows as Active.
func (b billed) active() []int { return b.with(activeStatus) }

// with are the services that WHMCS shows in a status.
func (b billed) with(status string) (ids []int) {
	for _, service := range b.Services {
		if service.Status == status {
			ids = append(ids, service.ID)
		}
	}
	return ids
}

// welcomed are the times at which services became Active: WHMCS mails then.
func (b billed) welcomed() map[int]time.Time {
	times := map[int]time.Time{}
	for _, mail := range b.Mails {
		if mail.Template == welcomeMail {
			times[mail.ServiceID] = mail.At
		}
	}
	return times
}

const welcomeMail = "Dedicated Server Welcome Email"

// housed is what the panel shows of servers.
type housed struct {
	Servers []struct {
		Notes     string
		Disabled  bool
		Operation struct{ Ends time.Time }
	}
}

func (s *scene) servers(ctx context.Context) (all housed, err error) {
	return all, s.AskPanel(ctx, http.MethodGet, "/_sim/state", nil, &all)
}

// disabled counts the servers that are cut off.
func (h housed) disabled() int {
	count := 0
	for _, server := range h.Servers {
		if server.Disabled {
			count++
		}
	}
	return count
}

// installed are the times at which the panel ended installs, by the service whose mark the server carries.
func (h housed) installed() map[int]time.Time {
	times := map[int]time.Time{}
	for _, server := range h.Servers {
		var service int
		if _, err := fmt.Sscanf(server.Notes, "metalease:"+stack.Installation+"/service-%d", &service); err == nil && !server.Operation.Ends.IsZero() {
			times[service] = server.Operation.Ends
		}
	}
	return times
}

// call makes a signed call of the gateway, as the module does, and reads its answer if there is to be one.
func (s *scene) call(ctx context.Context, client *http.Client, method, path string, body, answer any) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.GatewayURL(path), bytes.NewReader(text))
	if err != nil {
		return err
	}
	signing.Sign(req, text, stack.Installation, stack.GatewaySecret, time.Now())
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if text, err = io.ReadAll(resp.Body); err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %s: %.300s", method, path, resp.Status, text)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}
