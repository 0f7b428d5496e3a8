package panel

import (
	"context"

	"metalease/activities/holding"
	"metalease/dcim"
)

// Detach removes our mark and touches nothing else.
func (p *Panel) Detach(ctx context.Context, t Target) error {
	owners, err := p.owners(ctx, t)
	if err != nil {
		return err
	}
	return p.change(ctx, t.ServerID, func(record dcim.Record) (dcim.Change, error) {
		if len(holding.ParseMarks(record.Notes)) == 0 {
			return dcim.Change{}, nil // an earlier attempt removed it
		}
		have, err := p.verify(record, t, owners...)
		if err != nil {
			return dcim.Change{}, err
		}
		return dcim.Assign(have.owner, holding.WithoutMark(record.Notes, have.mark)), nil
	})
}
