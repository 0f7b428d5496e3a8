package installation

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/workflows/api"
	"metalease/workflows/internal/entity"
)

func TestItOutlivesWhatIsSentToIt(t *testing.T) {
	env := new(testsuite.WorkflowTestSuite).NewTestWorkflowEnvironment()
	env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{entity.NewSignalOrder()}})
	env.SetContinueAsNewSuggested(false)
	env.RegisterDelayedCallback(func() { env.SignalWorkflow("move", "https://staging.example.com/") }, time.Minute)
	env.RegisterDelayedCallback(env.CancelWorkflow, time.Hour)
	env.RegisterDelayedCallback(func() {
		require.False(t, env.IsWorkflowCompleted(), "a cancel request ends nothing")
		env.SetContinueAsNewSuggested(true)
		env.SignalWorkflow("again", nil)
	}, 24*time.Hour)
	env.ExecuteWorkflow(Installation, State{InstallationStart: api.InstallationStart{SystemURL: "https://billing.example.com/"}})
	var next *workflow.ContinueAsNewError
	require.ErrorAs(t, env.GetWorkflowError(), &next)
	require.Equal(t, api.TypeInstallation, next.WorkflowType.Name)
	require.Contains(t, string(next.Input.GetPayloads()[0].GetData()), `"system_url":"https://billing.example.com/"`)
	require.Contains(t, string(next.Input.GetPayloads()[0].GetData()), "unknown signal", "and people see what nobody understood")
}
