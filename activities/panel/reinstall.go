package panel

import (
	"context"
	"errors"
	"time"

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
	owners, err := p.theirOwners(ctx, in.Server)
	if err != nil {
		return Started{}, err
	}
	return p.beginInstall(ctx, func() (install, error) {
		re := p.reinstall(in)
		re.check = func(record dcim.Record) (holder, error) { return p.theirRecord(record, in.Server, owners) }
		return re, nil
	})
}

// AwaitReinstall watches a reinstall that the panel was seen to run, until it ends, and takes its
// announcement out of the mark; a lost mark is written again. A panel that is down is waited for.
// Errors: InstallUnknown for the end of another install; OwnershipLost.
func (p *Panel) AwaitReinstall(ctx context.Context, in tenant.Reinstall) (Watched, error) {
	watched, ended := p.awaitEnd(ctx, p.reinstall(in))
	if ended != nil && !otherInstall(ended) {
		return watched, ended
	}
	if err := p.endReinstall(ctx, in); err != nil {
		return Watched{}, err
	}
	return watched, ended
}

// endReinstall takes the announcement out of the mark, unless it is that of a later reinstall.
func (p *Panel) endReinstall(ctx context.Context, in tenant.Reinstall) error {
	_, err := p.remark(ctx, targetOf(in.Server), func(state string) string {
		if InstallNumber(holding.Mark{State: state}) > in.Number {
			return state
		}
		return withoutInstall(state)
	})
	return err
}

// InspectReinstall tells what became of a reinstall: what a person's word about it, and a run that knows
// of it from the mark alone, read first. One that is announced is looked for as long as the panel
// may take to show it; one of which nobody can tell, and a server with another OS than the wanted
// one, count as failed. Errors: OwnershipLost, NotNow; InstallUnknown while an install runs that this
// service has not asked for.
func (p *Panel) InspectReinstall(ctx context.Context, in tenant.Reinstall) (Watched, error) {
	have, err := p.theirs(ctx, in.Server)
	if err != nil {
		return Watched{}, err
	}
	re := p.reinstall(in)
	asked, number := askedInstall(have.mark)
	if number < max(in.Number, 1) {
		re.busy = func() error {
			return edge.NonRetryable(edge.ErrInstallUnknown, "server %s is being installed, and that was not asked for here: wait for its end, or cancel it in the panel", in.ServerID)
		}
		return p.findEnd(ctx, re, have, false)
	}
	started, err := p.seeInstall(ctx, re, number, asked, time.Now())
	seen := Watched{Progress: started.Progress, FinishedAt: time.Now().UTC()}
	switch {
	case otherInstall(err):
		return Watched{Progress: InstallFailed, FinishedAt: seen.FinishedAt, Words: holding.OneLine(err.Error())}, nil
	case errors.Is(err, errNotBegun):
		seen.Progress, seen.Words = InstallFailed, "it has not begun"
	case err != nil:
		return Watched{}, err
	case seen.Progress == InstallRunning:
		return Watched{Progress: InstallRunning}, nil
	case seen.Progress == InstallFailed:
		seen.Words = p.words(ctx, in.ServerID)
	}
	return seen, p.endReinstall(ctx, in)
}

func (p *Panel) reinstall(in tenant.Reinstall) install {
	return install{
		Target: targetOf(in.Server), template: in.OSTemplate, number: in.Number, owner: in.Account,
		look:  p.fresh,
		busy:  func() error { return notNow("an operation runs on server %s", in.ServerID) },
		may:   func(ctx context.Context, server dcim.Server) (string, error) { return p.mayReinstall(ctx, in, server) },
		still: func(have holder) error { return open(have.record, in.Server) },
		send: func(ctx context.Context, password string) error {
			order := dcim.Install{Template: in.OSTemplate, Recipe: in.Recipe, Password: password, ClearDisks: p.ClearDisks}
			if in.AsCustomer {
				return p.refusal(ctx, in.Server, p.backend.InstallAs(ctx, in.Account, in.ServerID, order))
			}
			return p.refusal(ctx, in.Server, p.backend.Install(ctx, in.ServerID, order))
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
	if typed, pending, err := p.WHMCS.RootPassword(ctx, in.ServiceID); err != nil {
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
