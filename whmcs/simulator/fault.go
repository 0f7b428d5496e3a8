package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// Fault is a rule that spoils calls to api.php. Effects: error, http500, hang,
// garbage and slow; close-before loses the request before anything is done,
// close-after does it and loses the reply. control, bad-utf8, latin1 and odd-row spoil
// the row of one service (spoil.go); endless has a list of services that never ends.
type Fault struct {
	// Function is an API action; empty: all.
	Function string `json:"function"`
	Effect   string `json:"effect"`
	// Count is how many calls it spoils; 0: all. Probability between 0 and 1; 0 is 1.
	Count       int     `json:"count,omitempty"`
	Probability float64 `json:"probability,omitempty"`
	// Service whose row the effect is about; 0 is all rows.
	Service int `json:"service,omitempty"`
	// Message is WHMCS's word of effect error.
	Message string `json:"message,omitempty"`
	// DelayMS is the delay of effect slow, in milliseconds.
	DelayMS int `json:"delay_ms,omitempty"`
}

var effects = []string{"error", "http500", "hang", "close-before", "close-after", "garbage", "slow",
	"control", "bad-utf8", "latin1", "odd-row", "endless"}

// Fault adds a rule; the first rule that fits a call spoils it.
func (w *WHMCS) Fault(f Fault) error {
	if !slices.Contains(effects, f.Effect) {
		return fmt.Errorf("effect %q is not one of %v", f.Effect, effects)
	}
	if f.Count < 0 || f.Probability < 0 || f.Probability > 1 || f.DelayMS < 0 {
		return errors.New("count and delay_ms are not negative, probability is between 0 and 1")
	}
	if f.Count == 0 {
		f.Count = -1
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, &f)
	return nil
}

// ClearFaults takes all rules away and lets go of calls that hang.
func (w *WHMCS) ClearFaults() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = nil
	close(w.hangs)
	w.hangs = make(chan struct{})
}

func (w *WHMCS) postFaults(r *http.Request) (any, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	rules := []Fault{{}}
	into := any(&rules[0])
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		into = &rules
	}
	// A misspelt field would spoil other calls than those that were meant.
	if err := strict(bytes.NewReader(body), into); err != nil {
		return nil, err
	}
	for _, rule := range rules {
		if err := w.Fault(rule); err != nil {
			return nil, err
		}
	}
	return object{"rules": len(rules)}, nil
}

func (w *WHMCS) pick(action string) *Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.faults {
		if f.Count == 0 || f.Function != "" && f.Function != action || f.Probability > 0 && w.random.Float64() >= f.Probability {
			continue
		}
		if f.Count > 0 {
			f.Count--
		}
		picked := *f
		return &picked
	}
	return nil
}

// spoilBefore spoils a call of which nothing is done; true ends it.
func (w *WHMCS) spoilBefore(f *Fault, rw http.ResponseWriter, r *http.Request) bool {
	if f == nil {
		return false
	}
	switch f.Effect {
	case "error":
		rw.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(rw).Encode(failed(or(f.Message, "Simulated error"))) // a caller that went away is its own affair
	case "http500":
		http.Error(rw, "Internal Server Error", http.StatusInternalServerError)
	case "garbage":
		_, _ = rw.Write([]byte("<html><body>Down for Maintenance</body></html>"))
	case "close-before":
		panic(http.ErrAbortHandler)
	case "hang":
		w.mu.Lock()
		released := w.hangs
		w.mu.Unlock()
		select {
		case <-released:
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	case "slow":
		select {
		case <-time.After(time.Duration(f.DelayMS) * time.Millisecond):
		case <-r.Context().Done():
		}
		return false
	default:
		return false
	}
	return true
}
