package call

import (
	"errors"
	"metalease/workflows/api"

	"go.temporal.io/sdk/temporal"
)

// Problem is an error in the words of a person.
type Problem struct {
	Code, Message string
	Actions       []string
}

// TypeOf is the stable type of an activity's error; empty when it has none.
func TypeOf(err error) string {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return app.Type()
	}
	return ""
}

// ProblemOf is an activity's error in the words of a person.
func ProblemOf(err error) Problem {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		row := api.AttentionOf(app.Type())
		return Problem{row.Code, app.Message(), row.Actions}
	}
	row := api.Attend(api.CodeFailed)
	return Problem{row.Code, err.Error(), row.Actions}
}
