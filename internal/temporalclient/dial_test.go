package temporalclient

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"metalease/internal/config"
	"metalease/internal/logging"
)

// frontend is as much of a Temporal server as this package talks to, over real gRPC.
type frontend struct {
	workflowservice.UnimplementedWorkflowServiceServer
	operatorservice.UnimplementedOperatorServiceServer

	mu           sync.Mutex
	refuse       error // answer to DescribeNamespace
	refuseList   error
	refuseAdd    error
	known        map[string]enumspb.IndexedValueType // what the operator service lists
	lag          int                                 // how many visibility queries fail before the new attributes are usable
	added, asked int
}

func (f *frontend) GetSystemInfo(context.Context, *workflowservice.GetSystemInfoRequest) (*workflowservice.GetSystemInfoResponse, error) {
	return &workflowservice.GetSystemInfoResponse{ServerVersion: "1.32.0", Capabilities: &workflowservice.GetSystemInfoResponse_Capabilities{}}, nil
}

func (f *frontend) DescribeNamespace(_ context.Context, request *workflowservice.DescribeNamespaceRequest) (*workflowservice.DescribeNamespaceResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuse != nil {
		return nil, serviceerror.ToStatus(f.refuse).Err()
	}
	if request.Namespace != "rental" {
		return nil, serviceerror.ToStatus(serviceerror.NewNamespaceNotFound(request.Namespace)).Err()
	}
	return &workflowservice.DescribeNamespaceResponse{}, nil
}

func (f *frontend) ListSearchAttributes(_ context.Context, request *operatorservice.ListSearchAttributesRequest) (*operatorservice.ListSearchAttributesResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuseList != nil {
		return nil, serviceerror.ToStatus(f.refuseList).Err()
	}
	return &operatorservice.ListSearchAttributesResponse{CustomAttributes: f.known}, nil
}

func (f *frontend) AddSearchAttributes(_ context.Context, request *operatorservice.AddSearchAttributesRequest) (*operatorservice.AddSearchAttributesResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuseAdd != nil {
		return nil, serviceerror.ToStatus(f.refuseAdd).Err()
	}
	if request.Namespace != "rental" {
		return nil, serviceerror.ToStatus(serviceerror.NewNamespaceNotFound(request.Namespace)).Err()
	}
	for name, kind := range request.SearchAttributes {
		f.known[name] = kind
		f.added++
	}
	return &operatorservice.AddSearchAttributesResponse{}, nil
}

func (f *frontend) CountWorkflowExecutions(_ context.Context, request *workflowservice.CountWorkflowExecutionsRequest) (*workflowservice.CountWorkflowExecutionsResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.lag > 0 {
		f.lag--
		return nil, serviceerror.ToStatus(serviceerror.NewInvalidArgument("unknown search attribute")).Err()
	}
	if request.Query != "NeedsAttention IS NOT NULL AND Panel IS NOT NULL" {
		return nil, serviceerror.ToStatus(serviceerror.NewInvalidArgument("unexpected query " + request.Query)).Err()
	}
	return &workflowservice.CountWorkflowExecutionsResponse{}, nil
}

// serve starts the frontend on the listener and points TEMPORAL_* at it.
func (f *frontend) serve(t *testing.T, listener net.Listener) {
	t.Helper()
	server := grpc.NewServer()
	workflowservice.RegisterWorkflowServiceServer(server, f)
	operatorservice.RegisterOperatorServiceServer(server, f)
	healthpb.RegisterHealthServer(server, health.NewServer())
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
}

func listen(t *testing.T, address string) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

func point(t *testing.T, address, namespace string) {
	t.Helper()
	t.Setenv("TEMPORAL_CONFIG_FILE", t.TempDir()+"/none.toml")
	t.Setenv("TEMPORAL_ADDRESS", address)
	t.Setenv("TEMPORAL_NAMESPACE", namespace)
}

func TestDialFollowsTheEnvironment(t *testing.T) {
	listener := listen(t, "127.0.0.1:0")
	(&frontend{}).serve(t, listener)
	point(t, listener.Addr().String(), "rental")

	var seen client.Options
	temporal, err := Dial(t.Context(), zap.NewNop(), "worker@host", config.Encryption{}, func(options *client.Options) { seen = *options })
	require.NoError(t, err)
	temporal.Close()
	require.Equal(t, "rental", seen.Namespace)
	require.Equal(t, "worker@host", seen.Identity)
}

// Under compose, and in the demonstration, everything starts at once: the server may answer seconds later.
func TestDialWaitsForAServerThatStarts(t *testing.T) {
	reserved := listen(t, "127.0.0.1:0")
	address := reserved.Addr().String()
	require.NoError(t, reserved.Close())
	point(t, address, "rental")

	core, records := observer.New(zap.InfoLevel)
	done := make(chan error, 1)
	go func() {
		temporal, err := Dial(t.Context(), zap.New(core), "worker", config.Encryption{})
		if err == nil {
			temporal.Close()
		}
		done <- err
	}()
	require.Eventually(t, func() bool { return records.FilterMessage("waiting for Temporal").Len() > 0 }, 5*time.Second, 10*time.Millisecond)
	(&frontend{}).serve(t, listen(t, address))
	require.NoError(t, <-done)
	require.Equal(t, address, records.All()[0].ContextMap()["address"])
}

func TestDialSaysWhatToDo(t *testing.T) {
	listener := listen(t, "127.0.0.1:0")
	server := &frontend{}
	server.serve(t, listener)
	address := listener.Addr().String()

	try := func(change func(*client.Options)) error {
		t.Helper()
		options, err := Options()
		require.NoError(t, err)
		options.Logger = logging.Temporal(zap.NewNop())
		change(&options)
		_, err = dial(t.Context(), options, 400*time.Millisecond)
		return err
	}
	point(t, address, "rental")

	err := try(func(options *client.Options) { options.HostPort = "127.0.0.1:1" })
	require.ErrorContains(t, err, "the Temporal at 127.0.0.1:1 is not reachable: start one (`temporal server start-dev`), or set TEMPORAL_ADDRESS")

	err = try(func(options *client.Options) { options.Namespace = "typo" })
	require.EqualError(t, err, "the Temporal at "+address+" has no namespace \"typo\": create it with `temporal operator namespace create --namespace typo`, or set TEMPORAL_NAMESPACE")

	refuse := func(err error) {
		server.mu.Lock()
		defer server.mu.Unlock()
		server.refuse = err
	}
	refuse(status.Error(codes.Unauthenticated, "bad key"))
	require.ErrorContains(t, try(func(*client.Options) {}), "the Temporal at "+address+" refuses these credentials: check TEMPORAL_API_KEY")

	refuse(serviceerror.NewPermissionDenied("not yours", ""))
	require.NoError(t, try(func(*client.Options) {}), "describing the namespace is not needed for working in it")
}

func TestDialEndsWithItsContext(t *testing.T) {
	point(t, "127.0.0.1:1", "rental")
	stopped := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stopped)
	_, err := Dial(ctx, zap.NewNop(), "worker", config.Encryption{})
	require.ErrorIs(t, err, stopped)
}

func TestBrokenSettingsAreNamed(t *testing.T) {
	point(t, "", "rental")
	t.Setenv("TEMPORAL_TLS_CLIENT_CERT_PATH", "/nowhere/client.pem")
	_, err := Dial(t.Context(), zap.NewNop(), "worker", config.Encryption{})
	require.ErrorContains(t, err, "TEMPORAL_* variables")
	require.ErrorContains(t, err, "client")
}
