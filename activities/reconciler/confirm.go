package reconciler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"
	"golang.org/x/time/rate"

	"metalease/activities/drift"
	"metalease/whmcs"
)

// confirm reads again what the suspects are about, and keeps those that the rules still
// see. The order is that of read: record, then WHMCS, then the lifecycle itself. Unread are the
// suspects' services that WHMCS could not show: they cost nothing but what is said of them.
func (r *Reconciler) confirm(ctx context.Context, v drift.View, suspects []drift.Drift) (confirmed []drift.Drift, unread []string, err error) {
	if len(suspects) == 0 {
		return nil, nil, nil
	}
	v.Settle, v.Home, v.Builds = r.Settle, drift.Home(r.Only, r.Entries), r.builds
	if v.API, err = r.Reader.APIAccount(ctx); err != nil {
		return nil, nil, err
	}
	if v.Accounts, err = r.Reader.AccountList(ctx); err != nil {
		return nil, nil, err
	}
	if err := r.readServersAgain(ctx, &v, suspects); err != nil {
		return nil, nil, err
	}
	if suspects, unread, err = r.readServicesAgain(ctx, &v, suspects); err != nil {
		return nil, nil, err
	}
	if err := r.readOrdersAgain(ctx, &v, suspects); err != nil {
		return nil, nil, err
	}
	if err := r.readLivesAgain(ctx, &v, suspects); err != nil {
		return nil, nil, err
	}
	v.Now = time.Now()
	confirmed = slices.DeleteFunc(drift.Find(v), func(d drift.Drift) bool {
		return !slices.ContainsFunc(suspects, func(s drift.Drift) bool { return s.ID == d.ID })
	})
	confirmed, err = r.withoutUnlisted(ctx, confirmed)
	return confirmed, unread, err
}

// within keeps the first rows whose JSON has room; of drifts they are the most severe.
func within[T any](rows []T, room int) (kept, over []T) {
	for i, row := range rows {
		text, err := json.Marshal(row)
		if room -= len(text) + 1; err != nil || room < 0 {
			return rows[:i], rows[i:]
		}
	}
	return rows, nil
}

// readServersAgain lists the servers with the next tick and reads the suspects' records.
func (r *Reconciler) readServersAgain(ctx context.Context, v *drift.View, suspects []drift.Drift) error {
	listing, err := r.Reader.Fresh(ctx, false)
	if err != nil {
		return err
	}
	before := map[string]drift.Sight{}
	for _, s := range v.Servers {
		before[s.ID] = s
	}
	suspected := map[string]bool{}
	for _, d := range suspects {
		for id := range strings.SplitSeq(d.ServerID, ",") {
			suspected[id] = true
		}
	}
	pace := rate.NewLimiter(rate.Limit(r.pace()), 1)
	v.Servers = nil
	for _, server := range rows(listing) {
		s := drift.Sight{Server: server, Read: before[server.ID].Read, Marks: before[server.ID].Marks}
		if suspected[server.ID] {
			activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "reads again what looks wrong"})
			if err := pace.Wait(ctx); err != nil {
				return err
			}
			if err := r.readRecord(ctx, &s); err != nil {
				return err
			}
		}
		v.Servers = append(v.Servers, s)
	}
	return nil
}

// readServicesAgain reads all services: that is a call for a hundred. A suspect that is not
// among them may be of a product that is not ours any more; one that WHMCS cannot show is no
// suspect, for it is not known to be gone.
func (r *Reconciler) readServicesAgain(ctx context.Context, v *drift.View, suspects []drift.Drift) (kept []drift.Drift, unread []string, err error) {
	services, err := r.services(ctx)
	if err != nil {
		return nil, nil, err
	}
	broken := map[int]bool{}
	for _, d := range suspects {
		if d.ServiceID == 0 || broken[d.ServiceID] || slices.ContainsFunc(services, func(b drift.Billed) bool { return b.ID == d.ServiceID }) {
			continue
		}
		service, err := r.WHMCS.Service(ctx, d.ServiceID)
		switch {
		case errors.Is(err, whmcs.ErrNotFound):
		case errors.Is(err, whmcs.ErrUnreadable):
			services = append(services, drift.Billed{ID: d.ServiceID, Unreadable: err.Error()})
		case passes(err):
			broken[d.ServiceID] = true
			unread = append(unread, fmt.Sprintf("service %d cannot be read: %s", d.ServiceID, err))
		case err != nil:
			return nil, nil, err
		default:
			services = append(services, billed(service))
		}
	}
	v.Services = services
	return slices.DeleteFunc(slices.Clone(suspects), func(d drift.Drift) bool { return broken[d.ServiceID] }), unread, nil
}

// readLivesAgain asks the lifecycles of the suspects, and of whatever marks their servers
// carry.
func (r *Reconciler) readLivesAgain(ctx context.Context, v *drift.View, suspects []drift.Drift) error {
	var ids []int
	for _, d := range suspects {
		if d.ServiceID != 0 {
			ids = append(ids, d.ServiceID)
		}
		for _, s := range v.Servers {
			if !slices.Contains(strings.Split(d.ServerID, ","), s.ID) {
				continue
			}
			for _, m := range s.Marks {
				if m.Installation == v.Installation {
					ids = append(ids, m.ServiceID)
				}
			}
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	lives := slices.DeleteFunc(slices.Clone(v.Lives), func(l drift.Life) bool { return slices.Contains(ids, l.ServiceID) })
	for _, id := range ids {
		activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "asks the lifecycles of what looks wrong"})
		life, err := r.Lives.Life(ctx, id)
		if err != nil {
			return err
		}
		lives = append(lives, life)
	}
	v.Lives = lives
	return nil
}
