package server

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.uber.org/zap"

	"metalease/internal/codec"
	"metalease/internal/config"
	"metalease/internal/temporalclient"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// Keys tells what of the namespace hangs on each key of temporal.encryption. With anew, every running run that holds something of another
// key than the one that encrypts is asked to go on in a new run, which holds nothing of it; asked is how many there were.
func Keys(ctx context.Context, cfg *config.Config, anew bool) (uses []codec.Use, asked int, err error) {
	options, err := temporalclient.Options()
	if err != nil {
		return nil, 0, err
	}
	raw, err := temporalclient.DialRaw(ctx, zap.NewNop(), "keys")
	if err != nil {
		return nil, 0, err
	}
	defer raw.Close()
	found, err := codec.Usage(ctx, raw.WorkflowService(), options.Namespace, cfg.Temporal.Encryption)
	if err != nil {
		return nil, 0, err
	}
	if !anew {
		return found.Keys, 0, nil
	}
	for _, run := range found.Behind {
		if err := raw.SignalWorkflow(ctx, run.GetWorkflowId(), "", api.SignalNewRun, nil); err != nil && !gone(err) {
			return found.Keys, asked, fmt.Errorf("%s was not asked: %w", run.GetWorkflowId(), err)
		}
		asked++
	}
	return found.Keys, asked, nil
}

// writeAnew has what a worker needs at every start, and nobody else changes, written with the key that encrypts: whose namespace it is,
// and the schedules. Several workers may do it at once.
func writeAnew(ctx context.Context, temporal client.Client, cfg *config.Config) error {
	encrypting := cfg.Temporal.Encryption.Encrypting()
	if encrypting == "" {
		return nil
	}
	options, err := temporalclient.Options()
	if err != nil {
		return err
	}
	raw, err := temporalclient.DialRaw(ctx, zap.NewNop(), "keys")
	if err != nil {
		return err
	}
	defer raw.Close()
	for _, id := range []string{api.InstallationWorkflowID, api.SystemWorkflowID} {
		there, err := raw.DescribeWorkflow(ctx, id, "")
		if gone(err) {
			continue
		}
		if err != nil {
			return err
		}
		if keys, err := codec.KeysOf(there.RawResponse); err != nil {
			return err
		} else if other(keys, encrypting) {
			if err := raw.SignalWorkflow(ctx, id, "", api.SignalNewRun, nil); err != nil && !gone(err) {
				return err
			}
		}
	}
	for _, panel := range cfg.Panels {
		id := fleet.ReconcileScheduleID(panel.Name)
		there, err := raw.WorkflowService().DescribeSchedule(ctx, &workflowservice.DescribeScheduleRequest{Namespace: options.Namespace, ScheduleId: id})
		if err != nil {
			return err
		}
		if keys, err := codec.KeysOf(there); err != nil {
			return err
		} else if !other(keys, encrypting) {
			continue
		}
		same := func(there client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			return &client.ScheduleUpdate{Schedule: &there.Description.Schedule}, nil
		}
		if err := temporal.ScheduleClient().GetHandle(ctx, id).Update(ctx, client.ScheduleUpdateOptions{DoUpdate: same}); err != nil {
			return err
		}
	}
	return nil
}

// other tells whether there is a key that does not encrypt any more.
func other(keys []string, encrypting string) bool {
	return len(keys) > 1 || len(keys) == 1 && keys[0] != encrypting
}

// gone tells that there is no such run, or none that runs.
func gone(err error) bool {
	_, is := errors.AsType[*serviceerror.NotFound](err)
	return is
}
