package gateway

import (
	"encoding/json"
	"errors"
	"net/http"

	"go.uber.org/zap"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// problem is an error as RFC 9457 has it.
type problem struct {
	status int
	// slug is the stable end of the problem's type; programs tell problems apart by it.
	slug   string
	title  string
	detail string
	faults []api.FieldError
}

func (p problem) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.status)
	_ = json.NewEncoder(w).Encode(struct { // a caller that went away is its own affair
		Type   string           `json:"type"`
		Title  string           `json:"title"`
		Status int              `json:"status"`
		Detail string           `json:"detail,omitempty"`
		Errors []api.FieldError `json:"errors,omitempty"`
	}{"/problems/" + p.slug, p.title, p.status, p.detail, p.faults})
}

// parameters are bad values in the URL.
func parameters(faults ...api.FieldError) problem {
	return problem{http.StatusUnprocessableEntity, "invalid-parameter", "The URL has a wrong parameter", "", faults}
}

// fail answers with the problem behind an error. What callers are not told, the log is.
func (g *gateway) fail(w http.ResponseWriter, r *http.Request, err error) {
	p, known := problemOf(err)
	if !known && r.Context().Err() == nil {
		g.Logger.Error("Temporal failed", zap.String("path", r.URL.Path), zap.Error(err), zap.String("request_id", requestID(w)))
	}
	p.write(w)
}

// problemOf turns the errors of control into problems. False is one that it does not know.
func problemOf(err error) (problem, bool) {
	if invalid, ok := errors.AsType[*control.Invalid](err); ok {
		return problem{http.StatusUnprocessableEntity, "invalid-order", "The order is wrong", "", invalid.Faults}, true
	}
	if conflict, ok := errors.AsType[*control.Conflict](err); ok {
		p := problem{status: http.StatusConflict, slug: "other-order", title: "The service runs with another order",
			detail: "Correct fields of a service that needs attention with the signal retry."}
		for _, field := range conflict.Fields {
			p.faults = append(p.faults, api.FieldError{Field: field, Reason: "differs from the order that runs"})
		}
		return p, true
	}
	if observed, ok := errors.AsType[*control.ErrObserved](err); ok {
		return problem{status: http.StatusConflict, slug: "panel-observed", title: "The panel is only observed", detail: observed.Error()}, true
	}
	if refused, ok := errors.AsType[*control.Refused](err); ok {
		return problem{status: http.StatusBadGateway, slug: "panel-failed", title: "The panel did not answer the question", detail: refused.Message}, true
	}
	switch {
	case errors.Is(err, control.ErrNotJSON):
		return problem{status: http.StatusBadRequest, slug: "not-json", title: "The body is not a JSON object"}, true
	case errors.Is(err, control.ErrUnknownService):
		return problem{status: http.StatusNotFound, slug: "unknown-service", title: "There is no such service"}, true
	case errors.Is(err, control.ErrUnknownPanel):
		return problem{status: http.StatusNotFound, slug: "unknown-panel", title: "There is no such panel in the configuration"}, true
	case errors.Is(err, control.ErrPageToken):
		return parameters(api.FieldError{Field: "page_token", Reason: "is not one that this list has given"}), true
	case errors.Is(err, control.ErrWorkerUnavailable):
		return problem{status: http.StatusServiceUnavailable, slug: "worker-unavailable", title: "No worker answers",
			detail: "The service is safe; ask again when a worker runs."}, true
	case errors.Is(err, control.ErrClosed):
		return problem{status: http.StatusConflict, slug: "service-ended", title: "The service has ended",
			detail: `A released service starts anew only with "restart": true.`}, true
	}
	return problem{status: http.StatusServiceUnavailable, slug: "temporal-unavailable", title: "Temporal did not do it",
		detail: "Nothing is lost: send the call again."}, false
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a caller that went away is its own affair
}

// refusals turns the plain refusals of a mux, 404 and 405, into problems.
type refusals struct{ mux *http.ServeMux }

func (f refusals) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := f.mux.Handler(r); pattern != "" {
		f.mux.ServeHTTP(w, r)
		return
	}
	// The mux knows which methods a path has, and tells it in its own refusal only.
	refused := quiet{header: http.Header{}}
	f.mux.ServeHTTP(&refused, r)
	if allowed := refused.header.Get("Allow"); allowed != "" {
		w.Header().Set("Allow", allowed)
		problem{status: http.StatusMethodNotAllowed, slug: "wrong-method", title: "The path has no such method",
			detail: "It has: " + allowed}.write(w)
		return
	}
	problem{status: http.StatusNotFound, slug: "unknown-path", title: "There is no such path"}.write(w)
}

// quiet takes an answer and sends none.
type quiet struct{ header http.Header }

func (q *quiet) Header() http.Header         { return q.header }
func (q *quiet) Write(b []byte) (int, error) { return len(b), nil }
func (q *quiet) WriteHeader(int)             {}
