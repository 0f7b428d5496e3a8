// Package installation is how a namespace remembers to which WHMCS it belongs.
package installation

import (
	"go.temporal.io/sdk/workflow"

	"metalease/workflows/api"
	"metalease/workflows/internal/entity"
)

// stateVersion is the version of State that this build writes.
const stateVersion = 1

// State is what one run hands to the next. It starts as an api.InstallationStart.
type State struct {
	StateVersion int `json:"state_version"`
	api.InstallationStart
	// Notices are what people should see.
	Notices []entity.Notice `json:"notices,omitempty"`
}

// Installation decides nothing: that it runs is the memory. Its memo, which outlives every run, says what is remembered, and the
// id, which only one run can have, that the first one counts. So nobody needs a worker to read it or to be first.
func Installation(ctx workflow.Context, in State) error {
	in.StateVersion = entity.CheckVersion(in.StateVersion, stateVersion)
	run := entity.New(ctx, entity.Options{Notices: &in.Notices})
	run.Details(details(in.InstallationStart))
	run.Await(run.Full)
	return run.ContinueAsNew(api.TypeInstallation, &in)
}

func details(of api.InstallationStart) string {
	if of.SystemURL != "" {
		return "Calls of the WHMCS at " + of.SystemURL + " are served, and of no other. It is moved by `starter installation move`."
	}
	return "This namespace belongs to the installation " + of.Installation + ". It is renamed by `starter installation rename`."
}
