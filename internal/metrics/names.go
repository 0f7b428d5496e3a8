// Package metrics is what metalease counts for Prometheus: the table of all names, the counters of calls to the vendors, and the
// figures of the whole installation, which are read from Temporal. What the workflows count goes through the SDK and stands
// beside the SDK's own (temporal_*); the table has it too.
package metrics

// Page is where a metric is shown.
type Page string

// The pages.
const (
	// Worker is worker.metrics_listen.
	Worker Page = "worker"
	// Gateway is gateway.metrics_listen, or /metrics of the gateway itself without one.
	Gateway Page = "gateway"
	// Installation is gateway.metrics_listen alone: who may reach the gateway need not know how many customers there are. Each
	// gateway shows the same, so several are one: max by (...), never sum.
	Installation Page = "installation"
)

// Kind is how Prometheus keeps a metric.
type Kind string

// The kinds.
const (
	Counter   Kind = "counter"
	Gauge     Kind = "gauge"
	Histogram Kind = "histogram"
)

// Metric is one row of the table.
type Metric struct {
	// Name as on the page; a histogram has _bucket, _sum and _count behind it.
	Name   string
	Kind   Kind
	Page   Page
	Labels []string
	Help   string
}

// Names of metrics that are made at more than one place, or read by tests.
const (
	NamePanelCalls     = "metalease_panel_calls_total"
	NamePanelSeconds   = "metalease_panel_call_seconds"
	NameContradictions = "metalease_panel_contradictions_total"
	NamePanelListAsOf  = "metalease_panel_list_as_of"
	NameWHMCSCalls     = "metalease_whmcs_calls_total"
	NameWHMCSSeconds   = "metalease_whmcs_call_seconds"

	NameServices    = "metalease_services"
	NameAttention   = "metalease_services_attention"
	NameStock       = "metalease_stock"
	NameStockAsOf   = "metalease_stock_as_of"
	NameQueue       = "metalease_queue_length"
	NameQueueOldest = "metalease_queue_oldest_paid_at"
	NamePaused      = "metalease_paused"
	NameDestroyed   = "metalease_destroyed_last_hour"
	NameFailures    = "metalease_unanswered_total"
)

// Table lists every metric whose name begins with metalease_, in the order of docs/metrics.md.
var Table = []Metric{
	{NameServices, Gauge, Installation, []string{"phase"}, "Services that run, by phase."},
	{NameAttention, Gauge, Installation, nil, "Services that a person should look at; `starter list --attention` names them."},
	{"metalease_attention_total", Counter, Worker, []string{"code"}, "Times that staff were to be told of a service, by code (docs/attention.md)."},
	{"metalease_orders_total", Counter, Worker, []string{"outcome"}, "Orders by what came of them: delivered, waiting, attention, ended. One that waits first and is delivered then counts in both."},
	{"metalease_order_seconds", Histogram, Worker, nil, "From paid to Active."},
	{"metalease_order_step_seconds", Histogram, Worker, []string{"step"}, "Time in each step of a build that became Active."},
	{NameQueue, Gauge, Installation, []string{"panel", "package"}, "Orders that wait for a server."},
	{NameQueueOldest, Gauge, Installation, []string{"panel"}, "When the order was paid that stands first, in seconds since 1970; absent when nobody waits."},
	{NameStock, Gauge, Installation, []string{"panel", "package", "state"}, "Servers by state: free, claimed, quarantined, held. Absent when it is not known, which is not 0."},
	{NameStockAsOf, Gauge, Installation, []string{"panel"}, "When the panel was read for the stock, in seconds since 1970."},
	{NamePaused, Gauge, Installation, []string{"panel"}, "1 while a person has paused the panel (`starter pause`)."},
	{NameDestroyed, Gauge, Installation, []string{"panel", "kind"}, "Services released (release) and blocked (block) within the last hour, as the brakes count."},
	{NameFailures, Counter, Installation, []string{"question"}, "Questions about the installation that Temporal or a worker did not answer."},
	{"metalease_drift", Gauge, Worker, []string{"panel", "kind"}, "Differences between panel, WHMCS and workflows. Of several workers the one with the newest metalease_drift_as_of counts."},
	{"metalease_drift_as_of", Gauge, Worker, []string{"panel"}, "When this worker compared the panel last, in seconds since 1970."},
	{NamePanelListAsOf, Gauge, Worker, []string{"panel"}, "When this worker had the last good list of the panel's servers, in seconds since 1970."},
	{NamePanelCalls, Counter, Worker, []string{"panel", "function", "result"}, "Calls to panels; result is ok or the kind of the error."},
	{NamePanelSeconds, Histogram, Worker, []string{"panel", "function"}, "Time of a call to a panel, the wait for its turn left out."},
	{NameContradictions, Counter, Worker, []string{"panel", "fact"}, "Lines of a panel's profile that this worker has seen to be untrue, each once (docs/panel-facts.md); `starter panel NAME` shows them."},
	{NameWHMCSCalls, Counter, Worker, []string{"function", "result"}, "Calls to WHMCS; result is ok or the kind of the error."},
	{NameWHMCSSeconds, Histogram, Worker, []string{"function"}, "Time of a call to WHMCS, the wait for its turn left out."},
	{"metalease_undecodable_signals_total", Counter, Worker, []string{"signal"}, "Signals whose input could not be read."},
	{"metalease_gateway_requests_total", Counter, Gateway, []string{"route", "code"}, "Calls by route and status code."},
	{"metalease_gateway_request_seconds", Histogram, Gateway, []string{"route"}, "Time of a call by route; signals include the caller's wait."},
	{"metalease_gateway_signals_total", Counter, Gateway, []string{"signal", "outcome"}, "Signals by name and outcome within the caller's wait."},
	{"metalease_gateway_refused_total", Counter, Gateway, []string{"reason"}, "Calls whose signature was refused, by reason."},
}

// help is the text of a name.
func help(name string) string {
	for _, m := range Table {
		if m.Name == name {
			return m.Help
		}
	}
	panic("no row for " + name)
}

// SDK are the metrics of Temporal's SDK that deploy/ uses; the worker's page has many more.
var SDK = []string{"temporal_workflow_task_schedule_to_start_latency_seconds", "temporal_worker_task_slots_available"}
