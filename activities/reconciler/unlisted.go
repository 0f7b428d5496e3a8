package reconciler

import (
	"context"
	"errors"
	"slices"
	"strings"

	"metalease/activities/drift"
	"metalease/dcim"
	"metalease/whmcs"
)

// withoutUnlisted drops what is only missing from a list. Whether a server is gone its record
// says; whether nobody has an account, the services of that name.
func (r *Reconciler) withoutUnlisted(ctx context.Context, drifts []drift.Drift) ([]drift.Drift, error) {
	var kept []drift.Drift
	for _, d := range drifts {
		holds, err := true, error(nil)
		switch d.Kind {
		case drift.DriftGone:
			holds, err = r.isGone(ctx, d.ServerID)
		case drift.DriftAccount:
			holds, err = r.isNobodys(ctx, strings.TrimPrefix(d.ID, string(drift.DriftAccount)+"-"))
		default: // about what was seen
		}
		if err != nil {
			return nil, err
		}
		if holds {
			kept = append(kept, d)
		}
	}
	return kept, nil
}

func (r *Reconciler) isGone(ctx context.Context, serverID string) (bool, error) {
	_, err := r.Reader.Backend.Record(ctx, serverID)
	switch {
	case errors.Is(err, dcim.ErrMissed):
		return true, nil
	case err == nil, dcim.AboutOne(err):
		return false, nil
	}
	return false, err
}

// isNobodys asks WHMCS for every service of the name: the lists are of our products only.
func (r *Reconciler) isNobodys(ctx context.Context, account string) (bool, error) {
	services, err := r.WHMCS.UsernameServices(ctx, account)
	return !slices.ContainsFunc(services, func(s whmcs.Service) bool {
		return s.Status == whmcs.StatusPending || s.Status == whmcs.StatusActive || s.Status == whmcs.StatusSuspended
	}), err
}
