// Package temporalclient connects to Temporal the way its own command line does: from the TEMPORAL_* variables and profiles.
package temporalclient

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"metalease/internal/codec"
	"metalease/internal/config"
	"metalease/internal/logging"
)

// How long a start waits for a Temporal that is itself starting, and how often it looks.
const (
	dialWait     = 10 * time.Second
	dialPause    = 300 * time.Millisecond
	progressStep = 3 * time.Second
)

// Options reads the TEMPORAL_* variables and the profile, with the address and the namespace filled in.
func Options() (client.Options, error) {
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return client.Options{}, fmt.Errorf("the Temporal connection settings (TEMPORAL_* variables and temporal.toml) are wrong: %w", err)
	}
	if options.HostPort == "" {
		options.HostPort = client.DefaultHostPort
	}
	if options.Namespace == "" {
		options.Namespace = client.DefaultNamespace
	}
	return options, nil
}

// Dial connects to Temporal and makes sure that the namespace is there. It waits at most 10 seconds for a server that is still
// starting. The identity is shown in histories; encryption says with which keys everything is encrypted that Temporal keeps; each
// function in adjust may change the options before the connection is made. The error names the address and what to do.
func Dial(ctx context.Context, logger *zap.Logger, identity string, encryption config.Encryption, adjust ...func(*client.Options)) (client.Client, error) {
	keys, err := codec.New(encryption)
	if err != nil {
		return nil, err
	}
	encrypted, err := keys.DialOptions()
	if err != nil {
		return nil, err
	}
	return open(ctx, logger, identity, encrypted, adjust)
}

// DialRaw is Dial without keys: what Temporal keeps is seen as it is kept, and what is sent is kept as it is.
func DialRaw(ctx context.Context, logger *zap.Logger, identity string, adjust ...func(*client.Options)) (client.Client, error) {
	return open(ctx, logger, identity, nil, adjust)
}

func open(ctx context.Context, logger *zap.Logger, identity string, more []grpc.DialOption, adjust []func(*client.Options)) (client.Client, error) {
	options, err := Options()
	if err != nil {
		return nil, err
	}
	options.Logger, options.Identity = logging.Temporal(logger), identity
	options.ConnectionOptions.DialOptions = append(options.ConnectionOptions.DialOptions, more...)
	for _, change := range adjust {
		change(&options)
	}
	return dial(ctx, options, dialWait)
}

func dial(ctx context.Context, options client.Options, wait time.Duration) (client.Client, error) {
	start := time.Now()
	limited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()

	var reason error
	nextProgress := time.Duration(0)
	for {
		temporal, err := connect(limited, options)
		if err == nil {
			return temporal, nil
		}
		if reason == nil || limited.Err() == nil {
			reason = err // the try that the limit cut off says less than the one before
		}
		if denied(err) { // waiting does not help
			return nil, explain(err, options)
		}
		if waited := time.Since(start); waited >= nextProgress {
			options.Logger.Info("waiting for Temporal", "address", options.HostPort, "namespace", options.Namespace,
				"waited", waited.Round(time.Second).String(), "limit", wait.String())
			nextProgress = waited + progressStep
		}
		select {
		case <-time.After(dialPause):
		case <-limited.Done():
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			return nil, explain(reason, options)
		}
	}
}

func connect(ctx context.Context, options client.Options) (client.Client, error) {
	temporal, err := client.DialContext(ctx, options)
	if err != nil {
		return nil, err
	}
	_, err = temporal.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: options.Namespace})
	// An account may be allowed to work in a namespace and not to describe it.
	if _, forbidden := errors.AsType[*serviceerror.PermissionDenied](err); err == nil || forbidden {
		return temporal, nil
	}
	temporal.Close()
	return nil, err
}

func denied(err error) bool {
	_, forbidden := errors.AsType[*serviceerror.PermissionDenied](err)
	return forbidden || status.Code(err) == codes.Unauthenticated // the API has no type for the second
}

func explain(err error, options client.Options) error {
	if _, missing := errors.AsType[*serviceerror.NamespaceNotFound](err); missing {
		return fmt.Errorf("the Temporal at %s has no namespace %q: create it with `temporal operator namespace create --namespace %s`, or set TEMPORAL_NAMESPACE",
			options.HostPort, options.Namespace, options.Namespace)
	}
	if denied(err) {
		return fmt.Errorf("the Temporal at %s refuses these credentials: check TEMPORAL_API_KEY or TEMPORAL_TLS_CLIENT_CERT_PATH and _KEY_PATH: %w", options.HostPort, err)
	}
	return fmt.Errorf("the Temporal at %s is not reachable: start one (`temporal server start-dev`), or set TEMPORAL_ADDRESS (and TEMPORAL_TLS=true if it wants TLS): %w",
		options.HostPort, err)
}
