package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"

	"metalease/internal/control"
	"metalease/internal/temporaltest"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

func TestALifeOnTheCommandLine(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start("101", "--ipv4", "2", "--grace", "3d")
	out := s.does("status", "101")
	require.Contains(t, out, "service 101  active  the customer has the server")
	require.Contains(t, out, "10.0.0.5")
	require.NotContains(t, out, "\x1b", "a pipe has no colours")

	require.Equal(t, "service 101: suspend done: abuse\n", s.does("suspend", "101", "--reason", "abuse", "--wait", "20s"))
	require.Contains(t, s.does("status", "service-101"), "abuse, from cli")
	require.Equal(t, "service 101: unsuspend done\n", s.does("unsuspend", "101", "--wait", "10s"))
	for _, name := range []string{"expire", "renew", "hold", "unhold", "retry", "accept"} {
		require.Contains(t, s.does(name, "101", "--event-id", "e-"+name), name+" done")
	}
	var status control.Status
	require.NoError(t, json.Unmarshal([]byte(s.does("status", "101", "--json")), &status))
	require.Equal(t, 2, status.Order.IPv4)
	require.Equal(t, api.Duration(72*time.Hour), status.Order.Grace)
	require.Equal(t, "e-accept", status.Events[len(status.Events)-1].EventID)

	r := s.run("hold", "101", "--reason", temporaltest.ReasonIgnore)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.errOut, "hold was ignored")
	require.Contains(t, s.does("hold", "101", "--reason", temporaltest.ReasonPend, "--wait", "200ms"), "is safe; follow it with: starter status 101 --watch")

	require.Contains(t, s.does("terminate", "101", "--yes"), "terminate done")
	require.Eventually(t, func() bool { return s.run("suspend", "101").code == exitFailed }, testTimeout, 50*time.Millisecond)
	require.Contains(t, s.run("suspend", "101").errOut, "the service has ended")
	require.Contains(t, s.does("terminate", "101", "-y"), "already released")
}

func TestStartTwice(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start("101")
	args := []string{"start", "--service", "101", "--client", "7", "--panel", "fra1", "--os", "ISPsystem__Debian-12-x86_64", "--domain", "s101.example.com", "--package"}
	require.Contains(t, s.does(append(args, "E3-16G")...), "nothing done", "the time that nobody typed makes no other order")
	r := s.run(append(args, "E5-64G")...)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.errOut, "runs with another order; different: ")
	require.Contains(t, r.errOut, "package")

	s.does("terminate", "101", "--yes")
	require.Eventually(t, func() bool { return s.run(append(args, "E3-16G")...).code == exitFailed }, testTimeout, 50*time.Millisecond)
	require.Contains(t, s.run(append(args, "E3-16G")...).errOut, "--restart starts it anew")
	require.Contains(t, s.does(append(args, "E3-16G", "--restart")...), "service 101 started")
}

func TestStartFromAFile(t *testing.T) {
	s := newScene(t)
	order := `{"service_id":102,"client_id":7,"paid_at":"2026-01-05T12:00:00Z","panel":"fra1","package":"E3-16G","os_template":"a","domain":"a.example.com"}`
	r := run(t, s.env(), order, "start", "--file", "-")
	require.Equal(t, exitDone, r.code, r.errOut)
	require.Contains(t, r.out, "service 102 started")
	r = run(t, s.env(), order, "start", "--file", "-")
	require.Contains(t, r.out, "runs already")
	r = run(t, s.env(), `{"service_id":102,"pakage":"E3"}`, "start", "--file", "-")
	require.Equal(t, exitUsage, r.code)
	require.Contains(t, r.errOut, "pakage is not a field of an order")
}

func TestListAndStock(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	require.Regexp(t, `fra1 +- +unknown +unknown +unknown +unknown +unknown +never`, s.does("stock"))
	s.StartInventory(t, "fra1", time.Now())
	require.Regexp(t, `fra1 +E3-16G +5 +0 +1 +1 +1 +20`, s.does("stock"))
	require.Regexp(t, `fra1 +E3-16G +2 `, s.does("stock", "--panel", "fra1", "--refresh"))
	var stocks []fleet.Stock
	require.NoError(t, json.Unmarshal([]byte(s.does("stock", "--json")), &stocks))
	require.Equal(t, 2, *stocks[0].Packages[0].Free)

	s.start("101")
	require.Eventually(t, func() bool { return s.does("list", "--phase", "active", "--ip", "10.0.0.5") != "no services\n" }, testTimeout, 100*time.Millisecond)
	out := s.does("list", "--client", "7", "--panel", "fra1")
	require.Regexp(t, `SERVICE +PHASE`, out)
	require.Regexp(t, `101 +active +fra1 +E3-16G +7 +5 +10.0.0.5`, out)
	require.Equal(t, "no services\n", s.does("list", "--attention"))
}

func TestWatchInAPipe(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start("101")
	done := make(chan ended, 1)
	go func() { done <- s.run("status", "101", "--watch") }()
	s.does("suspend", "101", "--reason", "abuse")
	s.does("terminate", "101", "--yes")
	select {
	case r := <-done:
		require.Equal(t, exitDone, r.code, r.errOut)
		require.Regexp(t, `(?s)order received.*signal suspend from cli.*signal terminate from cli`, r.out)
	case <-time.After(testTimeout):
		t.Fatal("the watch did not end with the service")
	}
	var status control.Status
	require.NoError(t, json.Unmarshal([]byte(s.does("status", "101", "--watch", "--json")), &status), "one line of JSON")
	require.True(t, status.Closed)
}

func TestServeStopsWhenAsked(t *testing.T) {
	s := newScene(t)
	cmd := exec.CommandContext(t.Context(), program, "serve")
	cmd.Env, cmd.Dir = s.env(), t.TempDir()
	log, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	buffer := make([]byte, 4096)
	text := ""
	for !containsReady(text) {
		n, err := log.Read(buffer)
		require.NoError(t, err, text)
		text += string(buffer[:n])
	}
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	go func() { // the rest of the log must not fill the pipe
		for {
			if _, err := log.Read(buffer); err != nil {
				return
			}
		}
	}()
	require.NoError(t, cmd.Wait())
	require.Equal(t, exitDone, cmd.ProcessState.ExitCode())
}

// Who does not want to wait for an effect learns that the signal is on its way all the same.
func TestCtrlCBehindASignalSaysThatItWasSent(t *testing.T) {
	s := newScene(t)
	s.start("101")
	cmd := exec.CommandContext(t.Context(), program, "suspend", "101", "--wait", "60s")
	cmd.Env, cmd.Dir = s.env(), t.TempDir()
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool {
		events := s.Client.GetWorkflowHistory(t.Context(), api.ServiceWorkflowID(101), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			if event, err := events.Next(); err == nil && event.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED {
				return true
			}
		}
		return false
	}, testTimeout, testPoll)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Error(t, cmd.Wait())
	require.Equal(t, exitFailed, cmd.ProcessState.ExitCode())
	require.Contains(t, errOut.String(), "starter: service 101: interrupted")
	require.Contains(t, errOut.String(), "starter status 101")
}
