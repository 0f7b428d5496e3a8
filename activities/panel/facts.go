package panel

import (
	"context"
	"errors"
	"time"

	"metalease/activities/edge"
	"metalease/activities/tenant"
	"metalease/dcim"
)

// Facts tells staff what the panel shows of a service's server, whatever is done with it. It asks the panel
// now. What cannot be read is not known, and keeps nothing else back. It
// writes nothing. Errors: OwnershipLost for a server that is neither the account's nor ours.
func (p *Panel) Facts(ctx context.Context, in tenant.Server) (tenant.Facts, error) {
	listing, err := p.Reader.Fresh(ctx, true)
	server, err := p.in(ctx, listing, err, in.ServerID)
	if err != nil {
		return tenant.Facts{}, err
	}
	owners, err := p.owners(ctx, targetOf(in))
	if err != nil {
		return tenant.Facts{}, err
	}
	record, err := p.backend.Record(ctx, in.ServerID)
	if err != nil {
		return tenant.Facts{}, err
	}
	if record.ID != in.ServerID {
		return tenant.Facts{}, p.anotherServer(record, in.ServerID)
	}
	if _, err := ownerOf(record, owners); err != nil {
		return tenant.Facts{}, err
	}
	facts := tenant.Facts{Label: record.Label, MAC: record.MAC, Rack: server.Rack, Power: powerWord(server), Blocked: server.Blocked,
		Operation: p.operation(ctx, server), AsOf: listing.Began.UTC()}
	return facts, p.portFacts(ctx, in.ServerID, &facts)
}

func powerWord(s dcim.Server) string {
	switch {
	case s.PowerError:
		return "error"
	case shows(s, dcim.PowerOff):
		return string(dcim.PowerOff)
	case shows(s, dcim.PowerOn):
		return string(dcim.PowerOn)
	}
	return ""
}

func (p *Panel) operation(ctx context.Context, s dcim.Server) string {
	switch {
	case s.Installing:
		if words := p.words(ctx, s.ID); words != "" {
			return words
		}
		return "an operation runs"
	case s.Diagnostics:
		return "the hardware is being tested"
	}
	return ""
}

func (p *Panel) portFacts(ctx context.Context, serverID string, facts *tenant.Facts) error {
	facts.Ports = []tenant.Port{}
	ports, err := p.backend.PortDetails(ctx, serverID)
	if dcim.AboutOne(err) && !errors.Is(err, dcim.ErrNotAPanel) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, port := range ports {
		if port.Type == dcim.PortIPMI && facts.IPMIIP == "" {
			facts.IPMIIP = port.IP
		}
		if port.Type == dcim.PortSwitch {
			facts.Ports = append(facts.Ports, portOf(port))
		}
	}
	return nil
}

// mostUsage bounds an answer far below what an activity may return.
const mostUsage = 10_000

// Usage tells what the panel has counted for some of its servers, by one call for all of them. A
// figure that it does not show stays unknown. It writes nothing.
func (p *Panel) Usage(ctx context.Context, in tenant.Servers) (tenant.Usage, error) {
	if len(in.IDs) > mostUsage {
		return tenant.Usage{}, edge.NonRetryable(edge.ErrBadOrder, "the usage of %d servers is asked for at once, more than %d", len(in.IDs), mostUsage)
	}
	usage := tenant.Usage{Servers: map[string]tenant.Traffic{}, AsOf: time.Now().UTC()}
	traffic, err := p.backend.Traffic(ctx)
	if err != nil {
		return tenant.Usage{}, err
	}
	for _, id := range in.IDs {
		if t, counted := traffic[id]; counted {
			usage.Servers[id] = tenant.Traffic{InBytes: t.In, OutBytes: t.Out, P95Mbit: t.Burst}
		}
	}
	return usage, nil
}
