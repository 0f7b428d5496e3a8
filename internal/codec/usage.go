package codec

import (
	"context"
	"errors"
	"slices"
	"sync"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/protobuf/proto"

	"metalease/internal/config"
)

// KeysOf are the ids of the keys with which something of a message is encrypted, sorted. Search attributes are never.
func KeysOf(message proto.Message) ([]string, error) {
	var ids []string
	err := proxy.VisitPayloads(context.Background(), message, proxy.VisitPayloadsOptions{
		SkipSearchAttributes: true,
		Visitor: func(_ *proxy.VisitPayloadsContext, payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
			for _, payload := range payloads {
				if id := string(payload.GetMetadata()[metadataKey]); id != "" {
					ids = append(ids, id)
				}
			}
			return payloads, nil
		},
	})
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// Use tells what hangs on one key.
type Use struct {
	Key string `json:"key"`
	// Role is that of the configuration; empty for a key that it does not have.
	Role string `json:"role"`
	// Running and Ended are runs with something that the key has encrypted: in their history, their memo, or what their activities under
	// way have left for the next attempt. A run with several keys counts for each.
	Running int `json:"running"`
	Ended   int `json:"ended"`
	// Schedules start runs with something that it has encrypted.
	Schedules int `json:"schedules"`
}

// Uses is the use of each key, those of the configuration first, in its order.
type Uses struct {
	Keys []Use
	// Behind are running runs that hold something of another key than the one that encrypts.
	Behind []*commonpb.WorkflowExecution

	mu         sync.Mutex
	encrypting string
}

const (
	pageOfRuns = 200
	readers    = 8
)

// Usage reads every run and every schedule of a namespace, as a connection without keys sees them. It changes nothing.
func Usage(ctx context.Context, raw workflowservice.WorkflowServiceClient, namespace string, encryption config.Encryption) (*Uses, error) {
	uses := &Uses{encrypting: encryption.Encrypting()}
	for _, key := range encryption.Keys {
		uses.Keys = append(uses.Keys, Use{Key: key.ID, Role: key.Role})
	}
	for token, first := []byte(nil), true; first || len(token) > 0; first = false {
		page, err := raw.ListWorkflowExecutions(ctx, &workflowservice.ListWorkflowExecutionsRequest{Namespace: namespace, PageSize: pageOfRuns, NextPageToken: token})
		if err != nil {
			return nil, err
		}
		if err := uses.read(ctx, raw, namespace, page.GetExecutions()); err != nil {
			return nil, err
		}
		token = page.GetNextPageToken()
	}
	return uses, uses.readSchedules(ctx, raw, namespace)
}

// read looks into some runs at a time.
func (u *Uses) read(ctx context.Context, raw workflowservice.WorkflowServiceClient, namespace string, runs []*workflowpb.WorkflowExecutionInfo) error {
	todo, faults := make(chan *workflowpb.WorkflowExecutionInfo), make([]error, readers)
	var reading sync.WaitGroup
	for i := range readers {
		reading.Go(func() {
			for info := range todo {
				if faults[i] == nil {
					faults[i] = u.readRun(ctx, raw, namespace, info)
				}
			}
		})
	}
	for _, info := range runs {
		todo <- info
	}
	close(todo)
	reading.Wait()
	return errors.Join(faults...)
}

func (u *Uses) readRun(ctx context.Context, raw workflowservice.WorkflowServiceClient, namespace string, info *workflowpb.WorkflowExecutionInfo) error {
	ids, err := KeysOf(&workflowservice.ListWorkflowExecutionsResponse{Executions: []*workflowpb.WorkflowExecutionInfo{info}})
	if err != nil {
		return err
	}
	for token, first := []byte(nil), true; first || len(token) > 0; first = false {
		page, err := raw.GetWorkflowExecutionHistory(ctx, &workflowservice.GetWorkflowExecutionHistoryRequest{Namespace: namespace, Execution: info.GetExecution(), NextPageToken: token})
		if gone(err) {
			return nil // kept no longer
		}
		if err != nil {
			return err
		}
		dropLastRun(eventsOf(page), func(proto.Message) bool { return true }) // whoever lacks its key forgets it
		more, err := KeysOf(page)
		if err != nil {
			return err
		}
		ids = append(ids, more...)
		token = page.GetNextPageToken()
	}
	running := info.GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
	if running {
		underWay, err := keysUnderWay(ctx, raw, namespace, info.GetExecution())
		if err != nil {
			return err
		}
		ids = append(ids, underWay...)
	}
	slices.Sort(ids)
	u.mu.Lock()
	defer u.mu.Unlock()
	behind := false
	for _, id := range slices.Compact(ids) {
		behind = behind || id != u.encrypting
		if running {
			u.of(id).Running++
		} else {
			u.of(id).Ended++
		}
	}
	if running && behind {
		u.Behind = append(u.Behind, info.GetExecution())
	}
	return nil
}

// keysUnderWay are those of what is in no history yet: what activities have left for their next attempt, and why the last one failed.
func keysUnderWay(ctx context.Context, raw workflowservice.WorkflowServiceClient, namespace string, run *commonpb.WorkflowExecution) ([]string, error) {
	there, err := raw.DescribeWorkflowExecution(ctx, &workflowservice.DescribeWorkflowExecutionRequest{Namespace: namespace, Execution: run})
	if gone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return KeysOf(there)
}

// gone tells that there is no such run or schedule: lists show them a moment longer than they are kept.
func gone(err error) bool {
	_, is := errors.AsType[*serviceerror.NotFound](err)
	return is
}

func (u *Uses) readSchedules(ctx context.Context, raw workflowservice.WorkflowServiceClient, namespace string) error {
	for token, first := []byte(nil), true; first || len(token) > 0; first = false {
		page, err := raw.ListSchedules(ctx, &workflowservice.ListSchedulesRequest{Namespace: namespace, NextPageToken: token})
		if err != nil {
			return err
		}
		for _, entry := range page.GetSchedules() {
			there, err := raw.DescribeSchedule(ctx, &workflowservice.DescribeScheduleRequest{Namespace: namespace, ScheduleId: entry.GetScheduleId()})
			if gone(err) {
				continue
			}
			if err != nil {
				return err
			}
			ids, err := KeysOf(there)
			if err != nil {
				return err
			}
			for _, id := range ids {
				u.of(id).Schedules++
			}
		}
		token = page.GetNextPageToken()
	}
	return nil
}

// of is the line of a key.
func (u *Uses) of(id string) *Use {
	i := slices.IndexFunc(u.Keys, func(k Use) bool { return k.Key == id })
	if i < 0 {
		u.Keys = append(u.Keys, Use{Key: id})
		i = len(u.Keys) - 1
	}
	return &u.Keys[i]
}
