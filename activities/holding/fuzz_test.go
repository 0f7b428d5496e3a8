package holding

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzMark: whatever people write into the notes, our mark is set, replaced and taken away
// alone, and everybody else's marks and lines stay.
func FuzzMark(f *testing.F) {
	f.Add("rack 4\r\nfan replaced", 101, "claimed")
	f.Add("metalease:other/service-101 active\nmetalease:main/service-102 releasing", 101, "installing 1 was=ISPsystem__Debian-12-x86_64")
	f.Add("metalease:main/service-101 active", 101, "quarantine 2026-11-25 disk")
	f.Add("metalease:main/service-101\n\n\n", 7, "active")
	f.Add("\u2028metalease:main/service-0101 claimed\r\r\n \t", 0, "releasing")
	f.Fuzz(func(t *testing.T, notes string, service int, state string) {
		state = OneLine(state)
		if service < 0 || state == "" {
			return
		}
		mark := Mark{"main", service, state}
		ours := func(m Mark) bool { return m.Installation == "main" && m.ServiceID == service }
		others := slices.DeleteFunc(ParseMarks(notes), ours)

		with := WithMark(notes, mark)
		found := ParseMarks(with)
		require.Equal(t, append(slices.Clone(others), mark), found, "the mark stands once, behind all others")
		require.Equal(t, with, WithMark(with, mark), "a repeat changes nothing")
		without := WithoutMark(with, mark)
		left := ParseMarks(without)
		require.True(t, slices.Equal(others, left), "%v, not %v", left, others)
		require.Equal(t, without, WithoutMark(notes, mark), "what is left is what was there")
		for line := range strings.Lines(notes) {
			line = strings.TrimRight(line, "\r\n")
			if len(ParseMarks(line)) == 0 && strings.TrimSpace(line) != "" {
				require.Contains(t, without, strings.TrimRight(line, " "), "a line of staff is kept")
			}
		}
	})
}
