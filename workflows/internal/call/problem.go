package call

import (
	"errors"
	"metalease/workflows/api"
	"metalease/workflows/internal/message"

	"go.temporal.io/sdk/temporal"
)

// problem is an error in the words of a person.
type Problem struct {
	Code, Message string
	Actions       []string
}

// typeOf is the stable type of an activity's error; empty when it has none.
func TypeOf(err error) string {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return app.Type()
	}
	return ""
}

func ProblemOf(err error) Problem {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return Problem{message.OrElse(api.AttentionCodes[app.Type()], "failed"), app.Message(), []string{api.SignalRetry, api.SignalTerminate}}
	}
	return Problem{"failed", err.Error(), []string{api.SignalRetry, api.SignalTerminate}}
}
