package control

import (
	"context"
	"strconv"
	"sync"
	"time"

	"metalease/activities/holding"
	"metalease/activities/tenant"
	"metalease/workflows/api"
)

// Facts are what staff ask about a service's server. What the panel does not tell is nil.
type Facts struct {
	ServerID string  `json:"server_id"`
	Label    *string `json:"label"`
	MAC      *string `json:"mac"`
	Rack     *string `json:"rack"`
	Power    *string `json:"power"`
	IPMIIP   *string `json:"ipmi_ip"`
	// Operation is what runs on the server, whoever started it.
	Operation *string   `json:"operation"`
	Blocked   bool      `json:"blocked"`
	Ports     []Port    `json:"ports"`
	AsOf      time.Time `json:"as_of"`
}

// Port is a connection of a server to a switch.
type Port struct {
	Switch *string `json:"switch"`
	Port   *string `json:"port"`
	State  *string `json:"state"`
}

// factsOf turns what is not known into nil: an empty text would look like an answer.
func factsOf(serverID string, f tenant.Facts) Facts {
	facts := Facts{
		ServerID: serverID, Label: known(f.Label), MAC: known(f.MAC), Rack: known(f.Rack), Power: known(f.Power), IPMIIP: known(f.IPMIIP),
		Operation: known(f.Operation), Blocked: f.Blocked, Ports: []Port{}, AsOf: f.AsOf.UTC(),
	}
	for _, p := range f.Ports {
		facts.Ports = append(facts.Ports, Port{known(p.Switch), known(p.Port), known(p.State)})
	}
	return facts
}

func known(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

const (
	// mostFacts bounds the memory of facts; beyond it all are forgotten, and read anew.
	mostFacts = 2000
	// factsLast is how long facts are told again: what stands in a rack changes seldom, the power does not.
	factsLast = 10 * time.Minute
)

// remembered facts, by service.
type factsMemory struct {
	mu    sync.Mutex
	known map[int]Facts
}

func (m *factsMemory) get(serviceID int, serverID string, now time.Time) (Facts, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	facts, there := m.known[serviceID]
	return facts, there && facts.ServerID == serverID && now.Sub(facts.AsOf) < factsLast
}

func (m *factsMemory) put(serviceID int, facts Facts) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= mostFacts {
		m.known = map[int]Facts{}
	}
	m.known[serviceID] = facts
}

// Facts asks the panel about a service's server. Unless fresh, an answer of the last minutes about this very server is
// given again, with its time. Errors: *[NotNow] for a service without a server, *[Refused] of the panel, ErrUnknownService,
// ErrClosed, ErrUnknownPanel, ErrWorkerUnavailable.
func (c *Control) Facts(ctx context.Context, serviceID int, fresh bool) (Facts, error) {
	there, err := c.describe(ctx, api.ServiceWorkflowID(serviceID))
	if err != nil {
		return Facts{}, orUnknown(err)
	}
	info := there.GetWorkflowExecutionInfo()
	row, err := servesOne(info)
	if err != nil {
		return Facts{}, err
	}
	if facts, there := c.facts.get(serviceID, row.ServerID, time.Now()); there && !fresh {
		return facts, nil
	}
	question := tenant.Server{ServiceID: serviceID, ServerID: row.ServerID}
	question.ClientID, _ = strconv.Atoi(row.ClientID) // it is for the worker's log
	if held := heldSince(info); held.ServerID == row.ServerID {
		question.Account = holding.Account{ID: held.AccountID, Name: held.AccountName}
	} // else it is built or given back, and metalease's own
	seen, err := askPanel[tenant.Facts](ctx, c, row.Panel, "Facts", question, formsTimeout)
	if err != nil {
		return Facts{}, err
	}
	facts := factsOf(row.ServerID, seen)
	c.facts.put(serviceID, facts)
	return facts, nil
}
