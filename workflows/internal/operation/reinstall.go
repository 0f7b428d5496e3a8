package operation

import (
	"fmt"
	"time"

	"metalease/activities/panel"
	"metalease/activities/tenant"
	"metalease/workflows/internal/call"
)

// RequestAnew gives an install of a server that its customer has the next number: each is asked for by
// somebody, so none takes the place of another.
func (i *Install) RequestAnew() {
	*i = Install{State: InstallRequested, Number: i.Number + 1, Anew: true}
}

// TakeBack undoes RequestAnew: the panel was not asked, or has said no. The number stays used, for it may
// stand in the mark.
func (i *Install) TakeBack(before Install) {
	before.Number = max(before.Number, i.Number)
	*i = before
}

// StartAnew has the panel install a server that its customer has, or only looks when this install was
// asked for before.
func (i *Install) StartAnew(do Do, r tenant.Reinstall, limit time.Duration) error {
	var started panel.Started
	r.Number = i.Number
	step := Step{fmt.Sprintf("reinstall server %s with %s", r.ServerID, r.OSTemplate), Watch, call.Panel.StartReinstall, r}
	if err := do(step, &started); err != nil {
		return err
	}
	i.accepted(started, limit)
	return nil
}

// InspectAnew is Inspect for such an install.
func (i *Install) InspectAnew(do Do, r tenant.Reinstall) (panel.Watched, error) {
	var seen panel.Watched
	r.Number = i.Number
	err := do(Step{"look at the reinstall of server " + r.ServerID, Watch, call.Panel.InspectReinstall, r}, &seen)
	return seen, err
}
