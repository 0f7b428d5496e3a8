package panel

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/activities/tenant"
	panelsim "metalease/dcim/simulator"
)

const (
	alma   = "ISPsystem__AlmaLinux-9-x86_64"
	debian = "ISPsystem__Debian-12-x86_64" // what rented installs
)

func anew(in tenant.Server, template string) tenant.Reinstall {
	return tenant.Reinstall{Server: in, OSTemplate: template, Number: 2}
}

func (w *world) reinstall(in tenant.Reinstall) (Started, error) {
	return simulated.Run[Started](w, w.p.StartReinstall, in)
}

func (w *world) awaitReinstall(in tenant.Reinstall) (Watched, error) {
	return simulated.Run[Watched](w, w.p.AwaitReinstall, in)
}

// markOf is the state of the one mark of server 1.
func (w *world) markOf() string {
	w.T.Helper()
	marks := holding.ParseMarks(w.Server("1").Notes)
	require.Len(w.T, marks, 1)
	return marks[0].State
}

// unsaid is a mark without a word that stands there only when the panel took its time to show an install.
func unsaid(mark string) string { return strings.Replace(mark, " accepted", "", 1) }

func slowInstalls(c *panelsim.Config) {
	c.InstallTime, c.FlagDelay = 300*time.Millisecond, 20*time.Millisecond
}

func TestACustomersServerIsInstalledAnew(t *testing.T) {
	for name, asCustomer := range map[string]bool{"by the client": true, "by staff": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, slowInstalls)
			in := w.rented()
			in.AsCustomer = asCustomer
			order := anew(in, alma)
			if !asCustomer {
				order.Recipe = "#local__lamp"
			}
			before := w.Server("1")
			started, err := w.reinstall(order)
			require.NoError(t, err)
			require.Equal(t, InstallRunning, started.Progress)
			require.Equal(t, "active installing 2 was="+debian, unsaid(w.markOf()))
			watched, err := simulated.Run[Watched](w, w.p.InspectReinstall, order)
			require.NoError(t, err)
			require.Equal(t, InstallRunning, watched.Progress)
			started, err = w.reinstall(order)
			require.NoError(t, err, "a repeat only looks")
			require.Equal(t, 2, started.Number)

			watched, err = w.awaitReinstall(order)
			require.NoError(t, err)
			require.Equal(t, InstallFinished, watched.Progress)
			require.Equal(t, "active", w.markOf())
			is := w.Server("1")
			require.Equal(t, alma, is.Template)
			require.Equal(t, before.Owner, is.Owner)
			require.Equal(t, before.Addresses, is.Addresses)
			require.Equal(t, before.Notes, is.Notes)
			installs := w.Panel.State().Installs
			require.Len(t, installs, 2)
			require.Equal(t, installs[0].Password, installs[1].Password, "nobody has typed another one")
			require.Equal(t, map[bool]string{true: in.Account.Name, false: "whmcsapi"}[asCustomer], installs[1].By)
			if !asCustomer {
				require.Equal(t, "#local__lamp", installs[1].Recipe)
			}
			w.RequireClean()
		})
	}
}

// TestAReinstallWhoseReplyIsLostIsReadFirst: what has begun is not begun again, and what has not only where
// the panel proves it.
func TestAReinstallWhoseReplyIsLostIsReadFirst(t *testing.T) {
	for name, c := range map[string]struct {
		effect   panelsim.Effect
		template string
		installs int
		kind     string
	}{
		"done":                             {panelsim.CloseAfter, alma, 2, ""},
		"not done":                         {panelsim.CloseBefore, alma, 2, ""},
		"a page instead of an answer":      {panelsim.HTTP500, alma, 2, ""},
		"done, with the same OS again":     {panelsim.CloseAfter, debian, 2, ""},
		"not done, with the same OS again": {panelsim.CloseBefore, debian, 1, edge.ErrInstallUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, slowInstalls)
			in := w.rented()
			w.Lose(c.effect, "server.operations!", 1)
			_, err := w.reinstall(anew(in, c.template))
			require.Len(t, w.Panel.State().Installs, c.installs)
			w.RequireClean()
			if c.kind != "" {
				simulated.RequireType(t, err, c.kind, false)
				_, err = w.reinstall(anew(in, c.template))
				simulated.RequireType(t, err, c.kind, false)
				require.Len(t, w.Panel.State().Installs, c.installs, "another attempt knows no more")
				return
			}
			require.NoError(t, err)
			require.Equal(t, "active installing 2 accepted", strings.Join(strings.Fields(w.markOf())[:4], " "), "it was seen, so nobody need guess any more")
			watched, err := w.awaitReinstall(anew(in, c.template))
			require.NoError(t, err)
			require.Equal(t, InstallFinished, watched.Progress)
			require.Equal(t, "active", w.markOf())
		})
	}
}

