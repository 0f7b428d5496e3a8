package simulator

import (
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"time"
)

// effect is what became of a signal within the time that was waited for it.
type effect struct {
	reply reply
	// outcome is pending, applied, ignored or superseded; empty when the gateway did not take it.
	outcome, reason string
	// status is the service as it was seen last; nil when nobody answered.
	status view
}

// applied tells that the effect is there; underWay that it is still to come.
func (e effect) applied() bool  { return e.outcome == "applied" }
func (e effect) underWay() bool { return e.outcome == "pending" }

// signal sends a signal and waits that many seconds for its effect. It is durable
// when the gateway has taken it.
func (w *WHMCS) signal(s Service, name string, fields Body, wait int) (effect, error) {
	event := Body{"event_id": rand.Text(), "at": w.config.Now().UTC().Format("2006-01-02T15:04:05.000Z"), "source": "whmcs"}
	maps.Copy(event, fields)
	path := fmt.Sprintf("/v1/services/%d", s.ID)
	answer, err := w.call(http.MethodPost, fmt.Sprintf("%s/%s?wait=%ds", path, name, wait), event)
	if err != nil {
		return effect{}, err
	}
	e := effect{reply: answer, reason: answer.view.text("reason")}
	if answer.ok() {
		e.outcome = answer.view.text("outcome")
	}
	if answer.view.has("status") {
		e.status, _ = answer.view["status"].(map[string]any)
	}
	if !e.applied() || e.status != nil {
		return e, nil
	}
	// The effect is there, but a busy worker did not show it.
	seen, err := w.call(http.MethodGet, path, nil)
	if err == nil && seen.ok() {
		e.status = seen.view
	}
	return e, err
}

// because says why there is no effect; wanted is what was to happen, such as
// "block the server".
func (e effect) because(wanted string) string {
	if !e.reply.ok() {
		return e.reply.problem() + "."
	}
	if !e.underWay() {
		return fmt.Sprintf("Nothing was done to %s: %s.", wanted, or(e.reason, e.outcome))
	}
	why := ""
	switch {
	case e.status == nil:
		why = "No worker answers. "
	case e.status.has("attention"):
		why = "The service needs attention: " + sentence(e.status.text("attention.message")) + " "
	case e.status.has("panel_paused"):
		why = "The panel is paused. "
	}
	return fmt.Sprintf("Not yet: metalease has the order to %s and goes on with it. %sWHMCS follows by itself when it is done; a retry does no harm.", wanted, why)
}

// past tells whether a date of WHMCS lies before today.
func (w *WHMCS) past(date string) bool {
	return date != "" && date != "0000-00-00" && date < w.config.Now().Format(time.DateOnly)
}
