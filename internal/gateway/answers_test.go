package gateway_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// fullStatus has a value in every field.
func fullStatus(attention api.AttentionCode) control.Status {
	noon := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	return control.Status{
		Status: api.Status{
			ServiceID: 101, ClientID: 7, Panel: "fra1", Package: "E3-16G", Phase: api.PhaseAttention, Step: api.StepInstall, Ready: true,
			Server:  &api.Server{ID: "5", Label: "R1-U5", Hostname: "s101.example.com", IP: "10.0.0.5", ExtraIPs: []string{"10.0.1.7"}},
			Account: "c7u101", Install: &api.Install{AcceptedAt: noon, Deadline: noon.Add(12 * time.Minute), Attempt: 1, FinishedAt: noon},
			Blocks: []api.Block{{Reason: "abuse", Source: "cli", Since: noon}}, GraceEndsAt: &noon, Held: "legal case",
			Attention: &api.Attention{Number: 2, Code: attention.Code, Message: attention.Meaning, Since: noon, Actions: attention.Actions},
			Events:    []api.EventRecord{{EventID: "e1", Kind: api.SignalSuspend, Outcome: api.OutcomeApplied, Reason: "abuse"}},
			Timeline:  []api.Entry{{At: noon, What: "order received"}}, UpdatedAt: noon, Position: 1,
			Action: &api.Action{Kind: api.SignalPower, What: "reboot", By: api.Actor{Kind: "client", Name: "jane@example.com"}, Since: noon, Problem: "it did not come up"},
			Steps:  []api.StepTime{{Step: api.StepAccount, Began: noon, Ended: noon}},
			Order: api.Order{
				ServiceID: 101, ClientID: 7, OrderID: 9, PaidAt: noon, Panel: "fra1", Package: "E3-16G", OSTemplate: "a", Recipe: "r", IPv4: 1, IPv6: 1,
				AddressGroup: "g", Domain: "s101.example.com", DontWait: true, InstallTimeout: api.Duration(time.Minute), InstallAttempts: 2,
				Grace: api.Duration(time.Hour), ServerID: "5", Restart: true,
			},
		},
		Trouble: []control.Trouble{{Activity: "Survey", Where: "panel fra1", Attempt: 4, Since: noon, LastError: "connection refused", NextAttempt: noon}},
		Pause:   &fleet.Pause{Reason: "billing run", By: "staff", Since: noon}, Closed: true, Ending: "terminated", WorkflowURL: "https://temporal.example.com/",
		Summary: "one sentence",
	}
}

func TestAStatusWithEverythingIsAsTheDocumentSays(t *testing.T) {
	c := newContract(t)
	for _, attention := range api.AttentionTable {
		text, err := json.Marshal(fullStatus(attention))
		require.NoError(t, err)
		c.validate(t, string(text), "components", "schemas", "Status")
	}
	unknown := fullStatus(api.AttentionCode{Code: "made_up", Actions: []string{}})
	text, err := json.Marshal(unknown)
	require.NoError(t, err)
	require.Error(t, c.compiled(t, []string{"components", "schemas", "Status"}).Validate(parsed(t, string(text))))
}

// TestEverySignalTakesWhatItsRowSays sends each field and a text, and that is what arrives.
func TestEverySignalTakesWhatItsRowSays(t *testing.T) {
	c := newContract(t)
	values := map[string]string{
		"event_id": `"e1"`, "reason": `"abuse"`, "source": `"cli"`, "at": `"2026-01-05"`, "due": `"2026-01-04"`, "grace": `"3d"`,
		"expires_at": `"2026-02-05T12:00:00Z"`, "attention": `2`, "replace": `true`, "server_id": `5`, "order": `{"ipv4":2}`,
		"actor": `{"kind":"client","name":"jane@example.com"}`, "action": `"reboot"`, "state": `"off"`, "os_template": `"debian"`, "recipe": `"web"`,
		"confirm": `"s101.example.com"`, "ipv4": `2`, "ipv6": `0`, "domains": `{"192.0.2.1":"s101.example.com"}`,
	}
	for _, signal := range api.SignalTable {
		at := []string{"paths", "/v1/services/{id}/" + signal.Name, "post", "requestBody", "content", "application/json", "schema"}
		for _, field := range append([]string{"event_id", "reason", "source"}, signal.Fields...) {
			require.Contains(t, values, field, signal.Name)
			c.validate(t, `{"`+field+`":`+values[field]+`}`, at...)
			wrong := c.compiled(t, at).Validate(parsed(t, `{"`+field+`":[]}`))
			require.Error(t, wrong, "%s knows its field %s", signal.Name, field)
		}
		if signal.Running {
			require.Error(t, c.compiled(t, at).Validate(parsed(t, `null`)), "%s says what is to be done", signal.Name)
			continue
		}
		c.validate(t, `"a reason"`, at...)
		c.validate(t, `null`, at...)
	}
}
