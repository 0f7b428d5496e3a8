package main

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

const bareName = "Bare"

// bare runs workflows that do nothing in as many activities, all at once, and returns how many seconds they took: what the same
// Temporal can do at most.
func bare(ctx context.Context, c client.Client, workflows, activities int) (float64, error) {
	w := worker.New(c, bareName, worker.Options{})
	w.RegisterActivityWithOptions(func(context.Context) error { return nil }, activity.RegisterOptions{Name: bareName})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context, activities int) error {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
		for range activities {
			if err := workflow.ExecuteActivity(ctx, bareName).Get(ctx, nil); err != nil {
				return err
			}
		}
		return nil
	}, workflow.RegisterOptions{Name: bareName})
	if err := w.Start(); err != nil {
		return 0, err
	}
	defer w.Stop()
	began := time.Now()
	runs := make([]client.WorkflowRun, workflows)
	for i := range runs {
		run, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: fmt.Sprintf("bare-%d", i), TaskQueue: bareName}, bareName, activities)
		if err != nil {
			return 0, err
		}
		runs[i] = run
	}
	for _, run := range runs {
		if err := run.Get(ctx, nil); err != nil {
			return 0, err
		}
	}
	return time.Since(began).Seconds(), nil
}
