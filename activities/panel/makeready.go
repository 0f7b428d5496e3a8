package panel

import (
	"context"
	"slices"
	"time"

	"metalease/dcim"
	"metalease/internal/hostname"
)

// MakeReady brings a claimed server to where an OS can be installed on it: its addresses (see
// AssignAddresses), and switched on. Nothing is decided in between, and all of it is desired state: a
// repeat does what is missing. The limit counts from the power command; an outage of the panel starts
// it anew. Errors: those of AssignAddresses, PowerFailed.
func (p *Panel) MakeReady(ctx context.Context, b Build) (Addresses, error) {
	server, err := p.asBuilt(ctx, b)
	if err != nil {
		return Addresses{}, err
	}
	have, err := p.addMissing(ctx, b.Target, server.IP, wantedOf(b), func(change func(context.Context) error) error { return p.writeOurs(ctx, b.Target, change) })
	if err != nil {
		return Addresses{}, err
	}
	unnamed := slices.DeleteFunc(slices.Clone(have), func(a dcim.Address) bool { return hostname.Same(a.Domain, b.Hostname) })
	if len(unnamed) > 1 || server.PowerOn {
		if err := p.nameOurs(ctx, b.Target, unnamed, b.Hostname); err != nil {
			return Addresses{}, err
		}
		unnamed = nil
	}
	all := split(have, server.IP)
	all.Since = time.Now().UTC()
	err = p.powerUpBy(ctx, b, server, func() error {
		calls := 2 + len(unnamed)
		return p.backend.Turn(ctx, b.ServerID, calls, func(ctx context.Context) error {
			return p.writeOurs(ctx, b.Target, func(ctx context.Context) error {
				for _, main := range unnamed { // most servers have one address: one look at the record serves both
					if err := p.backend.NameAddress(ctx, b.ServerID, main.ID, b.Hostname); err != nil {
						return err
					}
				}
				unnamed = nil
				return p.backend.Power(ctx, b.ServerID, dcim.PowerOn)
			})
		})
	})
	if err != nil {
		return Addresses{}, err
	}
	return all, p.nameOurs(ctx, b.Target, unnamed, b.Hostname) // somebody else was faster to switch it on
}
