package workflows_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/workflows"
	"metalease/workflows/api"
	"metalease/workflows/service"
)

// histories has what `make record-histories` has recorded, <workflow type>.json or <workflow
// type>-<phase>.json, in folders named after the version of a service's state. When a release
// holds a folder, the next one of the same version is 1.1, then 1.2.
const histories = "testdata/histories"

// TestHistoriesReplay has the code make the decisions of every recorded history again. A
// change that breaks one breaks services that run (CONTRIBUTING.md, "Changing a workflow").
func TestHistoriesReplay(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(histories, "*", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "nothing is recorded: run `make record-histories`")
	quiet := sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler))
	for _, file := range files {
		t.Run(strings.TrimPrefix(file, histories+"/"), func(t *testing.T) {
			t.Parallel()
			replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{Interceptors: workflows.Interceptors()})
			require.NoError(t, err)
			workflows.Register(replayer)
			if err := replayer.ReplayWorkflowHistoryFromJSONFile(quiet, file); err != nil {
				t.Errorf("workflows/%s does not replay: %s\nServices that run now would stop there. See \"Changing a workflow\" in CONTRIBUTING.md.", file, err)
			}
		})
	}
}

// TestHistoriesOfEveryPhaseAndType: the newest folder has all of them, and each is what its
// name says.
func TestHistoriesOfEveryPhaseAndType(t *testing.T) {
	t.Parallel()
	newest := newestFolder()
	var types registered
	workflows.Register(&types)
	require.Contains(t, types, api.TypeServiceLifecycle)
	for _, kind := range types {
		if kind != api.TypeServiceLifecycle {
			require.Equal(t, kind, typeOf(read(t, newest, kind)))
		}
	}
	names := []string{"acted", "reinstalling", "adopted", "continuing", "continued"}
	for _, phase := range api.Phases {
		names = append(names, string(phase))
		history := read(t, newest, api.TypeServiceLifecycle+"-"+string(phase))
		require.Equal(t, string(phase), phaseOf(t, history), "the phase that it was recorded in")
	}
	for _, name := range names {
		require.Equal(t, api.TypeServiceLifecycle, typeOf(read(t, newest, api.TypeServiceLifecycle+"-"+name)))
	}
}

func newestFolder() string {
	newest := filepath.Join(histories, strconv.Itoa(service.StateVersion))
	for n := 1; ; n++ {
		next := filepath.Join(histories, fmt.Sprintf("%d.%d", service.StateVersion, n))
		if _, err := os.Stat(next); err != nil {
			return newest
		}
		newest = next
	}
}

func read(t *testing.T, folder, name string) *historypb.History {
	t.Helper()
	file, err := os.Open(filepath.Join(folder, name+".json"))
	require.NoError(t, err, "not recorded: run `make record-histories`")
	defer func() { _ = file.Close() }()
	history, err := client.HistoryFromJSON(file, client.HistoryJSONOptions{})
	require.NoError(t, err)
	require.NotEmpty(t, history.GetEvents())
	return history
}

func typeOf(history *historypb.History) string {
	return history.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowType().GetName()
}

// phaseOf is the phase that the history has shown last.
func phaseOf(t *testing.T, history *historypb.History) string {
	t.Helper()
	var phase string
	for _, event := range history.GetEvents() {
		for _, attributes := range []*commonpb.SearchAttributes{
			event.GetWorkflowExecutionStartedEventAttributes().GetSearchAttributes(),
			event.GetUpsertWorkflowSearchAttributesEventAttributes().GetSearchAttributes(),
		} {
			if shown := attributes.GetIndexedFields()[api.AttrPhase.GetName()]; shown != nil {
				require.NoError(t, json.Unmarshal(shown.GetData(), &phase))
			}
		}
	}
	return phase
}

// registered are the names of all workflows: Register is the only list of them.
type registered []string

func (r *registered) RegisterWorkflow(any) {}

func (r *registered) RegisterWorkflowWithOptions(_ any, options workflow.RegisterOptions) {
	*r = append(*r, options.Name)
}

func (r *registered) RegisterDynamicWorkflow(any, workflow.DynamicRegisterOptions) {}
