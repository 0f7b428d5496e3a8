package control

import (
	"net/url"
	"strings"

	"metalease/workflows/api"
)

// link is where the Temporal Web UI shows a service's workflow; empty when the
// configuration names no Web UI.
func (c *Control) link(serviceID int) string {
	if c.config.Gateway.WebUI == "" {
		return ""
	}
	return strings.TrimRight(c.config.Gateway.WebUI, "/") + "/namespaces/" + url.PathEscape(c.namespace) +
		"/workflows/" + api.ServiceWorkflowID(serviceID)
}
