package server

import (
	"context"

	"metalease/activities/billing"
	"metalease/internal/billingcheck"
	"metalease/internal/config"
	"metalease/internal/version"
	"metalease/whmcs"
)

// look asks WHMCS for the table of `starter whmcs check`, and tells its worst line. What was not asked in time is not told:
// Test Connection of the module waits for it.
func look(cfg *config.Config, client *whmcs.Client) func(context.Context) *billing.ToRepair {
	return func(ctx context.Context) *billing.ToRepair {
		checker := &billingcheck.Checker{Client: client, Config: cfg, Version: version.String()}
		rows, _ := checker.Check(ctx) // the rows until an error are there
		worst, is := billingcheck.Worst(rows)
		if !is {
			return nil
		}
		return &billing.ToRepair{Fact: worst.Fact, Expected: worst.Expected, Seen: worst.Seen, Means: worst.Means}
	}
}
