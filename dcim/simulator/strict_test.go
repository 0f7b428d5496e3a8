package simulator_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
)

// TestThePanelIsNotKinder: what the vendor's manual says a panel refuses, this one refuses too
// (docs/dcimanager.md R18, 3.6).
func TestThePanelIsNotKinder(t *testing.T) {
	config := simulator.Config{Servers: 2, InstallTime: time.Minute, DiagnosticsOnRelease: time.Minute}
	for name, refused := range map[string]func(*desk) bool{
		"an install without a MAC": func(d *desk) bool {
			d.administer("1", `{"mac":""}`)
			return d.installOS("1").has("error")
		},
		"an install during a test": func(d *desk) bool {
			d.must("server.operations", "elid", "1", "sok", "ok", "operation", "diag", "diag", "ISPsystem__Diag-x86_64")
			return d.installOS("1").has("error")
		},
		"a test during an install": func(d *desk) bool {
			d.must("server.operations", "elid", "1", "sok", "ok", "operation", "ostemplate", "ostemplate", template, "passwd", "long enough")
			return d.ask("server.operations", "elid", "1", "sok", "ok", "operation", "diag", "diag", "ISPsystem__Diag-x86_64").has("error")
		},
		"a test without a template": func(d *desk) bool {
			return d.ask("server.operations", "elid", "1", "sok", "ok", "operation", "diag").has("error")
		},
		"a port of a blocked server": func(d *desk) bool {
			d.must("server.disable", "elid", "1")
			port := d.must("server.connection", "elid", "1").child("elem").get("id")
			d.must("server.connection.off", "plid", "1", "elid", port)
			return d.ask("server.connection.on", "plid", "1", "elid", port).has("error")
		},
	} {
		require.True(t, refused(newDesk(t, config)), name)
	}
}

// A cancel stops a test of the hardware like an install: it is an operation too.
func TestACancelStopsATest(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 1, DiagnosticsOnRelease: time.Hour, CancelNeedsOperation: true})
	d.must("server.operations", "elid", "1", "sok", "ok", "operation", "diag", "diag", "ISPsystem__Diag-x86_64")
	require.True(t, d.row("1").has("diag_in_progress"))
	d.must("server.opercancel", "elid", "1")
	require.False(t, d.row("1").has("diag_in_progress"))
	require.True(t, d.ask("server.opercancel", "elid", "1").has("error"))
	require.False(t, d.installOS("1").has("error"))
}
