package main

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// event is a webhook whose signature was right.
type event struct {
	Type      string
	Timestamp time.Time
	Data      struct {
		ID, State string
		CartID    string `json:"cart_id"`
		Service   service
	}
}

// webhook takes an event once, if it is metalease's.
func (s *shop) webhook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil || s.verifier.Verify(body, r.Header) != nil {
		http.Error(w, "the signature is wrong", http.StatusUnauthorized)
		return
	}
	var e event
	if err := json.Unmarshal(body, &e); err != nil {
		http.Error(w, "no event", http.StatusBadRequest)
		return
	}
	id, of := r.Header.Get(standardwebhooks.HeaderWebhookID), cmp.Or(e.Data.CartID, e.Data.ID)
	s.mu.Lock()
	if !s.seen[id] {
		s.seen[id] = true
		s.events[of] = append(s.events[of], e)
	}
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}
