package panel

import (
	"context"
	"errors"
	"net/netip"
	"slices"

	"metalease/activities/edge"
	"metalease/activities/tenant"
	"metalease/dcim"
)

// AssignAddresses brings the server to its desired addresses: the main one plus
// the ordered extra ones, all with the service's hostname. It reads before each
// add, so a lost reply adds none. Errors: AddressesExhausted, PanelRefused, and those of
// people at work.
func (p *Panel) AssignAddresses(ctx context.Context, b Build) (Addresses, error) {
	server, err := p.cached(ctx, b.ServerID)
	if err != nil {
		return Addresses{}, err
	}
	if err := p.untouched(ctx, server, b); err != nil {
		return Addresses{}, err
	}
	have, err := p.addMissing(ctx, b.Target, server.IP, wantedOf(b), func(change func(context.Context) error) error { return p.write(ctx, b.Target, change) })
	if err != nil {
		return Addresses{}, err
	}
	return split(have, server.IP), p.nameOurs(ctx, b.Target, have, b.Hostname)
}

// wantedAddresses are how many extra addresses a server is to have; nil is as many as there are.
type wantedAddresses struct {
	ipv4, ipv6 *int
	// group they come from; hostname names them.
	group, hostname string
}

func wantedOf(b Build) wantedAddresses {
	return wantedAddresses{ipv4: &b.IPv4, ipv6: &b.IPv6, group: b.AddressGroup, hostname: b.Hostname}
}

// addMissing adds addresses until none is missing, and returns all. Write is how the server is
// written to. Errors: AddressesExhausted.
func (p *Panel) addMissing(ctx context.Context, t Target, main string, want wantedAddresses, write func(func(context.Context) error) error) ([]dcim.Address, error) {
	for {
		have, err := p.backend.Addresses(ctx, t.ServerID)
		if err != nil {
			return nil, err
		}
		family := want.missing(partition(have, main))
		if family == "" {
			return have, nil
		}
		err = write(func(ctx context.Context) error {
			_, err := p.backend.AddAddress(ctx, t.ServerID, dcim.NewAddress{Domain: want.hostname, Group: groupOf(want.group), Family: family})
			return err
		})
		if errors.Is(err, dcim.ErrLimit) && dcim.Refused(err) {
			return nil, edge.NonRetryable(edge.ErrAddressPool, "panel %s has no free %s address in group %q: %s; add addresses, then retry",
				p.backend.Name(), family, groupOf(want.group), err)
		}
		if err != nil {
			return nil, err
		}
	}
}

// groupOf falls back on the customary name of the public pool (docs/dcimanager.md R11).
func groupOf(group string) string {
	if group == "" {
		return "public"
	}
	return group
}

// missing is the family of which addresses are missing; empty for none.
func (w wantedAddresses) missing(have addresses) string {
	switch {
	case w.ipv4 != nil && have.count(dcim.IPv4) < *w.ipv4:
		return dcim.IPv4
	case w.ipv6 != nil && have.count(dcim.IPv6) < *w.ipv6:
		return dcim.IPv6
	}
	return ""
}

func missingFamily(have []dcim.Address, main string, b Build) string {
	return wantedOf(b).missing(partition(have, main))
}

// addresses are those of a server: the main one, which it keeps for good, and the others.
type addresses struct{ main, extra []dcim.Address }

func partition(have []dcim.Address, main string) addresses {
	var is addresses
	for _, address := range have {
		if sameIP(address.IP, main) {
			is.main = append(is.main, address)
		} else {
			is.extra = append(is.extra, address)
		}
	}
	return is
}

// count is how many extra addresses of a family there are.
func (a addresses) count(family string) int {
	n := 0
	for _, address := range a.extra {
		if familyOf(address.IP) == family {
			n++
		}
	}
	return n
}

// over is how many extra addresses of the family of one there are more than wanted.
func (a addresses) over(one dcim.Address, in tenant.Addresses) int {
	family := familyOf(one.IP)
	want := map[string]*int{dcim.IPv4: in.IPv4, dcim.IPv6: in.IPv6}[family]
	if want == nil {
		return 0
	}
	return a.count(family) - *want
}

// at is the address with that text; nil for none.
func (a addresses) at(ip string) *dcim.Address {
	for _, list := range [][]dcim.Address{a.main, a.extra} {
		if i := slices.IndexFunc(list, func(address dcim.Address) bool { return sameIP(address.IP, ip) }); i >= 0 {
			return &list[i]
		}
	}
	return nil
}

func ips(list []dcim.Address) []string {
	all := []string{}
	for _, address := range list {
		all = append(all, address.IP)
	}
	return all
}

func contains(list []string, ip string) bool {
	return slices.ContainsFunc(list, func(other string) bool { return sameIP(ip, other) })
}

func familyOf(text string) string {
	if ip, err := netip.ParseAddr(text); err == nil && ip.Is6() {
		return dcim.IPv6
	}
	return dcim.IPv4
}

// sameIP compares addresses by value: list and address list may spell IPv6
// differently (docs/dcimanager.md 5).
func sameIP(a, b string) bool {
	x, errA := netip.ParseAddr(a)
	y, errB := netip.ParseAddr(b)
	if errA != nil || errB != nil {
		return a == b
	}
	return x == y
}

func split(have []dcim.Address, main string) Addresses {
	return Addresses{Main: main, Extra: ips(partition(have, main).extra)}
}
