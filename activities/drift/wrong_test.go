package drift

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatKeepsAPanelPaused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		report Report
		want   string
	}{
		"nothing":     {Report{}, ""},
		"untidiness":  {Report{Drifts: []Drift{{Severity: SeverityLow}}}, ""},
		"a server":    {Report{Drifts: []Drift{{Severity: SeverityMedium}, {Severity: SeverityLow}}}, "1 difference to look at"},
		"many":        {Report{Drifts: []Drift{{Severity: SeverityHigh}}, Beyond: []Count{{DriftFree, 3}}}, "4 differences to look at"},
		"half looked": {Report{Unread: "WHMCS is down"}, "not all could be looked at: WHMCS is down"},
	} {
		require.Equal(t, c.want, c.report.Wrong(), name)
	}
}
