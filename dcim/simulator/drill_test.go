package simulator_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

// A drill holds a free server under a mark of no service: it is let do what a quarantine is not, and
// leaves the power as it was. What it forgets is seen.
func TestADrillIsJudgedByWhatItLeaves(t *testing.T) {
	const drill = "metalease:shop/service-0 quarantine 2026-03-01 starter panel drill"
	for name, c := range map[string]struct {
		do   func(*desk)
		seen []string
	}{
		"all put back": {func(*desk) {}, nil},
		"installs, each announced": {func(d *desk) {
			d.save("1", api, drill+" installing 1")
			d.must("server.operations", "elid", "1", "sok", "ok", "operation", "ostemplate", "ostemplate", template, "passwd", "long enough")
			d.must("server.opercancel", "elid", "1")
			d.save("1", api, drill+" installing 2\ntext of its own")
			d.installOS("1")
			d.must("server.opercancel", "elid", "1")
			d.save("1", api, drill)
		}, nil},
		"an install twice under one mark": {func(d *desk) {
			d.save("1", api, drill+" installing 1")
			d.installOS("1")
			d.must("server.opercancel", "elid", "1")
			d.installOS("1")
			d.must("server.opercancel", "elid", "1")
		}, []string{simulator.InstallUnasked}},
		"the power changed": {func(d *desk) { d.must("server.poweroff", "elid", "1") }, nil}, // off is what a release leaves
		"still blocked":     {func(d *desk) { d.must("server.disable", "elid", "1") }, []string{simulator.ReleaseIncomplete}},
	} {
		d := newDesk(t, simulator.Config{Servers: 2, InstallTime: time.Hour})
		d.administer("1", `{"power":"on"}`)
		d.save("1", api, drill)
		c.do(d)
		d.save("1", "no_owner", "")
		require.Equal(t, append([]string{}, c.seen...), d.kinds(), name)
	}
	d := newDesk(t, simulator.Config{Servers: 2})
	d.administer("1", `{"power":"off"}`)
	d.save("1", api, drill)
	d.must("server.poweron", "elid", "1")
	d.save("1", "no_owner", "")
	require.Equal(t, []string{simulator.ReleaseIncomplete}, d.kinds(), "it was off")
}
