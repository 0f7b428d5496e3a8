package panel

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/tenant"
	"metalease/dcim"
	"metalease/internal/hostname"
)

// ChangeAddresses brings the addresses of a customer's server to what is wanted: it names single ones,
// takes those that a person has agreed to lose, and adds what is missing. It reads before each
// change, so a lost reply adds or takes none. Addresses more than wanted stay, and are told. Errors:
// OwnershipLost, NotNow, TooLate, AddressesExhausted, BadOrder, HostnameNotSet.
func (p *Panel) ChangeAddresses(ctx context.Context, in tenant.Addresses) (tenant.Changed, error) {
	server, err := p.fresh(ctx, in.ServerID)
	if err == nil {
		err = p.ready(ctx, server)
	}
	if err != nil {
		return tenant.Changed{}, err
	}
	if _, err := p.theirs(ctx, in.Server); err != nil {
		return tenant.Changed{}, err
	}
	have, err := p.addressesOf(ctx, in.ServerID, server.IP)
	if err != nil {
		return tenant.Changed{}, err
	}
	if err := fit(have, in); err != nil {
		return tenant.Changed{}, err
	}
	if err := p.nameSome(ctx, in, have); err != nil {
		return tenant.Changed{}, err
	}
	if err := p.takeAgreed(ctx, in, server.IP); err != nil {
		return tenant.Changed{}, err
	}
	want := wantedAddresses{ipv4: in.IPv4, ipv6: in.IPv6, group: in.Group, hostname: cmp.Or(in.Hostname, server.Hostname)}
	all, err := p.addMissing(ctx, targetOf(in.Server), server.IP, want, func(change func(context.Context) error) error { return p.wish(ctx, in.Server, change) })
	if err != nil {
		return tenant.Changed{}, err
	}
	return changed(partition(all, server.IP), in), nil
}

// addressesOf requires the main address among the addresses of a server. Errors: HostnameNotSet.
func (p *Panel) addressesOf(ctx context.Context, serverID, main string) (addresses, error) {
	all, err := p.backend.Addresses(ctx, serverID)
	if err != nil {
		return addresses{}, err
	}
	have := partition(all, main)
	if len(have.main) == 0 {
		return addresses{}, edge.NonRetryable(edge.ErrHostname, "server %s shows main address %q, which is not among its addresses; nothing was changed", serverID, main)
	}
	return have, nil
}

// fit refuses what must not be done to these addresses, before any of it is done. Errors: BadOrder.
func fit(have addresses, in tenant.Addresses) error {
	for _, named := range in.Domains {
		switch {
		case hostname.Same(named.Name, dcim.FreeHostname):
			return edge.NonRetryable(edge.ErrBadOrder, "no address of a rented server is called %s: that is the name of a free one", dcim.FreeHostname)
		case !hostname.Valid(named.Name):
			return edge.NonRetryable(edge.ErrBadOrder, "%q is no whole host name", named.Name)
		case have.at(named.IP) == nil && !contains(in.Take, named.IP):
			return edge.NonRetryable(edge.ErrBadOrder, "server %s has no address %s to be named", in.ServerID, named.IP)
		}
	}
	for _, ip := range in.Take {
		if contains(ips(have.main), ip) {
			return edge.NonRetryable(edge.ErrBadOrder, "%s is the main address of server %s, which it keeps", ip, in.ServerID)
		}
	}
	return nil
}

func (p *Panel) nameSome(ctx context.Context, in tenant.Addresses, have addresses) error {
	for _, named := range in.Domains {
		address := have.at(named.IP)
		if address == nil || hostname.Same(address.Domain, named.Name) {
			continue
		}
		err := p.wish(ctx, in.Server, func(ctx context.Context) error {
			return p.backend.NameAddress(ctx, in.ServerID, address.ID, named.Name)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// takeAgreed deletes the addresses that a person has agreed to lose, as long as there are more than
// wanted.
func (p *Panel) takeAgreed(ctx context.Context, in tenant.Addresses, main string) error {
	for {
		have, err := p.addressesOf(ctx, in.ServerID, main)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(have.extra, func(a dcim.Address) bool { return contains(in.Take, a.IP) && have.over(a, in) > 0 })
		if i < 0 {
			return nil
		}
		if err := p.mayTake(ctx, in.Server); err != nil {
			return err
		}
		err = p.wish(ctx, in.Server, func(ctx context.Context) error { return p.backend.DeleteAddress(ctx, in.ServerID, have.extra[i].ID) })
		if err != nil {
			return err
		}
	}
}

// mayTake asks what a step of a release asks: a person's pause stops all that destroys, and an address that
// is gone is somebody else's soon. No limit counts it, for a person has agreed to each. A pause
// ends the wish: whoever agreed an hour ago is asked again. Errors: NotNow, ClientDiffers.
func (p *Panel) mayTake(ctx context.Context, in tenant.Server) error {
	err := p.permit(ctx, targetOf(in), engine.DestroyStep)
	var paused *temporal.ApplicationError
	if errors.As(err, &paused) && paused.Type() == edge.ErrPaused {
		return notNow("no address is taken from server %s: %s", in.ServerID, paused.Message())
	}
	if err != nil {
		return err
	}
	_, err = p.servedBy(ctx, in)
	return err
}

// changed tells what a server has, and which addresses it has more than wanted: the newest, and those
// that carry a name of their own only when there are no others.
func changed(have addresses, in tenant.Addresses) tenant.Changed {
	is := tenant.Changed{Extra: ips(have.extra)}
	for _, main := range have.main {
		is.Main, is.Hostname = main.IP, main.Domain
	}
	byAge := slices.Clone(have.extra)
	slices.SortStableFunc(byAge, func(a, b dcim.Address) int {
		own := func(a dcim.Address) int {
			if hostname.Same(a.Domain, is.Hostname) || hostname.Same(a.Domain, in.Hostname) {
				return 0
			}
			return 1
		}
		return cmp.Or(own(a)-own(b), age(b)-age(a))
	})
	left := map[string]int{}
	for _, address := range byAge {
		family := familyOf(address.IP)
		if left[family]++; left[family] <= have.over(address, in) {
			is.Surplus = append(is.Surplus, address.IP)
		}
	}
	return is
}

// age orders addresses: panels count their ids up.
func age(a dcim.Address) int {
	n, _ := strconv.Atoi(a.ID)
	return n
}
