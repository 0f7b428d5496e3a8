package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// mostFunctions is far above what both clients call.
const mostFunctions = 100

// OK is the result of a call that went well.
const OK = "ok"

// seconds are the bounds of the calls' histograms: a list of a big panel takes many.
var seconds = []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// Calls count what a worker asks of the vendors.
type Calls struct {
	panelCalls, whmcsCalls, contradictions *prometheus.CounterVec
	panelSeconds, whmcsSeconds             *prometheus.HistogramVec
	listed                                 *prometheus.GaugeVec
	functions                              *values
}

// NewCalls registers the counters.
func NewCalls(registry prometheus.Registerer) *Calls {
	counter := func(name string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help(name)}, labels)
	}
	histogram := func(name string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help(name), Buckets: seconds}, labels)
	}
	c := &Calls{
		panelCalls: counter(NamePanelCalls, "panel", "function", "result"), panelSeconds: histogram(NamePanelSeconds, "panel", "function"),
		whmcsCalls: counter(NameWHMCSCalls, "function", "result"), whmcsSeconds: histogram(NameWHMCSSeconds, "function"),
		contradictions: counter(NameContradictions, "panel", "fact"),
		listed:         prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: NamePanelListAsOf, Help: help(NamePanelListAsOf)}, []string{"panel"}),
		functions:      newValues(mostFunctions),
	}
	registry.MustRegister(c.panelCalls, c.panelSeconds, c.whmcsCalls, c.whmcsSeconds, c.contradictions, c.listed)
	return c
}

// Panel counts a call to a panel of the configuration. The result is OK or the kind of the error.
func (c *Calls) Panel(panel, function, result string, took time.Duration) {
	function = c.functions.keep(function)
	c.panelCalls.WithLabelValues(panel, function, result).Inc()
	c.panelSeconds.WithLabelValues(panel, function).Observe(took.Seconds())
}

// WHMCS counts a call to WHMCS.
func (c *Calls) WHMCS(function, result string, took time.Duration) {
	function = c.functions.keep(function)
	c.whmcsCalls.WithLabelValues(function, result).Inc()
	c.whmcsSeconds.WithLabelValues(function).Observe(took.Seconds())
}

// Listed says that a panel has just listed its servers.
func (c *Calls) Listed(panel string, at time.Time) {
	c.listed.WithLabelValues(panel).Set(float64(at.Unix()))
}

// Profiled says that a panel is compared with its profile in these facts: what was not contradicted is 0.
func (c *Calls) Profiled(panel string, facts ...string) {
	for _, fact := range facts {
		c.contradictions.WithLabelValues(panel, fact)
	}
}

// Contradicted counts a line of a panel's profile that is not true. Facts are those of one table, so their number is bounded.
func (c *Calls) Contradicted(panel, fact string) { c.contradictions.WithLabelValues(panel, fact).Inc() }
