// Package reconciler holds the activities that read what package drift compares, and tell
// what it found.
package reconciler

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/client"

	"metalease/activities/drift"
	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/internal/clean"
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
	// Panels are those of the configuration. An order that names none of them is told of with
	// the first one.
	Panels []string
	// Settle is how long panel and WHMCS may take to show what a lifecycle has done.
	Settle time.Duration
	// RecordsPerSecond is the pace at which the records of servers are read; 4 when zero.
	RecordsPerSecond float64
	// Metrics takes the gauges; nil takes none.
	Metrics client.MetricsHandler

	records recordIndex
}

func (r *Reconciler) panelName() string { return r.Reader.Backend.Name() }

const (
	// maxDrifts and maxReport, in bytes of JSON, bound a report: a result of 2 MiB would fail, and
	// each is in the history of two runs.
	maxDrifts = 500
	maxReport = 512 << 10
	// longestUnread bounds what is said of what could not be read, in characters.
	longestUnread = 1000
)

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
	confirmed, unread, err := r.confirm(ctx, got.View, kept)
	if err != nil {
		return drift.Report{}, err
	}
	report.AsOf = time.Now().UTC()
	confirmed, over := within(confirmed, maxReport)
	beyond := slices.Concat(over, suspects[len(kept):])
	for _, d := range confirmed {
		d.Since = report.AsOf
		if i := slices.IndexFunc(in.Known, func(k drift.Known) bool { return k.ID == d.ID }); i >= 0 {
			d.Since = in.Known[i].Since
		}
		report.Drifts = append(report.Drifts, d)
	}
	report.Counts, report.Beyond = countKinds(report.Drifts), countKinds(beyond)
	report.Servers, report.Forms, report.Services, report.Lifecycles = len(got.Servers), got.records, len(got.Services), len(got.Lives)
	report.Strangers, report.Retired, report.Unread = rules.Strangers, rules.Retired, clean.Line(strings.Join(append(got.unread, unread...), "; "), longestUnread)
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
	confirmed, unread, err := r.confirm(ctx, drift.View{Panel: r.panelName(), Installation: r.Installation}, []drift.Drift{d})
	if err == nil && len(unread) > 0 {
		err = edge.Retryable(edge.ErrWHMCSUnavailable, "%s", strings.Join(unread, "; "))
	}
	if err != nil || len(confirmed) == 0 {
		return nil, err
	}
	confirmed[0].Since = d.Since
	return &confirmed[0], nil
}
