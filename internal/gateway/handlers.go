package gateway

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"metalease/internal/control"
	"metalease/workflows"
)

// The wait of a signal, and its bound: payment gateways behind WHMCS time out.
const (
	defaultWait = 5 * time.Second
	longestWait = 20 * time.Second
)

func (g *gateway) start(w http.ResponseWriter, r *http.Request) {
	order, failure := g.readOrder(r)
	if failure != nil {
		failure.write(w)
		return
	}
	started, err := g.Control.Start(r.Context(), order)
	switch {
	case err != nil:
		problemOf(err).write(w)
	case started:
		w.Header().Set("Location", "/v1/services/"+strconv.Itoa(order.ServiceID))
		answer(w, http.StatusCreated, map[string]any{"service_id": order.ServiceID, "started": true})
	default:
		answer(w, http.StatusOK, map[string]any{"service_id": order.ServiceID, "started": false})
	}
}

// orderFields are the JSON names of an order.
var orderFields = func() []string {
	var names []string
	for field := range reflect.TypeFor[workflows.Order]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}()

// readOrder names every field that is unknown or unreadable, together with those
// that have a value which no order can have.
func (g *gateway) readOrder(r *http.Request) (workflows.Order, *problem) {
	var fields map[string]json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&fields); err != nil {
		return workflows.Order{}, &problem{status: http.StatusBadRequest, slug: "not-json", title: "The body is not a JSON object"}
	}
	var order workflows.Order
	var faults []workflows.FieldError
	unreadable := map[string]bool{}
	for _, name := range orderFields {
		raw, there := fields[name]
		if !there {
			continue
		}
		one, err := json.Marshal(map[string]json.RawMessage{name: raw})
		if err == nil {
			err = json.Unmarshal(one, &order)
		}
		if err != nil {
			unreadable[name] = true
			faults = append(faults, workflows.FieldError{Field: name, Reason: reason(err)})
		}
	}
	for name := range fields {
		if !slices.Contains(orderFields, name) {
			faults = append(faults, workflows.FieldError{Field: name, Reason: "is not a field of an order"})
		}
	}
	if len(faults) == 0 {
		return order, nil // control checks the values
	}
	for _, f := range g.Control.Faults(order) {
		if !unreadable[f.Field] {
			faults = append(faults, f)
		}
	}
	slices.SortFunc(faults, func(a, b workflows.FieldError) int { return strings.Compare(a.Field, b.Field) })
	return order, &problem{http.StatusUnprocessableEntity, "invalid-order", "The order is wrong", "", faults}
}

func reason(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return "must be a " + wrong.Type.String() + ", not a " + wrong.Value
	}
	return err.Error()
}

// serviceID reads the id of the path; an id that is none is an unknown service.
func serviceID(w http.ResponseWriter, r *http.Request) (int, bool) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || id <= 0 {
		problemOf(control.ErrUnknownService).write(w)
		return 0, false
	}
	return id, true
}

func (g *gateway) status(w http.ResponseWriter, r *http.Request) {
	id, ok := serviceID(w, r)
	if !ok {
		return
	}
	status, err := g.Control.Status(r.Context(), id)
	if err != nil {
		problemOf(err).write(w)
		return
	}
	answer(w, http.StatusOK, status)
}

func (g *gateway) signal(w http.ResponseWriter, r *http.Request) {
	id, ok := serviceID(w, r)
	name := r.PathValue("signal")
	switch {
	case !ok:
		return
	case !slices.Contains(workflows.Signals, name):
		problem{status: http.StatusNotFound, slug: "unknown-signal", title: "There is no such signal", detail: "There are: " + strings.Join(workflows.Signals, ", ")}.write(w)
		return
	}
	wait, err := waitOf(r.URL.Query().Get("wait"))
	if err != nil {
		problem{http.StatusUnprocessableEntity, "invalid-wait", "The wait is wrong", "", []workflows.FieldError{{Field: "wait", Reason: err.Error()}}}.write(w)
		return
	}
	var event workflows.Event
	if err := json.NewDecoder(r.Body).Decode(&event); err != nil && !errors.Is(err, io.EOF) {
		problem{status: http.StatusUnprocessableEntity, slug: "invalid-event", title: "The event is wrong", detail: reason(err)}.write(w)
		return
	}
	if event.Source == "" {
		event.Source = "gateway"
	}
	result, err := g.Control.Signal(r.Context(), id, name, event, wait)
	if err != nil {
		problemOf(err).write(w)
		return
	}
	g.metrics.signals.WithLabelValues(name, string(result.Outcome)).Inc()
	code := http.StatusAccepted
	if result.Reached {
		code = http.StatusOK
	}
	answer(w, code, result)
}

func waitOf(text string) (time.Duration, error) {
	if text == "" {
		return defaultWait, nil
	}
	wait, err := time.ParseDuration(text)
	if seconds, bad := strconv.Atoi(text); bad == nil {
		wait, err = time.Duration(seconds)*time.Second, nil
	}
	if err != nil || wait < 0 || wait > longestWait {
		return 0, errors.New("must be a duration from 0s to 20s")
	}
	return wait, nil
}

// Sizes of a page.
const (
	defaultPage = 50
	largestPage = 500
)

func (g *gateway) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	size := defaultPage
	if text := q.Get("page_size"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > largestPage {
			problem{http.StatusUnprocessableEntity, "invalid-page", "The page is wrong", "", []workflows.FieldError{{Field: "page_size", Reason: "must be from 1 to 500"}}}.write(w)
			return
		}
		size = n
	}
	filter := control.Filter{Phase: q.Get("phase"), ClientID: q.Get("client_id"), Panel: q.Get("panel"), IP: q.Get("ip"), Attention: q.Get("attention") == "true"}
	page, err := g.Control.List(r.Context(), filter, q.Get("page_token"), size)
	if err != nil {
		problemOf(err).write(w)
		return
	}
	answer(w, http.StatusOK, page)
}

func (g *gateway) stock(w http.ResponseWriter, r *http.Request) {
	stock, err := g.Control.Stock(r.Context(), r.PathValue("panel"), false)
	if err != nil {
		problemOf(err).write(w)
		return
	}
	answer(w, http.StatusOK, stock)
}