// TestAWorkerThatDiesInAReinstallIsFollowed by one that goes on, however late that is and whatever has
// happened to the service.
func TestAWorkerThatDiesInAReinstallIsFollowed(t *testing.T) {
	w := newWorld(t, slowInstalls)
	in := w.rented()
	_, err := w.reinstall(anew(in, alma))
	require.NoError(t, err)
	_, err = w.Billing.Act(in.ServiceID, "suspend")
	require.NoError(t, err)
	require.NoError(t, simulated.Do(w, w.p.Block, targetOf(in)))
	in.Until = time.Now().Add(-time.Hour)
	started, err := w.reinstall(anew(in, alma))
	require.NoError(t, err)
	require.Equal(t, InstallRunning, started.Progress)
	require.Len(t, w.Panel.State().Installs, 2)
}

func TestARefusedReinstallLeavesNoTrace(t *testing.T) {
	w := newWorld(t, slowInstalls)
	in := w.rented()
	_, err := w.reinstall(anew(in, "ISPsystem__No-such-OS"))
	simulated.RequireType(t, err, edge.ErrPanelRefused, false)
	require.Equal(t, "active", w.markOf())
	order := anew(in, alma)
	order.Recipe = "#local__lamp"
	_, err = w.reinstall(order)
	simulated.RequireType(t, err, edge.ErrPanelRefused, false)
	require.ErrorContains(t, err, "recipe", "a customer has none")
	require.Equal(t, "active", w.markOf())
	_, err = w.reinstall(anew(in, alma))
	require.NoError(t, err)
}

// TestAReinstallIsOnlyBegunForWhoHasTheService by what WHMCS shows.
func TestAReinstallIsOnlyBegunForWhoHasTheService(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	other := in
	other.ClientID++
	_, err := w.reinstall(anew(other, alma))
	simulated.RequireType(t, err, edge.ErrClient, false)
	_, err = w.Billing.Act(in.ServiceID, "suspend")
	require.NoError(t, err)
	_, err = w.reinstall(anew(in, alma))
	simulated.RequireType(t, err, edge.ErrNotNow, false)
	require.ErrorContains(t, err, "Suspended")
	require.NoError(t, w.Billing.Fault(simulated.FaultOf("garbage", "")))
	_, err = w.reinstall(anew(in, alma))
	simulated.RequireType(t, err, edge.ErrWHMCSUnavailable, true)
	require.Len(t, w.Panel.State().Installs, 1)
	require.Equal(t, "active", w.markOf())
}

// TestAReinstallThatFailsIsSeen, and the next one has the next number.
func TestAReinstallThatFailsIsSeen(t *testing.T) {
	w := newWorld(t, slowInstalls)
	in := w.rented()
	w.Administer("1", map[string]any{"fail_installs": 1})
	order := anew(in, alma)
	_, err := w.reinstall(order)
	require.NoError(t, err)
	watched, err := w.awaitReinstall(order)
	require.NoError(t, err)
	require.Equal(t, InstallFailed, watched.Progress)
	require.Equal(t, "active", w.markOf())
	watched, err = simulated.Run[Watched](w, w.p.InspectReinstall, order)
	require.NoError(t, err)
	require.Equal(t, InstallFailed, watched.Progress)

	order.Number = 3
	_, err = w.reinstall(order)
	require.NoError(t, err)
	watched, err = w.awaitReinstall(order)
	require.NoError(t, err)
	require.Equal(t, InstallFinished, watched.Progress)
	w.RequireClean()
}

// TestAReinstallInThePanelItselfIsSeenAndNotFought.
func TestAReinstallInThePanelItselfIsSeenAndNotFought(t *testing.T) {
	w := newWorld(t, slowInstalls)
	in := w.rented()
	order := anew(in, debian)
	_, err := w.reinstall(order)
	require.NoError(t, err)
	_, err = w.awaitReinstall(order)
	require.NoError(t, err)

	w.Administer("1", map[string]any{"install": alma})
	require.Eventually(t, func() bool { return w.Server("1").Installing }, time.Second, time.Millisecond)
	order.Number = 3
	_, err = w.reinstall(order)
	simulated.RequireType(t, err, edge.ErrNotNow, false)
	require.ErrorContains(t, err, "an operation runs")
	_, err = simulated.Run[Watched](w, w.p.InspectReinstall, order)
	simulated.RequireType(t, err, edge.ErrInstallUnknown, false)
	_, err = w.awaitReinstall(order)
	simulated.RequireType(t, err, edge.ErrInstallUnknown, false)
	require.Equal(t, "active", w.markOf())
	require.Len(t, w.Panel.State().Installs, 3)
}

// TestWhatACustomerHasTypedBecomesRootsPassword; what waits and cannot be read begins nothing.
func TestWhatACustomerHasTypedBecomesRootsPassword(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	require.NoError(t, w.Billing.SetRootPassword(in.ServiceID, "typed-Secret-1"))
	_, err := w.reinstall(anew(in, alma))
	require.NoError(t, err)
	installs := w.Panel.State().Installs
	require.Equal(t, "typed-Secret-1", installs[1].Password)
	require.NotEqual(t, "typed-Secret-1", installs[0].Password)
	require.NotContains(t, w.Server("1").Notes, "typed")
	w.RequireClean()
}
