// Package reconciler holds the activities that read what package drift compares, and tell
// what it found.
package reconciler

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"golang.org/x/time/rate"

	"metalease/activities/drift"
	"metalease/activities/panel"
	"metalease/dcim"
	"metalease/whmcs"
)

// Lifecycles tells how the services of a panel run.
type Lifecycles interface {
	// Running lists what runs on a panel. It may be a moment behind, and does not know when
	// a lifecycle changed last.
	Running(ctx context.Context, panel string) ([]drift.Life, error)
	// Life asks for one service as it is now; one that never was does not run.
	Life(ctx context.Context, serviceID int) (drift.Life, error)
}

// Reconciler holds the activities that compare one panel with WHMCS and the workflows.
// They write nothing.
type Reconciler struct {
	// Reader reads the panel; all who work on one panel share it.
	Reader *panel.Reader
	WHMCS  *whmcs.Client
	// Installation, Modules and Entries are as in panel.Options.
	Installation     string
	Modules, Entries []string
	Lives            Lifecycles
	// Only is true when the installation has no other panel.
	Only bool
	// Settle is how long panel and WHMCS may take to show what a lifecycle has done.
	Settle time.Duration
	// RecordsPerSecond is the pace at which the records of servers are read; 4 when zero.
	RecordsPerSecond float64
	// Metrics takes the gauges; nil takes none.
	Metrics client.MetricsHandler

	records recordIndex
}

func (r *Reconciler) panelName() string { return r.Reader.Backend.Name() }

// maxDrifts bounds a report: a result of 2 MiB would fail.
const maxDrifts = 500

// Compare looks for drift on the panel. What looks wrong is read a second time, from its
// source, before it is reported: a race between two readings is no drift. Errors:
// PanelUnavailable, WHMCSUnavailable and the like; then nothing is known.
func (r *Reconciler) Compare(ctx context.Context, in drift.CompareInput) (drift.Report, error) {
	report, err := r.compare(ctx, in)
	if err != nil {
		return drift.Report{}, err
	}
	r.notify(ctx, in, report)
	return report, nil
}

func (r *Reconciler) compare(ctx context.Context, in drift.CompareInput) (drift.Report, error) {
	report := drift.Report{Panel: r.panelName(), Began: time.Now().UTC(), Drifts: []drift.Drift{}}
	got, err := r.read(ctx)
	if err != nil {
		return drift.Report{}, err
	}
	rules := drift.NewRules(got.View)
	suspects := rules.All()
	kept := suspects[:min(len(suspects), maxDrifts)]
	confirmed, err := r.confirm(ctx, got.View, kept)
	if err != nil {
		return drift.Report{}, err
	}
	report.AsOf = time.Now().UTC()
	for _, d := range confirmed {
		d.Since = report.AsOf
		if i := slices.IndexFunc(in.Known, func(k drift.Known) bool { return k.ID == d.ID }); i >= 0 {
			d.Since = in.Known[i].Since
		}
		report.Drifts = append(report.Drifts, d)
	}
	report.Counts, report.Beyond = countKinds(report.Drifts), countKinds(suspects[len(kept):])
	report.Servers, report.Forms, report.Services, report.Lifecycles = len(got.Servers), got.records, len(got.Services), len(got.Lives)
	report.Strangers, report.Retired = rules.Strangers, rules.Retired
	return report, nil
}

func countKinds(drifts []drift.Drift) []drift.Count {
	var counts []drift.Count
	for _, kind := range drift.Kinds {
		n := 0
		for _, d := range drifts {
			if d.Kind == kind {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, drift.Count{Kind: kind, Count: n})
		}
	}
	return counts
}

// Recheck looks at one reported difference once more. It answers the difference as it is
// now, or none when it does not hold any more.
func (r *Reconciler) Recheck(ctx context.Context, d drift.Drift) (*drift.Drift, error) {
	confirmed, err := r.confirm(ctx, drift.View{Panel: r.panelName(), Installation: r.Installation}, []drift.Drift{d})
	if err != nil || len(confirmed) == 0 {
		return nil, err
	}
	confirmed[0].Since = d.Since
	return &confirmed[0], nil
}

// confirm reads again what the suspects are about, and keeps those that the rules still
// see. The order is that of read: record, then WHMCS, then the lifecycle itself.
func (r *Reconciler) confirm(ctx context.Context, v drift.View, suspects []drift.Drift) ([]drift.Drift, error) {
	if len(suspects) == 0 {
		return nil, nil
	}
	v.Settle, v.Home = r.Settle, r.home
	var err error
	if v.API, err = r.Reader.APIAccount(ctx); err != nil {
		return nil, err
	}
	if v.Accounts, err = r.Reader.Backend.Accounts(ctx); err != nil {
		return nil, err
	}
	if err := r.readServersAgain(ctx, &v, suspects); err != nil {
		return nil, err
	}
	if err := r.readServicesAgain(ctx, &v, suspects); err != nil {
		return nil, err
	}
	if err := r.readLivesAgain(ctx, &v, suspects); err != nil {
		return nil, err
	}
	v.Now = time.Now()
	confirmed := slices.DeleteFunc(drift.Find(v), func(d drift.Drift) bool {
		return !slices.ContainsFunc(suspects, func(s drift.Drift) bool { return s.ID == d.ID })
	})
	return r.withoutUnlisted(ctx, confirmed)
}

// withoutUnlisted drops servers that are only missing from the list: whether one is gone its
// record says.
func (r *Reconciler) withoutUnlisted(ctx context.Context, drifts []drift.Drift) ([]drift.Drift, error) {
	var kept []drift.Drift
	for _, d := range drifts {
		if d.Kind == drift.DriftGone {
			switch _, err := r.Reader.Backend.Record(ctx, d.ServerID); {
			case errors.Is(err, dcim.ErrMissed):
			case err == nil, dcim.AboutOne(err):
				continue
			default:
				return nil, err
			}
		}
		kept = append(kept, d)
	}
	return kept, nil
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
	for _, server := range listing.Servers {
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
// among them may be of a product that is not ours any more.
func (r *Reconciler) readServicesAgain(ctx context.Context, v *drift.View, suspects []drift.Drift) error {
	services, err := r.services(ctx)
	if err != nil {
		return err
	}
	for _, d := range suspects {
		if d.ServiceID == 0 || slices.ContainsFunc(services, func(b drift.Billed) bool { return b.ID == d.ServiceID }) {
			continue
		}
		service, err := r.WHMCS.Service(ctx, d.ServiceID)
		switch {
		case errors.Is(err, whmcs.ErrNotFound):
		case errors.Is(err, whmcs.ErrUnreadable):
			services = append(services, drift.Billed{ID: d.ServiceID, Unreadable: err.Error()})
		case err != nil:
			return err
		default:
			services = append(services, billed(service))
		}
	}
	v.Services = services
	return nil
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
