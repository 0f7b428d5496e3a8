package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	onpanel "metalease/activities/panel"
	"metalease/internal/control"
)

// wide are rows of the widest tables as a real installation has them.
func wide() map[string][][]string {
	at := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	server := onpanel.Server{ID: "1012", Label: "FRA1-R12-U33", Hostname: "customer-server-17.example.com", IP: "192.0.2.117"}
	hit := control.Hit{ServiceID: 10117, ClientID: "4711", Panel: "fra1", Server: server, Phase: "attention", Owner: "u10117",
		Marks: []string{"metalease:main/service-10117 active"}, From: &at, To: &at, WorkflowID: "service-10117"}
	row := control.Row{ServiceID: 10117, Phase: "releasing", Panel: "fra1", Package: "E5-2680-64G-2x480", ClientID: "4711", ServerID: "1012", MainIP: "192.0.2.117",
		Attention: true, StartedAt: at, GraceEndsAt: &at}
	return map[string][][]string{
		"find": hitRows([]control.Hit{hit, {Panel: "fra1", Server: server}}),
		"list": serviceRows([]control.Stopped{{Row: row}, {Row: row, Reason: strings.Repeat("the panel has said many words ", 9)}}),
	}
}

// TestTablesFitANarrowTerminal: nothing is lost, and no line is wider than the terminal.
func TestTablesFitANarrowTerminal(t *testing.T) {
	for name, rows := range wide() {
		for _, width := range []int{80, 100, 60, 200} {
			var out bytes.Buffer
			require.NoError(t, writeTable(&out, rows, width))
			for line := range strings.Lines(out.String()) {
				require.LessOrEqual(t, ansi.StringWidth(strings.TrimRight(line, "\n")), width, "%s: %s", name, out.String())
			}
			words := strings.Join(strings.Fields(out.String()), " ")
			for _, row := range rows[1:] {
				for _, cell := range row {
					require.Contains(t, words, strings.Join(strings.Fields(cell), " "), "%s at %d: %s", name, width, out.String())
				}
			}
		}
	}
	var out bytes.Buffer
	require.NoError(t, writeTable(&out, wide()["find"][:2], 80))
	require.Equal(t, `SERVICE  CLIENT  PANEL  SERVER             HOSTNAME
10117    4711    fra1   1012 FRA1-R12-U33  customer-server-17.example.com
  address 192.0.2.117, phase attention, from 2026-01-31 12:00:00, to 2026-01-31
  12:00:00, workflow service-10117, the panel shows owner u10117,
  metalease:main/service-10117 active
`, out.String())
}
