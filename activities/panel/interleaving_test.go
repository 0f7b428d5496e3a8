package panel

import (
	"errors"
	"flag"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"pgregory.net/rapid"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/activities/tenant"
	panelsim "metalease/dcim/simulator"
	billingsim "metalease/whmcs/simulator"
)

// The model: some services go through their lives as workflows/ would take them, one step of
// one of them at a time, while replies are lost, workers die and people change servers in the
// panel. After every step the invariants of docs/architecture.md 7 hold.

// life is a service and how far it has come.
type life struct {
	service *billingsim.Service
	build   Build
	stage   string
	// blocked is what the service wants.
	blocked bool
	// installs counts all installs; reinstall is the one that is being asked for.
	installs  int
	reinstall tenant.Reinstall
}

// stages in the order of a life; the steps themselves are in step.
var stages = []string{"claim", "ready", "install", "await", "hand-over", "active", "power-off", "clear", "return", "over"}

func (l *life) next() { l.stage = stages[slices.Index(stages, l.stage)+1] }

// interleaving is one case of the model.
type interleaving struct {
	*world
	r     *rapid.T
	lives []*life
}

// TestInterleavings runs random cases; METALEASE_RAPID_CASES sets how many. What fails is made
// small, and kept in testdata to be tried first from then on.
func TestInterleavings(t *testing.T) {
	cases := "12"
	if text := os.Getenv("METALEASE_RAPID_CASES"); text != "" {
		cases = text
	}
	require.NoError(t, flag.Set("rapid.checks", cases))
	rapid.Check(t, func(r *rapid.T) {
		m := newInterleaving(t, r)
		for range 50 {
			m.turn()
		}
	})
}

func newInterleaving(t *testing.T, r *rapid.T) *interleaving {
	m := &interleaving{r: r, world: newWorld(t, func(c *panelsim.Config) {
		c.Users = []panelsim.User{{Name: "u-other", Level: 16, Password: "long-enough-1"}}
	})}
	m.p.Settle = 30 * time.Millisecond // the panel shows all at once
	for client := range 4 {
		service := m.Order(7 + client)
		m.lives = append(m.lives, &life{service: service, stage: stages[0]})
	}
	return m
}

// turn is one thing that happens, and the look at everything after it.
func (m *interleaving) turn() {
	switch what := rapid.IntRange(0, 9).Draw(m.r, "what"); {
	case what == 0:
		m.meddle()
	case what <= 2:
		effect := rapid.SampledFrom([]panelsim.Effect{panelsim.CloseAfter, panelsim.CloseBefore, panelsim.HTTP500}).Draw(m.r, "effect")
		m.Lose(effect, rapid.SampledFrom([]string{"server.edit!", "iplist.edit!", "iplist.delete", "server.poweron", "server.poweroff",
			"server.enable", "server.disable", "user.edit!", "server.operations!", "server.reboot", "server.connection.off", "session.newkey"}).Draw(m.r, "function"), 1)
		m.live()
		m.Panel.ClearFaults()
	default:
		m.live()
	}
	m.check()
}

// live takes one service one step further, or makes it repeat the step.
func (m *interleaving) live() {
	l := rapid.SampledFrom(m.lives).Draw(m.r, "service")
	if l.stage == "over" {
		return
	}
	before := m.Panel.State().Servers
	err := m.step(l)
	if rapid.IntRange(0, 4).Draw(m.r, "crash") == 0 && l.stage != "claim" {
		err = errors.New("the worker died; nobody knows what became of the step") // it is repeated
	} else if err == nil {
		l.next()
	}
	m.proved(l, before)
	var final *temporal.ApplicationError
	switch {
	case !errors.As(err, &final) || !final.NonRetryable():
	case final.Type() == edge.ErrBlockedByHand, final.Type() == edge.ErrRenamedByHand, final.Type() == edge.ErrAddressesByHand, final.Type() == edge.ErrHardware:
		l.build.Approved, l.build.BrokenAccepted = true, true // a person says: go on
	default:
		l.stage = "over" // attention: a person looks after it from here
	}
}

