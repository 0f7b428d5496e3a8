package gateway

import (
	"errors"
	"net/http"

	"go.uber.org/zap"

	"metalease/internal/control"
	"metalease/internal/signing"
	"metalease/internal/storefront"
	"metalease/whmcs"
	"metalease/workflows/api"
)

// errorProblem says which problem an error of control is.
type errorProblem func(error) *problem

// always is one error that is always the same problem.
func always(target error, p *problem) errorProblem {
	return func(err error) *problem {
		if errors.Is(err, target) {
			return p
		}
		return nil
	}
}

// typed is an error that carries what the problem tells.
func typed[E error](tell func(E) *problem) errorProblem {
	return func(err error) *problem {
		if found, is := errors.AsType[E](err); is {
			return tell(found)
		}
		return nil
	}
}

// errorProblems are the errors that handlers return. The first that fits counts.
var errorProblems = []errorProblem{
	typed(func(p *problem) *problem { return p }),
	typed(func(e *control.Invalid) *problem { return invalidOrder.because("", e.Faults...) }),
	typed(func(e *control.Conflict) *problem {
		return otherOrder.because(problemTypes[otherOrder].remedy, differing(e.Fields)...)
	}),
	typed(func(e *control.ErrObserved) *problem { return panelObserved.because(e.Error()) }),
	typed(func(e *control.StillHeld) *problem { return serverHeld.because(e.Error()) }),
	typed(func(e *control.Refused) *problem { return panelFailed.because(e.Message) }),
	typed(func(e *control.NotNow) *problem { return notNow.because(e.Reason) }),
	always(control.ErrAnswered, alreadyAnswered.because("")),
	typed(func(e *control.OtherSystem) *problem { return wrongSystem.because(e.Error()) }),
	always(control.ErrNoSystem, wrongSystem.because(signing.HeaderSystem+": "+control.ErrNoSystem.Error())),
	typed(func(e *whmcs.Error) *problem { return whmcsFailed.because(e.Error()) }),
	always(control.ErrUnknownCart, unknownCart.because("")),
	always(control.ErrOtherCart, otherCart.because("")),
	always(control.ErrCartEnded, cartEnded.because("")),
	always(control.ErrCartPaid, cartPaid.because("")),
	always(storefront.ErrUnknownProduct, unknownProduct.because("")),
	always(storefront.ErrNotPayable, notPayable.because("")),
	always(control.ErrNotJSON, notJSON.because("")),
	always(control.ErrUnknownService, unknownService.because("")),
	always(control.ErrUnknownPanel, unknownPanel.because("")),
	always(control.ErrPageToken, parameters(api.FieldError{Field: "page_token", Reason: "is not one that this list has given"})),
	always(control.ErrWorkerUnavailable, workerUnavailable.because("")),
	always(control.ErrClosed, serviceEnded.because("")),
}

func differing(fields []string) []api.FieldError {
	var faults []api.FieldError
	for _, field := range fields {
		faults = append(faults, api.FieldError{Field: field, Reason: "differs from the order that runs"})
	}
	return faults
}

// fail answers with the problem behind an error.
func (g *gateway) fail(w http.ResponseWriter, r *http.Request, err error) {
	g.problemOf(r, err).write(w)
}

// problemOf is the problem behind an error. What callers are not told, the log is.
func (g *gateway) problemOf(r *http.Request, err error) *problem {
	for _, problemOf := range errorProblems {
		if p := problemOf(err); p != nil {
			return p
		}
	}
	if r.Context().Err() == nil {
		g.Logger.Error("Temporal failed", zap.String("path", r.URL.Path), zap.Error(err), zap.String("request_id", requestID(r)))
	}
	return temporalFailed.because("")
}
