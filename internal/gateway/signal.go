package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"metalease/internal/duration"
	"metalease/workflows/api"
)

// The wait of a signal, and its bound: the web request of a payment stands behind it.
const (
	defaultWait = 5 * time.Second
	longestWait = 20 * time.Second
)

func (g *gateway) signal(w http.ResponseWriter, r *http.Request) {
	id, err := serviceID(r)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	name := r.PathValue("signal")
	if !slices.Contains(api.Signals, name) {
		problem{status: http.StatusNotFound, slug: "unknown-signal", title: "There is no such signal",
			detail: "There are: " + strings.Join(api.Signals, ", ")}.write(w)
		return
	}
	wait, err := waitOf(r.URL.Query().Get("wait"))
	if err != nil {
		parameters(api.FieldError{Field: "wait", Reason: err.Error()}).write(w)
		return
	}
	event, failure := readEvent(r.Body)
	if failure != nil {
		failure.write(w)
		return
	}
	result, err := g.Control.Signal(r.Context(), id, name, event, wait)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	g.metrics.signals.WithLabelValues(name, string(result.Outcome)).Inc()
	code := http.StatusAccepted
	if result.Reached {
		code = http.StatusOK
	}
	answer(w, code, result)
}

// waitOf reads a duration or a number of seconds.
func waitOf(text string) (time.Duration, error) {
	if text == "" {
		return defaultWait, nil
	}
	wait, err := duration.Parse(text)
	if err != nil || wait > longestWait {
		return 0, errors.New("must be a duration from 0s to " + longestWait.String())
	}
	return wait, nil
}

// readEvent reads the input of a signal: absent, a text taken as the reason, or an object
// whose unknown fields are ignored. A signal that could not be decoded would change nothing,
// so it is refused here, where the sender learns of it.
func readEvent(body io.Reader) (api.Event, *problem) {
	var event api.Event
	text, err := io.ReadAll(body)
	text = bytes.TrimSpace(text)
	switch {
	case err != nil || len(text) > 0 && !json.Valid(text):
		return event, &problem{status: http.StatusBadRequest, slug: "not-json", title: "The body is not JSON"}
	case len(text) == 0 || string(text) == "null":
		return event, nil
	case text[0] == '"':
		err = json.Unmarshal(text, &event.Reason)
	default:
		err = json.Unmarshal(text, &event)
	}
	if err == nil {
		return event, nil
	}
	p := problem{status: http.StatusUnprocessableEntity, slug: "invalid-event", title: "The input of the signal is wrong", detail: err.Error()}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		p.detail = "an event is an object, or a text that is its reason"
		if wrong.Field != "" {
			p.detail = ""
			p.faults = []api.FieldError{{Field: wrong.Field, Reason: "must not be a JSON " + wrong.Value}}
		}
	}
	return event, &p
}
