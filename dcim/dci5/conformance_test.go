package dci5_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/conformance"
	"metalease/dcim/dci5"
	"metalease/dcim/simulator"
)

func TestConformance(t *testing.T) {
	for _, variant := range []simulator.Config{
		{},
		{OwnerAsName: true, FormOwnerAsName: true, EmptyFlags: true, DisabledFlagOnly: true, ErrorStatus: 500, CancelNeedsOperation: true},
		{Encoding: simulator.Encoding{Name: "windows-1252"}, AuthErrorType: "access", Console: simulator.ConsoleRelative, LongIPv6: true},
	} {
		t.Run(fmt.Sprint("names ", variant.OwnerAsName, variant.Encoding.Name), func(t *testing.T) {
			conformance.Run(t, func(t *testing.T, o conformance.Options) (dcim.Backend, conformance.Panel) {
				config := variant
				config.Servers, config.Packages, config.MinPassword, config.PoolSize = 4, []string{conformance.PackageOne}, 8, 3
				config.InstallTime, config.DiagnosticsOnRelease = conformance.InstallTime, conformance.InstallTime
				config.PowerTime, config.FlagDelay = 20*time.Second, 5*time.Second
				s := simulate(t, config, func(c *dci5.Config) {
					c.ReadOnly, c.Concurrency = o.ReadOnly, o.Concurrency
					if o.Concurrency > 0 {
						c.UrgentShare = 1 / float64(o.Concurrency)
					}
				})
				return s.Client, breakable{s}
			})
		})
	}
}

// breakable is the simulated panel as the suite knows it.
type breakable struct{ *simulated }

var verbs = map[conformance.Verb]string{
	conformance.CreateAccount: "user.edit!", conformance.UpdateRead: "server.edit", conformance.UpdateWrite: "server.edit!",
	conformance.Block: "server.disable", conformance.Unblock: "server.enable",
	conformance.PowerOn: "server.poweron", conformance.PowerOff: "server.poweroff", conformance.Reboot: "server.reboot",
	conformance.Install: "server.operations!", conformance.Diagnose: "server.operations!", conformance.CancelOperation: "server.opercancel",
	conformance.AddAddress: "iplist.edit!", conformance.NameAddress: "iplist.edit!", conformance.DeleteAddress: "iplist.delete",
	conformance.PowerOnAs: "server.poweron", conformance.InstallAs: "server.operations!",
	conformance.Servers: "server", conformance.OpenPort: "server.connection.on", conformance.ClosePort: "server.connection.off",
	conformance.Ports: "server.connection", conformance.PortDetails: "server.connection.edit", conformance.Traffic: "trafficburstable",
	conformance.MakeKey: "session.newkey", conformance.LogIn: "auth", conformance.Console: "ipmiredirect",
}

var effects = map[conformance.Fault]simulator.Effect{
	conformance.Refused: simulator.Error, conformance.Garbage: simulator.Garbage, conformance.LostRequest: simulator.CloseBefore,
	conformance.LostReply: simulator.CloseAfter, conformance.Hang: simulator.Hang, conformance.Flood: simulator.Flood,
}

func (b breakable) Break(t *testing.T, verb conformance.Verb, fault conformance.Fault) {
	t.Helper()
	require.NoError(t, b.Fault(simulator.Rule{Function: verbs[verb], Effect: effects[fault]}))
}

func (b breakable) Mend() { b.ClearFaults() }

func (b breakable) Pass(d time.Duration) { b.wait(d) }

func (b breakable) Writes() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.writes
}

func (b breakable) SetOwner(t *testing.T, serverID string, account dcim.Account) {
	t.Helper()
	_, err := b.Administer(serverID, fmt.Appendf(nil, `{"owner":%q}`, account.ID))
	require.NoError(t, err)
}

func (b breakable) SetLabel(t *testing.T, serverID, label string) {
	t.Helper()
	text, err := json.Marshal(map[string]string{"name": label})
	require.NoError(t, err)
	_, err = b.Administer(serverID, text)
	require.NoError(t, err)
}

func (b breakable) Browse(t *testing.T, in dcim.SignOn) string {
	t.Helper()
	_, page := b.browser(t, "127.0.0.1", in)
	return page
}

func (b breakable) Label(t *testing.T, serverID string) string {
	t.Helper()
	for _, server := range b.State().Servers {
		if server.ID == serverID {
			return server.Name
		}
	}
	t.Fatalf("the panel has no server %s", serverID)
	return ""
}
