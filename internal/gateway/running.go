package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"time"
	"unicode/utf8"

	"metalease/internal/control"
	"metalease/internal/signon"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// SignOn is the body of POST /v1/services/{id}/sso.
type SignOn struct {
	EventID string    `json:"event_id,omitempty"`
	Target  string    `json:"target"`
	Actor   api.Actor `json:"actor"`
}

// PanelUsage is the answer of GET /v1/panels/{panel}/usage.
type PanelUsage struct {
	Services []control.ServiceUsage `json:"services"`
}

var runningRoutes = []route{
	{
		method: http.MethodPost, pattern: "/v1/services/{id}/sso", id: "signOnService", tag: "servers",
		summary: "Let a browser into the panel, or to the server's console",
		text: "To be called at the moment of the click. The answer is for that click alone: have the browser post the fields to the address, and keep neither. " +
			"A client comes in as the client's own account, staff as metalease's. The same event_id again makes no second way in and cannot repeat the first.",
		body:     &body{text: "Where to, and who.", required: true, value: SignOn{}},
		answers:  []answerType{{http.StatusOK, "The way in, for that one browser. The fields are a key or a session: whoever has them comes in until expires_at, and with a session longer.", signon.Door{}}},
		problems: []kind{notJSON, unknownService, serviceEnded, invalidEvent, notNow, alreadyAnswered, tooOften, panelFailed, workerUnavailable},
		sent:     signOnSent, told: signOnTold,
		handle: (*gateway).signOn,
	},
	{
		method: http.MethodGet, pattern: "/v1/services/{id}/facts", id: "getServerFacts", tag: "servers",
		summary:  "Show what staff ask about the server",
		text:     "For staff: it tells of switches, racks and the IPMI. as_of says when the panel was read; answers of the last ten minutes are given again. null is not known.",
		query:    []parameter{flagOf("fresh", "Read the panel now.")},
		answers:  []answerType{{http.StatusOK, "The facts.", control.Facts{}}},
		problems: []kind{unknownService, serviceEnded, unknownPanel, notNow, panelFailed, workerUnavailable},
		told:     factsTold,
		handle:   (*gateway).facts,
	},
	{
		method: http.MethodGet, pattern: "/v1/services/{id}/usage", id: "getServiceUsage", tag: "servers",
		summary:  "Show what the server has used in a month",
		text:     usageText,
		query:    []parameter{monthParameter},
		answers:  []answerType{{http.StatusOK, "The usage.", control.Usage{}}},
		problems: []kind{unknownService, serviceEnded, unknownPanel, notNow, panelFailed, workerUnavailable},
		told:     usageTold,
		handle:   (*gateway).usage,
	},
	{
		method: http.MethodGet, pattern: "/v1/panels/{panel}/usage", id: "listPanelUsage", tag: "panels",
		summary:  "Show what the servers of all services of a panel have used in a month",
		text:     "One question to the panel, however many services there are. " + usageText,
		query:    []parameter{monthParameter},
		answers:  []answerType{{http.StatusOK, "The usage by service.", PanelUsage{}}},
		problems: []kind{unknownPanel, panelFailed, workerUnavailable},
		told:     panelUsageTold,
		handle:   (*gateway).panelUsage,
	},
}

const usageText = "Only the time in which this client had the server counts. The panel counts by server and tells one figure for the running month: " +
	"of a service that got its server within the month, and of a month that is over, nothing is known. What is not known is null, which is not zero."

// monthParameter is a calendar month; handlers read it against their clock.
var monthParameter = func() parameter {
	p := textOf("month", "The month, such as 2026-11, in UTC; the running one when absent.")
	p.schema["pattern"] = `^[0-9]{4}-[0-9]{2}$`
	return p
}()

