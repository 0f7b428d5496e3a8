package billing

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
)

func TestWhatIsDue(t *testing.T) {
	now := time.Date(2026, 11, 25, 23, 30, 0, 0, time.UTC)
	service := func(status whmcs.Status, due string, override bool) whmcs.Service {
		s := whmcs.Service{Status: status, OverrideAutoSuspend: override}
		if due != "" {
			require.NoError(t, s.NextDueDate.UnmarshalJSON([]byte(strconv.Quote(due))))
		}
		return s
	}
	for name, c := range map[string]struct {
		service        whmcs.Service
		block, release bool
	}{
		"suspended and overdue":             {service(whmcs.StatusSuspended, "2026-11-24", false), true, true},
		"overdue, and WHMCS waits for us":   {service(whmcs.StatusActive, "2026-11-24", false), true, false},
		"due today":                         {service(whmcs.StatusActive, "2026-11-25", false), true, false},
		"due today where it is day already": {service(whmcs.StatusActive, "2026-11-26", false), true, false},
		"paid":                              {service(whmcs.StatusActive, "2026-12-24", false), false, false},
		"paid, and suspended for abuse":     {service(whmcs.StatusSuspended, "2026-12-24", false), false, false},
		"not to be suspended":               {service(whmcs.StatusActive, "2026-11-24", true), false, false},
		"without a due date":                {service(whmcs.StatusSuspended, "", false), false, false},
		"cancelled":                         {service(whmcs.StatusCancelled, "2026-11-24", false), false, false},
	} {
		require.Equal(t, c.block, NotForBlock(c.service, now) == "", "%s: block: %s", name, NotForBlock(c.service, now))
		require.Equal(t, c.release, NotForRelease(c.service, now) == "", "%s: release: %s", name, NotForRelease(c.service, now))
	}
}