func (m *interleaving) step(l *life) error {
	p, b := m.p, &l.build
	switch l.stage {
	case "claim":
		return m.claimFor(l)
	case "ready":
		err := simulated.Do(m.world, p.MakeReady, *b)
		if err == nil {
			b.Named = b.Hostname
		}
		return err
	case "install":
		b.Install = 1
		return simulated.Do(m.world, p.StartInstall, *b)
	case "await":
		return simulated.Do(m.world, p.AwaitInstall, *b)
	case "hand-over":
		account, err := simulated.Run[holding.Account](m.world, p.CreateAccount, NewAccount{l.service.ID, l.service.Username})
		if err != nil {
			return err
		}
		b.Account = account
		if err := simulated.Do(m.world, p.HandOver, *b); err != nil {
			return err
		}
		l.installs = b.Install
		for _, act := range []string{"paid", "create"} {
			_, _ = m.Billing.Act(l.service.ID, act) // a repeat is refused
		}
		return nil
	case "active":
		return m.serve(l)
	case "power-off":
		return simulated.Do(m.world, p.PowerDown, b.Target)
	case "clear":
		return simulated.Do(m.world, p.ClearAddresses, b.Target)
	}
	return simulated.Do(m.world, p.ReturnToStock, b.Target)
}

// claimFor is what the allocator does for a service: any server may be tried.
func (m *interleaving) claimFor(l *life) error {
	if _, err := simulated.Run[Survey](m.world, m.p.Survey, SurveyInput{}); err != nil {
		return err
	}
	id := rapid.SampledFrom([]string{"1", "2", "3", "4"}).Draw(m.r, "server")
	result, err := simulated.Run[ClaimResult](m.world, m.p.Claim, ClaimRequest{ServerID: id, ServiceID: l.service.ID, ClientID: l.service.ClientID, Package: "E3-16G"})
	if err != nil || result.Outcome != ClaimGranted {
		return errors.Join(err, errors.New("no server yet"))
	}
	l.build = m.build(l.service, Target{ServiceID: l.service.ID, ServerID: result.Server.ID})
	l.build.IPv4 = rapid.IntRange(0, 2).Draw(m.r, "extra addresses")
	return nil
}

// serve is one event in the life of a rented server; nil is the cut of its release.
func (m *interleaving) serve(l *life) error {
	stays := errors.New("still active")
	switch rapid.SampledFrom([]string{"block", "unblock", "release", "wish", "wish", "wish"}).Draw(m.r, "event") {
	case "wish":
		m.wish(l)
		return stays
	case "block":
		if err := simulated.Do(m.world, m.p.Block, l.build.Target); err != nil {
			return err
		}
		l.blocked = true
		return stays
	case "unblock":
		l.blocked = false // from now on: the mark may be written, or the reply lost, after the server is on the network
		if err := simulated.Do(m.world, m.p.Unblock, l.build.Target); err != nil {
			return err
		}
		return stays
	}
	return simulated.Do(m.world, m.p.CutOff, l.build.Target)
}

// meddle is a person in the panel.
func (m *interleaving) meddle() {
	id := rapid.SampledFrom([]string{"1", "2", "3", "4"}).Draw(m.r, "server")
	change := rapid.SampledFrom([]map[string]any{
		{"owner": "u-other"}, {"owner": ""}, {"notes": "rack 4"}, {"notes": "metalease:other/service-1 active"},
		{"hostname": "kept.example.org"}, {"blocked": true, "disabled": true}, {"hwproblem": true}, {"name": "A9-99"},
		{"owner": "", "notes": "", "hostname": "free.ds", "blocked": false, "disabled": false, "hwproblem": false},
	}).Draw(m.r, "change")
	m.Administer(id, change)
}
