package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	failurepb "go.temporal.io/api/failure/v1"
	historypb "go.temporal.io/api/history/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"
)

// What differs from one machine and one run to the next.
var (
	anyPort = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	anyID   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	anyUser = regexp.MustCompile(`"by":"[^"]*"`)
)

// dropped are fields that no replay needs: the binary that did it, source lines of failures,
// the server's own counters.
var dropped = []string{"stackTrace", "binaryChecksum", "workerVersion", "meteringMetadata", "taskId", "requestId", "historySizeBytes"}

// neutraliser makes one history say nothing about the machine that it was recorded on.
type neutraliser struct {
	// ids are random ids in the order in which they came, so that equal ones stay equal.
	ids map[string]string
	// seen is all text, decoded, to be searched.
	seen strings.Builder
}

// neutral is the history as JSON that Temporal's tools read, with one event on each line, and
// all its text with payloads decoded.
func neutral(history *historypb.History) (text []byte, searchable string, err error) {
	raw, err := temporalproto.CustomJSONMarshalOptions{}.Marshal(history)
	if err != nil {
		return nil, "", err
	}
	var document struct {
		Events []map[string]any `json:"events"`
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		return nil, "", err
	}
	n := &neutraliser{ids: map[string]string{}}
	var out bytes.Buffer
	out.WriteString("{\"events\":[\n")
	for i, event := range document.Events {
		if i > 0 {
			out.WriteString(",\n")
		}
		line, err := json.Marshal(n.value(event))
		if err != nil {
			return nil, "", err
		}
		out.Write(line)
	}
	out.WriteString("\n]}\n")
	return out.Bytes(), n.seen.String(), nil
}

func (n *neutraliser) value(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return n.object(v)
	case []any:
		for i := range v {
			v[i] = n.value(v[i])
		}
	case string:
		return n.text(v)
	}
	return v
}

func (n *neutraliser) object(o map[string]any) any {
	for _, key := range dropped {
		delete(o, key)
	}
	if _, found := o["identity"]; found {
		o["identity"] = "metalease"
	}
	if normal, sticky := o["normalName"]; sticky { // the name of a sticky queue is that of a process
		return map[string]any{"name": normal, "kind": "TASK_QUEUE_KIND_NORMAL"}
	}
	data, isText := o["data"].(string)
	_, isPayload := o["metadata"]
	for _, key := range slices.Sorted(maps.Keys(o)) { // the same ids in every recording
		if key != "data" && key != "metadata" || !isPayload {
			o[key] = n.value(o[key])
		}
	}
	if isText && isPayload {
		if decoded, err := base64.StdEncoding.DecodeString(data); err == nil {
			o["data"] = base64.StdEncoding.EncodeToString([]byte(n.text(string(decoded))))
		}
	}
	return o
}

func (n *neutraliser) text(s string) string {
	s = anyPort.ReplaceAllString(s, "127.0.0.1:1")
	s = anyUser.ReplaceAllString(s, `"by":"operator"`)
	s = anyID.ReplaceAllStringFunc(s, func(id string) string {
		if n.ids[id] == "" {
			n.ids[id] = fmt.Sprintf("00000000-0000-4000-8000-%012d", len(n.ids)+1)
		}
		return n.ids[id]
	})
	n.seen.WriteString(s + "\n")
	return s
}

func TestANeutralHistoryNamesNoMachine(t *testing.T) {
	t.Parallel()
	const one, two = "0195f0aa-1111-7222-8333-444455556666", "0195f0aa-1111-7222-8333-777788889999"
	payload := &commonpb.Payload{Metadata: map[string][]byte{"encoding": []byte("json/plain")},
		Data: []byte(`{"by":"jo","word":"swordfish","url":"http://127.0.0.1:4711/","runs":["` + two + `","` + one + `"]}`)}
	text, searchable, err := neutral(&historypb.History{Events: []*historypb.HistoryEvent{
		{EventId: 1, TaskId: 77, Attributes: &historypb.HistoryEvent_WorkflowExecutionStartedEventAttributes{WorkflowExecutionStartedEventAttributes: &historypb.WorkflowExecutionStartedEventAttributes{
			Identity: "1@box", OriginalExecutionRunId: one, Input: &commonpb.Payloads{Payloads: []*commonpb.Payload{payload}}}}},
		{EventId: 2, Attributes: &historypb.HistoryEvent_WorkflowTaskScheduledEventAttributes{WorkflowTaskScheduledEventAttributes: &historypb.WorkflowTaskScheduledEventAttributes{
			TaskQueue: &taskqueuepb.TaskQueue{Name: "box:" + two, Kind: enumspb.TASK_QUEUE_KIND_STICKY, NormalName: "metalease"}}}},
		{EventId: 3, Attributes: &historypb.HistoryEvent_ActivityTaskFailedEventAttributes{ActivityTaskFailedEventAttributes: &historypb.ActivityTaskFailedEventAttributes{
			Failure: &failurepb.Failure{Message: "no answer from 127.0.0.1:4711", StackTrace: "main.go:12"}}}},
	}})
	require.NoError(t, err)
	for _, trace := range []string{"box", "4711", "main.go", "taskId", one, two} {
		require.NotContains(t, string(text), trace)
		require.NotContains(t, searchable, trace)
	}
	require.Contains(t, searchable, "swordfish", "what a payload holds is searched")
	history, err := client.HistoryFromJSON(bytes.NewReader(text), client.HistoryJSONOptions{})
	require.NoError(t, err)
	require.Len(t, history.GetEvents(), 3)
	started := history.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes()
	require.Equal(t, `{"by":"operator","word":"swordfish","url":"http://127.0.0.1:1/","runs":["`+
		"00000000-0000-4000-8000-000000000001"+`","`+started.GetOriginalExecutionRunId()+`"]}`, string(started.GetInput().GetPayloads()[0].GetData()))
	require.Equal(t, "metalease", history.GetEvents()[1].GetWorkflowTaskScheduledEventAttributes().GetTaskQueue().GetName())
}
