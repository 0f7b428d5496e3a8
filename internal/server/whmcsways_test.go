package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	panelsim "metalease/dcim/simulator"
	"metalease/internal/config"
	"metalease/whmcs/facts"
	billingsim "metalease/whmcs/simulator"
)

// way is a switch of a simulator, turned.
type way struct{ name, value string }

func named(ways []way) string {
	var names []string
	for _, w := range ways {
		names = append(names, w.name+"="+w.value)
	}
	return strings.Join(names, ",")
}

// billingWays are all values of all switches of whmcssim, by the table of facts.
func billingWays() (all []way) {
	for _, f := range facts.Facts() {
		if f.Switch == "" {
			continue
		}
		for _, argument := range f.Arguments() {
			all = append(all, way{f.Switch, argument})
		}
	}
	return all
}

// panelWays are switches of dcimsim under which every server can be released.
var panelWays = []way{{"owner-as-name", "true"}, {"form-owner-as-name", "true"}, {"disabled-flag-only", "true"}, {"empty-flags", "true"}, {"notes-crlf", "true"},
	{"filter", "ignored"}, {"cancel-means-failed", "true"}, {"template-on-accept", "true"}, {"lower-case-domains", "true"}, {"long-ipv6", "true"}, {"templates-without-id", "true"}}

// ofEach are what the lives of the pairs are: so many panels, and on each so many WHMCSs.
const (
	chancePanels = 3
	chancePairs  = 8
)

// TestALifeInEachWHMCS: paid, Active, overdue and blocked, paid, ended and released, under each value of each switch of whmcssim; and
// under pairs by chance on panels by chance. The module's part is whmcssim's; test/whmcs does the same with the PHP module.
func TestALifeInEachWHMCS(t *testing.T) {
	var worlds [][]way
	for _, one := range billingWays() {
		worlds = append(worlds, []way{one})
	}
	require.Greater(t, len(worlds), 15)
	t.Run("each", func(t *testing.T) { livesIn(t, nil, worlds) })
	chance, all := rand.New(rand.NewPCG(14, 2026)), billingWays()
	for range chancePanels {
		panel := []way{panelWays[chance.IntN(len(panelWays))], panelWays[chance.IntN(len(panelWays))]}
		var pairs [][]way
		for range chancePairs {
			pairs = append(pairs, []way{all[chance.IntN(len(all))], all[chance.IntN(len(all))]})
		}
		t.Run(named(panel), func(t *testing.T) { livesIn(t, panel, pairs) })
	}
}

// street is one installation in front of several WHMCSs, each of which has ids of its own: a call goes to the one that it is about.
type street struct {
	*world
	gateway string
	mu      sync.Mutex
	whmcs   []*billingsim.WHMCS
}

// each WHMCS has so many ids.
const idsOfEach = 1000

var about = regexp.MustCompile(`(?:\b(?:serviceid|orderid|clientid|userid|relatedId|invoiceid|id)=|username2=u|[\[:] ?)(\d{4,6})\b`)

// ServeHTTP asks the WHMCS whose id the call names; what names none is the same in all.
func (s *street) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	which := 0
	if found := about.FindSubmatch(body); found != nil {
		id, _ := strconv.Atoi(string(found[1]))
		which = id / idsOfEach
	}
	s.mu.Lock()
	if which >= len(s.whmcs) {
		which = 0
	}
	answers := s.whmcs[which]
	s.mu.Unlock()
	answers.ServeHTTP(rw, r)
}

func livesIn(t *testing.T, panel []way, worlds [][]way) {
	s := &street{world: newWorld(t, config.ModeManage, func(c *panelsim.Config) {
		c.Servers, c.InstallTime, c.PowerTime, c.FlagDelay = len(worlds), 200*time.Millisecond, 10*time.Millisecond, 10*time.Millisecond
		for _, w := range panel {
			of, there := panelsim.SwitchOf(w.name)
			require.True(t, there, w.name)
			require.NoError(t, of.Set(c, w.value))
		}
	})}
	front := httptest.NewServer(s)
	t.Cleanup(front.Close)
	p := &s.cfg.Panels[0]
	p.MaxReleasesPerHour, p.MaxBlocksPerHour, p.Rate, s.cfg.WHMCS.Rate = 1000, 1000, 1000, 1000 // a crowd, and nobody else
	s.cfg.WHMCS.URL, s.cfg.Gateway.Listen, s.cfg.Gateway.MetricsListen = front.URL, free(t), ""
	s.gateway = "http://" + s.cfg.Gateway.Listen
	s.open(t, nil) // for questions about nobody
	own := *s.cfg
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Gateway(ctx, &own) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })
	s.work()
	s.eventually(func() bool {
		answer, err := http.Get(s.gateway + "/readyz")
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusNoContent
	}, "the gateway answers")
	s.live(t, worlds)
	require.Empty(t, s.panel.Violations())
	for _, server := range s.panel.State().Servers {
		require.Empty(t, server.Owner+server.Notes)
		require.Len(t, server.Addresses, 1)
	}
}

