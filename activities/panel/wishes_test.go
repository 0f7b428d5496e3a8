package panel

import (
	"errors"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"pgregory.net/rapid"

	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/activities/tenant"
	panelsim "metalease/dcim/simulator"
)

// wish is something that a customer or staff want of a server in the model. Whatever becomes of it, the
// life goes on, and the addresses that nobody has agreed to lose are there.
func (m *interleaving) wish(l *life) {
	in := tenant.Server{ServiceID: l.service.ID, ClientID: l.service.ClientID, ServerID: l.build.ServerID, Account: l.build.Account,
		AsCustomer: rapid.Bool().Draw(m.r, "as customer")}
	before := m.Server(in.ServerID)
	var take []string
	switch what := rapid.SampledFrom([]string{"on", "off", "reboot", "network", "addresses", "reinstall"}).Draw(m.r, "wish"); what {
	case "network":
		_ = simulated.Do(m.world, m.p.SwitchNetwork, tenant.Network{Server: in, On: rapid.Bool().Draw(m.r, "open")})
	case "addresses":
		count := rapid.IntRange(0, 3).Draw(m.r, "addresses")
		for _, address := range before.Addresses[1:] {
			if rapid.Bool().Draw(m.r, "take") {
				take = append(take, address.IP)
			}
		}
		_, _ = m.world.addresses(tenant.Addresses{Server: in, IPv4: &count, Hostname: "added.example.com", Take: take})
	case "reinstall":
		m.anew(l, in)
	default:
		_ = m.power(in, what)
	}
	m.keepsAddresses(before, take)
}

func (m *interleaving) keepsAddresses(before panelsim.Server, take []string) {
	have := m.Server(before.ID).Addresses
	for _, address := range before.Addresses {
		there := func() bool {
			for _, a := range have {
				if a.IP == address.IP {
					return true
				}
			}
			return false
		}
		require.True(m.r, there() || !address.Main && contains(take, address.IP), "address %s is gone", address.IP)
	}
}

// anew begins a reinstall, or goes on with one as another attempt does that knows nothing of those before.
// Whatever is lost, the panel lists a second one under the same number as a violation.
func (m *interleaving) anew(l *life, in tenant.Server) {
	if l.reinstall.Number == 0 {
		l.installs++
		l.reinstall = tenant.Reinstall{Server: in, Number: l.installs, OSTemplate: rapid.SampledFrom([]string{alma, debian}).Draw(m.r, "os")}
	}
	_, err := m.world.reinstall(l.reinstall)
	if err == nil {
		_, err = m.awaitReinstall(l.reinstall)
	}
	var final *temporal.ApplicationError
	if err == nil || errors.As(err, &final) && final.NonRetryable() {
		l.reinstall = tenant.Reinstall{}
	}
	if mark, ours := m.served(l); err == nil && ours {
		require.Zero(m.r, InstallNumber(mark), "an install that has ended stands in no mark")
	}
}

// served is the mark of a server that a life's customer has for sure.
func (m *interleaving) served(l *life) (holding.Mark, bool) {
	server := m.Server(l.build.ServerID)
	if !provable(server, m.p, l) || server.OwnerName != l.service.Username {
		return holding.Mark{}, false
	}
	return holding.ParseMarks(server.Notes)[0], true
}
