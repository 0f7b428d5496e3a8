package operation

import (
	"metalease/activities/panel"
	"metalease/workflows/internal/call"
)

// Restore undoes a release of which no address was deleted: the customer gets the server back.
func Restore(do Do, b panel.Build) error {
	return do(Step{"give server " + b.ServerID + " back to the customer, who paid", Unblock, call.Panel.Restore, b}, nil)
}
