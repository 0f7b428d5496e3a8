package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/workflows/api"
)

var (
	jane  = api.Actor{Kind: api.ActorClient, Name: "jane@example.com"}
	admin = api.Actor{Kind: api.ActorStaff, Name: "sam"}
)

// Templates that the simulated panel has, beside the one of an order.
const ubuntu = "ISPsystem__Ubuntu-24.04-x86_64"

// said is what the gateway says to somebody who wants something done with a server: a result, or a problem.
type said struct {
	Code   int
	Result control.Result
	// Type and Detail are those of a problem.
	Type   string
	Detail string
}

// wants asks for something to be done with the server of a service, and waits for it.
func (w *world) wants(id int, signal string, event api.Event) said {
	w.t.Helper()
	return w.wantsWithin(id, signal, event, "20s")
}

func (w *world) wantsWithin(id int, signal string, event api.Event, wait string) said {
	w.t.Helper()
	code, answer := w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/%s?wait=%s", id, signal, wait), event)
	s := said{Code: code}
	if code < http.StatusMultipleChoices {
		require.NoError(w.t, json.Unmarshal(answer, &s.Result), string(answer))
		return s
	}
	var problem struct{ Type, Detail string }
	require.NoError(w.t, json.Unmarshal(answer, &problem), string(answer))
	s.Type, s.Detail = problem.Type, problem.Detail+string(answer)
	return s
}

// does asks for something that is done.
func (w *world) does(id int, signal string, event api.Event) {
	w.t.Helper()
	s := w.wants(id, signal, event)
	if s.Code == http.StatusAccepted { // a busy machine: it comes
		require.Equal(w.t, api.OutcomeApplied, w.awaitOutcome(id, s.Result.EventID).Outcome)
		return
	}
	require.Equal(w.t, http.StatusOK, s.Code, "%+v", s)
	require.Equal(w.t, api.OutcomeApplied, s.Result.Outcome, "%+v", s)
}

// refuses asks for something that is not done now, for this reason.
func (w *world) refuses(id int, signal string, event api.Event, why string) {
	w.t.Helper()
	s := w.wants(id, signal, event)
	require.Equal(w.t, http.StatusConflict, s.Code, "%+v", s)
	require.Equal(w.t, "/problems/not-now", s.Type)
	require.Contains(w.t, s.Detail, why)
}

// awaitOutcome waits until it is decided what became of an event.
func (w *world) awaitOutcome(id int, event string) api.EventRecord {
	w.t.Helper()
	var found api.EventRecord
	w.await(id, "done with "+event, func(s api.Status) bool {
		for _, e := range s.Events {
			if e.EventID == event {
				found = e
			}
		}
		return found.Outcome != "" && found.Outcome != api.OutcomePending
	})
	return found
}

// powered asks for power.
func powered(action string, by api.Actor) api.Event { return api.Event{Action: action, Actor: by} }

// asked counts the calls of a function about a server that dcimsim has had from a user; it needs dcimsim's
// --log. Empty is any server, and any user.
func (w *world) asked(user, function, server string) int {
	n := 0
	lines := bufio.NewScanner(strings.NewReader(w.PanelSim.Log()))
	for lines.Scan() {
		fields := strings.Fields(lines.Text()) // time user function server="1" result
		if len(fields) < 5 || strings.TrimSuffix(fields[2], "!") != strings.TrimSuffix(function, "!") {
			continue
		}
		if strings.HasSuffix(function, "!") && !strings.HasSuffix(fields[2], "!") {
			continue
		}
		if (user == "" || fields[1] == user) && (server == "" || fields[3] == fmt.Sprintf("server=%q", server)) {
			n++
		}
	}
	return n
}

// server is a machine as the panel shows it.
func (w *world) server(id string) server {
	w.t.Helper()
	for _, s := range w.panel().Servers {
		if s.ID == id {
			return s
		}
	}
	w.t.Fatalf("the panel has no server %s", id)
	return server{}
}

// fault spoils calls of a function until the test, or mend, ends it.
func (w *world) fault(function, effect string, more map[string]any) {
	w.t.Helper()
	rule := map[string]any{"function": function, "effect": effect}
	for key, value := range more {
		rule[key] = value
	}
	require.NoError(w.t, w.AskPanel(w.ctx, http.MethodPost, "/_sim/faults", rule, nil))
}

func (w *world) mend() {
	w.t.Helper()
	require.NoError(w.t, w.AskPanel(w.ctx, http.MethodDelete, "/_sim/faults", nil, nil))
}

// byHand changes a server as an administrator does in the panel.
func (w *world) byHand(server string, change map[string]any) {
	w.t.Helper()
	require.NoError(w.t, w.AskPanel(w.ctx, http.MethodPost, "/_sim/servers/"+server, change, nil))
}
