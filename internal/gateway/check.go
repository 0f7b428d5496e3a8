package gateway

import (
	"net/http"

	"metalease/activities/billing"
	"metalease/internal/version"
)

// Check is the answer of GET /v1/check.
type Check struct {
	Installation string `json:"installation"`
	Version      string `json:"version"`
	// Worker is true when one answers.
	Worker bool `json:"worker"`
	// WHMCS is metalease's own way back.
	WHMCS billing.Reach `json:"whmcs"`
}

func (g *gateway) check(c call) (reply, error) {
	worker, reach, err := g.Control.Check(c.Context())
	return reply{status: http.StatusOK, body: Check{g.Installation, version.String(), worker, reach}}, err
}
