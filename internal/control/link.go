package control

import (
	"net/url"
	"strings"

	"metalease/workflows"
)

// link is where the Temporal Web UI shows a service's workflow; empty when the
// configuration names no Web UI.
func (c *Control) link(serviceID int) string {
	if c.config.Gateway.WebUI == "" {
		return ""
	}
	return strings.TrimRight(c.config.Gateway.WebUI, "/") + "/namespaces/" + url.PathEscape(c.namespace) +
		"/workflows/" + workflows.ServiceWorkflowID(serviceID)
}
