package simulator

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"metalease/internal/duration"
)

// Rule makes calls go wrong.
type Rule struct {
	// Function that goes wrong; empty is all. A trailing "!" takes only calls that
	// save (sok), as in "server.edit!".
	Function string `json:"function,omitempty"`
	Effect   Effect `json:"effect"`
	// Count of calls that go wrong, after Skip that go right; 0 is without end.
	Count int `json:"count,omitempty"`
	Skip  int `json:"skip,omitempty"`
	// Probability of each call, above 0 and up to 1; 0 is 1.
	Probability float64 `json:"probability,omitempty"`
	// Type and Object of the error document; the type is "value" when empty.
	Type   string `json:"type,omitempty"`
	Object string `json:"object,omitempty"`
	// Server takes only calls about this server id, Element those whose elid is this one: one port,
	// or one address.
	Server  string `json:"server,omitempty"`
	Element string `json:"element,omitempty"`
	// Delay of the effect slow.
	Delay duration.Duration `json:"delay,omitzero"`
}

// Effect is how a call goes wrong.
type Effect string

// Effects. Only CloseAfter and Slow do what was asked for.
const (
	Error       Effect = "error"        // an error document
	HTTP500     Effect = "http500"      // status 500 with an HTML page
	Hang        Effect = "hang"         // no answer until the client gives up
	CloseBefore Effect = "close-before" // the connection is closed, nothing is done
	CloseAfter  Effect = "close-after"  // done, but the connection is closed without an answer
	Garbage     Effect = "garbage"      // status 200 and a page that is no document
	Slow        Effect = "slow"         // the right answer after Delay
	Ignore      Effect = "ignore"       // the panel says ok, and does nothing
	Flood       Effect = "flood"        // status 200 and a list without end
)

var effects = []Effect{Error, HTTP500, Hang, CloseBefore, CloseAfter, Garbage, Slow, Ignore, Flood}

type activeRule struct {
	Rule
	seen, done int
}

func (r *Rule) check() error {
	switch {
	case !slices.Contains(effects, r.Effect):
		return fmt.Errorf("effect is %q: it must be one of %s", r.Effect, joinEffects())
	case r.Count < 0 || r.Skip < 0:
		return fmt.Errorf("count or skip is negative")
	case r.Probability < 0 || r.Probability > 1:
		return fmt.Errorf("probability is %v: it must be from 0 to 1", r.Probability)
	case r.Effect == Slow && r.Delay <= 0:
		return fmt.Errorf(`the effect slow needs a delay, such as "2s"`)
	}
	name := strings.TrimSuffix(r.Function, "!")
	if _, known := functions[name]; name != "" && name != functionAuth && !known {
		return fmt.Errorf("function is %q: the panel has no such function", name)
	}
	setDefault(&r.Type, typeValue)
	return nil
}

func joinEffects() string {
	var names []string
	for _, e := range effects {
		names = append(names, string(e))
	}
	return strings.Join(names, ", ")
}

// Fault adds rules. Of several that fit a call, the first one counts.
func (p *Panel) Fault(rules ...Rule) error {
	var active []*activeRule
	for _, rule := range rules {
		if err := rule.check(); err != nil {
			return err
		}
		active = append(active, &activeRule{Rule: rule})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, active...)
	return nil
}

// ClearFaults removes all rules; calls that hang go on hanging.
func (p *Panel) ClearFaults() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = nil
}

// hit finds the rule that a call falls under; the zero rule is none.
func (p *Panel) hit(c *call) Rule {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.faults {
		if !r.fits(c) || r.Count > 0 && r.done >= r.Count {
			continue
		}
		r.seen++
		if r.seen <= r.Skip || r.Probability > 0 && p.chance.Float64() >= r.Probability {
			continue
		}
		r.done++
		return r.Rule
	}
	return Rule{}
}

func (r *activeRule) fits(c *call) bool {
	name, saving := strings.CutSuffix(r.Function, "!")
	return (name == "" || name == c.function) && (!saving || c.saves()) && (r.Server == "" || r.Server == c.serverID()) &&
		(r.Element == "" || r.Element == c.get("elid"))
}

// spoil carries out an effect that comes before the work; it tells whether the
// call is over.
func (r Rule) spoil(w http.ResponseWriter, req *http.Request, closed <-chan struct{}) bool {
	switch r.Effect {
	case HTTP500:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte("<html><body><h1>500 Internal Server Error</h1></body></html>\n"))
	case Garbage:
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!DOCTYPE html>\n<html><head><title>Maintenance</title><body><p>Back soon<br></body></html>\n"))
	case Flood:
		flood(w, closed)
	case Hang:
		select {
		case <-req.Context().Done():
		case <-closed:
		}
	case Slow:
		wait := time.NewTimer(time.Duration(r.Delay))
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-req.Context().Done():
		case <-closed:
		}
		return false
	case CloseBefore:
	default:
		return false
	}
	return true
}

// flood writes rows until the client has had enough.
func flood(w http.ResponseWriter, closed <-chan struct{}) {
	w.Header().Set("Content-Type", "text/xml")
	_, err := io.WriteString(w, "<doc>")
	for id := 1; err == nil; id++ {
		select {
		case <-closed:
			return
		default:
			_, err = fmt.Fprintf(w, "<elem><id>%d</id></elem>\n", id)
		}
	}
}

// abort closes the connection of a call that gets no answer.
func (r Rule) abort() {
	if r.Effect == Hang || r.Effect == CloseBefore {
		panic(http.ErrAbortHandler)
	}
}
