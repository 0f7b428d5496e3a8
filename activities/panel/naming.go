package panel

import (
	"context"

	"metalease/dcim"
	"metalease/internal/hostname"
)

// setHostname gives every address the name; the panel shows that of the main one
// as the server's hostname (docs/dcimanager.md 5).
func (p *Panel) setHostname(ctx context.Context, t Target, have []dcim.Address, name string) error {
	return p.nameAll(ctx, t, have, name, p.write)
}

// nameOurs is setHostname for all but a hand-over and its like: a customer's server is never renamed.
func (p *Panel) nameOurs(ctx context.Context, t Target, have []dcim.Address, name string) error {
	return p.nameAll(ctx, t, have, name, p.writeOurs)
}

func (p *Panel) nameAll(ctx context.Context, t Target, have []dcim.Address, name string, write func(context.Context, Target, func(context.Context) error) error) error {
	for _, address := range have {
		if hostname.Same(address.Domain, name) {
			continue
		}
		err := write(ctx, t, func(ctx context.Context) error {
			return p.backend.NameAddress(ctx, t.ServerID, address.ID, name)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
