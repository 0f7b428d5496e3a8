package gateway

import (
	"net/http"
	"slices"

	"metalease/activities/panel"
	"metalease/internal/control"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// pathParameters are the wildcards of all patterns.
var pathParameters = map[string]parameter{
	"id":    serviceParameter("id", "The service's id in WHMCS (tblhosting.id)."),
	"panel": textOf("panel", "A panel's name in the configuration."),
	"cart":  textOf("cart", "The cart's id."), "product": productParameter(),
}

// routes is every call of the gateway.
var routes = slices.Concat(serviceRoutes, signalRoutes(), runningRoutes, panelRoutes, cartRoutes, catalogueRoutes, []route{checkRoute}, openRoutes)

var serviceRoutes = []route{
	{
		method: http.MethodPost, pattern: "/v1/services", id: "startService", tag: "services",
		summary: "Start the life of a paid service",
		text:    "The same order again starts nothing, however often it comes. From the answer on the order is durable.",
		body:    &body{text: "The order. An unknown field is refused: it is most likely a typing error in something that was paid for.", required: true, value: api.Order{}},
		answers: []answerType{
			{http.StatusCreated, "It is started; Location has the path of its status.", Started{}},
			{http.StatusOK, "It runs already with this order; nothing was done.", Started{}},
		},
		problems: []kind{notJSON, otherOrder, panelObserved, serviceEnded, invalidOrder, workerUnavailable},
		handle:   (*gateway).start,
	},
	batchRoute,
	{
		method: http.MethodGet, pattern: "/v1/services", id: "listServices", tag: "services",
		summary: "List services",
		text: "Newest first, a page at a time: next_page_token of one page is page_token of the next. The list is a little behind " +
			"what is true; the status of a service is not.",
		query: []parameter{
			oneOf("phase", "Only services in this phase.", phaseNames()),
			textOf("client_id", "Only services of this WHMCS client."),
			textOf("panel", "Only services on this panel."),
			textOf("ip", "Only the service that has this main address."),
			flagOf("attention", "Only services that wait for a person."),
			idsOf("ids", "Only these services: WHMCS ids with commas between them, at most 100."),
			textOf("page_token", "The next_page_token of the page before."),
			countOf("page_size", "How many services a page has at most.", 1, largestPage, defaultPage),
		},
		answers: []answerType{{http.StatusOK, "A page.", control.Page{}}},
		handle:  (*gateway).list,
	},
	{
		method: http.MethodGet, pattern: "/v1/services/{id}", id: "getService", tag: "services",
		summary:  "Show the status of a service",
		text:     "Running or ended. 404 is an answer on which a caller may start the service: it is never given because nobody answers.",
		answers:  []answerType{{http.StatusOK, "The status.", control.Status{}}},
		problems: []kind{unknownService, workerUnavailable},
		handle:   (*gateway).status,
	},
}

var panelRoutes = []route{
	{
		method: http.MethodGet, pattern: "/v1/panels/{panel}", id: "getPanel", tag: "panels",
		summary:  "Tell whether orders can be built on a panel now",
		text:     "A panel that is down is an answer, not a problem.",
		answers:  []answerType{{http.StatusOK, "The panel as a worker sees it.", control.PanelHealth{}}},
		problems: []kind{unknownPanel, panelFailed, workerUnavailable},
		handle:   (*gateway).panel,
	},
	{
		method: http.MethodGet, pattern: "/v1/panels/{panel}/packages", id: "listPackages", tag: "panels",
		summary:  "List what can be a product's Package Name",
		answers:  []answerType{{http.StatusOK, "The Configurations and Server Types of the panel's servers.", Packages{}}},
		problems: []kind{unknownPanel, panelFailed, workerUnavailable},
		handle:   (*gateway).packages,
	},
	{
		method: http.MethodGet, pattern: "/v1/panels/{panel}/templates", id: "listTemplates", tag: "panels",
		summary:  "List the OS templates of a panel",
		answers:  []answerType{{http.StatusOK, "The templates in the panel's order.", Templates{Templates: []panel.Template{}}}},
		problems: []kind{unknownPanel, panelFailed, workerUnavailable},
		handle:   (*gateway).templates,
	},
	{
		method: http.MethodGet, pattern: "/v1/panels/{panel}/servers", id: "listMarkedServers", tag: "panels",
		summary:  "List the servers that carry a service's mark",
		text:     "Never all servers of a panel. An empty list is an answer on which a service may be ended.",
		query:    []parameter{serviceParameter("service_id", "The service whose mark is looked for.")},
		answers:  []answerType{{http.StatusOK, "The servers, read from their forms.", Servers{}}},
		problems: []kind{unknownPanel, panelFailed, workerUnavailable},
		handle:   (*gateway).servers,
	},
	{
		method: http.MethodGet, pattern: "/v1/panels/{panel}/stock", id: "getStock", tag: "panels",
		summary:  "Show what a panel could sell",
		text:     "A count that nobody can vouch for is null, which is not zero. An order may be placed all the same: it waits.",
		answers:  []answerType{{http.StatusOK, "The stock by package.", fleet.Stock{}}},
		problems: []kind{unknownPanel},
		handle:   (*gateway).stock,
	},
}

var checkRoute = route{
	method: http.MethodGet, pattern: "/v1/check", id: "check", tag: "operation",
	summary: "Tell whether the way from WHMCS to metalease and back works",
	text: "For whoever sets WHMCS up: a signature that is right, a worker that answers, and a WHMCS that answers it. What does not work is an answer, " +
		"not a problem, and comes within seconds.",
	answers: []answerType{{http.StatusOK, "What works.", Check{}}},
	handle:  (*gateway).check,
}

var openRoutes = []route{
	{
		method: http.MethodGet, pattern: "/openapi.json", id: "getContract", tag: "operation",
		summary: "This document",
		answers: []answerType{{http.StatusOK, "The contract as OpenAPI 3.1.", struct{}{}}},
		open:    func(g *gateway) http.HandlerFunc { return g.contract },
	},
	{
		method: http.MethodGet, pattern: "/healthz", id: "getHealth", tag: "operation",
		summary: "Tell whether the gateway runs",
		answers: []answerType{{http.StatusNoContent, "It runs.", nil}},
		open:    func(*gateway) http.HandlerFunc { return healthy },
	},
	{
		method: http.MethodGet, pattern: "/readyz", id: "getReadiness", tag: "operation",
		summary:  "Tell whether Temporal answers the gateway",
		answers:  []answerType{{http.StatusNoContent, "It answers.", nil}},
		problems: []kind{temporalFailed},
		open:     func(g *gateway) http.HandlerFunc { return g.ready },
	},
	{
		method: http.MethodGet, pattern: "/metrics", id: "getMetrics", tag: "operation",
		summary:  "Counters and times for Prometheus",
		text:     "Not there when gateway.metrics_listen gives them an address of their own.",
		answers:  []answerType{{http.StatusOK, "Prometheus's text format.", ""}},
		problems: []kind{unknownPath},
		open:     func(g *gateway) http.HandlerFunc { return g.page },
	},
}
