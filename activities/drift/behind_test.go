package drift

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
	"metalease/whmcs"
)

// What lifecycles from an old backup believe, and what the world shows since.
func TestLifecyclesThatAreBehind(t *testing.T) {
	t.Parallel()
	mark := func(service int, state string) func(*View) {
		return marks(holding.Mark{Installation: "main", ServiceID: service, State: state})
	}
	others := func(v *View) { // service 102 has the server by now
		v.Services = append(v.Services, Billed{ID: 102, ClientID: 8, Status: whmcs.StatusActive, Username: "stranger", IP: "192.0.2.12", Entry: "fra1"})
		v.Lives = append(v.Lives, Life{ServiceID: 102, Panel: "fra1", Running: true, Phase: lifeActive, ServerID: "12", Updated: noon.Add(-time.Hour)})
	}
	waits := func(v *View) { v.Lives[0].ServerID = "" }
	for name, c := range map[string]struct {
		change     []func(*View)
		want, says string
	}{
		"released, and somebody else's by now": {
			[]func(*View){status(whmcs.StatusTerminated), owner("stranger"), mark(102, holding.StateActive), others}, "ended-101-12", "the server is left alone",
		},
		"released, and stock again": {
			[]func(*View){status(whmcs.StatusTerminated), owner(""), marks()}, "ended-101-12", "which belongs to nobody",
		},
		"released, and being built for another": {
			[]func(*View){status(whmcs.StatusTerminated), owner("whmcsapi"), mark(102, holding.StateClaimed), others, func(v *View) { v.Lives[1].Phase = "pending" }}, "ended-101-12", "the server is left alone",
		},
		"released by force half-way, without a mark": {
			[]func(*View){status(whmcs.StatusTerminated), owner("whmcsapi"), marks()}, "markless-101-12", "",
		},
		"alive, but its server is somebody else's": {
			[]func(*View){owner("stranger"), mark(102, holding.StateActive), others}, "markless-101-12", "starter find 12",
		},
		"delivered, but its lifecycle waits for a server": {
			[]func(*View){phase("waiting"), waits}, "orphan-101-12", "starter detach 101, then: starter adopt --service 101",
		},
		"delivered, but its lifecycle builds another one": {
			[]func(*View){phase("pending"), func(v *View) { v.Lives[0].ServerID = "11" }}, "orphan-101-12", "is pending and knows nothing of it",
		},
		"delivered a moment ago": {
			[]func(*View){phase("pending"), waits, func(v *View) { v.Lives[0].Updated = noon }}, "", "",
		},
		"claimed, and on its way": {
			[]func(*View){phase("waiting"), waits, status(whmcs.StatusPending), owner("whmcsapi"), mark(101, holding.StateClaimed)}, "", "",
		},
		"paid, but its lifecycle believes it blocked": {
			[]func(*View){phase(lifeBlocked)}, "blocked-101-12", "starter renew 101",
		},
		"suspended, but its lifecycle believes it active": {
			[]func(*View){status(whmcs.StatusSuspended), blocked}, "open-101-12", "the server stays blocked",
		},
		"suspended, and held by a person": {
			[]func(*View){status(whmcs.StatusSuspended), blocked, func(v *View) { v.Lives[0].Held = "legal case" }}, "", "",
		},
	} {
		v := wellView()
		for _, change := range c.change {
			change(&v)
		}
		var ids, says []string
		for _, d := range Find(v) {
			if d.ServiceID == 101 {
				ids, says = append(ids, d.ID), append(says, d.What+d.Advice+d.Repair)
			}
		}
		if c.want == "" {
			require.Empty(t, ids, name)
			continue
		}
		require.Contains(t, ids, c.want, name)
		require.Contains(t, says[len(says)-1]+says[0], c.says, name)
	}
}
