package whmcs_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
)

// Whatever a server's notes, a label or the panel's words bring along, WHMCS gets lines that mean
// nothing to a page that renders them.
func TestWhatIsToldInWHMCSMeansNothingToAPage(t *testing.T) {
	const foreign = "rack <script>alert(1)</script> [pay here](https://evil.example) \x1b[31m\u202e &lt;b&gt;\nsecond line"
	client, asked := recorded(t, `{"result":"success","id":1,"tid":"A"}`)
	ctx := t.Context()
	require.NoError(t, client.LogActivity(ctx, 7, foreign))
	_, _, err := client.OpenTicket(ctx, whmcs.Ticket{DepartmentID: 1, Subject: foreign, Message: foreign})
	require.NoError(t, err)
	require.NoError(t, client.AddTicketReply(ctx, 1, whmcs.Sender{Admin: "api"}, foreign))
	require.NoError(t, client.TriggerNotification(ctx, whmcs.Notification{Identifier: "m", Title: foreign, Message: foreign}))
	require.NoError(t, client.ModuleSuspend(ctx, 7, foreign))
	seen := 0
	for range 5 {
		var params url.Values = <-asked
		for _, field := range []string{"description", "subject", "message", "title", "suspendreason"} {
			if !params.Has(field) {
				continue
			}
			seen++
			require.NotRegexp(t, "[<>\x1b\u202e]|\\]\\(", params.Get(field), field)
			require.Contains(t, params.Get(field), "rack ‹script›alert(1)")
			require.True(t, strings.HasSuffix(params.Get(field), "‹b›\nsecond line"), "lines stay: %q", params.Get(field))
		}
	}
	require.Equal(t, 7, seen)
	require.NoError(t, client.ModuleSuspend(ctx, 7, "Overdue on Payment"))
	require.Equal(t, "Overdue on Payment", (<-asked).Get("suspendreason"), "WHMCS compares it letter by letter")
}
