package cli

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	onpanel "metalease/activities/panel"
)

// TestOrdersThatCannotBeReadAreListed by adopt --from-marks, and the command has not done all.
func TestOrdersThatCannotBeReadAreListed(t *testing.T) {
	answer := rebuilt{
		Services: []adopted{{Adoption: onpanel.Adoption{ServiceID: 101}, Outcome: "active"}, {Adoption: onpanel.Adoption{ServiceID: 102}, Outcome: "active"}},
		Unread:   []unread{{102, "its product names no panel"}},
	}
	c, out, errOut := output()
	require.EqualError(t, c.reportRebuilt(answer, false), "1 without their order")
	require.Contains(t, out.String(), "its order cannot be read from WHMCS: its product names no panel")
	require.Contains(t, out.String(), "temporal workflow terminate --workflow-id service-102")
	require.Contains(t, errOut.String(), "orders that cannot be read from WHMCS: 1")
	require.NoError(t, c.reportRebuilt(answer, true), "a dry run has left nothing out")

	c, out, _ = output()
	c.asJSON = true
	require.Error(t, c.reportRebuilt(answer, false))
	var said struct {
		Unread []struct {
			ServiceID int `json:"service_id"`
			Why       string
		}
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &said))
	require.Equal(t, 102, said.Unread[0].ServiceID)
	answer.Unread = nil
	require.NoError(t, c.reportRebuilt(answer, false))
}
