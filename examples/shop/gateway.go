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
)

// gateway makes signed calls.
type gateway struct{ url, installation, key, secret string }

// problem is an error as the gateway sends it (RFC 9457).
type problem struct {
	Type   string  `json:"type"`
	Title  string  `json:"title"`
	Detail string  `json:"detail"`
	Errors []fault `json:"errors"`
}

// fault is what is wrong of one field, such as client.email or items[0].cycle.
type fault struct{ Field, Reason string }

// Error is the problem in the gateway's words.
func (p *problem) Error() string { return p.Title + ": " + p.Detail }

const (
	oneCall  = 30 * time.Second
	attempts = 5
)

// call makes one call. Two that are the same within a second have the same signature, and the gateway
// takes the second for a copy: it is signed as of a second before.
func (g *gateway) call(ctx context.Context, method, path, idempotency string, body, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, oneCall)
	defer cancel()
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	for back := 0; ; back++ {
		req, err := http.NewRequestWithContext(ctx, method, g.url+path, bytes.NewReader(text))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(signing.HeaderKey, g.key)
		if idempotency != "" {
			req.Header.Set("Idempotency-Key", idempotency)
		}
		signing.Sign(req, text, g.installation, g.secret, time.Now().Add(-time.Duration(back)*time.Second))
		var refused problem
		err = g.send(req, answer, &refused)
		if refused.Type != "/problems/replayed" || back == attempts {
			return err
		}
	}
}

func (g *gateway) send(req *http.Request, answer any, refused *problem) error {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("the gateway does not answer: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		if json.Unmarshal(text, refused) != nil {
			return fmt.Errorf("the gateway answers %s", resp.Status)
		}
		return refused
	}
	return json.Unmarshal(text, answer)
}
