package cli

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestColumnsFitWhatIsSeen(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, writeTable(&out, [][]string{{"SERVER", "LABEL", "WHY"}, {"1", "日本", "it is\x1b[31m blocked"}, {"12", "R1", ""}}, 0))
	require.Equal(t, "SERVER  LABEL  WHY\n"+
		"1       日本   it is [31m blocked\n"+
		"12      R1\n", out.String(), "a wide character takes two columns, and none steers the terminal")
}

func TestWordsGoOnBelowThemselves(t *testing.T) {
	rows := [][]string{{"ID", "WHAT"}, {"orphan-101-12", "server 12 is marked for service 101, whose lifecycle has ended"}, {"", "  repair: give server 12 back into the stock of the panel"}}
	var out bytes.Buffer
	require.NoError(t, writeTable(&out, rows, 45))
	require.Equal(t, `ID             WHAT
orphan-101-12  server 12 is marked for
               service 101, whose lifecycle
               has ended
                 repair: give server 12 back
                 into the stock of the panel
`, out.String())
	out.Reset()
	require.NoError(t, writeTable(&out, rows, 30))
	require.Equal(t, `ID
  WHAT
orphan-101-12
  server 12 is marked for
  service 101, whose lifecycle
  has ended
    repair: give server 12
    back into the stock of the
    panel
`, out.String(), "what has no room in its column stands below")
	out.Reset()
	require.NoError(t, writeTable(&out, [][]string{{"ID", "NOTE"}, {"a-very-long-id", ""}, {"b", "held"}}, 14))
	require.Equal(t, "ID\n  NOTE\na-very-long-id\nb\n  held\n", out.String(), "nothing needs no line")
}
