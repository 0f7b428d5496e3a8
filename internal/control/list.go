package control

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"

	"metalease/workflows"
)

// Filter picks services; empty fields pick all.
type Filter struct {
	Phase, ClientID, Panel, IP string
	Attention                  bool
}

// Row is one service of a list. The list is a little behind: it decides nothing.
type Row struct {
	ServiceID   int        `json:"service_id"`
	Phase       string     `json:"phase"`
	Panel       string     `json:"panel"`
	Package     string     `json:"package"`
	ClientID    string     `json:"client_id"`
	ServerID    string     `json:"server_id,omitempty"`
	MainIP      string     `json:"main_ip,omitempty"`
	GraceEndsAt *time.Time `json:"grace_ends_at,omitempty"`
	Attention   bool       `json:"needs_attention"`
	StartedAt   time.Time  `json:"started_at"`
	ClosedAt    *time.Time `json:"closed_at,omitempty"`
}

// Page is a part of a list.
type Page struct {
	Services []Row  `json:"services"`
	Next     string `json:"next_page_token,omitempty"`
}

func (f Filter) query() string {
	terms := []string{fmt.Sprintf("WorkflowType = '%s'", workflows.TypeServiceLifecycle), "ExecutionStatus != 'ContinuedAsNew'"}
	for _, t := range []struct{ key, value string }{
		{workflows.AttrPhase.GetName(), f.Phase}, {workflows.AttrClientID.GetName(), f.ClientID},
		{workflows.AttrPanel.GetName(), f.Panel}, {workflows.AttrMainIP.GetName(), f.IP},
	} {
		if t.value != "" {
			terms = append(terms, fmt.Sprintf("%s = '%s'", t.key, strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(t.value)))
		}
	}
	if f.Attention {
		terms = append(terms, workflows.AttrNeedsAttention.GetName()+" = true")
	}
	return strings.Join(terms, " AND ")
}

// List returns a page of services; the token is that of the page before.
func (c *Control) List(ctx context.Context, f Filter, token string, size int) (Page, error) {
	next, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return Page{}, &Invalid{[]workflows.FieldError{{Field: "page_token", Reason: "is not one that a list has given"}}}
	}
	answer, err := c.temporal.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{
		Namespace: c.namespace, PageSize: int32(size), NextPageToken: next, Query: f.query(),
	})
	if err != nil {
		return Page{}, err
	}
	page := Page{Services: []Row{}, Next: base64.RawURLEncoding.EncodeToString(answer.GetNextPageToken())}
	for _, info := range answer.GetExecutions() {
		page.Services = append(page.Services, rowOf(info))
	}
	return page, nil
}

func rowOf(info *workflowpb.WorkflowExecutionInfo) Row {
	row := Row{StartedAt: info.GetStartTime().AsTime()}
	_, _ = fmt.Sscanf(info.GetExecution().GetWorkflowId(), "service-%d", &row.ServiceID) // the type says that it is one
	if info.GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		closed := info.GetCloseTime().AsTime()
		row.ClosedAt = &closed
	}
	for key, into := range map[string]any{
		workflows.AttrPhase.GetName(): &row.Phase, workflows.AttrPanel.GetName(): &row.Panel, workflows.AttrPackage.GetName(): &row.Package,
		workflows.AttrClientID.GetName(): &row.ClientID, workflows.AttrServerID.GetName(): &row.ServerID, workflows.AttrMainIP.GetName(): &row.MainIP,
		workflows.AttrGraceEndsAt.GetName(): &row.GraceEndsAt, workflows.AttrNeedsAttention.GetName(): &row.Attention,
	} {
		if payload := info.GetSearchAttributes().GetIndexedFields()[key]; payload != nil {
			_ = converter.GetDefaultDataConverter().FromPayload(payload, into) // an attribute of another type is not ours
		}
	}
	return row
}

// stockAge is how old a stock may be before the panel is looked at again.
const (
	stockAge  = time.Minute
	stockWait = 5 * time.Second
)

// Stock returns what a panel could sell; everything is unknown when the
// inventory cannot say. Errors: ErrUnknownPanel.
func (c *Control) Stock(ctx context.Context, panel string, refresh bool) (workflows.Stock, error) {
	if _, there := c.config.Panel(panel); !there {
		return workflows.Stock{}, ErrUnknownPanel
	}
	id := workflows.InventoryWorkflowID(panel)
	asked := time.Now()
	stock := workflows.Stock{Panel: panel, Packages: []workflows.PackageStock{}}
	if err := c.query(ctx, id, workflows.QueryStock, &stock); err != nil {
		return stock, nil // unknown, which is not zero
	}
	if !refresh && stock.AsOf != nil && asked.Sub(*stock.AsOf) < stockAge {
		return stock, nil
	}
	if err := c.temporal.SignalWorkflow(ctx, id, "", workflows.SignalRefresh, nil); err != nil {
		return stock, nil // as it was known last; as_of tells its age
	}
	limited, cancel := context.WithTimeout(ctx, stockWait)
	defer cancel()
	poll := time.NewTicker(firstPoll * 2)
	defer poll.Stop()
	for stock.AsOf == nil || stock.AsOf.Before(asked) {
		select {
		case <-poll.C:
			_ = c.query(limited, id, workflows.QueryStock, &stock) // the next tick asks again
		case <-limited.Done():
			return stock, nil
		}
	}
	return stock, nil
}
