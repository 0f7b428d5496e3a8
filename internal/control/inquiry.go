package control

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// Refused is what a worker answers to a question that it cannot answer: the panel or
// WHMCS is down, refuses, or what was asked for makes no sense. Code is the stable type of
// the activity's error.
type Refused struct{ Code, Message string }

// Error is the vendor's words.
func (r *Refused) Error() string { return r.Message }

// inquire has a worker run a read-only activity of a panel, or of WHMCS when none is named, and returns its answer. Errors:
// ErrUnknownPanel, ErrWorkerUnavailable when nobody answers within the timeout, and
// *[Refused].
func inquire[A any](ctx context.Context, c *Control, panelName, activity string, input any, timeout time.Duration) (A, error) {
	var answer A
	question := fleet.InquiryInput{Panel: panelName, Activity: activity}
	about := "panel " + panelName
	if panelName == "" {
		about = "WHMCS"
	}
	if input != nil {
		raw, err := json.Marshal(input)
		if err != nil {
			return answer, err
		}
		question.Input = raw
	}
	limited, cancel := context.WithTimeout(ctx, timeout+callTimeout)
	defer cancel()
	run, err := c.temporal.ExecuteWorkflow(limited, client.StartWorkflowOptions{
		ID: fleet.InquiryWorkflowID(cmp.Or(panelName, "whmcs"), rand.Text()), TaskQueue: api.QueueWorkflows,
		WorkflowExecutionTimeout: timeout, WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		StaticSummary: activity + " on " + about,
	}, api.TypeInquiry, question)
	if err != nil {
		return answer, err
	}
	var raw json.RawMessage
	if err := run.Get(limited, &raw); err != nil {
		return answer, inquiryFault(ctx, limited, about, err)
	}
	err = json.Unmarshal(raw, &answer)
	return answer, err
}

func inquiryFault(ctx, limited context.Context, about string, err error) error {
	var refused *temporal.ApplicationError
	var late *temporal.TimeoutError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &refused):
		return &Refused{refused.Type(), strings.TrimSpace(refused.Message())}
	case limited.Err() != nil, errors.As(err, &late):
		return fmt.Errorf("%w (a question about %s)", ErrWorkerUnavailable, about)
	}
	return err
}
