package panel

import (
	"context"

	"metalease/activities/edge"
	"metalease/activities/tenant"
	"metalease/dcim"
	"metalease/internal/signon"
)

// SignOn makes a way for one browser into the panel, or to the console of a customer's server: as the
// customer's account, or as ours for staff. The answer is sealed to the key of the call, for what
// opens a door stands in no history. Each attempt makes its own. Errors: OwnershipLost, NotNow,
// TooLate, PanelUnsupported for a console that cannot be reached without a secret in its address.
func (p *Panel) SignOn(ctx context.Context, in tenant.SignOn) ([]byte, error) {
	as := in.Account
	if !in.AsCustomer {
		var err error
		if as, err = p.Reader.APIAccount(ctx); err != nil {
			return nil, err
		}
	}
	var way dcim.SignOn
	err := p.wish(ctx, in.Server, func(ctx context.Context) (err error) {
		if in.Console {
			way, err = p.backend.Console(ctx, as, in.ServerID)
		} else {
			way, err = p.backend.SignOn(ctx, as)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	sealed, err := signon.Seal(in.Key, signon.Door{URL: way.URL, Fields: way.Fields, ExpiresAt: way.ExpiresAt.UTC()})
	if err != nil {
		return nil, edge.NonRetryable(edge.ErrBadMessage, "the answer cannot be sealed: %s", err)
	}
	return sealed, nil
}
