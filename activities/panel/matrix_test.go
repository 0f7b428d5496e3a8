package panel

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	"metalease/dcim/dci5"
	"metalease/dcim/profile"
	"metalease/dcim/proving"
	panelsim "metalease/dcim/simulator"
)

// ways are values of the switches of dcimsim, one for each thing in which panels may differ.
func ways() map[string][]string {
	all := map[string][]string{
		"encoding": {"windows-1251", "koi8-r"}, "notes-limit": {"255"}, "pdu-type": {"APC"}, "admin-level": {"30"}, "error-status": {"400", "500"},
		"auth-error-type": {"access"}, "missing-error-type": {"value"}, "pool-error-type": {"value"}, "key-life": {"1m"}, "min-password": {"8"},
		"roaming-sessions": {"true"}, "disabled-lets-customers": {"true"},
	}
	for _, f := range profile.Facts() {
		for _, v := range f.Values {
			if v.Set != "" {
				all[f.Switch] = append(all[f.Switch], v.Set)
			}
		}
	}
	return all
}

type setting struct{ name, value string }

// pairs are settings of two switches, by chance.
func pairs(n int) [][]setting {
	all, chance := ways(), rand.New(rand.NewPCG(14, 2026))
	names := slices.Sorted(maps.Keys(all))
	one := func() setting {
		name := names[chance.IntN(len(names))]
		return setting{name, all[name][chance.IntN(len(all[name]))]}
	}
	list := make([][]setting, n)
	for i := range list {
		list[i] = []setting{one(), one()}
	}
	return list
}

// chancePairs is how many pairs of switches are lived on.
const chancePairs = 12

// TestALifeOnEachPanel: order, active, block, release under each value of each switch, and in pairs.
// What check and drill have found out of the panel goes before what is taken for granted.
func TestALifeOnEachPanel(t *testing.T) {
	var worlds [][]setting
	all := ways()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, value := range all[name] {
			worlds = append(worlds, []setting{{name, value}})
		}
	}
	for _, settings := range append(worlds, pairs(chancePairs)...) {
		var name []string
		for _, s := range settings {
			name = append(name, s.name+"="+s.value)
		}
		t.Run(strings.Join(name, ","), func(t *testing.T) {
			t.Parallel()
			liveOn(t, settings)
		})
	}
}

// strangers is how many panels of which each switch is turned by chance are lived on; METALEASE_STRANGERS is another number, such as 200.
const strangers = 12

// TestALifeOnStrangers: many switches at once, and whatever check and drill have found out is gone by.
func TestALifeOnStrangers(t *testing.T) {
	count := strangers
	if text := os.Getenv("METALEASE_STRANGERS"); text != "" {
		var err error
		count, err = strconv.Atoi(text)
		require.NoError(t, err, "METALEASE_STRANGERS")
	}
	all := ways()
	for seed := range count {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			chance := rand.New(rand.NewPCG(uint64(seed), 41))
			var settings []setting
			for _, name := range slices.Sorted(maps.Keys(all)) {
				if values := all[name]; chance.IntN(2) == 0 {
					settings = append(settings, setting{name, values[chance.IntN(len(values))]})
				}
			}
			t.Log(settings)
			liveOn(t, settings)
		})
	}
}

// proven is a world whose panel has been found out about: its client goes by the profile.
func proven(t *testing.T, settings []setting) (*world, profile.Profile, *panelsim.Config) {
	t.Helper()
	var config *panelsim.Config
	w := newWorld(t, func(c *panelsim.Config) {
		c.FlagDelay, c.PowerTime, c.InstallTime = 4*time.Millisecond, 4*time.Millisecond, time.Second
		c.Fleet = []panelsim.Server{{ID: "1", Type: "E3-16G", Notes: "rack 4"}, {ID: "2", Type: "E3-16G"}}
		for _, s := range settings {
			of, there := panelsim.SwitchOf(s.name)
			require.True(t, there, s.name)
			require.NoError(t, of.Set(c, s.value))
		}
		if c.Encoding.Name == "" {
			c.Encoding.Undeclared = false
		}
		config = c
	})
	client, err := dci5.New(w.Dial)
	require.NoError(t, err)
	prover := &proving.Prover{Client: client}
	check, err := prover.Check(t.Context())
	require.NoError(t, err)
	drill, err := prover.Drill(t.Context(), proving.Plan{Server: "2", Holder: "metalease:main/service-0", Group: "public", Template: "ISPsystem__Debian-12-x86_64",
		Journal: filepath.Join(t.TempDir(), "drill.json"), Limit: time.Minute, Poll: 2 * time.Millisecond})
	require.NoError(t, err)
	seen := profile.Profile{}.Merge("fra1", check.Seen).Merge("fra1", drill.Seen)
	w.Dial.Profile = seen
	w.Dial.Contradicted = func(fact, was, is string) { t.Errorf("%s was %s and is %s", fact, was, is) }
	w.Backend, err = dci5.New(w.Dial)
	require.NoError(t, err)
	w.p.Reader, w.p.backend = NewReader(w.Backend, time.Millisecond), w.Backend // the activities that are registered
	return w, seen, config
}

func liveOn(t *testing.T, settings []setting) {
	w, seen, config := proven(t, settings)
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	b.IPv4, b.IPv6 = 1, 1
	account, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
	require.NoError(t, err)
	_, err = simulated.Run[Addresses](w, w.p.MakeReady, b)
	require.NoError(t, err)
	_, err = simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	ended, err := simulated.Run[Watched](w, w.p.AwaitInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallFinished, ended.Progress)
	b.Account = account
	_, err = simulated.Run[Addresses](w, w.p.HandOver, b)
	require.NoError(t, err)
	require.Equal(t, service.Username, w.Server("1").OwnerName)

	for _, step := range []any{w.p.Block, w.p.Unblock, w.p.Block, w.p.CutOff} {
		require.NoError(t, simulated.Do(w, step, b.Target))
	}
	err = simulated.Do(w, w.p.PowerDown, b.Target)
	if seen.Value("blocked-power-off") == "refused" { // the profile had said so: for a person
		require.True(t, config.DisabledRefusesPowerOff)
		simulated.RequireType(t, err, edge.ErrNotOff, false)
		require.True(t, w.Server("1").Disabled)
		w.RequireClean()
		return
	}
	for _, step := range []any{w.p.PowerDown, w.p.ClearAddresses, w.p.ReturnToStock} {
		require.NoError(t, simulated.Do(w, step, b.Target))
	}
	require.NoError(t, err)
	server := w.Server("1")
	require.Empty(t, server.Owner)
	require.Equal(t, "rack 4", strings.TrimSpace(server.Notes))
	require.Equal(t, "free.ds", server.Hostname)
	require.Len(t, server.Addresses, 1)
	require.False(t, server.Disabled)
	w.RequireClean()
}
