package panel

import (
	"context"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/tenant"
	"metalease/dcim"
	"metalease/whmcs"
)

// StartReinstall asks the panel to install a customer's server anew and returns when the panel shows
// it; what was on its disks is lost. The mark stays that of a server that a customer has, with the
// install behind it: "active installing 2". It is asked for once, and only begun in time; from then
// on nothing that happens to the service takes it back. Errors: OwnershipLost, NotNow, TooLate,
// ClientDiffers, PanelRefused, InstallUnknown.
func (p *Panel) StartReinstall(ctx context.Context, in tenant.Reinstall) (Started, error) {
	return p.beginInstall(ctx, func() (install, error) { return p.reinstall(in), nil })
}

// AwaitReinstall watches a reinstall that the panel was seen to run, until it ends, and takes its
// announcement out of the mark; a lost mark is written again. A panel that is down is waited for.
// Errors: InstallUnknown for the end of another install; OwnershipLost.
func (p *Panel) AwaitReinstall(ctx context.Context, in tenant.Reinstall) (Watched, error) {
	watched, ended := p.awaitEnd(ctx, p.reinstall(in))
	if ended != nil && !otherInstall(ended) {
		return watched, ended
	}
	_, err := p.remark(ctx, targetOf(in.Server), func(state string) string {
		if _, number := askedInstall(holding.Mark{State: state}); number > in.Number {
			return state // that of a later one
		}
		return withoutInstall(state)
	})
	if err != nil {
		return Watched{}, err
	}
	return watched, ended
}

// InspectReinstall tells what became of a reinstall: what a person's word about it reads first. A server
// with another OS than the wanted one counts as failed. Errors: OwnershipLost, NotNow;
// InstallUnknown while an install runs that this service has not asked for.
func (p *Panel) InspectReinstall(ctx context.Context, in tenant.Reinstall) (Watched, error) {
	have, err := p.theirs(ctx, in.Server)
	if err != nil {
		return Watched{}, err
	}
	re := p.reinstall(in)
	re.busy = func() error {
		return edge.NonRetryable(edge.ErrInstallUnknown, "server %s is being installed, and that was not asked for here: wait for its end, or cancel it in the panel", in.ServerID)
	}
	return p.findEnd(ctx, re, have, false)
}

func (p *Panel) reinstall(in tenant.Reinstall) install {
	return install{
		Target: targetOf(in.Server), template: in.OSTemplate, number: in.Number, owner: in.Account,
		verify: func(ctx context.Context) (holder, error) { return p.theirs(ctx, in.Server) }, look: p.fresh,
		busy: func() error { return notNow("an operation runs on server %s", in.ServerID) },
		may: func(ctx context.Context, server dcim.Server, announced bool) (string, error) {
			if announced {
				return "", nil
			}
			return p.mayReinstall(ctx, in, server)
		},
		send: func(ctx context.Context, password string) error {
			order := dcim.Install{Template: in.OSTemplate, Recipe: in.Recipe, Password: password, ClearDisks: p.ClearDisks}
			return p.wish(ctx, in.Server, func() error {
				if in.AsCustomer {
					return p.backend.InstallAs(ctx, in.Account, in.ServerID, order)
				}
				return p.backend.Install(ctx, in.ServerID, order)
			})
		},
	}
}

// mayReinstall asks WHMCS and looks at the server, and returns what becomes the password of root: what
// the customer has typed, else the service's.
func (p *Panel) mayReinstall(ctx context.Context, in tenant.Reinstall, server dcim.Server) (string, error) {
	if err := inTime(in.Server); err != nil {
		return "", err
	}
	if err := p.ready(ctx, server); err != nil {
		return "", err
	}
	service, err := p.servedBy(ctx, in.Server)
	if err != nil {
		return "", err
	}
	password := service.Password
	if typed, pending, err := p.typedPassword(ctx, in.ServiceID); err != nil {
		return "", err
	} else if pending {
		password = typed
	}
	return password.Reveal(), nil
}

// servedBy is a service that WHMCS shows as the client's and Active: what its server loses is lost for
// good. Errors: NotNow, ClientDiffers.
func (p *Panel) servedBy(ctx context.Context, in tenant.Server) (whmcs.Service, error) {
	service, err := p.WHMCS.Service(ctx, in.ServiceID)
	if err != nil {
		return whmcs.Service{}, err
	}
	if service.Status != whmcs.StatusActive {
		return whmcs.Service{}, notNow("WHMCS shows service %d as %s", in.ServiceID, service.Status)
	}
	return service, sameClient(service, in.ServiceID, in.ClientID)
}
