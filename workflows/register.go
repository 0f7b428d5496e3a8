// Package workflows names the workflows of metalease to a worker. The rooms below it hold the
// deterministic decisions: service is the life of one service, inventory the allocator of a
// panel, account the account of a client, cart what an external shop hands over, brakes what may be
// destroyed in an hour, inquiry a person's question, installation whose namespace it is, reconcile
// the comparison of panel and WHMCS; api is what others type.
package workflows

import (
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/engine"
	"metalease/workflows/account"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/api/shop"
	"metalease/workflows/brakes"
	"metalease/workflows/cart"
	"metalease/workflows/inquiry"
	"metalease/workflows/installation"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/measure"
	"metalease/workflows/inventory"
	"metalease/workflows/reconcile"
	"metalease/workflows/service"
)

// Register names the workflows of this package to a worker or a replayer. The
// names stand in histories, so a renamed Go function must not change them.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(service.ServiceLifecycle, workflow.RegisterOptions{Name: api.TypeServiceLifecycle})
	r.RegisterWorkflowWithOptions(inventory.Inventory, workflow.RegisterOptions{Name: api.TypeInventory})
	r.RegisterWorkflowWithOptions(account.Account, workflow.RegisterOptions{Name: api.TypeAccount})
	r.RegisterWorkflowWithOptions(cart.Cart, workflow.RegisterOptions{Name: shop.TypeCart})
	r.RegisterWorkflowWithOptions(inquiry.Inquiry, workflow.RegisterOptions{Name: api.TypeInquiry})
	r.RegisterWorkflowWithOptions(installation.Installation, workflow.RegisterOptions{Name: api.TypeInstallation})
	r.RegisterWorkflowWithOptions(brakes.Brakes, workflow.RegisterOptions{Name: engine.TypeBrakes})
	r.RegisterWorkflowWithOptions(reconcile.Reconcile, workflow.RegisterOptions{Name: fleet.TypeReconcile})
	r.RegisterWorkflowWithOptions(reconcile.QuarantineClear, workflow.RegisterOptions{Name: api.TypeQuarantineClear})
	r.RegisterWorkflowWithOptions(reconcile.Repair, workflow.RegisterOptions{Name: fleet.TypeRepair})
}

// Interceptors are what every worker and every replayer of these workflows needs.
func Interceptors() []interceptor.WorkerInterceptor {
	return []interceptor.WorkerInterceptor{entity.NewSignalOrder(), measure.New()}
}
