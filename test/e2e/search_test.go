package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/internal/stack"
	"metalease/workflows"
)

// searchAndReplay exports every history, looks for every password in it and in
// the logs, and replays it: the code must make the same decisions again.
func (w *world) searchAndReplay() {
	w.t.Helper()
	ctx := context.Background() // that of the test has ended
	c := w.dial()
	page, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{PageSize: 200})
	require.NoError(w.t, err)
	require.NotEmpty(w.t, page.GetExecutions())
	text := w.Worker.Log() + w.Gateway.Log()
	replayer := w.replayer()
	for _, run := range page.GetExecutions() {
		history := w.history(ctx, c, run.GetExecution())
		_, searchable, err := neutral(history)
		require.NoError(w.t, err)
		text += searchable + history.String() // the second has what the first leaves out
		// A run that was reset knows it by its id, which stands in no event.
		itself := worker.ReplayWorkflowHistoryOptions{OriginalExecution: workflow.Execution{ID: run.GetExecution().GetWorkflowId(), RunID: run.GetExecution().GetRunId()}}
		if err := replayer.ReplayWorkflowHistoryWithOptions(silent(), history, itself); err != nil {
			w.t.Errorf("%s does not replay: %s", run.GetExecution().GetWorkflowId(), err)
		}
	}
	for _, secret := range slices.Concat(w.servicePasswords(), w.secrets, []string{stack.PanelPassword, stack.APISecret, stack.GatewaySecret}) {
		if bytes.Contains([]byte(text), []byte(secret)) {
			w.t.Errorf("a secret stands in a history or a log")
		}
	}
}

// dial is a client of the world's Temporal.
func (w *world) dial() client.Client {
	w.t.Helper()
	c, err := client.Dial(client.Options{HostPort: fmt.Sprintf("127.0.0.1:%d", w.Ports.Temporal), Logger: silent()})
	require.NoError(w.t, err)
	w.t.Cleanup(c.Close)
	return c
}

// history is that of one run, up to now.
func (w *world) history(ctx context.Context, c client.Client, run *commonpb.WorkflowExecution) *historypb.History {
	w.t.Helper()
	var history historypb.History
	events := c.GetWorkflowHistory(ctx, run.GetWorkflowId(), run.GetRunId(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(w.t, err)
		history.Events = append(history.Events, event)
	}
	return &history
}

// replayer knows what the workers know.
func (w *world) replayer() worker.WorkflowReplayer {
	w.t.Helper()
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{Interceptors: workflows.Interceptors()})
	require.NoError(w.t, err)
	workflows.Register(replayer)
	return replayer
}

func silent() sdklog.Logger { return sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)) }

// servicePasswords asks api.php, which answers them in clear.
func (w *world) servicePasswords() []string {
	form := bytes.NewBufferString("action=GetClientsProducts&responsetype=json&limitnum=1000&identifier=" + stack.Identifier + "&secret=" + stack.APISecret)
	resp, err := http.Post(w.WHMCSURL("/includes/api.php"), "application/x-www-form-urlencoded", form)
	require.NoError(w.t, err)
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Products struct {
			Product []struct {
				Password string `json:"password"`
			} `json:"product"`
		} `json:"products"`
	}
	body, err := io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	_ = json.Unmarshal(body, &answer) // an empty list has another shape
	var passwords []string
	for _, p := range answer.Products.Product {
		require.NotEmpty(w.t, p.Password)
		passwords = append(passwords, p.Password)
	}
	return passwords
}
