package panel

import (
	"context"

	"metalease/activities/edge"
	"metalease/activities/tenant"
)

// SwitchNetwork ...
func (p *Panel) SwitchNetwork(context.Context, tenant.Network) ([]tenant.Port, error) {
	return nil, edge.NonRetryable(edge.ErrUnexpected, "not built yet")
}

// ChangeAddresses ...
func (p *Panel) ChangeAddresses(context.Context, tenant.Addresses) (tenant.Changed, error) {
	return tenant.Changed{}, edge.NonRetryable(edge.ErrUnexpected, "not built yet")
}

// StartReinstall ...
func (p *Panel) StartReinstall(context.Context, tenant.Reinstall) (Started, error) {
	return Started{}, edge.NonRetryable(edge.ErrUnexpected, "not built yet")
}

// AwaitReinstall ...
func (p *Panel) AwaitReinstall(context.Context, tenant.Reinstall) (Watched, error) {
	return Watched{}, edge.NonRetryable(edge.ErrUnexpected, "not built yet")
}

// InspectReinstall ...
func (p *Panel) InspectReinstall(context.Context, tenant.Reinstall) (Watched, error) {
	return Watched{}, edge.NonRetryable(edge.ErrUnexpected, "not built yet")
}

// SignOn ...
func (p *Panel) SignOn(context.Context, tenant.SignOn) ([]byte, error) {
	return nil, edge.NonRetryable(edge.ErrUnexpected, "not built yet")
}

// Facts ...
func (p *Panel) Facts(context.Context, tenant.Server) (tenant.Facts, error) {
	return tenant.Facts{}, edge.NonRetryable(edge.ErrUnexpected, "not built yet")
}

// Usage ...
func (p *Panel) Usage(context.Context, tenant.Servers) (tenant.Usage, error) {
	return tenant.Usage{}, edge.NonRetryable(edge.ErrUnexpected, "not built yet")
}
