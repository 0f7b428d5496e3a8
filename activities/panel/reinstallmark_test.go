package panel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
)

// TestABlockDoesNotWaitForAReinstall, nor undo what its mark says; the end of the install lifts no block.
func TestABlockDoesNotWaitForAReinstall(t *testing.T) {
	w := newWorld(t, slowInstalls)
	in := w.rented()
	_, err := w.reinstall(anew(in, alma))
	require.NoError(t, err)
	blocked, err := simulated.Run[Blocked](w, w.p.Block, targetOf(in))
	require.NoError(t, err)
	require.False(t, blocked.MarkLost)
	require.True(t, w.Server("1").Installing, "it runs on")
	require.Equal(t, "active installing 2 was="+debian+" blocked", unsaid(w.markOf()))
	watched, err := w.awaitReinstall(anew(in, alma))
	require.NoError(t, err)
	require.Equal(t, InstallFinished, watched.Progress)
	require.Equal(t, "active blocked", w.markOf())
	require.True(t, w.Server("1").Disabled)
	require.NoError(t, simulated.Do(w, w.p.Unblock, targetOf(in)))
	require.Equal(t, "active", w.markOf())
	w.RequireClean()
}

// TestAServerThatIsInstalledAnewIsItsCustomersToEverybody: whoever reads its mark still sees a server that
// was handed over.
func TestAServerThatIsInstalledAnewIsItsCustomersToEverybody(t *testing.T) {
	w := newWorld(t, slowInstalls, func(c *panelsim.Config) { c.InstallTime = 1500 * time.Millisecond })
	in := w.rented()
	order := anew(in, alma)
	_, err := w.reinstall(order)
	require.NoError(t, err)
	state := w.markOf()
	require.Equal(t, "active installing 2 was="+debian, unsaid(state))

	found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: in.ServiceID, Accounts: []string{in.Account.Name}, Thorough: true})
	require.NoError(t, err)
	require.True(t, found.HandedOver)
	require.Equal(t, state, found.State)
	require.Equal(t, 2, InstallNumber(holding.Mark{State: found.State}))

	for name, activity := range map[string]any{"adopt": w.p.Adopt, "unblock": w.p.Unblock} {
		require.NoError(t, simulated.Do(w, activity, targetOf(in)), name)
		require.Equal(t, state, w.markOf(), name)
	}
	b := Build{Target: targetOf(in), ClientID: in.ClientID, Hostname: w.Server("1").Hostname, OSTemplate: debian, Install: 1}
	for name, activity := range map[string]any{"hand over": w.p.HandOver, "restore": w.p.Restore} {
		require.NoError(t, simulated.Do(w, activity, b), name)
		require.Equal(t, state, w.markOf(), name)
	}
	_, err = simulated.Run[Started](w, w.p.StartInstall, b)
	require.Error(t, err, "and nobody installs it for the first time")
	require.NoError(t, simulated.Do(w, w.p.CutOff, targetOf(in)))
	require.Equal(t, "releasing", w.markOf())
	require.False(t, w.Server("1").Installing, "a release cancels it")
	require.Len(t, w.Panel.State().Installs, 2)
	w.RequireClean()
}

// TestAnUnblockSwitchesOnAndForgetsNoInstall.
func TestAnUnblockSwitchesOnAndForgetsNoInstall(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	require.NoError(t, w.p.restate(t.Context(), targetOf(in), func(string) string { return "active installing 2 was=X switch-on blocked" }, in.Account))
	w.Administer("1", map[string]any{"power": "off", "disabled": true, "blocked": true})
	require.NoError(t, simulated.Do(w, w.p.Unblock, targetOf(in)))
	require.Equal(t, panelsim.PowerOn, w.Server("1").Power)
	require.Equal(t, "active installing 2 was=X", w.markOf())
}

// TestNotesThatAreEditedDuringAReinstall: its end writes the mark again, and its result counts.
func TestNotesThatAreEditedDuringAReinstall(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]any
		kind   string
		notes  string
	}{
		"the mark is gone":    {map[string]any{"notes": "rack 4"}, "", "rack 4\nmetalease:main/service-102 active"},
		"a later install":     {map[string]any{"notes": "metalease:main/service-102 active installing 3 was=X"}, "", "metalease:main/service-102 active installing 3 was=X"},
		"given back":          {map[string]any{"owner": "whmcsapi", "notes": "metalease:main/service-102 releasing"}, "", "metalease:main/service-102 releasing"},
		"given away":          {map[string]any{"owner": "u-other"}, edge.ErrOwnership, "metalease:main/service-102 active installing 2 was=" + debian},
		"another one's by us": {map[string]any{"notes": "metalease:main/service-999 active"}, edge.ErrOwnership, "metalease:main/service-999 active"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, slowInstalls, func(c *panelsim.Config) {
				c.Users = []panelsim.User{{Name: "u-other", Level: 16, Password: "long-enough-1"}}
			})
			in := w.rented()
			_, err := w.reinstall(anew(in, alma))
			require.NoError(t, err)
			w.Administer("1", c.change)
			watched, err := w.awaitReinstall(anew(in, alma))
			require.Equal(t, c.notes, unsaid(w.Server("1").Notes))
			if c.kind != "" {
				simulated.RequireType(t, err, c.kind, false)
				return
			}
			require.NoError(t, err)
			require.Equal(t, InstallFinished, watched.Progress)
		})
	}
}

// TestAReinstallOfWhichOnlyTheMarkTells is looked for before anybody is told that it has ended.
func TestAReinstallOfWhichOnlyTheMarkTells(t *testing.T) {
	for name, c := range map[string]struct {
		mark, template string
		prepare        map[string]any
		progress       Progress
		words, left    string
	}{
		"it runs":                               {"installing 2 accepted was=X", alma, map[string]any{"install_in_progress": true}, InstallRunning, "", "active installing 2 accepted was=X"},
		"accepted, and ended":                   {"installing 2 accepted was=X", debian, nil, InstallFinished, "", "active"},
		"accepted, of unknown OS":               {"installing 2 accepted was=X", "", nil, InstallFinished, "", "active"},
		"accepted, and another OS":              {"installing 2 accepted was=X", alma, nil, InstallFailed, "somebody else's", "active installing 2 accepted was=X"},
		"failed":                                {"installing 2 was=X", debian, map[string]any{"operation_failed": true}, InstallFailed, "", "active"},
		"perhaps asked for, and over":           {"installing 2 was=X", debian, nil, InstallFinished, "", "active"},
		"perhaps asked for, the same OS before": {"installing 2 was=" + debian, debian, nil, InstallFailed, "reply to the install of server 1 was lost", "active installing 2 was=" + debian},
		"it has not begun":                      {"installing 2 was=" + debian, alma, nil, InstallFailed, "not begun", "active"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			in := w.rented()
			require.NoError(t, w.p.restate(t.Context(), targetOf(in), func(string) string { return "active " + c.mark }, in.Account))
			if c.prepare != nil {
				w.Administer("1", c.prepare)
			}
			watched, err := simulated.Run[Watched](w, w.p.InspectReinstall, anew(in, c.template))
			require.NoError(t, err)
			require.Equal(t, c.progress, watched.Progress)
			require.Contains(t, watched.Words, c.words)
			require.Equal(t, c.left, w.markOf())
			require.Len(t, w.Panel.State().Installs, 1, "nothing was asked for")
		})
	}
}
