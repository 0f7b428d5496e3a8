package dci5_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/simulator"
)

func pointer[T any](value T) *T { return &value }

// TestTraffic: what the reports show, and nothing that they do not (docs/dcimanager.md 3.9).
func TestTraffic(t *testing.T) {
	for name, c := range map[string]struct {
		bursts, volumes string
		want            map[string]dcim.Traffic
	}{
		"both": {
			`<traff><elem><id>5</id><hostname>a.example.com</hostname><burst>12.5</burst></elem><elem><id>6</id><burst>0</burst></elem></traff>`,
			`<traff><elem><id>6</id><rx orig="0">0</rx><tx orig="1073741825">1.00</tx></elem><elem><id>7</id><rx>1.5</rx><tx orig="">2</tx></elem></traff>`,
			map[string]dcim.Traffic{
				"5": {Burst: pointer(12.5)},
				"6": {Burst: pointer(0.0), In: pointer(int64(0)), Out: pointer(int64(1073741825))},
				"7": {In: pointer(int64(1610612736)), Out: pointer(int64(2147483648))},
			},
		},
		"rows at any depth, the first counts": {
			`<x><elem><id>5</id><burst>1</burst></elem><elem><id>5</id><burst>2</burst></elem></x>`, `<y><z><elem><id>5</id></elem></z></y>`,
			map[string]dcim.Traffic{"5": {Burst: pointer(1.0)}},
		},
		"what is no figure": {
			`<traff><elem><id>1</id></elem><elem><id>2</id><burst/></elem><elem><id>3</id><burst>n/a</burst></elem><elem><id>4</id><burst>-1</burst></elem>
				<elem><id>5</id><burst>NaN</burst></elem><elem><id>6</id><burst>1e999</burst></elem><elem><burst>3</burst></elem></traff>`,
			`<traff><elem><id>1</id><rx>n/a</rx><tx/></elem><elem><id>2</id><rx>1e30</rx><tx orig="-5">-5</tx></elem></traff>`,
			map[string]dcim.Traffic{"1": {}, "2": {}, "3": {}, "4": {}, "5": {}, "6": {}},
		},
		"nothing": {"", "", map[string]dcim.Traffic{}},
	} {
		panel := answers(t, map[string]string{
			"trafficburstable": "<doc><elem><id>99</id><burst>1</burst></elem><reportdata>" + c.bursts + "</reportdata></doc>",
			"traffic":          "<doc><reportdata>" + c.volumes + "</reportdata></doc>",
		})
		got, err := panel.client(t).Traffic(t.Context())
		require.NoError(t, err, name)
		require.Equal(t, c.want, got, name)
		require.Len(t, panel.requests(), 2)
		for i, want := range []url.Values{{"func": {"trafficburstable"}}, {"func": {"traffic"}, "sok": {"ok"}, "period": {"currentmonth"}}} {
			want.Set("out", "xml")
			want.Set("authinfo", apiUser+":"+apiPassword)
			require.Equal(t, want, panel.requests()[i].Form)
		}
	}
	none := `<doc><elem><id>5</id></elem></doc>`
	for _, report := range []string{"traffic", "trafficburstable"} {
		_, err := answers(t, map[string]string{"traffic": `<doc><reportdata/></doc>`, "trafficburstable": `<doc><reportdata/></doc>`, report: none}).client(t).Traffic(t.Context())
		require.ErrorIs(t, err, dcim.ErrNotAPanel, "an answer without a report is none")
	}
}

// TestAReportThatThePanelRefuses leaves its figures missing; that it cannot be had now is an error.
func TestAReportThatThePanelRefuses(t *testing.T) {
	for _, report := range []string{"trafficburstable", "traffic"} {
		s := simulate(t, simulator.Config{Servers: 1})
		require.NoError(t, s.Fault(simulator.Rule{Function: report, Effect: simulator.Error, Type: "missed", Object: "func"}))
		got, err := s.Traffic(t.Context())
		require.NoError(t, err)
		require.Equal(t, report == "trafficburstable", got["1"].Burst == nil)
		require.Equal(t, report == "traffic", got["1"].In == nil && got["1"].Out == nil)
		s.ClearFaults()

		require.NoError(t, s.Fault(simulator.Rule{Function: report, Effect: simulator.Error, Type: "auth"}))
		_, err = s.Traffic(t.Context())
		require.ErrorIs(t, err, dcim.ErrCredentials)
		s.ClearFaults()
		require.NoError(t, s.Fault(simulator.Rule{Effect: simulator.Error, Type: "access"}))
		_, err = s.Traffic(t.Context())
		require.ErrorIs(t, err, dcim.ErrAccess, "it refuses all")
	}
}

// TestTrafficOfAPanel: a server that the panel leaves out is missing, and so is a figure; the
// number of calls does not grow with that of servers.
func TestTrafficOfAPanel(t *testing.T) {
	for _, plain := range []bool{false, true} {
		s := simulate(t, simulator.Config{Servers: 50, TrafficMissing: []string{"2"}, TrafficPlain: plain})
		_, err := s.Administer("3", []byte(`{"burst":"none","rx":"1610612736","tx":"none"}`))
		require.NoError(t, err)
		got, err := s.Traffic(t.Context())
		require.NoError(t, err)
		require.Len(t, got, 49)
		require.NotContains(t, got, "2")
		require.Equal(t, dcim.Traffic{In: pointer(int64(1610612736))}, got["3"])
		require.NotNil(t, got["1"].Burst)
		for _, report := range []string{"trafficburstable", "traffic"} {
			require.Equal(t, 1, s.State().Functions[report].Requests)
		}
	}
}
