package metrics

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"metalease/internal/control"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

const (
	// every is the least time between two readings, however many scrape.
	every = 15 * time.Second
	// patience is below the 10 s that Prometheus waits for a page.
	patience = 6 * time.Second
	// mostPackages of a panel have figures of their own.
	mostPackages = 50
)

// Asked is what is asked about the installation: counts of the visibility store and one query for each panel's allocator and
// brakes, never one for a service.
type Asked interface {
	Count(ctx context.Context, f control.Filter) (int64, error)
	SeenStock(ctx context.Context, panelName string) (fleet.Stock, error)
	Brakes(ctx context.Context, panelName string) (fleet.BrakesView, error)
}

// Figures are those of the installation. They are read when a page is asked for, at most every 15 s; without Prometheus they cost
// nothing. What nobody answers is left out of the page and counted.
type Figures struct {
	asked    Asked
	panels   []string
	packages map[string]*values
	failures *prometheus.CounterVec
	now      func() time.Time

	mu    sync.Mutex
	read  time.Time
	known []prometheus.Metric
}

// NewFigures returns a collector.
func NewFigures(asked Asked, panels []string) *Figures {
	f := &Figures{
		asked: asked, panels: panels, packages: map[string]*values{}, now: time.Now,
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{Name: NameFailures, Help: help(NameFailures)}, []string{"question"}),
	}
	for _, panel := range panels {
		f.packages[panel] = newValues(mostPackages)
	}
	for _, question := range []string{"services", "stock", "brakes"} {
		f.failures.WithLabelValues(question)
	}
	return f
}

var (
	descServices    = desc(NameServices, "phase")
	descAttention   = desc(NameAttention)
	descStock       = desc(NameStock, "panel", "package", "state")
	descStockAsOf   = desc(NameStockAsOf, "panel")
	descQueue       = desc(NameQueue, "panel", "package")
	descQueueOldest = desc(NameQueueOldest, "panel")
	descPaused      = desc(NamePaused, "panel")
	descDestroyed   = desc(NameDestroyed, "panel", "kind")
)

func desc(name string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help(name), labels, nil)
}

// Describe implements prometheus.Collector.
func (f *Figures) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descServices, descAttention, descStock, descStockAsOf, descQueue, descQueueOldest, descPaused, descDestroyed} {
		to <- d
	}
	f.failures.Describe(to)
}

// Collect implements prometheus.Collector.
func (f *Figures) Collect(to chan<- prometheus.Metric) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.read) >= every {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		f.known = nil
		f.services(ctx)
		for _, panel := range f.panels {
			f.stock(ctx, panel)
			f.brakes(ctx, panel)
		}
		cancel()
		f.read = now
	}
	for _, m := range f.known {
		to <- m
	}
	f.failures.Collect(to)
}

func (f *Figures) gauge(of *prometheus.Desc, value float64, labels ...string) {
	f.known = append(f.known, prometheus.MustNewConstMetric(of, prometheus.GaugeValue, value, labels...))
}

// services counts each phase by itself: grouping by an attribute is more than every Temporal can do.
func (f *Figures) services(ctx context.Context) {
	for _, phase := range api.Phases {
		if phase == api.PhaseReleased { // those have ended
			continue
		}
		n, err := f.asked.Count(ctx, control.Filter{Running: true, Phase: string(phase)})
		if err != nil {
			f.failures.WithLabelValues("services").Inc()
			return
		}
		f.gauge(descServices, float64(n), string(phase))
	}
	n, err := f.asked.Count(ctx, control.Filter{Running: true, Attention: true})
	if err != nil {
		f.failures.WithLabelValues("services").Inc()
		return
	}
	f.gauge(descAttention, float64(n))
}

func (f *Figures) stock(ctx context.Context, panel string) {
	stock, err := f.asked.SeenStock(ctx, panel)
	if err != nil {
		f.failures.WithLabelValues("stock").Inc()
		return
	}
	if stock.AsOf != nil {
		f.gauge(descStockAsOf, float64(stock.AsOf.Unix()), panel)
	}
	if stock.OldestPaidAt != nil {
		f.gauge(descQueueOldest, float64(stock.OldestPaidAt.Unix()), panel)
	}
	packages := f.bounded(panel, stock.Packages)
	for _, p := range packages {
		f.gauge(descQueue, float64(p.Waiting), panel, p.Package)
		f.gauge(descStock, float64(p.Held), panel, p.Package, "held")
		for state, count := range map[string]*int{"free": p.Free, "claimed": p.Claimed, "quarantined": p.Quarantined} {
			if count != nil {
				f.gauge(descStock, float64(*count), panel, p.Package, state)
			}
		}
	}
}

// bounded adds all packages beyond the limit up as one.
func (f *Figures) bounded(panel string, packages []fleet.PackageStock) []fleet.PackageStock {
	var list []fleet.PackageStock
	for _, p := range packages {
		p.Package = f.packages[panel].keep(p.Package)
		i := slices.IndexFunc(list, func(x fleet.PackageStock) bool { return x.Package == p.Package })
		if i < 0 {
			list = append(list, p)
			continue
		}
		sum := &list[i]
		sum.Waiting, sum.Held = sum.Waiting+p.Waiting, sum.Held+p.Held
		sum.Free, sum.Claimed, sum.Quarantined = plus(sum.Free, p.Free), plus(sum.Claimed, p.Claimed), plus(sum.Quarantined, p.Quarantined)
	}
	return list
}

// plus is unknown when either is.
func plus(a, b *int) *int {
	if a == nil || b == nil {
		return nil
	}
	sum := *a + *b
	return &sum
}

func (f *Figures) brakes(ctx context.Context, panel string) {
	view, err := f.asked.Brakes(ctx, panel)
	if err != nil {
		f.failures.WithLabelValues("brakes").Inc()
		return
	}
	paused := 0.0
	if view.Paused != nil {
		paused = 1
	}
	f.gauge(descPaused, paused, panel)
	f.gauge(descDestroyed, float64(view.Releases), panel, "release")
	f.gauge(descDestroyed, float64(view.Blocks), panel, "block")
}
