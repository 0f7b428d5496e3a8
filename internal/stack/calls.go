package stack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"time"

	"metalease/internal/signing"
)

// GatewayURL, WHMCSURL, PanelURL and UIURL are addresses inside the set.
func (s *Stack) GatewayURL(path string) string { return "http://" + local(s.Ports.Gateway) + path }

// WHMCSURL is an address of the WHMCS simulator, or of the WHMCS that runs instead.
func (s *Stack) WHMCSURL(path string) string {
	if s.Options.WHMCSAddress != "" {
		return "http://" + s.Options.WHMCSAddress + path
	}
	return "http://" + local(s.Ports.WHMCS) + path
}

// PanelURL is an address of the panel simulator.
func (s *Stack) PanelURL(path string) string { return "https://" + local(s.Ports.Panel) + path }

// UIURL is an address of Temporal's Web UI.
func (s *Stack) UIURL(path string) string { return "http://" + local(s.Ports.UI) + path }

// AskPanel calls the panel simulator's control.
func (s *Stack) AskPanel(ctx context.Context, method, path string, body, answer any) error {
	return s.call(ctx, s.panelClient, method, s.PanelURL(path), body, answer)
}

// AskWHMCS calls the WHMCS simulator's control.
func (s *Stack) AskWHMCS(ctx context.Context, method, path string, body, answer any) error {
	return s.call(ctx, http.DefaultClient, method, s.WHMCSURL(path), body, answer)
}

// SignedCall makes a call to a gateway as the installation signs it, and returns its code and answer. The address is whole; a nil
// body is none.
func SignedCall(ctx context.Context, method, address string, body any, signed time.Time) (code int, answer []byte, err error) {
	var text []byte
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return 0, nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(text))
	if err != nil {
		return 0, nil, err
	}
	signing.Sign(req, text, Installation, GatewaySecret, signed)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err = io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

// Starter runs the command line and returns its output.
func (s *Stack) Starter(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.bin("starter"), args...)
	cmd.Env = s.Env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TemporalCommand runs the official command line against the set's server.
func (s *Stack) TemporalCommand(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.Options.TemporalCLI, args...)
	cmd.Env = s.Env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (s *Stack) call(ctx context.Context, client *http.Client, method, url string, body, answer any) error {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, url, reader)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %s: %s", method, url, resp.Status, bytes.TrimSpace(text))
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}
