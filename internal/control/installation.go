package control

import (
	"context"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"metalease/workflows/api"
)

// Installation is what the namespace remembers of its WHMCS; empty is not known yet.
type Installation struct {
	Name string `json:"installation"`
	// System is the System URL of the WHMCS whose calls are served.
	System string `json:"system_url"`
}

// OtherInstallation is a namespace that belongs to another installation than the configuration says.
type OtherInstallation struct{ Namespace, Owner, Ours string }

// Error says what to do.
func (o *OtherInstallation) Error() string {
	return fmt.Sprintf("namespace %q belongs to the installation %q, and the configuration says %q: two WHMCS in one namespace would control each other's servers. "+
		"Set TEMPORAL_NAMESPACE to a namespace of this one's own (`temporal operator namespace create --namespace %s`), or, if this is %s under a new name and runs no service, `starter installation rename --to %s`",
		o.Namespace, o.Owner, o.Ours, o.Ours, o.Owner, o.Ours)
}

// Claim makes the namespace that of the configured installation, or finds that it is. It needs no worker. Error: *[OtherInstallation].
func (c *Control) Claim(ctx context.Context) error {
	owner, err := c.remember(ctx, theName, c.config.Installation)
	return c.ours(owner, err)
}

// Belongs finds out whether the namespace is that of the configured installation; one that is nobody's is. Error: *[OtherInstallation].
func (c *Control) Belongs(ctx context.Context) error {
	owner, _, err := c.remembered(ctx, theName)
	return c.ours(owner, err)
}

func (c *Control) ours(owner string, err error) error {
	if err != nil || owner == "" || owner == c.config.Installation {
		return err
	}
	return &OtherInstallation{c.namespace, owner, c.config.Installation}
}

// Installation tells what the namespace remembers.
func (c *Control) Installation(ctx context.Context) (Installation, error) {
	var known Installation
	var err error
	if known.Name, _, err = c.remembered(ctx, theName); err != nil {
		return known, err
	}
	known.System, _, err = c.remembered(ctx, theSystem)
	return known, err
}

// InUse is a namespace in which services run, so that its installation keeps its name.
type InUse struct{ Services int64 }

// Error says why not.
func (u *InUse) Error() string {
	return fmt.Sprintf("%d services run: the marks of their servers carry the old name, and would be a stranger's under a new one. Keep the name, or end these services first", u.Services)
}

// Rename gives the namespace to an installation of another name. Error: *[InUse].
func (c *Control) Rename(ctx context.Context, name string) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	running, err := c.temporal.CountWorkflow(limited, &workflowservice.CountWorkflowExecutionsRequest{
		Namespace: c.namespace, Query: Filter{}.query() + " AND ExecutionStatus = 'Running'",
	})
	switch {
	case err != nil:
		return err
	case running.GetCount() > 0:
		return &InUse{running.GetCount()}
	}
	return c.replace(ctx, theName, name)
}

// memory is one thing that a namespace remembers: a workflow that runs for ever and has it in its memo. An id has one run, so
// who starts it first decides, also between two processes and while no worker runs.
type memory struct {
	workflowID, memo string
	summary          string
	start            func(value string) api.InstallationStart
}

var (
	theName = memory{api.InstallationWorkflowID, api.MemoInstallation, "whose namespace this is",
		func(value string) api.InstallationStart { return api.InstallationStart{Installation: value} }}
	theSystem = memory{api.SystemWorkflowID, api.MemoSystem, "the WHMCS whose calls are served",
		func(value string) api.InstallationStart { return api.InstallationStart{SystemURL: value} }}
)

// remembered reads a memory; empty without one. A run that somebody ended still says what was true.
func (c *Control) remembered(ctx context.Context, m memory) (value string, alive bool, err error) {
	there, err := c.describe(ctx, m.workflowID)
	if isNotFound(err) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	info := there.GetWorkflowExecutionInfo()
	return memoText(info, m.memo), info.GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, nil
}

// memoText is a text in the memo of a run; empty without one.
func memoText(info *workflowpb.WorkflowExecutionInfo, key string) string {
	var text string
	if payload := info.GetMemo().GetFields()[key]; payload != nil {
		_ = converter.GetDefaultDataConverter().FromPayload(payload, &text) // a memo of another type is not ours
	}
	return text
}

// remember keeps a value where none is kept, and tells the one that is.
func (c *Control) remember(ctx context.Context, m memory, value string) (kept string, err error) {
	for {
		kept, alive, err := c.remembered(ctx, m)
		if err != nil || alive && kept != "" {
			return kept, err
		}
		if kept == "" {
			kept = value
		}
		err = c.begin(ctx, m, kept, enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
		if !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
			return kept, err
		}
		// Somebody else was faster, and counts.
	}
}

// replace has another value remembered, whatever it was.
func (c *Control) replace(ctx context.Context, m memory, value string) error {
	return c.begin(ctx, m, value, enumspb.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING)
}

func (c *Control) begin(ctx context.Context, m memory, value string, conflict enumspb.WorkflowIdConflictPolicy) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := c.temporal.ExecuteWorkflow(limited, client.StartWorkflowOptions{
		ID: m.workflowID, TaskQueue: api.QueueWorkflows, StaticSummary: cutBytes(m.summary+": "+value, summaryLimit),
		Memo:                  map[string]any{m.memo: value},
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE, WorkflowIDConflictPolicy: conflict,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, api.TypeInstallation, m.start(value))
	return err
}
