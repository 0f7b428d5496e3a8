package panel

import (
	"context"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

// StartInstall asks the panel for the OS install of an order and returns when the panel shows it.
// Errors: NotPending, UnexpectedStatus, ClientDiffers, PanelRefused, InstallUnknown, and those of
// people at work.
func (p *Panel) StartInstall(ctx context.Context, b Build) (Started, error) {
	return p.beginInstall(ctx, func() (install, error) { return p.orderedInstall(ctx, b) })
}

// AwaitInstall watches an install that the panel was seen to run, until it ends.
// A panel that is down is waited for. Errors: InstallUnknown for the end of another install.
func (p *Panel) AwaitInstall(ctx context.Context, b Build) (Watched, error) {
	return p.awaitEnd(ctx, p.firstInstall(b))
}

// InspectInstall tells what became of the install of a server: what retry and
// replace read first. A server with another OS than the ordered one counts as failed. Errors:
// InstallUnknown while an install runs that this service has not asked for.
func (p *Panel) InspectInstall(ctx context.Context, b Build) (Watched, error) {
	have, err := p.verifyOwnership(ctx, b.Target)
	if err != nil {
		return Watched{}, err
	}
	return p.findEnd(ctx, p.firstInstall(b), have, have.mark.Is(holding.StateActive))
}

func (p *Panel) firstInstall(b Build) install {
	return install{Target: b.Target, template: b.OSTemplate, number: b.Install, look: p.cached, busy: func() error {
		return edge.NonRetryable(edge.ErrInstallUnknown, "server %s is being installed, not by this order: wait or cancel it in the panel, then retry", b.ServerID)
	}}
}

// orderedInstall is the first install of a server, of an order that is to have it still.
func (p *Panel) orderedInstall(ctx context.Context, b Build) (install, error) {
	service, err := p.WHMCS.Service(ctx, b.ServiceID)
	if err != nil {
		return install{}, err
	}
	if service.Status != whmcs.StatusPending {
		code, why := billing.NotPending(service)
		return install{}, edge.NonRetryable(code, "%s", why)
	}
	if err := sameClient(service, b.ServiceID, b.ClientID); err != nil {
		return install{}, err
	}
	in := p.firstInstall(b)
	if in.owner, err = p.Reader.APIAccount(ctx); err != nil {
		return install{}, err
	}
	in.check = func(record dcim.Record) (holder, error) { return p.verify(record, in.Target, in.owner) }
	in.may = func(ctx context.Context, server dcim.Server) (string, error) {
		return service.Password.Reveal(), p.untouched(ctx, server, b)
	}
	in.send = func(ctx context.Context, password string) error {
		return p.backend.Install(ctx, b.ServerID, dcim.Install{Template: b.OSTemplate, Recipe: b.Recipe, Password: password, ClearDisks: p.ClearDisks})
	}
	return in, nil
}
