package panel

import (
	"context"
	"slices"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/hostname"
	"metalease/whmcs"
)

// HandOver makes the account the owner of the server, sets the hostname on every address, the extra
// ones included, and writes addresses, domain and account to WHMCS. Where only WHMCS has not taken them, the
// next attempt tells it what was handed over: names and addresses are the customer's by then. Errors:
// OwnershipLost, ClientDiffers, and those of people at work.
func (p *Panel) HandOver(ctx context.Context, b Build) (Addresses, error) {
	addresses, given := edge.Recall[Addresses](ctx, givenKey)
	var err error
	if given {
		err = p.stillTheirs(ctx, b)
	} else if addresses, err = p.giveToClient(ctx, b); err == nil {
		edge.Keep(ctx, givenKey, addresses)
	}
	if err != nil {
		return Addresses{}, err
	}
	return addresses, billing.Deliver(ctx, p.WHMCS, billing.Delivery{
		ServiceID: b.ServiceID, MainIP: addresses.Main, ExtraIPs: addresses.Extra, Domain: b.Hostname, Username: b.Account.Name,
	})
}

const givenKey = "given"

// stillTheirs requires that WHMCS and the panel show the service and its server as they were handed over.
func (p *Panel) stillTheirs(ctx context.Context, b Build) error {
	service, err := p.WHMCS.Service(ctx, b.ServiceID)
	if err != nil {
		return err
	}
	if err := sameClient(service, b.ServiceID, b.ClientID); err != nil {
		return err
	}
	_, err = p.verifyOwner(ctx, b.Target, b.Account)
	return err
}

// giveToClient is the panel's side of a hand-over.
func (p *Panel) giveToClient(ctx context.Context, b Build) (Addresses, error) {
	service, err := p.WHMCS.Service(ctx, b.ServiceID)
	if err != nil {
		return Addresses{}, err
	}
	if err := sameClient(service, b.ServiceID, b.ClientID); err != nil {
		return Addresses{}, err
	}
	server, err := p.cached(ctx, b.ServerID)
	if err != nil {
		return Addresses{}, err
	}
	have, err := p.backend.Addresses(ctx, b.ServerID)
	if err != nil {
		return Addresses{}, err
	}
	if server.Blocked && !b.KeepBlocked {
		if err := p.untouched(ctx, server, b); err != nil {
			return Addresses{}, err
		}
	}
	if err := named(server, b); err != nil {
		return Addresses{}, err
	}
	if err := complete(have, server.IP, b); err != nil {
		return Addresses{}, err
	}
	if missingFamily(have, server.IP, b) != "" { // a person said so
		if _, err := p.AssignAddresses(ctx, b); err != nil {
			return Addresses{}, err
		}
		if have, err = p.backend.Addresses(ctx, b.ServerID); err != nil {
			return Addresses{}, err
		}
	}
	if err := p.nameForHandOver(ctx, b, have); err != nil {
		return Addresses{}, err
	}
	if err := p.save(ctx, b.Target, b.Account, func(was string) string { return servedState(was, b.KeepBlocked) }); err != nil {
		return Addresses{}, err
	}
	// The result of that save is read back: ISPsystem's module ignores it (docs/dcimanager.md 7.2).
	if _, err := p.verifyOwner(ctx, b.Target, b.Account); err != nil {
		return Addresses{}, err
	}
	return split(have, server.IP), nil
}

// sameClient requires that WHMCS shows the service under the client for whom something is done: the
// account is that client's. Errors: ClientDiffers.
func sameClient(service whmcs.Service, serviceID, clientID int) error {
	if clientID == 0 || service.ClientID == clientID {
		return nil
	}
	return edge.NonRetryable(edge.ErrClient, "service %d is client %d's in WHMCS by now, not client %d's", serviceID, service.ClientID, clientID)
}

// nameForHandOver sets the hostname, unless an earlier hand-over was saved: from then on the names
// are the customer's.
func (p *Panel) nameForHandOver(ctx context.Context, b Build, addresses []dcim.Address) error {
	if !slices.ContainsFunc(addresses, func(a dcim.Address) bool { return !hostname.Same(a.Domain, b.Hostname) }) {
		return nil
	}
	have, err := p.verifyOwnership(ctx, b.Target)
	if err != nil || have.owner == b.Account && have.mark.Is(holding.StateActive) {
		return err
	}
	return p.setHostname(ctx, b.Target, addresses, b.Hostname)
}
