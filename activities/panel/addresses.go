package panel

import (
	"context"
	"errors"
	"net/netip"

	"metalease/activities/edge"
	"metalease/dcim"
	"metalease/internal/hostname"
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
	for {
		have, err := p.backend.Addresses(ctx, b.ServerID)
		if err != nil {
			return Addresses{}, err
		}
		family, missing := missingFamily(have, server.IP, b)
		if !missing {
			return split(have, server.IP), p.nameOurs(ctx, b.Target, have, b.Hostname)
		}
		err = p.write(ctx, b.Target, func() error {
			_, err := p.backend.AddAddress(ctx, b.ServerID, dcim.NewAddress{Domain: b.Hostname, Group: group(b), Family: family})
			return err
		})
		if errors.Is(err, dcim.ErrLimit) && dcim.Refused(err) {
			return Addresses{}, edge.NonRetryable(edge.ErrAddressPool, "panel %s has no free %s address in group %q: %s; add addresses, then retry",
				p.backend.Name(), family, group(b), err)
		}
		if err != nil {
			return Addresses{}, err
		}
	}
}

// group falls back on the customary name of the public pool (docs/dcimanager.md R11).
func group(b Build) string {
	if b.AddressGroup == "" {
		return "public"
	}
	return b.AddressGroup
}

func missingFamily(have []dcim.Address, main string, b Build) (string, bool) {
	var v4, v6 int
	for _, ip := range split(have, main).Extra {
		if isIPv6(ip) {
			v6++
		} else {
			v4++
		}
	}
	switch {
	case v4 < b.IPv4:
		return dcim.IPv4, true
	case v6 < b.IPv6:
		return dcim.IPv6, true
	}
	return "", false
}

func isIPv6(text string) bool {
	ip, err := netip.ParseAddr(text)
	return err == nil && ip.Is6()
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
	addresses := Addresses{Main: main, Extra: []string{}}
	for _, address := range have {
		if !sameIP(address.IP, main) {
			addresses.Extra = append(addresses.Extra, address.IP)
		}
	}
	return addresses
}

// setHostname gives every address the name; the panel shows that of the main one
// as the server's hostname (docs/dcimanager.md 5).
func (p *Panel) setHostname(ctx context.Context, t Target, have []dcim.Address, name string) error {
	return p.nameAll(ctx, t, have, name, p.write)
}

// nameOurs is setHostname for all but a hand-over and its like: a customer's server is never renamed.
func (p *Panel) nameOurs(ctx context.Context, t Target, have []dcim.Address, name string) error {
	return p.nameAll(ctx, t, have, name, p.writeOurs)
}

func (p *Panel) nameAll(ctx context.Context, t Target, have []dcim.Address, name string, write func(context.Context, Target, func() error) error) error {
	for _, address := range have {
		if hostname.Same(address.Domain, name) {
			continue
		}
		err := write(ctx, t, func() error {
			return p.backend.NameAddress(ctx, t.ServerID, address.ID, name)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
