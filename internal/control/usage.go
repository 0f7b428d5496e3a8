package control

import (
	"cmp"
	"context"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"

	"metalease/activities/tenant"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// Usage is what a server has used in a part of a month. What is not known is nil, which is not zero.
type Usage struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	InBytes  *int64    `json:"in_bytes"`
	OutBytes *int64    `json:"out_bytes"`
	P95Mbit  *float64  `json:"p95_mbit"`
	// Complete is true when the figures are those of the whole time and of nobody but this client.
	Complete bool `json:"complete"`
}

// ServiceUsage is the usage of one of many services.
type ServiceUsage struct {
	ServiceID int    `json:"service_id"`
	ServerID  string `json:"server_id"`
	Usage
}

// Month is a calendar month in UTC. The panel tells what it has counted in the running one, and nothing of those before
// (docs/dcimanager.md 3.9).
type Month struct{ begin, end, now time.Time }

// MonthOf is the month that a text such as 2026-11 names; empty is the running one. It is false for what is none, and for
// one that has not begun.
func MonthOf(text string, now time.Time) (Month, bool) {
	begin, err := time.Parse("2006-01", cmp.Or(text, now.UTC().Format("2006-01")))
	return Month{begin, begin.AddDate(0, 1, 0), now.UTC().Truncate(time.Second)}, err == nil && !begin.After(now)
}

func (m Month) runs() bool { return m.now.Before(m.end) }

// usage is what is known of a service's server in the month. The panel counts by server, whoever has it: for a customer who got
// the server within the month the figures are those of the one before as well, and are told to nobody.
func (m Month) usage(row Row, held running.Held, counted map[string]tenant.Traffic) Usage {
	u := Usage{From: m.begin, To: m.end}
	if m.runs() {
		u.To = m.now
	}
	sure := held.ServerID == row.ServerID && !held.Since.IsZero()
	if sure && held.Since.After(m.begin) {
		u.From = held.Since.UTC().Truncate(time.Second)
		if u.From.After(u.To) { // he got it later
			u.From = u.To
		}
	}
	if !m.runs() || !sure || held.Since.After(m.begin) {
		return u
	}
	t := counted[row.ServerID]
	u.InBytes, u.OutBytes, u.P95Mbit = t.InBytes, t.OutBytes, t.P95Mbit
	u.Complete = u.InBytes != nil || u.OutBytes != nil || u.P95Mbit != nil
	return u
}

// Usage is what a service's server has used in a month. Errors: *[NotNow] for a service without a server, *[Refused] of the
// panel, ErrUnknownService, ErrClosed, ErrUnknownPanel, ErrWorkerUnavailable.
func (c *Control) Usage(ctx context.Context, serviceID int, month Month) (Usage, error) {
	there, err := c.describe(ctx, api.ServiceWorkflowID(serviceID))
	if err != nil {
		return Usage{}, orUnknown(err)
	}
	info := there.GetWorkflowExecutionInfo()
	row, err := servesOne(info)
	if err != nil {
		return Usage{}, err
	}
	counted, err := c.counted(ctx, row.Panel, month, []string{row.ServerID})
	return month.usage(row, heldSince(info), counted), err
}

// PanelUsage is what the servers of all services of a panel have used in a month, from one question to the panel. Which services
// have a server the engine tells, a little behind what is true. Errors: *[Refused] of the panel, ErrUnknownPanel,
// ErrWorkerUnavailable.
func (c *Control) PanelUsage(ctx context.Context, panelName string, month Month) ([]ServiceUsage, error) {
	if _, there := c.config.Panel(panelName); !there {
		return nil, ErrUnknownPanel
	}
	infos, err := c.serving(ctx, panelName)
	if err != nil {
		return nil, err
	}
	var servers []string
	for _, info := range infos {
		servers = append(servers, rowOf(info).ServerID)
	}
	all := []ServiceUsage{}
	if len(infos) == 0 {
		return all, nil
	}
	counted, err := c.counted(ctx, panelName, month, servers)
	if err != nil {
		return nil, err
	}
	for _, info := range infos {
		row := rowOf(info)
		all = append(all, ServiceUsage{row.ServiceID, row.ServerID, month.usage(row, heldSince(info), counted)})
	}
	slices.SortFunc(all, func(a, b ServiceUsage) int { return a.ServiceID - b.ServiceID })
	return all, nil
}

// usageTimeout is for a report about all servers; WHMCS waits half a minute for it.
const usageTimeout = 25 * time.Second

// counted asks a panel once. Of a month that is over it tells nothing, and is not asked.
func (c *Control) counted(ctx context.Context, panelName string, month Month, servers []string) (map[string]tenant.Traffic, error) {
	if !month.runs() {
		return nil, nil
	}
	answer, err := askPanel[tenant.Usage](ctx, c, panelName, "Usage", tenant.Servers{IDs: servers}, usageTimeout)
	return answer.Servers, err
}

// servingPage is how many services one list of the engine has.
const servingPage = 1000

// serving are the running lifecycles of a panel whose customer has a server.
func (c *Control) serving(ctx context.Context, panelName string) ([]*workflowpb.WorkflowExecutionInfo, error) {
	query := Filter{Panel: panelName}.query() + " AND ExecutionStatus = 'Running'"
	var all []*workflowpb.WorkflowExecutionInfo
	var next []byte
	for {
		limited, cancel := context.WithTimeout(ctx, callTimeout)
		page, err := c.temporal.ListWorkflow(limited, &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: c.namespace, PageSize: servingPage, NextPageToken: next, Query: query,
		})
		cancel()
		if err != nil {
			return nil, err
		}
		for _, info := range page.GetExecutions() {
			row, err := servesOne(info)
			if err == nil && (row.Phase == string(api.PhaseActive) || row.Phase == string(api.PhaseBlocked)) {
				all = append(all, info)
			}
		}
		if next = page.GetNextPageToken(); len(next) == 0 {
			return all, nil
		}
	}
}

// servesOne is the row of a lifecycle that has a server.
func servesOne(info *workflowpb.WorkflowExecutionInfo) (Row, error) {
	row := rowOf(info)
	switch {
	case info.GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING:
		return row, ErrClosed
	case row.ServerID == "":
		return row, &NotNow{"the service has no server yet"}
	}
	return row, nil
}

// heldSince reads since when the customer has his server; empty when the lifecycle does not say.
func heldSince(info *workflowpb.WorkflowExecutionInfo) running.Held {
	var held running.Held
	if payload := info.GetMemo().GetFields()[running.MemoHeld]; payload != nil {
		_ = converter.GetDefaultDataConverter().FromPayload(payload, &held) // a memo of another type is not ours
	}
	return held
}
