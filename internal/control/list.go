package control

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"

	"metalease/workflows/api"
)

// Filter picks services; empty fields pick all.
type Filter struct {
	Phase, ClientID, Panel string
	// IP is the main address.
	IP string
	// Attention picks services that wait for a person.
	Attention bool
	// Running picks services that have not ended.
	Running bool
	// IDs picks these services.
	IDs []int
}

// Row is one life of a service. The list is a little behind what is true: it decides nothing.
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
	WorkflowURL string     `json:"workflow_url,omitempty"`
}

// Page is a part of a list.
type Page struct {
	Services []Row `json:"services"`
	// Next is the token of the next page; empty on the last one.
	Next string `json:"next_page_token,omitempty"`
}

// quoted makes a value a string of Temporal's query language.
var quoted = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

func (f Filter) query() string {
	terms := []string{fmt.Sprintf("WorkflowType = '%s'", api.TypeServiceLifecycle), "ExecutionStatus != 'ContinuedAsNew'"}
	for _, t := range []struct{ key, value string }{
		{api.AttrPhase.GetName(), f.Phase}, {api.AttrClientID.GetName(), f.ClientID},
		{api.AttrPanel.GetName(), f.Panel}, {api.AttrMainIP.GetName(), f.IP},
	} {
		if t.value != "" {
			terms = append(terms, fmt.Sprintf("%s = '%s'", t.key, quoted.Replace(t.value)))
		}
	}
	if f.Running {
		terms = append(terms, "ExecutionStatus = 'Running'")
	}
	if f.Attention {
		terms = append(terms, api.AttrNeedsAttention.GetName()+" = true")
	}
	if len(f.IDs) > 0 {
		var ids []string
		for _, id := range f.IDs {
			ids = append(ids, "'"+api.ServiceWorkflowID(id)+"'")
		}
		terms = append(terms, "WorkflowId IN ("+strings.Join(ids, ", ")+")")
	}
	return strings.Join(terms, " AND ")
}

// List returns a page of at most size services, newest first; the token is that of the page before.
// Error: ErrPageToken.
func (c *Control) List(ctx context.Context, f Filter, token string, size int) (Page, error) {
	next, err := openToken(token)
	if err != nil {
		return Page{}, err
	}
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := c.temporal.ListWorkflow(limited, &workflowservice.ListWorkflowExecutionsRequest{
		Namespace: c.namespace, PageSize: int32(size), NextPageToken: next, Query: f.query(),
	})
	if err != nil {
		return Page{}, err
	}
	page := Page{Services: []Row{}, Next: sealToken(answer.GetNextPageToken())}
	for _, info := range answer.GetExecutions() {
		row := rowOf(info)
		row.WorkflowURL = c.link(row.ServiceID)
		page.Services = append(page.Services, row)
	}
	return page, nil
}

// Count returns how many services a filter picks.
func (c *Control) Count(ctx context.Context, f Filter) (int64, error) {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := c.temporal.CountWorkflow(limited, &workflowservice.CountWorkflowExecutionsRequest{Namespace: c.namespace, Query: f.query()})
	return answer.GetCount(), err
}

// sealToken makes a token of Temporal fit for a URL. Temporal answers a broken one with an error
// that the SDK tries again for long, so a checksum goes with it.
func sealToken(token []byte) string {
	if len(token) == 0 {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint32(slices.Clone(token), crc32.ChecksumIEEE(token)))
}

func openToken(text string) ([]byte, error) {
	if text == "" {
		return nil, nil
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	end := len(sealed) - crc32.Size
	if err != nil || end < 0 || binary.BigEndian.Uint32(sealed[end:]) != crc32.ChecksumIEEE(sealed[:end]) {
		return nil, ErrPageToken
	}
	return sealed[:end], nil
}

func rowOf(info *workflowpb.WorkflowExecutionInfo) Row {
	row := Row{StartedAt: info.GetStartTime().AsTime()}
	_, _ = fmt.Sscanf(info.GetExecution().GetWorkflowId(), "service-%d", &row.ServiceID) // the type says that it is one
	if info.GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		closed := info.GetCloseTime().AsTime()
		row.ClosedAt = &closed
	}
	fields := info.GetSearchAttributes().GetIndexedFields()
	for key, into := range map[string]any{
		api.AttrPhase.GetName(): &row.Phase, api.AttrPanel.GetName(): &row.Panel, api.AttrPackage.GetName(): &row.Package,
		api.AttrClientID.GetName(): &row.ClientID, api.AttrServerID.GetName(): &row.ServerID, api.AttrMainIP.GetName(): &row.MainIP,
		api.AttrGraceEndsAt.GetName(): &row.GraceEndsAt, api.AttrNeedsAttention.GetName(): &row.Attention,
	} {
		if payload := fields[key]; payload != nil {
			_ = converter.GetDefaultDataConverter().FromPayload(payload, into) // an attribute of another type is not ours
		}
	}
	return row
}
