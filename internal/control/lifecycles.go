package control

import (
	"context"
	"errors"
	"strconv"
	"strings"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"

	"metalease/activities/drift"
	"metalease/activities/reconciler"
	"metalease/workflows/api"
)

var _ reconciler.Lifecycles = (*Control)(nil)

// livesPage is how many lifecycles are asked for at a time.
const livesPage = 500

// Running lists the lifecycles that run on a panel, as the visibility store knows them: it
// is a little behind what is true, and knows neither holds nor times.
func (c *Control) Running(ctx context.Context, panelName string) ([]drift.Life, error) {
	query := Filter{Panel: panelName}.query() + " AND ExecutionStatus = 'Running'"
	var lives []drift.Life
	for token := []byte(nil); ; {
		limited, cancel := context.WithTimeout(ctx, callTimeout)
		answer, err := c.temporal.ListWorkflow(limited, &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: c.namespace, PageSize: livesPage, NextPageToken: token, Query: query,
		})
		cancel()
		if err != nil {
			return nil, err
		}
		for _, info := range answer.GetExecutions() {
			row := rowOf(info)
			lives = append(lives, drift.Life{
				ServiceID: row.ServiceID, ClientID: clientOf(row), Panel: row.Panel, Running: true, Phase: row.Phase, ServerID: row.ServerID,
			})
		}
		if token = answer.GetNextPageToken(); len(token) == 0 {
			return lives, nil
		}
	}
}

// Life asks one lifecycle itself. One that never was does not run. One that does not answer
// is as its search attributes show it: a single broken lifecycle must not hide all drift.
func (c *Control) Life(ctx context.Context, serviceID int) (drift.Life, error) {
	id := api.ServiceWorkflowID(serviceID)
	there, err := c.describe(ctx, id)
	switch {
	case isNotFound(err):
		return drift.Life{ServiceID: serviceID}, nil
	case err != nil:
		return drift.Life{}, err
	}
	info := there.GetWorkflowExecutionInfo()
	row := rowOf(info)
	life := drift.Life{ServiceID: serviceID, Panel: row.Panel, ClientID: clientOf(row)}
	if info.GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		life.Ending = strings.ToLower(info.GetStatus().String())
		return life, nil
	}
	life.Running, life.Phase, life.ServerID = true, row.Phase, row.ServerID
	var status api.Status
	switch err := c.query(ctx, id, api.QueryStatus, &status); {
	case errors.Is(err, ErrWorkerUnavailable), errors.Is(err, ErrUnknownService), errors.Is(err, converter.ErrUnableToDecode):
		return life, nil
	case err != nil:
		return life, err
	}
	life.Phase, life.Held, life.Updated = string(status.Phase), status.Held, status.UpdatedAt
	life.ClientID, life.Reason = status.ClientID, shownReason(status.Blocks)
	if status.Server != nil {
		life.ServerID = status.Server.ID
	}
	return life, nil
}

// clientOf is the client of a row; 0 when it shows none.
func clientOf(row Row) int {
	id, _ := strconv.Atoi(row.ClientID) // what is no number is no client
	return id
}

// shownReason is the reason of a block as WHMCS shows it: a suspension's own words, else that
// nobody paid.
func shownReason(blocks []api.Block) string {
	for _, block := range blocks {
		if block.Reason != api.ReasonExpired {
			return block.Reason
		}
	}
	if len(blocks) == 0 {
		return ""
	}
	return api.ReasonOverdue
}
