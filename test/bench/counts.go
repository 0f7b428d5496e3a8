package main

import (
	"context"
	"fmt"
	"net/http"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"metalease/internal/stack"
	"metalease/workflows/api"
)

// count is how often something was called, and the bytes of its answers.
type count struct {
	Requests int   `json:"requests"`
	Bytes    int64 `json:"bytes"`
}

// counters are the counts of both vendors by function.
type counters struct {
	Panel map[string]count `json:"functions"`
	WHMCS map[string]count `json:"counters"`
}

// vendors reads what both simulators have counted.
func vendors(ctx context.Context, s *stack.Stack) (counters, error) {
	var c counters
	if err := s.AskPanel(ctx, http.MethodGet, "/_sim/state", nil, &c); err != nil {
		return c, err
	}
	return c, s.AskWHMCS(ctx, http.MethodGet, "/_sim/state", nil, &c)
}

// since is what was counted after before.
func since(after, before map[string]count) map[string]count {
	counts := map[string]count{}
	for name, c := range after {
		if c.Requests -= before[name].Requests; c.Requests > 0 {
			counts[name] = count{c.Requests, c.Bytes - before[name].Bytes}
		}
	}
	return counts
}

func total(counts map[string]count) (sum count) {
	for _, c := range counts {
		sum.Requests += c.Requests
		sum.Bytes += c.Bytes
	}
	return sum
}

// histories are the events of the lifecycles and their bytes, and the activities of all workflows that orders need.
type histories struct {
	events, activities int
	bytes              int64
}

func (h histories) since(before histories) histories {
	return histories{h.events - before.events, h.activities - before.activities, h.bytes - before.bytes}
}

// orderWorkflows are the workflows that work on orders.
const orderWorkflows = `WorkflowType IN ("ServiceLifecycle", "Inventory", "Account", "Brakes")`

func readHistories(ctx context.Context, c client.Client) (histories, error) {
	var h histories
	err := eachRun(ctx, c, orderWorkflows, func(run execution) error {
		events, activities, err := readHistory(ctx, c, run)
		if err != nil {
			return fmt.Errorf("history of %s: %w", run.id, err)
		}
		h.activities += activities
		if run.kind != api.TypeServiceLifecycle {
			return nil
		}
		h.events += events
		there, err := c.DescribeWorkflow(ctx, run.id, run.run)
		if err != nil {
			return err
		}
		h.bytes += there.RawResponse.GetWorkflowExecutionInfo().GetHistorySizeBytes()
		return nil
	})
	return h, err
}

// execution is one run of a workflow.
type execution struct{ id, run, kind string }

// eachRun does something with each run that a query of the visibility store picks.
func eachRun(ctx context.Context, c client.Client, query string, do func(execution) error) error {
	for token := []byte(nil); ; {
		page, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: query, PageSize: 500, NextPageToken: token})
		if err != nil {
			return err
		}
		for _, run := range page.GetExecutions() {
			if err := do(execution{run.GetExecution().GetWorkflowId(), run.GetExecution().GetRunId(), run.GetType().GetName()}); err != nil {
				return err
			}
		}
		if token = page.GetNextPageToken(); len(token) == 0 {
			return nil
		}
	}
}

func readHistory(ctx context.Context, c client.Client, of execution) (events, activities int, err error) {
	history := c.GetWorkflowHistory(ctx, of.id, of.run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		if err != nil {
			return 0, 0, err
		}
		events++
		if event.GetEventType() == enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED {
			activities++
		}
	}
	return events, activities, nil
}
