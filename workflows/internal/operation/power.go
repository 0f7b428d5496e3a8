package operation

import (
	"metalease/activities/panel"
	"metalease/workflows/internal/call"
)

// PowerOn enables the server, powers it on and waits until the panel shows that it is on.
func PowerOn(do Do, b panel.Build) error {
	return do(Step{"power on server " + b.ServerID, Watch, call.Panel.PowerUp, b}, nil)
}

// Restore undoes a release of which no address was deleted: the customer gets the server back.
func Restore(do Do, b panel.Build) error {
	return do(Step{"give server " + b.ServerID + " back to the customer, who paid", Unblock, call.Panel.Restore, b}, nil)
}
