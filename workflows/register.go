package workflows

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities"
)

// Register names the workflows of this package to a worker or a replayer. The
// names stand in histories, so a renamed Go function must not change them.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(ServiceLifecycle, workflow.RegisterOptions{Name: TypeServiceLifecycle})
	r.RegisterWorkflowWithOptions(Inventory, workflow.RegisterOptions{Name: TypeInventory})
	r.RegisterWorkflowWithOptions(Account, workflow.RegisterOptions{Name: TypeAccount})
	r.RegisterWorkflowWithOptions(Inquiry, workflow.RegisterOptions{Name: TypeInquiry})
	r.RegisterWorkflowWithOptions(Brakes, workflow.RegisterOptions{Name: activities.TypeBrakes})
	r.RegisterWorkflowWithOptions(Reconcile, workflow.RegisterOptions{Name: TypeReconcile})
	r.RegisterWorkflowWithOptions(QuarantineClear, workflow.RegisterOptions{Name: TypeQuarantineClear})
	r.RegisterWorkflowWithOptions(Repair, workflow.RegisterOptions{Name: TypeRepair})
}
