package reconciler

import (
	"context"
	"metalease/activities/drift"
	"slices"
	"time"

	"go.temporal.io/sdk/activity"
)

// Gauges of a comparison. They are those of the worker that compared last: where several
// run, the one with the newest as_of counts.
const (
	// MetricDrift counts the differences of a panel by kind.
	MetricDrift = "metalease_drift"
	// MetricDriftAsOf is when the panel was compared last, in seconds since 1970.
	MetricDriftAsOf = "metalease_drift_as_of"
)

// notify sets the gauges, and logs each difference that the round before did not know.
func (r *Reconciler) notify(ctx context.Context, in drift.CompareInput, report drift.Report) {
	if r.Metrics != nil {
		r.gauges(report)
	}
	log := activity.GetLogger(ctx)
	for _, d := range report.Drifts {
		if !slices.ContainsFunc(in.Known, func(k drift.Known) bool { return k.ID == d.ID }) {
			log.Warn("drift: "+d.What, "panel", report.Panel, "id", d.ID, "severity", d.Severity, "service", d.ServiceID, "server", d.ServerID)
		}
	}
	log.Info("panel compared", "panel", report.Panel, "drifts", len(report.Drifts), "servers", report.Servers,
		"forms", report.Forms, "services", report.Services, "took", report.AsOf.Sub(report.Began).Round(time.Millisecond))
}

// gauges tells every kind: one that is not found any more goes back to zero.
func (r *Reconciler) gauges(report drift.Report) {
	for _, kind := range drift.Kinds {
		n := 0
		for _, c := range report.Counts {
			if c.Kind == kind {
				n = c.Count
			}
		}
		r.Metrics.WithTags(map[string]string{"panel": report.Panel, "kind": string(kind)}).Gauge(MetricDrift).Update(float64(n))
	}
	r.Metrics.WithTags(map[string]string{"panel": report.Panel}).Gauge(MetricDriftAsOf).Update(float64(report.AsOf.Unix()))
}
