package call

import (
	"errors"

	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/workflows/api"
)

// Problem is an error in the words of a person.
type Problem struct {
	Code, Message string
	Actions       []string
}

// WordsOf is what an activity's error says to people.
func WordsOf(err error) string {
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return app.Message()
	}
	return err.Error()
}

// ProblemOf is an activity's error in the words of a person.
func ProblemOf(err error) Problem {
	row := api.Attend(api.CodeFailed)
	if kind := edge.TypeOf(err); kind != "" {
		row = api.AttentionOf(kind)
	}
	return Problem{row.Code, WordsOf(err), row.Actions}
}
