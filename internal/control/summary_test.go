package control_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

func TestASummaryIsOneSentence(t *testing.T) {
	noon := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	server := &api.Server{ID: "5", IP: "10.0.0.5"}
	for want, s := range map[string]control.Status{
		"being built, step account": {Status: api.Status{Phase: api.PhasePending, Step: api.StepAccount}},
		"being built, step install, late after 2026-01-05 12:12 UTC": {Status: api.Status{Phase: api.PhasePending, Step: api.StepInstall,
			Install: &api.Install{AcceptedAt: noon, Deadline: noon.Add(12 * time.Minute)}}},
		"waits for a free server, position 3": {Status: api.Status{Phase: api.PhaseWaiting, Position: 3}},
		"waits for a free server; panel fra1: connection refused, attempt 4": {Status: api.Status{Phase: api.PhaseWaiting},
			Trouble: []control.Trouble{{Where: "panel fra1", LastError: "connection refused", Attempt: 4}, {Where: "WHMCS"}}},
		"the build waits for a person: the install failed": {Status: api.Status{Phase: api.PhaseAttention, Attention: &api.Attention{Message: "the install failed"}}},
		"the build waits for a person: no. 3, the install failed": {Status: api.Status{
			Phase: api.PhaseAttention, Attention: &api.Attention{Number: 3, Message: "the install failed"}}},
		"the customer has the server 5, 10.0.0.5; a person should look: no. 2, the owner was changed": {Status: api.Status{
			Phase: api.PhaseActive, Server: server, Attention: &api.Attention{Number: 2, Message: "the owner was changed"}}},
		"the customer has the server 5, 10.0.0.5": {Status: api.Status{Phase: api.PhaseActive, Server: server}},
		"the customer has the server 5, 10.0.0.5; a person should look: the owner was changed": {Status: api.Status{
			Phase: api.PhaseActive, Server: server, Attention: &api.Attention{Message: "the owner was changed"}}},
		"blocked, released 2026-01-05 12:00 UTC unless renewed (expired); panel fra1 is paused": {
			Status: api.Status{Phase: api.PhaseBlocked, Panel: "fra1", GraceEndsAt: &noon, Blocks: []api.Block{{Reason: "expired"}}}, Pause: &fleet.Pause{}},
		"blocked until the reason is lifted (abuse, unpaid); held (legal case)": {Status: api.Status{
			Phase: api.PhaseBlocked, Held: "legal case", Blocks: []api.Block{{Reason: "abuse"}, {Reason: "unpaid"}}}},
		"the server is being given back": {Status: api.Status{Phase: api.PhaseReleasing, Server: server}},
		"the server was given back":      {Status: api.Status{Phase: api.PhaseReleased}, Closed: true, Ending: "completed"},
		"the workflow was terminated in phase active: nobody looks after this service": {
			Status: api.Status{Phase: api.PhaseActive, Server: server}, Closed: true, Ending: "terminated"},
	} {
		require.Equal(t, want, control.Summary(s))
	}
}
