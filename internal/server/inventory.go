package server

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// ensureInventory has the allocator of a panel running. It would be started by the first order too; an operator wants to see it
// before.
func ensureInventory(ctx context.Context, temporal client.Client, panel string, timing config.Timing) error {
	_, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: fleet.InventoryWorkflowID(panel), TaskQueue: api.QueueWorkflows,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "the servers of panel " + panel,
	}, api.TypeInventory, fleet.Start{Panel: panel, Settings: control.Settings(timing)})
	return err
}