func (g *gateway) signOn(c call) (reply, error) {
	id, err := serviceID(c)
	if err != nil {
		return reply{}, err
	}
	ask, err := readSignOn(c.body)
	if err != nil {
		return reply{}, err
	}
	event := api.Event{EventID: ask.EventID}
	identify(&event, c.Request, g.Now())
	if err := g.spare(id, ask.Actor); err != nil {
		return reply{}, err
	}
	door, err := g.Control.SignOn(c.Context(), id, running.SignOn{EventID: event.EventID, Actor: ask.Actor, Target: ask.Target})
	return reply{status: http.StatusOK, body: door, noStore: true}, err
}

// readSignOn reads who wants to go where. Whoever does not say who it is gets in nowhere: the account depends on it.
func readSignOn(text []byte) (SignOn, error) {
	var ask SignOn
	if text = bytes.TrimSpace(text); !json.Valid(text) || !bytes.HasPrefix(text, []byte("{")) {
		return ask, notJSON.because("")
	}
	err := json.Unmarshal(text, &ask)
	if wrong, is := errors.AsType[*json.UnmarshalTypeError](err); is {
		return ask, invalidEvent.because("", api.FieldError{Field: wrong.Field, Reason: "must not be a JSON " + wrong.Value})
	}
	var faults []api.FieldError
	fault := func(bad bool, field, reason string) {
		if bad {
			faults = append(faults, api.FieldError{Field: field, Reason: reason})
		}
	}
	fault(utf8.RuneCountInString(ask.EventID) > api.LimitID, "event_id", "must have at most 128 characters")
	fault(ask.Target != running.SignOnPanel && ask.Target != running.SignOnConsole, "target", "must be panel or console")
	fault(ask.Actor.Kind != api.ActorClient && ask.Actor.Kind != api.ActorStaff, "actor.kind", "must be client or staff")
	fault(utf8.RuneCountInString(ask.Actor.Name) > api.LimitID, "actor.name", "must have at most 128 characters")
	if len(faults) > 0 {
		return ask, invalidEvent.because("", faults...)
	}
	return ask, nil
}

func (g *gateway) facts(c call) (reply, error) {
	id, err := serviceID(c)
	if err != nil {
		return reply{}, err
	}
	facts, err := g.Control.Facts(c.Context(), id, value[bool](c.query, "fresh"))
	return reply{status: http.StatusOK, body: facts}, err
}

// month reads the parameter of a call.
func (g *gateway) month(c call) (control.Month, error) {
	month, is := control.MonthOf(value[string](c.query, "month"), g.Now())
	if !is {
		return month, parameters(api.FieldError{Field: "month", Reason: "must be a month such as 2026-11 that has begun"})
	}
	return month, nil
}

func (g *gateway) usage(c call) (reply, error) {
	id, err := serviceID(c)
	if err != nil {
		return reply{}, err
	}
	month, err := g.month(c)
	if err != nil {
		return reply{}, err
	}
	usage, err := g.Control.Usage(c.Context(), id, month)
	return reply{status: http.StatusOK, body: usage}, err
}

func (g *gateway) panelUsage(c call) (reply, error) {
	month, err := g.month(c)
	if err != nil {
		return reply{}, err
	}
	all, err := g.Control.PanelUsage(c.Context(), c.PathValue("panel"), month)
	return reply{status: http.StatusOK, body: PanelUsage{all}}, err
}

// What a client may do with one service: some actions at once, and then one in a while.
const (
	clientBurst = 6
	clientEvery = 10 * time.Second
)

// spare refuses what a client asks for too often. A finger that rests on a button, or a script, would otherwise fill the
// service's history and its panel's queue.
func (g *gateway) spare(serviceID int, actor api.Actor) error {
	if actor.Kind != api.ActorClient {
		return nil
	}
	if wait := g.clients.wait(serviceID, 1/clientEvery.Seconds(), clientBurst, g.Now()); wait > 0 {
		refused := tooOften.because("The client has asked for much of this service in a short time. Nothing was done now.")
		refused.after = wait
		return refused
	}
	return nil
}
