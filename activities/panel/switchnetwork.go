package panel

import (
	"context"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/tenant"
	"metalease/dcim"
)

// begunKey tells the attempts after one that some ports may be switched: from then on it is not too
// late for the others.
const begunKey = "begun"

// SwitchNetwork opens or closes every switch port of a customer's server and reads back what became
// of it (docs/dcimanager.md R18, 7.22). A port that the panel refuses stops no other: its Problem
// says why. Errors: OwnershipLost, TooLate; NotNow, for an opening while the server is blocked.
func (p *Panel) SwitchNetwork(ctx context.Context, in tenant.Network) ([]tenant.Port, error) {
	_, begun := edge.Recall[bool](ctx, begunKey)
	if err := stillInTime(in.Server, begun); err != nil {
		return nil, err
	}
	server, err := p.fresh(ctx, in.ServerID)
	switch {
	case err != nil:
		return nil, err
	case in.On && server.Blocked:
		return nil, isBlocked(in.ServerID)
	case !in.On && server.Installing:
		return nil, p.atWork(ctx, in.ServerID) // an install comes over the network
	}
	ports, err := p.backend.Ports(ctx, in.ServerID)
	if err != nil {
		return nil, err
	}
	problems, err := p.switchPorts(ctx, in, ports)
	if err != nil {
		return nil, err
	}
	// After its limit each port that is busy still tells so.
	if err := p.quiet(ctx, targetOf(in.Server)); err != nil && edge.TypeOf(err) != edge.ErrNotDone {
		return nil, err
	}
	return p.switched(ctx, in, problems)
}

// switchPorts asks for each port once, and returns why some were refused, by id. Where it is not known
// whether the panel has heard, the others are asked for all the same, and then all of them again.
func (p *Panel) switchPorts(ctx context.Context, in tenant.Network, ports []dcim.Port) (map[string]string, error) {
	problems := map[string]string{}
	var again error
	for _, port := range ports {
		if port.Type != dcim.PortSwitch {
			continue
		}
		switch err := p.switchPort(ctx, in, port.ID); {
		case err == nil:
			problems[port.ID] = ""
		case refusedForServer(err):
			problems[port.ID] = holding.OneLine(err.Error())
		case dcim.KindOf(err) != dcim.KindNone && dcim.KindOf(err).Retry() != dcim.RetryNever:
			again = err
		default:
			return nil, err
		}
	}
	if again == nil && len(problems) == 0 {
		return nil, notNow("panel %s shows no switch port of server %s, so there is nothing to switch", p.backend.Name(), in.ServerID)
	}
	return problems, again
}

func (p *Panel) switchPort(ctx context.Context, in tenant.Network, portID string) error {
	return p.backend.Turn(ctx, in.ServerID, 2, func(ctx context.Context) error {
		have, err := p.theirs(ctx, in.Server)
		switch {
		case err != nil:
			return err
		case in.On && have.record.Blocked:
			return isBlocked(in.ServerID)
		}
		if _, begun := edge.Recall[bool](ctx, begunKey); !begun {
			if err := inTime(in.Server); err != nil {
				return err
			}
		}
		edge.Keep(ctx, begunKey, true)
		err = p.backend.SwitchPort(ctx, in.ServerID, portID, in.On)
		if in.On {
			return p.refusal(ctx, in.Server, err)
		}
		return err
	})
}

// switched reads the ports back. Where the panel does not show whether a port is open, it is what the
// panel has accepted and is done with.
func (p *Panel) switched(ctx context.Context, in tenant.Network, problems map[string]string) ([]tenant.Port, error) {
	ports, err := p.backend.PortDetails(ctx, in.ServerID)
	if err != nil {
		return nil, err
	}
	results := []tenant.Port{}
	for _, port := range ports {
		problem, asked := problems[port.ID]
		if !asked {
			continue
		}
		result := portOf(port)
		switch result.Problem = problem; {
		case problem != "":
		case port.Busy:
			result.Problem = "the panel is still switching it"
		case port.On == nil:
			result.State = openWord(in.On)
		case *port.On != in.On:
			result.Problem = "the panel has accepted it, and shows it " + openWord(*port.On) + " all the same"
		}
		results = append(results, result)
	}
	return results, nil
}

func portOf(port dcim.Port) tenant.Port {
	result := tenant.Port{Switch: port.Switch, Port: port.Name}
	if port.On != nil {
		result.State = openWord(*port.On)
	}
	return result
}

// openWord is the state of a port.
func openWord(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
