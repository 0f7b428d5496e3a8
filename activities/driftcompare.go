package activities

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"golang.org/x/time/rate"

	"metalease/whmcs"
)

// Lifecycles tells how the services of a panel run.
type Lifecycles interface {
	// Running lists what runs on a panel. It may be a moment behind, and does not know when
	// a lifecycle changed last.
	Running(ctx context.Context, panel string) ([]Life, error)
	// Life asks for one service as it is now; one that never was does not run.
	Life(ctx context.Context, serviceID int) (Life, error)
}

// Reconciler holds the activities that compare one panel with WHMCS and the workflows.
// They write nothing.
type Reconciler struct {
	Panel *Panel
	Lives Lifecycles
	// Only is true when the installation has no other panel.
	Only bool
	// Settle is how long panel and WHMCS may take to show what a lifecycle has done.
	Settle time.Duration
	// FormsPerSecond is the pace at which the forms of servers are read; 4 when zero.
	FormsPerSecond float64
	// Metrics takes the gauges; nil takes none.
	Metrics client.MetricsHandler

	forms formIndex
}

// maxDrifts bounds a report: a result of 2 MiB would fail.
const maxDrifts = 500

// Compare looks for drift on the panel. What looks wrong is read a second time, from its
// source, before it is reported: a race between two readings is no drift. Errors:
// PanelUnavailable, WHMCSUnavailable and the like; then nothing is known.
func (r *Reconciler) Compare(ctx context.Context, in CompareInput) (DriftReport, error) {
	report, err := r.compare(ctx, in)
	if err != nil {
		return DriftReport{}, edge(ctx, err)
	}
	r.tell(ctx, in, report)
	return report, nil
}

func (r *Reconciler) compare(ctx context.Context, in CompareInput) (DriftReport, error) {
	report := DriftReport{Panel: r.Panel.client.Name(), Began: time.Now().UTC(), Drifts: []Drift{}}
	got, err := r.read(ctx)
	if err != nil {
		return DriftReport{}, err
	}
	rules := newRules(got.View)
	suspects := rules.all()
	kept := suspects[:min(len(suspects), maxDrifts)]
	confirmed, err := r.confirm(ctx, got.View, kept)
	if err != nil {
		return DriftReport{}, err
	}
	report.AsOf = time.Now().UTC()
	for _, d := range confirmed {
		d.Since = report.AsOf
		if i := slices.IndexFunc(in.Known, func(k KnownDrift) bool { return k.ID == d.ID }); i >= 0 {
			d.Since = in.Known[i].Since
		}
		report.Drifts = append(report.Drifts, d)
	}
	report.Counts, report.Beyond = countKinds(report.Drifts), countKinds(suspects[len(kept):])
	report.Servers, report.Forms, report.Services, report.Lifecycles = len(got.Servers), got.forms, len(got.Services), len(got.Lives)
	report.Strangers, report.Retired = rules.strangers, rules.retired
	return report, nil
}

func countKinds(drifts []Drift) []DriftCount {
	var counts []DriftCount
	for _, kind := range DriftKinds {
		n := 0
		for _, d := range drifts {
			if d.Kind == kind {
				n++
			}
		}
		if n > 0 {
			counts = append(counts, DriftCount{kind, n})
		}
	}
	return counts
}

// Recheck looks at one reported difference once more. It answers the difference as it is
// now, or none when it does not hold any more.
func (r *Reconciler) Recheck(ctx context.Context, d Drift) (*Drift, error) {
	confirmed, err := r.confirm(ctx, View{Panel: r.Panel.client.Name(), Installation: r.Panel.installation}, []Drift{d})
	if err != nil || len(confirmed) == 0 {
		return nil, edge(ctx, err)
	}
	confirmed[0].Since = d.Since
	return &confirmed[0], nil
}

// confirm reads again what the suspects are about, and keeps those that the rules still
// see. The order is that of read: form, then WHMCS, then the lifecycle itself.
func (r *Reconciler) confirm(ctx context.Context, v View, suspects []Drift) ([]Drift, error) {
	if len(suspects) == 0 {
		return nil, nil
	}
	v.Settle, v.Home = r.Settle, r.home
	var err error
	if v.API, err = r.Panel.apiAccount(ctx); err != nil {
		return nil, err
	}
	if v.Accounts, err = r.accounts(ctx); err != nil {
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
	return slices.DeleteFunc(Drifts(v), func(d Drift) bool {
		return !slices.ContainsFunc(suspects, func(s Drift) bool { return s.ID == d.ID })
	}), nil
}

// readServersAgain lists the servers with the next tick and opens the suspects' forms.
func (r *Reconciler) readServersAgain(ctx context.Context, v *View, suspects []Drift) error {
	round, err := r.Panel.list.fresh(ctx, false)
	if err != nil {
		return err
	}
	before := map[string]Sight{}
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
	for _, id := range round.order {
		s := Sight{round.servers[id], before[id].Read, before[id].Marks}
		if suspected[id] {
			activity.RecordHeartbeat(ctx, CompareProgress{Doing: "reads again what looks wrong"})
			if err := pace.Wait(ctx); err != nil {
				return err
			}
			if err := r.readForm(ctx, &s); err != nil {
				return err
			}
		}
		v.Servers = append(v.Servers, s)
	}
	return nil
}

// readServicesAgain reads all services: that is a call for a hundred. A suspect that is not
// among them may be of a product that is not ours any more.
func (r *Reconciler) readServicesAgain(ctx context.Context, v *View, suspects []Drift) error {
	services, err := r.services(ctx)
	if err != nil {
		return err
	}
	for _, d := range suspects {
		if d.ServiceID == 0 || slices.ContainsFunc(services, func(b Billed) bool { return b.ID == d.ServiceID }) {
			continue
		}
		service, err := r.Panel.billing.Service(ctx, d.ServiceID)
		switch {
		case whmcs.KindOf(err) == whmcs.KindNotFound:
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
func (r *Reconciler) readLivesAgain(ctx context.Context, v *View, suspects []Drift) error {
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
	lives := slices.DeleteFunc(slices.Clone(v.Lives), func(l Life) bool { return slices.Contains(ids, l.ServiceID) })
	for _, id := range ids {
		activity.RecordHeartbeat(ctx, CompareProgress{Doing: "asks the lifecycles of what looks wrong"})
		life, err := r.Lives.Life(ctx, id)
		if err != nil {
			return err
		}
		lives = append(lives, life)
	}
	v.Lives = lives
	return nil
}
