package panel

import (
	"cmp"
	"slices"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
)

// check holds the panel to what must be true after every step of the model.
func (m *interleaving) check() {
	require.Empty(m.r, m.Panel.Violations())
	holders := map[int][]string{}
	for _, server := range m.Panel.State().Servers {
		marks := holding.ParseMarks(server.Notes)
		ours := 0
		for _, mark := range marks {
			if mark.Installation == m.p.Installation {
				ours++
				if !mark.Is(holding.StateQuarantine) && server.OwnerName != "u-other" { // who was given it has it, whatever the notes say
					holders[mark.ServiceID] = append(holders[mark.ServiceID], server.ID)
				}
			}
		}
		require.LessOrEqual(m.r, ours, 1, "server %s has two of our marks: %s", server.ID, server.Notes)
	}
	for service, servers := range holders {
		require.Len(m.r, servers, 1, "service %d has two servers", service)
	}
	for _, l := range m.lives {
		m.checkLife(l)
	}
}

// checkLife holds a server that nobody else has touched to what its service wants of it.
func (m *interleaving) checkLife(l *life) {
	server := m.Server(cmp.Or(l.build.ServerID, "1"))
	if l.build.ServerID == "" || !provable(server, m.p, l) {
		return
	}
	if l.stage == "active" && l.blocked {
		require.True(m.r, server.Disabled, "service %d is to be blocked", l.service.ID)
	}
	if l.stage == "power-off" || l.stage == "clear" {
		require.True(m.r, server.Disabled, "a server that is taken back is off the network until it is clean")
		require.Equal(m.r, "whmcsapi", server.OwnerName)
	}
}

// provable tells whether the ownership check would pass for a life's server.
func provable(server panelsim.Server, p *Panel, l *life) bool {
	marks := holding.ParseMarks(server.Notes)
	return len(marks) == 1 && marks[0].Installation == p.Installation && marks[0].ServiceID == l.service.ID &&
		slices.Contains([]string{"whmcsapi", l.service.Username}, server.OwnerName)
}

// unmarked tells whether a life's server has lost its mark, and nothing else. A block and a cut-off
// go on then.
func unmarked(server panelsim.Server, l *life) bool {
	return server.ID == l.build.ServerID && (l.stage == "active" || l.stage == "power-off") &&
		len(holding.ParseMarks(server.Notes)) == 0 && slices.Contains([]string{"whmcsapi", l.service.Username}, server.OwnerName)
}

// proved requires that a step has written to no server that was not provably the service's.
// A claim may write to one that was free.
func (m *interleaving) proved(l *life, before []panelsim.Server) {
	for _, was := range before {
		if provable(was, m.p, l) || unmarked(was, l) {
			continue
		}
		free := was.Owner == "" && was.Hostname == dcim.FreeHostname && !was.Disabled && !was.Blocked && !was.HardwareProblem && len(holding.ParseMarks(was.Notes)) == 0
		if free && l.build.ServerID == was.ID || free && l.stage == "claim" {
			continue
		}
		is := m.Server(was.ID)
		require.Equal(m.r, was.Notes, is.Notes, "server %s was not service %d's", was.ID, l.service.ID)
		require.Equal(m.r, was.Owner, is.Owner)
		require.Equal(m.r, was.Hostname, is.Hostname)
		require.Equal(m.r, was.Disabled, is.Disabled)
		require.Equal(m.r, was.Power, is.Power)
		require.Equal(m.r, was.Template, is.Template)
		require.Equal(m.r, was.Addresses, is.Addresses)
	}
}
