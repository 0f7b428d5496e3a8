package gateway

import (
	"encoding/json"
	"errors"
	"net/http"

	"metalease/internal/control"
	"metalease/workflows"
)

// problem is an error as RFC 9457 has it.
type problem struct {
	status int
	slug   string
	title  string
	detail string
	faults []workflows.FieldError
}

func (p problem) write(w http.ResponseWriter) {
	body := map[string]any{"type": "/problems/" + p.slug, "title": p.title, "status": p.status}
	if p.detail != "" {
		body["detail"] = p.detail
	}
	if len(p.faults) > 0 {
		body["errors"] = p.faults
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.status)
	_ = json.NewEncoder(w).Encode(body) // a caller that went away is its own affair
}

// problemOf turns the errors of control into answers. What is not known there is
// not told to callers.
func problemOf(err error) problem {
	var invalid *control.Invalid
	switch {
	case errors.As(err, &invalid):
		return problem{http.StatusUnprocessableEntity, "invalid-order", "The order is wrong", "", invalid.Faults}
	case errors.Is(err, control.ErrUnknownService):
		return problem{status: http.StatusNotFound, slug: "unknown-service", title: "There is no such service"}
	case errors.Is(err, control.ErrUnknownPanel):
		return problem{status: http.StatusNotFound, slug: "unknown-panel", title: "There is no such panel in the configuration"}
	case errors.Is(err, control.ErrWorkerUnavailable):
		return problem{status: http.StatusServiceUnavailable, slug: "worker-unavailable", title: "No worker answers", detail: "The service is safe; ask again when a worker runs."}
	case errors.Is(err, control.ErrClosed):
		return problem{status: http.StatusConflict, slug: "service-ended", title: "The service has ended", detail: `A released service starts anew only with "restart": true.`}
	case errors.Is(err, control.ErrOtherBody):
		return problem{status: http.StatusConflict, slug: "other-order", title: "The service runs with another order", detail: "Correct fields with the signal retry."}
	}
	return problem{status: http.StatusServiceUnavailable, slug: "temporal-unavailable", title: "Temporal did not do it", detail: "Nothing is lost: send the call again."}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a caller that went away is its own affair
}
