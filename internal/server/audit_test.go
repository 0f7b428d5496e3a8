package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/workflows/api"
)

// TestWhoDidWhat: a service is built, suspended by a person and terminated, and both the worker's lines and Temporal tell it.
func TestWhoDidWhat(t *testing.T) {
	w := newWorld(t, config.ModeManage)
	w.cfg.Log.AuditFile = filepath.Join(t.TempDir(), "audit.json")
	h := &host{world: w, Control: control.New(w.Client, w.Namespace, w.cfg)}
	stop := w.work()
	service, server := h.serve()
	_, err := h.Signal(t.Context(), service, api.SignalSuspend, api.Event{EventID: "evt-1", Reason: "abuse, ticket 12", Source: "cli", Actor: api.Actor{Kind: api.ActorStaff, Name: "ann"}}, testTimeout)
	require.NoError(t, err)
	h.reaches(service, api.PhaseBlocked, "")
	_, err = h.terminate(service)
	require.NoError(t, err)
	h.reaches(service, api.PhaseReleased, "")
	stop()

	text, err := os.ReadFile(w.cfg.Log.AuditFile)
	require.NoError(t, err)
	require.NotContains(t, string(text), moduleSecret)
	info, err := os.Stat(w.cfg.Log.AuditFile)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	lines := map[string][]map[string]any{}
	var phases []string
	for in := bufio.NewScanner(bytes.NewReader(text)); in.Scan(); {
		var line map[string]any
		require.NoError(t, json.Unmarshal(in.Bytes(), &line))
		require.Equal(t, "audit", line["logger"])
		what, _ := line["msg"].(string)
		lines[what] = append(lines[what], line)
		if what == "phase" {
			phases = append(phases, line["before"].(string)+" > "+line["after"].(string))
		}
	}
	require.Contains(t, phases, "pending > active")
	require.Contains(t, phases, "active > blocked")
	require.Equal(t, "released", phases[len(phases)-1][len(phases[len(phases)-1])-len("released"):])
	suspended := lines["signal suspend"][0]
	for key, value := range map[string]string{"why": "abuse, ticket 12", "event_id": "evt-1", "actor": "ann", "actor_kind": "staff", "source": "cli"} {
		require.Equal(t, value, suspended[key], key)
	}
	for _, what := range []string{"install", "block", "save owner and mark", "power"} {
		require.NotEmpty(t, lines[what], what)
		line := lines[what][0]
		require.Equal(t, "done", line["outcome"], what)
		require.Equal(t, server, line["server"], what)
		require.NotEmpty(t, line["step"], what)
	}
	claim := lines["save owner and mark"][0]
	require.Empty(t, claim["owner_before"])
	require.NotEmpty(t, claim["owner_after"])
	require.Contains(t, claim["notes_after"], "metalease:test/service-")

	deeds, err := h.Audit(t.Context(), service)
	require.NoError(t, err)
	told := map[string]control.Deed{}
	for _, d := range deeds {
		told[d.What] = d
	}
	require.Equal(t, "staff ann", told["signal suspend"].Who)
	require.Equal(t, "abuse, ticket 12", told["signal suspend"].Why)
	require.Equal(t, "active", told["phase blocked"].Before)
	require.Equal(t, "done", told["activity CutOff"].Outcome)
	require.Contains(t, told["activity CutOff"].Who, "worker-")
	_, err = h.Audit(t.Context(), 999999)
	require.ErrorIs(t, err, control.ErrUnknownService)
}
