package control_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/workflows/api"
)

func fieldsOf(i *control.Invalid) []string {
	var names []string
	for _, f := range i.Faults {
		names = append(names, f.Field)
	}
	return names
}

const goodOrder = `{"service_id":101,"client_id":7,"order_id":900,"paid_at":"2026-01-05T13:00:00+01:00","panel":"fra1","package":"E3-16G",
 "os_template":"ISPsystem__Debian-12-x86_64","domain":"s101.example.com","ipv4":2,"grace":"3d","install_timeout":720,"server_id":5,"dont_wait":true}`

func TestReadOrderReadsWhatWHMCSSends(t *testing.T) {
	o, err := control.ReadOrder([]byte(goodOrder), []string{"fra1"})
	require.NoError(t, err)
	require.Equal(t, 101, o.ServiceID)
	require.Equal(t, 2, o.IPv4)
	require.Equal(t, api.Duration(72*time.Hour), o.Grace)
	require.Equal(t, api.Duration(12*time.Minute), o.InstallTimeout)
	require.Equal(t, api.ID("5"), o.ServerID)
	require.True(t, o.DontWait)
	require.True(t, o.PaidAt.Equal(time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)))
}

func TestReadOrderNamesEveryBadField(t *testing.T) {
	_, err := control.ReadOrder([]byte(`{"service_id":"abc","client_id":0,"paid_at":5,"panel":"ams9","package":["x"],"os_template":"a","domain":"free.ds",
	 "ipv4":-1,"ipv6":1.5,"dont_wait":"yes","grace":"soon","server_id":{},"packge":"E3","Recipe":"x"}`), []string{"fra1", "waw1"})
	var invalid *control.Invalid
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, []api.FieldError{
		{Field: "service_id", Reason: "must be a whole number"},
		{Field: "client_id", Reason: "must be a WHMCS client id, above zero"},
		{Field: "paid_at", Reason: "must be a time such as 2026-01-31T12:00:00Z"},
		{Field: "panel", Reason: "is not configured; there are: fra1, waw1"},
		{Field: "package", Reason: "must be text"},
		{Field: "ipv4", Reason: "must be a count from 0 to 256"},
		{Field: "ipv6", Reason: "must be a whole number"},
		{Field: "domain", Reason: "free.ds marks a free server"},
		{Field: "dont_wait", Reason: "must be true or false"},
		{Field: "grace", Reason: `must be a duration such as "720s", "72h" or "3d", or a number of seconds`},
		{Field: "server_id", Reason: "must be text or a number"},
		{Field: "Recipe", Reason: "is not a field of an order"},
		{Field: "packge", Reason: "is not a field of an order"},
	}, invalid.Faults)
	require.ErrorContains(t, err, "the order is wrong: service_id must be a whole number; client_id")
}

func TestReadOrderRefusesWhatIsNoObject(t *testing.T) {
	for _, text := range []string{"", "null", "[]", `"x"`, "{", goodOrder + goodOrder, goodOrder + "]"} {
		_, err := control.ReadOrder([]byte(text), []string{"fra1"})
		require.ErrorIs(t, err, control.ErrNotJSON, text)
	}
}
