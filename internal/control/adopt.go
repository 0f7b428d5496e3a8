package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/panel"
	"metalease/workflows/api"
)

// adoptTimeout is for one page of adoptions: a form and a service are read for each.
const adoptTimeout = 2 * time.Minute

// Adoptions tells what an adoption of these services, or of a product's, would do. It calls
// page after each part, for those who want to show progress. Errors: ErrUnknownPanel,
// ErrWorkerUnavailable, *[Refused].
func (c *Control) Adoptions(ctx context.Context, panelName string, q panel.AdoptionQuestion, page func(done, total int)) ([]panel.Adoption, error) {
	var all []panel.Adoption
	for {
		answer, err := askPanel[panel.AdoptionAnswer](ctx, c, panelName, "Adoptions", q, adoptTimeout)
		if err != nil {
			return all, err
		}
		all = append(all, answer.Adoptions...)
		page(len(all), answer.Total)
		if !answer.More || len(answer.Adoptions) == 0 {
			return all, nil
		}
		q.After = answer.Adoptions[len(answer.Adoptions)-1].ServiceID
	}
}

// Adopt starts the lifecycle of a service whose server its client has already. False is one
// that runs already. Errors: *[ErrObserved].
func (c *Control) Adopt(ctx context.Context, panelName string, a panel.Adoption) (started bool, err error) {
	if err := c.startable(panelName); err != nil {
		return false, err
	}
	in := api.NewAdoption(a, panelName, time.Now().UTC(), api.Duration(c.config.Defaults.Grace), Settings(c.config.Timing))
	return c.startAdoption(ctx, in, a.Server.Hostname)
}

func (c *Control) startAdoption(ctx context.Context, in api.Start, hostname string) (started bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	o := in.Order
	_, err = c.temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:        api.ServiceWorkflowID(o.ServiceID),
		TaskQueue: api.QueueWorkflows,
		// A life that was ended by force, or a release long ago, keeps nobody from adopting.
		WorkflowIDReusePolicy:                    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy:                 enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		TypedSearchAttributes:                    api.StartAttributes(o),
		StaticSummary:                            cutBytes(fmt.Sprintf("%s for client %d on %s: %s, adopted", o.Package, o.ClientID, o.Panel, hostname), summaryLimit),
		StaticDetails:                            fmt.Sprintf("WHMCS service %d, adopted with server %s.", o.ServiceID, in.Adopt.ServerID),
	}, api.TypeServiceLifecycle, in)
	if temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return false, nil
	}
	return err == nil, err
}

// AwaitAdopted waits until an adoption has ended, well or in attention. A worker that is busy with
// a crowd of them is asked again. Errors: ErrWorkerUnavailable, or the context's.
func (c *Control) AwaitAdopted(ctx context.Context, serviceID int) (api.Status, error) {
	var status api.Status
	var missing error
	for pause := firstPoll; ; pause = min(pause*3/2, lastPoll) {
		err := c.query(ctx, api.ServiceWorkflowID(serviceID), api.QueryStatus, &status)
		switch {
		case ctx.Err() != nil && missing != nil:
			return status, missing
		case errors.Is(err, ErrWorkerUnavailable):
			missing = err
		case err != nil:
			return status, err
		case status.Phase != api.PhasePending:
			return status, nil
		default:
			missing = nil
		}
		sleep(ctx, pause)
	}
}

// ProductServices lists the services of a product, by WHMCS. A panel is named because one of
// its workers asks.
func (c *Control) ProductServices(ctx context.Context, panelName string, product int) ([]int, error) {
	return askPanel[[]int](ctx, c, panelName, "ProductServices", product, adoptTimeout)
}
