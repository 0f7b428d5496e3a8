package cli

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	onpanel "metalease/activities/panel"
	"metalease/internal/control"
	"metalease/internal/temporaltest"
	"metalease/whmcs"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// answers are those to questions to a panel's worker, by the names of the activities.
type answers struct{ sync.Map }

func (a *answers) set(activity string, answer any) { a.Store(activity, answer) }

// inquiries gives the answers.
func (s scene) inquiries(answers *answers) {
	s.t.Helper()
	w := worker.New(s.Client, api.QueueWorkflows, worker.Options{})
	w.RegisterWorkflowWithOptions(func(_ workflow.Context, in fleet.InquiryInput) (json.RawMessage, error) {
		answer, _ := answers.Load(in.Activity)
		return json.Marshal(answer)
	}, workflow.RegisterOptions{Name: api.TypeInquiry})
	require.NoError(s.t, w.Start())
	s.t.Cleanup(w.Stop)
}

func TestAttentionIsListedWithItsReason(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start("101", "--recipe", temporaltest.RecipePerson)
	s.start("102")
	out := ""
	require.Eventually(t, func() bool {
		out = s.does("list", "--attention")
		return strings.Contains(out, "install_failed: "+temporaltest.Refusal)
	}, testTimeout, testPoll)
	require.NotContains(t, out, "102")
	var rows []control.Stopped
	require.NoError(t, json.Unmarshal([]byte(s.does("list", "--attention", "--json")), &rows))
	require.Equal(t, "install_failed: "+temporaltest.Refusal, rows[0].Reason)
	require.Equal(t, 101, rows[0].ServiceID)
}

// TestAttentionListsOrdersThatWereNotStarted: what a gateway has refused has no workflow, and
// stands in the list all the same.
func TestAttentionListsOrdersThatWereNotStarted(t *testing.T) {
	s := newScene(t)
	s.reconciler()
	require.Equal(t, "no services\n", s.does("list", "--attention"))
	s.does("drift", "--now")
	out := ""
	require.Eventually(t, func() bool { out = s.does("list", "--attention"); return out != "no services\n" }, testTimeout, testPoll)
	require.Regexp(t, `104 +unstarted +fra1 .*service 104 is paid and Pending; my web server is no host name; correct it`, out)
	require.Equal(t, "no services\n", s.does("list", "--attention", "--client", "8"))
	require.Equal(t, "no services\n", s.does("list", "--attention", "--phase", "active"))
	require.NotContains(t, s.does("list"), "104", "it is no workflow")

	s.start("104")
	require.NotContains(t, s.does("list", "--attention"), "unstarted", "it was started since")
}

func TestStartTakesAllFieldsFromWHMCS(t *testing.T) {
	s := newScene(t)
	order := `{"service_id":101,"client_id":7,"order_id":9,"paid_at":"2026-01-05T12:00:00Z","panel":"fra1","package":"E3-16G","os_template":"a","domain":"a.example.com","ipv4":2}`
	answers := &answers{}
	answers.set("SoldOrder", whmcs.SoldOrder{ServiceID: 101, Status: whmcs.StatusPending, Due: true, Order: json.RawMessage(order)})
	s.inquiries(answers)
	require.Contains(t, s.does("start", "--service", "101"), "service 101 started")
	require.Contains(t, s.does("start", "--service", "101"), "runs already with this order")

	require.NoError(t, s.Client.TerminateWorkflow(t.Context(), "service-101", "", "by force"))
	answers.set("SoldOrder", whmcs.SoldOrder{ServiceID: 101, Status: whmcs.StatusPending, Order: json.RawMessage(order)})
	r := s.run("start", "--service", "101")
	require.Equal(t, exitDone, r.code, r.errOut)
	require.Contains(t, r.out, "service 101 started", "a life that was ended by force is no reason against it")
	require.Contains(t, r.errOut, "WHMCS does not show that it is paid")

	for problem, answer := range map[string]whmcs.SoldOrder{
		"is no host name":                    {ServiceID: 101, Status: whmcs.StatusPending, Problem: `"my web server" is no host name`},
		"as Active, not Pending":             {ServiceID: 101, Status: whmcs.StatusActive, Due: true, Order: json.RawMessage(order)},
		"panel is not configured; there are": {ServiceID: 101, Status: whmcs.StatusPending, Due: true, Order: json.RawMessage(strings.Replace(order, "fra1", "ams1", 1))},
	} {
		answers.set("SoldOrder", answer)
		r := s.run("start", "--service", "101")
		require.NotEqual(t, exitDone, r.code, problem)
		require.Contains(t, r.errOut, problem)
	}
}

func TestAPanelThatCannotBeUsedFails(t *testing.T) {
	s := newScene(t)
	seen := onpanel.Health{Code: edge.ErrPanelUnavailable, Message: "connection refused", AsOf: time.Now()}
	answers := &answers{}
	answers.set("Health", seen)
	s.inquiries(answers)
	for _, args := range [][]string{{"panel", "fra1"}, {"panel", "fra1", "--json"}} {
		r := s.run(args...)
		require.Equal(t, exitFailed, r.code, args)
		require.Contains(t, r.out, "connection refused", "what is known is told")
		require.Contains(t, r.errOut, "panel fra1: it cannot be used")
	}
	answers.set("Health", onpanel.Health{Reachable: true, AsOf: time.Now()})
	require.Contains(t, s.does("panel", "fra1"), "panel fra1 answers")
}
