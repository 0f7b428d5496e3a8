package simulator_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim/simulator"
	"metalease/internal/duration"
)

func (d *desk) fault(rules ...simulator.Rule) {
	d.t.Helper()
	require.NoError(d.t, d.panel.Fault(rules...))
}

// lose makes a call whose answer never comes.
func (d *desk) lose(function string, params ...string) {
	d.t.Helper()
	resp, err := d.post(function, params...)
	if err == nil {
		_ = resp.Body.Close()
	}
	require.Error(d.t, err)
}

func TestEachEffect(t *testing.T) {
	for effect, check := range map[simulator.Effect]func(d *desk) (done bool){
		simulator.Error: func(d *desk) bool {
			d.refused("limit elid", "server.poweron", "elid", "1")
			return false
		},
		simulator.HTTP500: func(d *desk) bool {
			resp, err := d.post("server.poweron", "elid", "1")
			require.NoError(d.t, err)
			require.Equal(d.t, http.StatusInternalServerError, resp.StatusCode)
			require.Contains(d.t, body(d.t, resp), "<html>")
			return false
		},
		simulator.Garbage: func(d *desk) bool {
			resp, err := d.post("server.poweron", "elid", "1")
			require.NoError(d.t, err)
			require.Equal(d.t, http.StatusOK, resp.StatusCode)
			require.NotContains(d.t, body(d.t, resp), "<doc>")
			return false
		},
		simulator.CloseBefore: func(d *desk) bool {
			d.lose("server.poweron", "elid", "1")
			return false
		},
		simulator.CloseAfter: func(d *desk) bool {
			d.lose("server.poweron", "elid", "1")
			return true
		},
		simulator.Hang: func(d *desk) bool {
			ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
			defer cancel()
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url+"/dcimgr", strings.NewReader(d.form("server.poweron", "elid", "1").Encode()))
			require.NoError(d.t, err)
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			_, err = http.DefaultClient.Do(req)
			require.ErrorIs(d.t, err, context.DeadlineExceeded)
			return false
		},
		simulator.Slow: func(d *desk) bool {
			began := time.Now()
			d.must("server.poweron", "elid", "1")
			require.GreaterOrEqual(d.t, time.Since(began), 20*time.Millisecond)
			return true
		},
	} {
		t.Run(string(effect), func(t *testing.T) {
			d := newDesk(t, simulator.Config{Servers: 1})
			d.fault(simulator.Rule{Function: "server.poweron", Effect: effect, Count: 1, Type: "limit", Object: "elid", Delay: duration.Duration(20 * time.Millisecond)})
			done := check(d)
			require.Equal(t, done, d.server("1").Power == simulator.PowerOn)
			d.must("server.poweron", "elid", "1") // once only
			require.Equal(t, simulator.PowerOn, d.server("1").Power)
			require.Equal(t, 2, d.panel.State().Functions["server.poweron"].Requests)
		})
	}
}

func TestWhichCallsARuleTakes(t *testing.T) {
	d := newDesk(t, simulator.Config{Servers: 2})
	d.fault(simulator.Rule{Function: "server.edit!", Effect: simulator.Error, Server: "2", Skip: 1})
	save := func(server string) tree {
		return d.ask("server.edit", "elid", server, "sok", "ok", "mac", "m", "name", "n", "notes", "", "type", "1", "owner", "3")
	}
	d.must("server.edit", "elid", "2") // shown, not saved
	require.Empty(t, refusalOf(save("1")))
	require.Empty(t, refusalOf(save("2")), "the first is skipped")
	require.Contains(t, refusalOf(save("2")), "value")
	require.Contains(t, refusalOf(save("2")), "value", "without a count there is no end")
	d.panel.ClearFaults()
	require.Empty(t, refusalOf(save("2")))

	d.fault(simulator.Rule{Function: "iplist.edit", Effect: simulator.Error, Server: "1", Count: 1})
	d.must("iplist.edit", "plid", "2", "elid", d.address("2", true))
	d.refused("value", "iplist.edit", "plid", "1", "elid", d.address("1", true))

	d.fault(simulator.Rule{Effect: simulator.Error, Count: 2, Type: "license"})
	d.refused("license", "user")
	d.as("authinfo", "").refused("license", "auth")
	d.must("user")
}

func TestProbabilityFollowsTheSeed(t *testing.T) {
	fails := func(seed int64) string {
		d := newDesk(t, simulator.Config{Servers: 1, Seed: seed})
		d.fault(simulator.Rule{Function: "rack", Effect: simulator.Error, Probability: 0.5})
		var pattern strings.Builder
		for range 40 {
			if d.ask("rack").has("error") {
				pattern.WriteByte('x')
			} else {
				pattern.WriteByte('.')
			}
		}
		return pattern.String()
	}
	one := fails(1)
	require.Contains(t, one, "x")
	require.Contains(t, one, ".")
	require.Equal(t, one, fails(1))
	require.NotEqual(t, one, fails(2))
}

func TestBadRulesAreRefused(t *testing.T) {
	d := newDesk(t, simulator.Config{})
	for want, rule := range map[string]simulator.Rule{
		"error, http500, hang": {Effect: "explode"},
		"no such function":     {Effect: simulator.Hang, Function: "server.fly"},
		"probability":          {Effect: simulator.Hang, Probability: 2},
		"negative":             {Effect: simulator.Hang, Count: -1},
		"needs a delay":        {Effect: simulator.Slow},
	} {
		require.ErrorContains(t, d.panel.Fault(simulator.Rule{Effect: simulator.Hang}, rule), want)
	}
	require.Empty(t, d.panel.State().Faults, "all or nothing")
}

// A call that hangs ends when the panel is closed.
func TestCloseEndsHangingCalls(t *testing.T) {
	d := newDesk(t, simulator.Config{})
	d.fault(simulator.Rule{Effect: simulator.Hang})
	ended := make(chan error, 1)
	go func() {
		resp, err := http.PostForm(d.url+"/dcimgr", url.Values{"func": {"rack"}})
		if err == nil {
			_ = resp.Body.Close()
		}
		ended <- err
	}()
	d.panel.Close()
	require.Error(t, <-ended)
}
