package server

import (
	"context"
	"log/slog"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.uber.org/zap"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	panelsim "metalease/dcim/simulator"
	"metalease/internal/codec"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/secret"
	"metalease/internal/temporalclient"
	"metalease/internal/temporaltest"
	"metalease/workflows"
	"metalease/workflows/api"
)

// encryptedWith has a world's worker and command line use keys.
func (w *world) encryptedWith(keys ...config.EncryptionKey) (client.Client, *control.Control) {
	w.t.Helper()
	w.cfg.Temporal.Encryption.Keys = keys
	temporal, err := temporalclient.Dial(w.t.Context(), zap.NewNop(), "test", w.cfg.Temporal.Encryption)
	require.NoError(w.t, err)
	w.t.Cleanup(temporal.Close)
	return temporal, control.New(temporal, w.Namespace, w.cfg)
}

// TestNothingReadableStaysInTemporal: one order from paid to Active with encryption on, seen by somebody who has Temporal and no key.
func TestNothingReadableStaysInTemporal(t *testing.T) {
	w := newWorld(t, config.ModeManage)
	first, second := config.EncryptionKey{ID: "2026", Key: secret.New(strings.Repeat("a1", 32))}, config.EncryptionKey{ID: "2027", Key: secret.New(strings.Repeat("b2", 32))}
	temporal, ctl := w.encryptedWith(first)
	require.NoError(t, w.panel.Fault(panelsim.Rule{Function: "user", Effect: panelsim.HTTP500, Count: 2}))
	h := &host{world: w, Control: ctl}
	stop := w.work()
	service := h.order()
	status := h.reaches(service, api.PhaseActive, "")
	started, err := h.Start(t.Context(), status.Order)
	require.NoError(t, err)
	require.False(t, started, "the memo says that it is the same order")

	require.NoError(t, w.Client.SignalWorkflow(t.Context(), api.ServiceWorkflowID(service), "", api.SignalHold, "a plain word"))
	h.eventually(func() bool {
		now, err := h.Status(t.Context(), service)
		return err == nil && now.Held == "a plain word"
	}, "what a person sends without a key is read")

	plain := []string{status.Server.Hostname, status.Account, status.Order.OSTemplate, "which is no answer of a panel", "A1-0"}
	decoded := histories(t, temporal, w.Namespace)
	for _, word := range plain {
		require.Contains(t, decoded, word, "what is searched for is there to be found")
	}
	kept := histories(t, w.Client, w.Namespace)
	for _, word := range plain {
		require.NotContains(t, kept, word)
	}
	listed, err := h.List(t.Context(), control.Filter{Panel: "fra1", Phase: string(api.PhaseActive)}, "", 10)
	require.NoError(t, err)
	require.Len(t, listed.Services, 1, "search attributes stay as they were")

	h.showsWithCodecServer(service, status.Server.Hostname)

	stop() // the second key encrypts from now on, the first one stays
	w.cfg.Worker.MetricsListen = ""
	first.Role = config.KeyDecrypts
	temporal, h.Control = w.encryptedWith(second, first)
	w.work()
	next, _ := h.serve()
	for _, id := range []int{service, next} {
		replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{Interceptors: workflows.Interceptors()})
		require.NoError(t, err)
		workflows.Register(replayer)
		require.NoError(t, replayer.ReplayWorkflowHistory(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)), history(t, temporal, api.ServiceWorkflowID(id), "")))
	}
	_, ctl = w.encryptedWith(second)
	_, err = ctl.Status(t.Context(), service)
	require.ErrorContains(t, err, `encrypted with the key "2026"`)
	_, ctl = w.encryptedWith(config.EncryptionKey{ID: "2028", Key: secret.New(strings.Repeat("c3", 32))})
	require.ErrorContains(t, ctl.Claim(t.Context()), `encrypted with the key "202`, "a worker without the key refuses to start")
}

// showsWithCodecServer has the program temporal show a history with and without the codec server.
func (h *host) showsWithCodecServer(service int, word string) {
	h.t.Helper()
	program, err := temporaltest.Program()
	require.NoError(h.t, err)
	address := free(h.t)
	h.cfg.Temporal.Encryption.CodecToken = secret.New("the-token-of-staff")
	ctx, cancel := context.WithCancel(h.t.Context())
	done := make(chan error, 1)
	go func() { done <- Codec(ctx, h.cfg, address, "") }()
	show := func(more ...string) string {
		arguments := append([]string{"workflow", "show", "--workflow-id", api.ServiceWorkflowID(service), "--output", "json",
			"--address", h.Address, "--namespace", h.Namespace}, more...)
		limited, cancel := context.WithTimeout(h.t.Context(), testTimeout)
		defer cancel()
		text, _ := exec.CommandContext(limited, program, arguments...).CombinedOutput()
		var shown historypb.History // its payloads are in base64
		if protojson.Unmarshal(text, &shown) != nil {
			return string(text)
		}
		all, err := proto.Marshal(&shown)
		require.NoError(h.t, err)
		return string(all)
	}
	h.eventually(func() bool { return get("http://"+address+"/") != "" }, "the codec server answers")
	require.Contains(h.t, show("--codec-endpoint", "http://"+address, "--codec-auth", "Bearer the-token-of-staff"), word)
	require.Contains(h.t, show(), codec.Encoding)
	require.NotContains(h.t, show(), word)
	require.NotContains(h.t, show("--codec-endpoint", "http://"+address, "--codec-auth", "Bearer another-token-here"), word)
	cancel()
	require.NoError(h.t, <-done)
}

// histories are all events of a namespace, without search attributes, as bytes.
func histories(t *testing.T, c client.Client, namespace string) string {
	t.Helper()
	var all strings.Builder
	listed, err := c.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Namespace: namespace, PageSize: 200})
	require.NoError(t, err)
	require.NotEmpty(t, listed.GetExecutions())
	for _, info := range listed.GetExecutions() {
		for _, event := range history(t, c, info.GetExecution().GetWorkflowId(), info.GetExecution().GetRunId()).GetEvents() {
			if event.GetUpsertWorkflowSearchAttributesEventAttributes() != nil {
				continue
			}
			if began := event.GetWorkflowExecutionStartedEventAttributes(); began != nil {
				began.SearchAttributes = nil
			}
			text, err := proto.Marshal(event)
			require.NoError(t, err)
			all.Write(text)
		}
		text, err := proto.Marshal(info.GetMemo())
		require.NoError(t, err)
		all.Write(text)
	}
	return all.String()
}

func history(t *testing.T, c client.Client, id, run string) *historypb.History {
	t.Helper()
	events := c.GetWorkflowHistory(t.Context(), id, run, false, 0)
	var all historypb.History
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(t, err)
		all.Events = append(all.Events, event)
	}
	return &all
}
