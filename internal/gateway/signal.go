package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"metalease/internal/control"
	"metalease/internal/signing"
	"metalease/workflows/api"
)

// The wait of a signal, and its bound: the web request of a payment stands behind it.
const (
	defaultWait = 5 * time.Second
	longestWait = 20 * time.Second
)

// signalProblems are those of a signal; whether a service that nobody looks after has a server only a panel can tell.
func signalProblems(signal api.Signal) []kind {
	list := []kind{notJSON, unknownService, serviceEnded, invalidEvent}
	if signal.Running {
		list = append(list, notNow, tooOften)
	}
	if signal.Name == api.SignalTerminate {
		list = append(list, serverHeld, panelFailed, workerUnavailable)
	}
	return list
}

// signalRoutes are a call for each public signal.
func signalRoutes() []route {
	var list []route
	for _, signal := range api.SignalTable {
		list = append(list, route{
			method: http.MethodPost, pattern: "/v1/services/{id}/" + signal.Name, id: signal.Name + "Service", tag: "signals",
			summary: strings.ToUpper(signal.Effect[:1]) + signal.Effect[1:],
			text:    signalText,
			query:   []parameter{waitParameter(defaultWait, longestWait)},
			body:    signalBody(signal),
			answers: []answerType{
				{http.StatusOK, "The effect is reached, or it was decided that there is none, or it was begun and failed: outcome tells.", control.Result{}},
				{http.StatusAccepted, "The signal is durable; its effect was not reached within the wait.", control.Result{}},
			},
			sent:     signalExamples[signal.Name],
			problems: signalProblems(signal),
			handle:   sending(signal),
		})
	}
	return list
}

// signalBody is what a signal takes. Nothing can be done with a running server that is not said.
func signalBody(signal api.Signal) *body {
	b := &body{
		text:   "Absent, a text that is taken as the reason, or an object whose unknown fields are ignored.",
		fields: append([]string{"event_id", "reason", "source"}, signal.Fields...),
	}
	if signal.Running {
		b.required, b.text = true, "What is to be done. Unknown fields are ignored."
	}
	return b
}

const signalText = "The signal is sent first and is durable from then on, whether or not a worker runs; then the status is watched for its effect. " +
	"The same event_id again is answered with what became of the first."

func sending(signal api.Signal) handler {
	return func(g *gateway, c call) (reply, error) {
		id, err := serviceID(c)
		if err != nil {
			return reply{}, err
		}
		event, err := readEvent(c.body)
		if err != nil {
			return reply{}, err
		}
		if signal.Running {
			if faults := event.RunningFaults(signal.Name); len(faults) > 0 {
				return reply{}, invalidEvent.because("", faults...)
			}
			if err := g.spare(id, event.Actor); err != nil {
				return reply{}, err
			}
		}
		identify(&event, c.Request, g.Now())
		result, err := g.Control.Signal(c.Context(), id, signal.Name, event, value[time.Duration](c.query, "wait"))
		if err != nil {
			return reply{}, err
		}
		g.metrics.signals.WithLabelValues(signal.Name, string(result.Outcome)).Inc()
		if signal.Running && result.Outcome == api.OutcomeIgnored {
			return reply{}, notNow.because(result.Reason)
		}
		if result.Reached {
			return reply{status: http.StatusOK, body: result}, nil
		}
		return reply{status: http.StatusAccepted, body: result}, nil
	}
}

// identify gives an event without an id or a time those of its signed call: a copy of the call is the same event, also to a
// gateway that has forgotten the signature. The time is never after the receipt.
func identify(event *api.Event, req *http.Request, now time.Time) {
	signature, at := signing.Signed(req)
	if event.EventID == "" {
		event.EventID = "call-" + signature[:min(32, len(signature))]
	}
	if event.At.IsZero() {
		event.At.Time = at.Add(time.Second - time.Millisecond)
		if now.Before(event.At.Time) {
			event.At.Time = now.UTC()
		}
	}
}

// noSignal answers for a name that no signal has.
func noSignal(*gateway, call) (reply, error) {
	return reply{}, unknownSignal.because("There are: " + strings.Join(api.Signals, ", "))
}

// readEvent reads the input of a signal: absent, a text taken as the reason, or an object
// whose unknown fields are ignored. A signal that could not be decoded would change nothing,
// so it is refused here, where the sender learns of it.
func readEvent(body []byte) (api.Event, error) {
	body = bytes.TrimSpace(body)
	if len(body) > 0 && !json.Valid(body) {
		return api.Event{}, notJSON.because("")
	}
	if faults := tooLong(body); len(faults) > 0 {
		return api.Event{}, invalidEvent.because("", faults...)
	}
	event, err := api.ParseEvent(body)
	if wrong, is := errors.AsType[*json.UnmarshalTypeError](err); is && wrong.Field != "" {
		return event, invalidEvent.because("", api.FieldError{Field: wrong.Field, Reason: "must not be a JSON " + wrong.Value})
	}
	if err != nil {
		return event, invalidEvent.because(err.Error())
	}
	return event, nil
}
