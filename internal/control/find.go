package control

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/workflowservice/v1"

	"metalease/activities/panel"
	"metalease/internal/hostname"
	"metalease/workflows/api"
)

// Hit is one answer to "whose is, or was, this server?".
type Hit struct {
	ServiceID int          `json:"service_id,omitempty"`
	ClientID  string       `json:"client_id,omitempty"`
	Panel     string       `json:"panel"`
	Server    panel.Server `json:"server"`
	// Phase of the lifecycle; empty for a server without one.
	Phase string `json:"phase,omitempty"`
	// Owner and Marks are what the panel shows now.
	Owner string   `json:"owner,omitempty"`
	Marks []string `json:"marks,omitempty"`
	// From is the hand-over and To the end of the lifecycle; nil is not yet, or not known.
	From       *time.Time `json:"from,omitempty"`
	To         *time.Time `json:"to,omitempty"`
	WorkflowID string     `json:"workflow_id,omitempty"`
}

// Span is a time that somebody asks about; zero is now and ever.
type Span struct{ Begin, End time.Time }

// Found is the answer of Find.
type Found struct {
	Hits []Hit `json:"hits"`
	// Unseen are panels that could not be asked, with the reason.
	Unseen []string `json:"unseen,omitempty"`
}

const (
	// findLives is the most lifecycles that Find asks.
	findLives   = 200
	findTimeout = 20 * time.Second
)

// Find looks for an address, hostname, label, server id, account or client id on the panels,
// and among the lifecycles that Temporal still has. With a span it answers only who held the
// server in it. Nothing found is no error; a panel that is down is told, not an error.
func (c *Control) Find(ctx context.Context, text string, panels []string, at Span) (Found, error) {
	var found Found
	seen := map[string][]panel.Sighting{}
	terms := []string{equals(api.AttrMainIP.GetName(), text), equals(api.AttrClientID.GetName(), text), equals(api.AttrServerID.GetName(), text)}
	for _, panelName := range panels {
		sightings, err := askPanel[[]panel.Sighting](ctx, c, panelName, "FindServers", text, findTimeout)
		if ctx.Err() != nil {
			return found, ctx.Err()
		}
		if err != nil {
			found.Unseen = append(found.Unseen, fmt.Sprintf("panel %s: %s", panelName, err))
		}
		seen[panelName] = sightings
		for _, s := range sightings {
			terms = append(terms, "("+equals(api.AttrPanel.GetName(), panelName)+" AND "+equals(api.AttrServerID.GetName(), s.ID)+")")
		}
	}
	lives, err := c.holders(ctx, "("+strings.Join(terms, " OR ")+")", panels)
	if err != nil {
		return found, err
	}
	if len(lives) == 0 { // extra addresses and former names stand in no attribute
		all, err := c.holders(ctx, "", panels)
		if err != nil {
			return found, err
		}
		lives = slices.DeleteFunc(all, func(h Hit) bool { return !calls(h.Server, text) })
	}
	for _, panelName := range panels {
		for _, s := range seen[panelName] {
			lives = join(lives, panelName, s)
		}
	}
	found.Hits = slices.DeleteFunc(lives, func(h Hit) bool { return !at.holds(h) })
	return found, nil
}

func equals(key, value string) string { return key + " = '" + quoted.Replace(value) + "'" }

// holders are the lifecycles that a query picks and that hold or held a server, newest first.
func (c *Control) holders(ctx context.Context, query string, panels []string) ([]Hit, error) {
	terms := Filter{}.query()
	if query != "" {
		terms += " AND " + query
	}
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := c.temporal.ListWorkflow(limited, &workflowservice.ListWorkflowExecutionsRequest{
		Namespace: c.namespace, PageSize: findLives, Query: terms,
	})
	if err != nil {
		return nil, err
	}
	asking, stop := context.WithTimeout(ctx, findTimeout) // without a worker, attributes must do
	defer stop()
	hits := []Hit{}
	for _, info := range answer.GetExecutions() {
		row := rowOf(info)
		if !slices.Contains(panels, row.Panel) {
			continue
		}
		hits = append(hits, c.hitOf(asking, info.GetExecution().GetRunId(), row))
	}
	return hits, nil
}

// hitOf asks a run for what its attributes do not tell. A run that does not answer is told
// as its attributes show it.
func (c *Control) hitOf(ctx context.Context, run string, row Row) Hit {
	hit := Hit{
		ServiceID: row.ServiceID, ClientID: row.ClientID, Panel: row.Panel, Phase: row.Phase, To: row.ClosedAt,
		Server: panel.Server{ID: row.ServerID, IP: row.MainIP}, WorkflowID: api.ServiceWorkflowID(row.ServiceID),
	}
	limited, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	var status api.Status
	value, err := c.temporal.QueryWorkflow(limited, hit.WorkflowID, run, api.QueryStatus)
	if err != nil || value.Get(&status) != nil {
		return hit
	}
	if s := status.Server; s != nil {
		hit.Server = panel.Server(*s)
	}
	for _, step := range status.Steps {
		if step.Step == api.StepHandOver && !step.Ended.IsZero() {
			hit.From = &step.Ended
		}
	}
	if hit.From == nil && (status.Ready || status.Phase == api.PhaseActive || status.Phase == api.PhaseBlocked) {
		hit.From = &row.StartedAt // taken over with its customer
	}
	return hit
}

// calls tells whether a text is one of the server's names or addresses.
func calls(m panel.Server, text string) bool {
	return text != "" && (text == m.ID || text == m.IP || hostname.Same(text, m.Hostname) || text == m.Label || slices.Contains(m.ExtraIPs, text))
}

// join adds what the panel shows now to the life that holds the server, or as a hit of its own.
func join(hits []Hit, panelName string, s panel.Sighting) []Hit {
	i := slices.IndexFunc(hits, func(h Hit) bool {
		return h.Panel == panelName && h.Server.ID == s.ID && h.To == nil && cmp.Or(s.ServiceID, h.ServiceID) == h.ServiceID
	})
	if i < 0 {
		return append(hits, Hit{ServiceID: s.ServiceID, Panel: panelName, Server: s.Server, Owner: s.Owner, Marks: s.Marks})
	}
	hits[i].Owner, hits[i].Marks = s.Owner, s.Marks
	return hits
}

// holds tells whether the hit held its server in the span. What only the panel shows is now,
// and answers nothing about another day.
func (s Span) holds(h Hit) bool {
	if s.End.IsZero() {
		return true
	}
	return h.From != nil && h.From.Before(s.End) && (h.To == nil || h.To.After(s.Begin))
}
