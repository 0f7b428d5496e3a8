package control

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"

	enumspb "go.temporal.io/api/enums/v1"
	"golang.org/x/sync/errgroup"

	"metalease/activities/drift"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// Stopped is a service that waits for a person, and why.
type Stopped struct {
	Row
	// Reason is the cause, in words; empty when no worker could tell.
	Reason string `json:"reason,omitempty"`
}

// PhaseUnstarted stands in lists for a paid order that has no lifecycle.
const PhaseUnstarted = "unstarted"

// reportsKept is more than the panels of an installation: each has its newest report among
// as many runs.
const reportsKept = 200

// Unstarted lists paid orders that no lifecycle looks after, as the newest comparison of each
// panel has found them, without those that have been started since.
func (c *Control) Unstarted(ctx context.Context, f Filter) ([]Stopped, error) {
	if f.IP != "" || f.Phase != "" && f.Phase != PhaseUnstarted {
		return nil, nil
	}
	query := "WorkflowType = '" + fleet.TypeReconcile + "' AND ExecutionStatus = 'Completed'"
	if f.Panel != "" {
		query += " AND " + equals(api.AttrPanel.GetName(), f.Panel)
	}
	runs, err := c.runs(ctx, query, reportsKept)
	if err != nil {
		return nil, err
	}
	var all []Stopped
	seen := map[string]bool{}
	for _, info := range runs {
		panelName := rowOf(info).Panel
		if seen[panelName] {
			continue
		}
		report, err := c.report(ctx, info.GetExecution().GetWorkflowId(), info.GetExecution().GetRunId())
		if isNotFound(err) {
			continue // it is listed a moment longer than it is kept
		}
		if err != nil {
			return all, err
		}
		seen[panelName] = true
		for _, d := range report.Drifts {
			if d.Kind != drift.DriftUnstarted || f.ClientID != "" && f.ClientID != strconv.Itoa(d.ClientID) {
				continue
			}
			runs, err := c.isRunning(ctx, d.ServiceID)
			if err != nil {
				return all, err
			}
			if !runs {
				all = append(all, Stopped{Reason: reasonOf(d), Row: Row{
					ServiceID: d.ServiceID, Phase: PhaseUnstarted, Panel: panelName, ClientID: strconv.Itoa(d.ClientID), Attention: true, StartedAt: d.Since,
				}})
			}
		}
	}
	return all, nil
}

// reasonOf says what stops an order and what can be done.
func reasonOf(d drift.Drift) string {
	words := []string{d.What}
	if d.Cause != "" {
		words = append(words, d.Cause)
	}
	if d.Advice != "" {
		words = append(words, d.Advice)
	} else {
		words = append(words, "starter drift repair "+d.ID)
	}
	return strings.Join(words, "; ")
}

func (c *Control) isRunning(ctx context.Context, serviceID int) (bool, error) {
	there, err := c.describe(ctx, api.ServiceWorkflowID(serviceID))
	if isNotFound(err) {
		return false, nil
	}
	return there.GetWorkflowExecutionInfo().GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, err
}

const (
	// reasonsAsked is the most services that are asked why they wait; the others are listed
	// without the reason.
	reasonsAsked  = 500
	reasonsAtOnce = 8
)

// Reasons asks services that need attention why. Where no worker answers, the reason is left
// out: the list shows them in any case.
func (c *Control) Reasons(ctx context.Context, rows []Row) ([]Stopped, error) {
	all := make([]Stopped, len(rows))
	asking, limited := errgroup.WithContext(ctx)
	asking.SetLimit(reasonsAtOnce)
	var silent atomic.Bool
	for i, row := range rows {
		all[i].Row = row
		if !row.Attention || row.ClosedAt != nil || i >= reasonsAsked {
			continue
		}
		asking.Go(func() error {
			if silent.Load() {
				return nil
			}
			var status api.Status
			err := c.query(limited, api.ServiceWorkflowID(row.ServiceID), api.QueryStatus, &status)
			switch {
			case errors.Is(err, ErrWorkerUnavailable):
				silent.Store(true)
			case errors.Is(err, ErrUnknownService): // it has ended since
			case err != nil:
				return err
			case status.Attention != nil:
				all[i].Reason = status.Attention.Code + ": " + status.Attention.Message
			}
			return nil
		})
	}
	return all, asking.Wait()
}
