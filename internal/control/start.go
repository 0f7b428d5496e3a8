package control

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// Conflict is a service that runs with another order.
type Conflict struct {
	// Fields that differ; empty when no worker could tell.
	Fields []string
}

// Error names the fields.
func (c *Conflict) Error() string {
	if len(c.Fields) == 0 {
		return "the service runs with another order"
	}
	return "the service runs with another order; different: " + strings.Join(c.Fields, ", ")
}

// errStillborn is a run that failed before it did anything: the order takes its place.
var errStillborn = errors.New("the run failed before it began")

// memoDigest is the memo in which a run keeps the digest of the order that started it.
const memoDigest = "order-hash"

// summaryLimit is what Temporal takes as a summary, in bytes (dynamic configuration limit.userMetadataSummarySize).
const summaryLimit = 400

// Start starts a service. The order has passed ReadOrder or CheckOrder; who starts the workflow without
// them is refused by the workflow. False is one that runs already with the same order: nothing was done.
// Errors: [Conflict], [ErrObserved], ErrClosed for a service that has ended and was not asked to restart.
func (c *Control) Start(ctx context.Context, o api.Order) (started bool, err error) {
	if err := c.startable(o.Panel); err != nil {
		return false, err
	}
	sent, err := digest(o)
	if err != nil {
		return false, err
	}
	o = complete(o, c.config.Defaults)
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	options := client.StartWorkflowOptions{
		ID:                                       api.ServiceWorkflowID(o.ServiceID),
		TaskQueue:                                api.QueueWorkflows,
		WorkflowIDReusePolicy:                    reusePolicy(o),
		WorkflowIDConflictPolicy:                 enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		TypedSearchAttributes:                    api.StartAttributes(o),
		Memo:                                     map[string]any{memoDigest: sent},
		StaticSummary:                            cutBytes(fmt.Sprintf("%s for client %d on %s: %s", o.Package, o.ClientID, o.Panel, o.Domain), summaryLimit),
		StaticDetails:                            fmt.Sprintf("WHMCS service %d, order %d, OS %s.", o.ServiceID, o.OrderID, o.OSTemplate),
	}
	input := api.NewStart(o, Settings(c.config.Timing))
	_, err = c.temporal.ExecuteWorkflow(ctx, options, api.TypeServiceLifecycle, input)
	if temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		err = c.compare(ctx, o, sent)
		if !errors.Is(err, errStillborn) {
			return false, err
		}
		options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY
		_, err = c.temporal.ExecuteWorkflow(ctx, options, api.TypeServiceLifecycle, input)
		if temporal.IsWorkflowExecutionAlreadyStartedError(err) { // another call was faster
			return false, c.compare(ctx, o, sent)
		}
	}
	if err == nil {
		c.announce(ctx, o)
	}
	return err == nil, err
}

// announce keeps the order's place at the allocator while WHMCS and the account are asked.
// Without it the order is served all the same, from when it asks.
func (c *Control) announce(ctx context.Context, o api.Order) {
	if o.ServerID == "" {
		_ = c.temporal.SignalWorkflow(ctx, fleet.InventoryWorkflowID(o.Panel), "", fleet.SignalReserve, fleet.NewReservation(o))
	}
}

// reusePolicy lets a service have a second life only when a person asks for it.
func reusePolicy(o api.Order) enumspb.WorkflowIdReusePolicy {
	if o.Restart {
		return enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	}
	return enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
}

// compare returns nil when the service that runs was started by the same order, or has been
// corrected to it since; errStillborn when the order may start all the same.
func (c *Control) compare(ctx context.Context, o api.Order, sent string) error {
	id := api.ServiceWorkflowID(o.ServiceID)
	there, err := c.temporal.DescribeWorkflow(ctx, id, "")
	if err != nil {
		return err
	}
	info := there.RawResponse.GetWorkflowExecutionInfo()
	if info.GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		if c.stillborn(ctx, info) {
			return errStillborn
		}
		return ErrClosed
	}
	if payload := info.GetMemo().GetFields()[memoDigest]; payload != nil {
		var before string
		if err := converter.GetDefaultDataConverter().FromPayload(payload, &before); err == nil && before == sent {
			return nil
		}
	}
	var running api.Status
	if err := c.query(ctx, id, api.QueryStatus, &running); err != nil {
		if errors.Is(err, ErrWorkerUnavailable) {
			return &Conflict{}
		}
		return err
	}
	if fields := differences(o, running.Order); len(fields) > 0 {
		return &Conflict{fields}
	}
	return nil
}

func cutBytes(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
