package panel

import (
	"context"
	"maps"
	"slices"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

// Packages lists what the servers of the panel are, sorted: every Configuration and every
// Server Type, for a product's "Package Name" matches either (docs/dcimanager.md R2).
func (p *Panel) Packages(ctx context.Context) ([]string, error) {
	round, err := promptly(ctx, p, func(ctx context.Context) (*Round, error) { return p.List.recent(ctx, p.List.tick) })
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	round.each(func(server dcim.Server) {
		names[server.ChassisTemplate], names[server.Type] = true, true
	})
	delete(names, "")
	return append([]string{}, slices.Sorted(maps.Keys(names))...), nil
}

// Template is an OS template of a panel.
type Template struct {
	// ID is what an order carries, such as ISPsystem__Debian-12-x86_64.
	ID string `json:"id"`
	// Name is what people read.
	Name string `json:"name"`
}

// Templates lists the OS templates of the panel, in its order.
func (p *Panel) Templates(ctx context.Context) ([]Template, error) {
	found, err := promptly(ctx, p, p.Client.OSTemplates)
	if err != nil {
		return nil, err
	}
	templates := make([]Template, 0, len(found))
	for _, template := range found {
		templates = append(templates, Template{template.ID, template.Title})
	}
	return templates, nil
}

// MarkedInput names the service whose servers are looked for.
type MarkedInput struct {
	ServiceID int `json:"service_id"`
}

// MarkedServer is a server that carries a service's mark.
type MarkedServer struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Mark  string `json:"mark"`
}

// MarkedServers lists the servers that carry this service's mark, whatever its state. It
// reads the forms of all servers that the API account or the service's own account owns:
// "none" is an answer on which a service may be ended.
func (p *Panel) MarkedServers(ctx context.Context, in MarkedInput) ([]MarkedServer, error) {
	marked, err := p.markedServers(ctx, in.ServiceID)
	return marked, edge.Convert(ctx, err)
}

func (p *Panel) markedServers(ctx context.Context, serviceID int) ([]MarkedServer, error) {
	owners, err := p.possibleOwners(ctx, serviceID)
	if err != nil {
		return nil, err
	}
	round, err := p.List.Fresh(ctx, true)
	if err != nil {
		return nil, err
	}
	marked := []MarkedServer{}
	for _, id := range round.Order {
		server := round.Servers[id]
		if !slices.ContainsFunc(owners, func(a holding.Account) bool { return holding.Owned(server.Owner, a) }) {
			continue
		}
		form, err := p.Client.Form(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, mark := range holding.ParseMarks(form.Notes()) {
			if mark.Installation == p.Installation && mark.ServiceID == serviceID {
				marked = append(marked, MarkedServer{id, server.Name, mark.String()})
			}
		}
	}
	return marked, nil
}

// possibleOwners are the API account and the account under whose name WHMCS has the
// service; a service that WHMCS does not know any more has none.
func (p *Panel) possibleOwners(ctx context.Context, serviceID int) ([]holding.Account, error) {
	api, err := p.ApiAccount(ctx)
	if err != nil {
		return nil, err
	}
	service, err := p.Billing.Service(ctx, serviceID)
	if whmcs.KindOf(err) == whmcs.KindNotFound {
		return []holding.Account{api}, nil
	}
	if err != nil {
		return nil, err
	}
	users, err := p.users(ctx)
	if err != nil {
		return nil, err
	}
	return []holding.Account{api, users[service.Username]}, nil
}