// open puts another WHMCS there, with the switches.
func (s *street) open(t *testing.T, ways []way) (billing *billingsim.WHMCS, set billingsim.Config) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	set = billingsim.Config{Installation: "test", GatewaySecret: moduleSecret, Panel: "fra1", Gateway: s.gateway, FirstID: max(1, idsOfEach*len(s.whmcs))}
	for _, w := range ways {
		of, there := billingsim.SwitchOf(w.name)
		require.True(t, there, w.name)
		require.NoError(t, of.Set(&set, w.value))
	}
	billing, err := billingsim.New(set)
	require.NoError(t, err)
	s.whmcs = append(s.whmcs, billing)
	return billing, set
}

// life is one service in a WHMCS with switches.
type life struct {
	name    string
	billing *billingsim.WHMCS
	set     billingsim.Config
	id      int
	server  string
}

func (l *life) shows(status string) bool { return l.billing.State().Service(l.id).Status == status }

// notYet is in what the module says of an effect that takes longer than it waits: WHMCS follows by itself.
const notYet = "a retry does no harm"

// act has something happen in WHMCS.
func (l *life) act(what string) error {
	answer, err := l.billing.Act(l.id, what)
	if text := fmt.Sprint(answer); err == nil && !strings.Contains(text, "success") && !strings.Contains(text, notYet) {
		err = fmt.Errorf("%s: %s answered %v", l.name, what, answer)
	}
	return err
}

// live has all lives go from step to step together: they wait more than they work.
func (s *street) live(t *testing.T, worlds [][]way) {
	var lives []*life
	for _, ways := range worlds {
		billing, set := s.open(t, ways)
		lives = append(lives, &life{name: named(ways), billing: billing, set: set})
	}
	all := func(do func(*life) error) {
		t.Helper()
		var group errgroup.Group
		for _, l := range lives {
			group.Go(func() error { return do(l) })
		}
		require.NoError(t, group.Wait())
	}
	await := func(what string, is func(*life) bool) {
		t.Helper()
		for _, l := range lives {
			s.eventually(func() bool { return is(l) }, l.name+": "+what)
		}
	}
	all(func(l *life) error {
		placed, err := l.billing.PlaceOrder(billingsim.Order{ClientID: l.set.FirstID + idsOfEach/2, IPv4: 1})
		if err == nil {
			l.id = placed.Services[0].ServiceID
		}
		return err
	})
	await("WHMCS shows Active", func(l *life) bool { return l.shows("Active") })
	for _, l := range lives {
		server := s.carries(t, l)
		l.server = server.ID
		require.Len(t, server.Addresses, 2, l.name)
		require.Equal(t, server.Addresses[0].IP, l.billing.State().Service(l.id).DedicatedIP, l.name)
		require.Equal(t, "on", string(server.Power), l.name)
	}
	all(func(l *life) error { return l.act("overdue") })
	await("WHMCS shows Suspended", func(l *life) bool { return l.shows("Suspended") })
	for _, l := range lives {
		require.True(t, s.carries(t, l).Disabled, l.name)
	}
	all(func(l *life) error { return l.act("paid") })
	await("WHMCS shows Active again", func(l *life) bool { return l.shows("Active") })
	await("the panel lets it back", func(l *life) bool { return !s.carries(t, l).Disabled })
	all(func(l *life) error {
		if l.set.CancelTerminates {
			return l.act("cancel")
		}
		return l.act("terminate")
	})
	await("its server is free again", func(l *life) bool {
		one := s.server(l.server)
		return one.Owner == "" && one.Notes == "" && one.Hostname == "free.ds" && len(one.Addresses) == 1 && !one.Disabled
	})
	await("WHMCS shows the end", func(l *life) bool { return l.shows("Terminated") || l.set.CancelTerminates && l.shows("Cancelled") })
	for _, l := range lives {
		requireTold(t, l)
	}
}

// requireTold: one welcome mail, and rows of the module queue only where WHMCS itself was too early.
func requireTold(t *testing.T, l *life) {
	t.Helper()
	state := l.billing.State()
	require.Len(t, state.MailsOf(l.id), 1, "%s: one welcome mail", l.name)
	for _, row := range state.Queue {
		if strings.Contains(row.Error, notYet) {
			continue
		}
		require.Equal(t, "CreateAccount", row.Action, "%s: %s", l.name, row.Error)
		require.NotEmpty(t, l.set.SetUp, "%s: nothing failed: %s", l.name, row.Error)
		require.Equal(t, l.set.SuccessCompletesRow, row.Completed, l.name)
	}
	if l.set.SetUp != "" {
		require.NotEmpty(t, state.Queue, "%s: WHMCS's own set-up came too early", l.name)
	}
}

func (s *street) server(id string) panelsim.Server {
	for _, server := range s.panel.State().Servers {
		if server.ID == id {
			return server
		}
	}
	return panelsim.Server{}
}

// carries is the server with the mark of a service.
func (s *street) carries(t *testing.T, l *life) panelsim.Server {
	t.Helper()
	for _, server := range s.panel.State().Servers {
		if strings.Contains(server.Notes, fmt.Sprintf("service-%d ", l.id)) {
			return server
		}
	}
	require.Fail(t, "no server carries the mark of its service", l.name)
	return panelsim.Server{}
}
