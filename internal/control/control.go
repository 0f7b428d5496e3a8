// Package control is what gateway and command line do with Temporal: start a
// service, ask about it, signal it, list services and stock.
package control

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"metalease/internal/config"
	"metalease/workflows"
)

// What callers tell apart.
var (
	ErrUnknownService    = errors.New("there is no such service")
	ErrUnknownPanel      = errors.New("there is no such panel in the configuration")
	ErrWorkerUnavailable = errors.New("no worker answers: is one running?")
	ErrClosed            = errors.New("the service has ended")
	ErrOtherBody         = errors.New("the service runs with another order")
)

// Invalid is an order that nobody can have.
type Invalid struct{ Faults []workflows.FieldError }

// Error names the first fields.
func (i *Invalid) Error() string {
	var parts []string
	for _, f := range i.Faults {
		parts = append(parts, f.Field+" "+f.Reason)
	}
	return "the order is wrong: " + strings.Join(parts, "; ")
}

// Control talks to one Temporal namespace for one installation.
type Control struct {
	temporal  client.Client
	namespace string
	config    *config.Config
}

// New returns a control; it contacts nobody.
func New(temporal client.Client, namespace string, cfg *config.Config) *Control {
	return &Control{temporal, namespace, cfg}
}

// Settings are the times of the configuration as a service carries them.
func Settings(t config.Timing) workflows.Settings {
	return workflows.Settings{
		PowerTimeout: workflows.Duration(t.PowerTimeout), FollowDelay: workflows.Duration(t.FollowDelay),
		Repeat: workflows.Duration(t.Repeat), RetryCap: workflows.Duration(t.RetryCap), Heartbeat: workflows.Duration(t.Heartbeat),
	}
}

// Complete fills what an order leaves to the configuration.
func (c *Control) Complete(o workflows.Order) workflows.Order {
	if o.InstallTimeout == 0 {
		o.InstallTimeout = workflows.Duration(c.config.Defaults.InstallTimeout)
	}
	if o.InstallAttempts == 0 {
		o.InstallAttempts = c.config.Defaults.InstallAttempts
	}
	if o.Grace == 0 {
		o.Grace = workflows.Duration(c.config.Defaults.Grace)
	}
	return o
}

// Faults names every field that this installation cannot serve.
func (c *Control) Faults(o workflows.Order) []workflows.FieldError {
	faults := o.Faults()
	if _, there := c.config.Panel(o.Panel); !there && o.Panel != "" {
		faults = append(faults, workflows.FieldError{Field: "panel", Reason: "is not configured; there are: " + strings.Join(c.config.PanelNames(), ", ")})
	}
	return faults
}

const memoOrder = "order"

// Start starts a service. False is one that runs already with the same order.
// Errors: Invalid, ErrOtherBody, ErrClosed.
func (c *Control) Start(ctx context.Context, o workflows.Order) (started bool, err error) {
	o = c.Complete(o)
	if faults := c.Faults(o); len(faults) > 0 {
		return false, &Invalid{faults}
	}
	digest, err := digestOf(o)
	if err != nil {
		return false, err
	}
	reuse := enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
	if o.Restart {
		reuse = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	}
	id := workflows.ServiceWorkflowID(o.ServiceID)
	_, err = c.temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: id, TaskQueue: workflows.QueueWorkflows,
		WorkflowIDReusePolicy: reuse, WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		TypedSearchAttributes:                    workflows.StartAttributes(o),
		Memo:                                     map[string]any{memoOrder: digest},
		StaticSummary:                            fmt.Sprintf("%s for client %d on %s: %s", o.Package, o.ClientID, o.Panel, o.Domain),
		StaticDetails:                            fmt.Sprintf("WHMCS service %d, order %d, %s.", o.ServiceID, o.OrderID, o.OSTemplate),
	}, workflows.TypeServiceLifecycle, workflows.NewInput(o, Settings(c.config.Timing)))
	if !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return err == nil, err
	}
	return false, c.compare(ctx, id, digest)
}

// compare tells whether the service that is there was started by the same order.
func (c *Control) compare(ctx context.Context, id, digest string) error {
	there, err := c.temporal.DescribeWorkflowExecution(ctx, id, "")
	if err != nil {
		return err
	}
	info := there.GetWorkflowExecutionInfo()
	if info.GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return ErrClosed
	}
	var before string
	if payload := info.GetMemo().GetFields()[memoOrder]; payload != nil {
		if err := converter.GetDefaultDataConverter().FromPayload(payload, &before); err != nil {
			return err
		}
	}
	if before != digest {
		return ErrOtherBody
	}
	return nil
}

func digestOf(o workflows.Order) (string, error) {
	o.Restart = false
	text, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Status is a service's status with the trouble that it has right now.
type Status struct {
	workflows.Status
	Trouble []Trouble `json:"trouble,omitempty"`
	// Closed is true when the lifecycle has ended.
	Closed bool `json:"closed,omitempty"`
}

// Trouble is a call that fails and is repeated.
type Trouble struct {
	Activity    string    `json:"activity"`
	Attempt     int32     `json:"attempt"`
	LastError   string    `json:"last_error"`
	NextAttempt time.Time `json:"next_attempt_at,omitzero"`
}

// queryPatience is how long an answer may take before no worker is there.
const queryPatience = 3 * time.Second

// Status asks a service. Errors: ErrUnknownService, ErrWorkerUnavailable.
func (c *Control) Status(ctx context.Context, serviceID int) (Status, error) {
	id := workflows.ServiceWorkflowID(serviceID)
	there, err := c.temporal.DescribeWorkflowExecution(ctx, id, "")
	if err != nil {
		return Status{}, known(err)
	}
	var status Status
	if err := c.query(ctx, id, workflows.QueryStatus, &status.Status); err != nil {
		return Status{}, err
	}
	status.Closed = there.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
	for _, pending := range there.GetPendingActivities() {
		if pending.GetLastFailure() == nil {
			continue
		}
		status.Trouble = append(status.Trouble, Trouble{
			Activity: pending.GetActivityType().GetName(), Attempt: pending.GetAttempt(),
			LastError: pending.GetLastFailure().GetMessage(), NextAttempt: pending.GetScheduledTime().AsTime(),
		})
	}
	if status.Phase == workflows.PhaseWaiting {
		// The position that the service was told may be old; an allocator that does not answer changes nothing.
		_ = c.query(ctx, workflows.InventoryWorkflowID(status.Panel), workflows.QueryPosition, &status.Position, serviceID)
	}
	return status, nil
}

func (c *Control) query(ctx context.Context, id, query string, answer any, args ...any) error {
	limited, cancel := context.WithTimeout(ctx, queryPatience)
	defer cancel()
	value, err := c.temporal.QueryWorkflow(limited, id, "", query, args...)
	if err != nil {
		return known(err)
	}
	return value.Get(answer)
}

// known turns the engine's errors into ours.
func known(err error) error {
	var notFound *serviceerror.NotFound
	var notReady *serviceerror.WorkflowNotReady
	var deadline *serviceerror.DeadlineExceeded
	var failed *serviceerror.QueryFailed
	switch {
	case errors.As(err, &notFound):
		return ErrUnknownService
	case errors.As(err, &notReady), errors.As(err, &deadline), errors.Is(err, context.DeadlineExceeded):
		return ErrWorkerUnavailable
	case errors.As(err, &failed):
		return fmt.Errorf("%w: %s", ErrWorkerUnavailable, failed.Message)
	}
	return err
}

// Ready tells whether Temporal answers.
func (c *Control) Ready(ctx context.Context) error {
	_, err := c.temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}
