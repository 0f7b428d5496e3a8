package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"metalease/internal/signing"
)

// gateway makes signed calls.
type gateway struct{ url, installation, key, secret string }

// problem is an error as the gateway sends it (RFC 9457), with what is wrong of each field, such as
// client.email or items[0].cycle.
type problem struct {
	Type, Title, Detail string
	Errors              []struct{ Field, Reason string }
}

func (p *problem) Error() string { return p.Title + ": " + p.Detail }

// call makes a call and reads its answer. The same call in the same second is taken for a copy of the first:
// it is signed again, as of a second before.
func (g gateway) call(method, path, idempotency string, body, answer any) error {
	for at := time.Now(); ; at = at.Add(-time.Second) {
		err := g.signed(at, method, path, idempotency, body, answer)
		if refused, is := errors.AsType[*problem](err); !is || refused.Type != "/problems/replayed" {
			return err
		}
	}
}

var client = http.Client{Timeout: 30 * time.Second}

func (g gateway) signed(at time.Time, method, path, idempotency string, body, answer any) error {
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body) // texts and numbers always have a JSON
	}
	req, err := http.NewRequest(method, g.url+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", idempotency)
	req.Header.Set(signing.HeaderKey, g.key)
	signing.Sign(req, text, g.installation, g.secret, at)
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("the gateway does not answer: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode < http.StatusMultipleChoices {
		return json.NewDecoder(resp.Body).Decode(answer)
	}
	refused := &problem{Title: "the gateway answers " + resp.Status}
	_ = json.NewDecoder(resp.Body).Decode(refused) // what is no JSON comes from a proxy
	return refused
}
