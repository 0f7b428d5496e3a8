package simulator

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Fault is a rule that spoils calls. Effects: error, http500, hang, garbage and
// slow; close-before loses the request before anything is done, close-after does
// it and loses the reply.
type Fault struct {
	// Function is a panel function; empty: all. Only calls with sok count for forms
	// when Saves is set.
	Function string `json:"function"`
	Saves    bool   `json:"saves,omitempty"`
	Effect   string `json:"effect"`
	// Count is how many calls it spoils; 0: all. Probability between 0 and 1; 0 is 1.
	Count       int     `json:"count,omitempty"`
	Probability float64 `json:"probability,omitempty"`
	// Server restricts the rule to calls about one server.
	Server string `json:"server,omitempty"`
	// Type and Message are the panel's words of effect error.
	Type    string `json:"type,omitempty"`
	Message string `json:"message,omitempty"`
	// DelayMS is the delay of effect slow, in milliseconds.
	DelayMS int `json:"delay_ms,omitempty"`
}

var effects = []string{"error", "http500", "hang", "close-before", "close-after", "garbage", "slow"}

func (f *Fault) check() error {
	if !slices.Contains(effects, f.Effect) {
		return fmt.Errorf("effect %q is not one of %v", f.Effect, effects)
	}
	if f.Count < 0 || f.Probability < 0 || f.Probability > 1 || f.DelayMS < 0 {
		return fmt.Errorf("count and delay_ms must not be negative, probability must be between 0 and 1")
	}
	return nil
}

// Fault adds a rule; the first rule that fits a call spoils it.
func (p *Panel) Fault(f Fault) error {
	if err := f.check(); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if f.Count == 0 {
		f.Count = -1
	}
	p.faults = append(p.faults, &f)
	return nil
}

// ClearFaults takes all rules away and lets go of calls that hang.
func (p *Panel) ClearFaults() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = nil
	close(p.hangs)
	p.hangs = make(chan struct{})
}

// pick returns the rule for a call; nil is none.
func (p *Panel) pick(c call) *Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.faults {
		about := c.Get("elid") == f.Server || c.Get("plid") == f.Server
		switch {
		case f.Count == 0, f.Function != "" && f.Function != c.function, f.Saves && !c.saves(), f.Server != "" && !about:
			continue
		case f.Probability > 0 && p.random.Float64() >= f.Probability:
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

func (f *Fault) is(effect string) bool { return f != nil && f.Effect == effect }

func (f *Fault) refusal() *refusal {
	kind, message := f.Type, f.Message
	if kind == "" {
		kind = "db"
	}
	if message == "" {
		message = "Simulated error"
	}
	return refuse(kind, f.Function, "", message)
}

// before spoils a call of which nothing is done; true ends it.
func (f *Fault) before(p *Panel, w http.ResponseWriter, r *http.Request) bool {
	switch {
	case f == nil:
		return false
	case f.Effect == "error":
		contentType, body := encode(f.refusal().document(), r.Form.Get("out"))
		write(w, http.StatusOK, contentType, body)
	case f.Effect == "http500":
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
	case f.Effect == "garbage":
		write(w, http.StatusOK, "text/html", []byte("<html><body>The panel is under maintenance</body></html>"))
	case f.Effect == "close-before":
		drop(w)
	case f.Effect == "hang":
		p.mu.Lock()
		released := p.hangs
		p.mu.Unlock()
		select {
		case <-released:
		case <-r.Context().Done():
		}
		drop(w)
	case f.Effect == "slow":
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

// after loses the reply of a call that was done; true ends it.
func (f *Fault) after(w http.ResponseWriter) bool {
	if f.is("close-after") {
		drop(w)
		return true
	}
	return false
}

// drop ends the connection without an answer.
func drop(http.ResponseWriter) { panic(http.ErrAbortHandler) }
